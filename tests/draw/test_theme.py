"""Colours are told apart by readers with any colour vision, and text stands out from them."""

from __future__ import annotations

import itertools
import math

import pytest

from colors import VISIONS, contrast, oklab
from sphinxcontrib_kerasgraph.draw import theme

NEUTRAL = {
    "model",
    "submodel",
    "group",
    "stub",
    "context",
    "control",
    "function",
    "constant",
    "weight",
    "loss",
    "preprocessing",
    "operation",
    "other",
}


@pytest.mark.parametrize("vision", VISIONS)
def test_kinds_are_told_apart(vision):
    colors = {kind: color for kind, color in theme.KINDS.items() if kind not in NEUTRAL}
    distances = {
        (one, other): math.dist(oklab(colors[one], vision), oklab(colors[other], vision))
        for one, other in itertools.combinations(colors, 2)
    }
    # 0.02 is just noticeable.
    assert min(distances.values()) > 0.08, min(distances, key=distances.get)


@pytest.mark.parametrize("vision", VISIONS)
def test_changes_are_told_apart_and_from_all_that_is_no_change(vision):
    others = (theme.EDGE, theme.BORDER, theme.ACCENT)
    changes = theme.CHANGES.values()
    for one, other in (
        *itertools.combinations(changes, 2),
        *itertools.product(changes, others),
    ):
        assert math.dist(oklab(one, vision), oklab(other, vision)) > 0.065, (one, other)


@pytest.mark.parametrize("kind", theme.KINDS)
def test_colors_stand_out_from_all_that_they_are_on(kind):
    color = theme.KINDS[kind]
    for ground in (theme.PAPER, *theme.FRAMES, theme.tint(color)):
        assert contrast(color, ground) >= 3


def test_text_stands_out_from_all_that_it_is_written_on():
    grounds = {theme.PAPER, *theme.FRAMES, *(theme.tint(color) for color in theme.KINDS.values())}
    inks = [theme.INK, theme.SOFT_INK, theme.ACCENT, *theme.CHANGES.values()]
    for ink in (*inks, *map(theme.text, theme.KINDS.values())):
        assert min(contrast(ink, ground) for ground in grounds) >= 4.5, ink
    for line in (theme.EDGE, theme.BORDER, theme.TERMINAL_BORDER):
        assert min(contrast(line, ground) for ground in grounds) >= 3
