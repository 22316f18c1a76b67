"""Each colour of a drawing has its class, and each class its colours, by day and by night."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

import sphinxcontrib_kerasgraph
from colors import VISIONS, contrast, mixed, oklab
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.graph import CallKind
from sphinxcontrib_kerasgraph.web import palette

CSS = Path(sphinxcontrib_kerasgraph.__file__).parent.joinpath("static/kerasgraph.css").read_text()
#: The light and the dark colour of each name.
COLORS = {
    name: tuple("#" + re.sub("^#(.)(.)(.)$", r"\1\1\2\2\3\3", one).lstrip("#") for one in pair)
    for name, *pair in re.findall(
        r"var\(--kerasgraph-([a-z]+), light-dark\((#\w+), (#\w+)\)\)", CSS
    )
}
KINDS = set(palette.KINDS) - {"other"}


def test_by_day_the_page_has_the_colours_of_files():
    light = {name: colors[0] for name, colors in COLORS.items()}
    base = {
        "paper": theme.PAPER, "ink": theme.INK, "soft": theme.SOFT_INK, "border": theme.BORDER,
        "line": theme.EDGE, "accent": theme.ACCENT, "frozen": theme.FROZEN,
        "even": theme.FRAMES[0], "odd": theme.FRAMES[1],
    }  # fmt: skip
    kinds = {name: theme.KINDS[kind] for name, kind in palette.KINDS.items()}
    changes = {change.value: color for change, color in theme.CHANGES.items()}
    assert light == base | kinds | changes
    assert f"{round(theme.TINT * 100)}%, var(--paper)" in CSS
    assert f"{round(theme.TEXT * 100)}%, var(--ink)" in CSS


@pytest.mark.parametrize("kind", CallKind)
def test_each_kind_has_classes_of_its_colours(kind):
    color = theme.KINDS[kind]
    assert palette.GROUNDS[color].startswith("full ")
    assert palette.GROUNDS[theme.tint(color)].startswith("tint ")
    assert palette.TEXTS[theme.text(color)]


@pytest.mark.parametrize("classes", [palette.GROUNDS, palette.OUTLINES, palette.TEXTS])
def test_each_class_is_in_the_style_sheet(classes):
    named = {name for said in classes.values() for name in said.split()}
    assert {name for name in named if f".{name}" not in CSS} == set()


@pytest.mark.parametrize("vision", VISIONS)
def test_kinds_are_told_apart_by_night(vision):
    colors = {name: COLORS[name][1] for name in KINDS}
    distances = {
        (one, other): math.dist(oklab(colors[one], vision), oklab(colors[other], vision))
        for one, other in itertools.combinations(colors, 2)
    }
    assert min(distances.values()) > 0.08, min(distances, key=distances.get)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_all_stands_out_from_all_that_it_is_on(night):
    of = {name: colors[night] for name, colors in COLORS.items()}
    tints = {name: mixed(of[name], of["paper"], theme.TINT) for name in palette.KINDS}
    grounds = [of["paper"], of["even"], of["odd"], *tints.values()]
    texts = [of[name] for name in ("ink", "soft", "accent", "added", "removed", "changed")]
    texts += [mixed(of[name], of["ink"], theme.TEXT) for name in palette.KINDS]
    assert min(contrast(text, ground) for text in texts for ground in grounds) >= 4.5
    lines = [
        of[name] for name in ("line", "border", "accent", "frozen", "added", "removed", "changed")
    ]
    assert min(contrast(line, ground) for line in lines for ground in grounds) >= 3
    for name in palette.KINDS:
        assert min(contrast(of[name], one) for one in [*grounds[:3], tints[name]]) >= 3, name
    assert contrast(of["paper"], of["io"]) >= 4.5  # the numbers of connectors


def test_each_colour_is_documented():
    page = Path(__file__).parents[2].joinpath("docs/howto/explore.rst")
    said = page.read_text().partition("``--kerasgraph-``")[2]
    assert set(COLORS) == set(re.findall(r"``([a-z]+)``", said.partition("Size and place")[0]))


@pytest.mark.parametrize("vision", VISIONS)
def test_changes_are_told_apart_by_night(vision):
    changes = [COLORS[change.value][1] for change in theme.CHANGES]
    others = [COLORS[name][1] for name in ("line", "border", "accent")]
    for one, other in (
        *itertools.combinations(changes, 2),
        *itertools.product(changes, others),
    ):
        assert math.dist(oklab(one, vision), oklab(other, vision)) > 0.065, (one, other)
