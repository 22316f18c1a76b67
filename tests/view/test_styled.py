"""Which rule styles a call, and what of it is drawn as one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from make_graphs import model
from make_scenes import scene, viewed
from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.graph import CallKind, Change, Marks, OwnKind
from sphinxcontrib_kerasgraph.label.facts import merged_facts
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.style import in_style, own_kinds
from sphinxcontrib_kerasgraph.view.styled import styled

NET = """
x InputLayer
encoder Block <- x
    first Dense/64 <- ^
    second Dense/64 <- first
    -> second
head Dense/10 <- encoder
-> head
"""
CHAIN = """
x InputLayer
a Dense/64 <- x
b Dense/64 <- a
c Dense/64 <- b
-> c
"""


LONG = (
    "x InputLayer\n"
    + "".join(f"d{at} Dense/64 <- {f'd{at - 1}' if at else 'x'}\n" for at in range(6))
    + "-> d5\n"
)


def kinds(text: str, style: dict, **options) -> dict[str, object]:
    """The kinds by paths, of calls that have one of their author's."""
    made, _ = styled(model(text), DrawOptions.of(style=style, **options))
    found = made.graph.walk()
    return {path: call.shown_kind for path, call in found if call.marks.style is not None}


def unmet(text: str, **options) -> list[tuple[str, str | None, str | None]]:
    _, found = styled(model(text), DrawOptions.of(**options))
    return [(one.option, one.asked, one.reason) for one in found]


def named(color: str, name: str = "", of: CallKind = CallKind.DENSE) -> OwnKind:
    return OwnKind(name, color, of)


@pytest.mark.parametrize(
    "patterns",
    [
        # The later is the more specific.
        ("*", "D*", "De*", "Dense", "encoder/*", "encoder/f*", "encoder/first"),
        ("Dense", "*/first"),
        ("Dense", "*.Dense", "enc*/first"),
    ],
)
def test_the_most_specific_rule_counts_wherever_it_stands(patterns):
    for at, pattern in enumerate(patterns):
        rules = {one: {"kind": one} for one in patterns[: at + 1]}
        for table in (rules, dict(reversed(rules.items()))):
            assert kinds(NET, table)["encoder/first"].name == pattern


def test_a_kind_of_ours_has_its_colour_and_one_of_yours_its_own():
    attention = kinds(CHAIN, {"a": {"kind": "attention"}})
    assert attention == {"a": CallKind.ATTENTION}
    assert kinds(CHAIN, {"a": {"color": "#f0a"}})["a"].color == colors.readable("#ff00aa")
    found = kinds(CHAIN, {"a": {"kind": "mine", "color": "#7a1fa2"}, "b": {"kind": "mine"}})
    assert found == {"a": named("#7a1fa2", "mine"), "b": named("#7a1fa2", "mine")}
    assert kinds(CHAIN, {"a": {"kind": "mine"}}) == {"a": named("", "mine")}


def test_what_looks_different_is_not_drawn_as_one():
    def folds(**options) -> list[int]:
        view = viewed(LONG, fold="exact", view="overview", **options)
        return [call.group.repeats for _, call in view.graph.graph.walk() if call.group]

    assert 6 in folds()
    assert 6 in folds(style={"Dense": {"color": "#7a1fa2"}})
    assert 5 in folds(style={"d5": {"color": "#7a1fa2"}})
    assert 5 in folds(highlight="d5")


def test_what_the_label_tells_is_told_of_all_that_are_drawn_as_one():
    made, _ = styled(model(CHAIN), DrawOptions.of(style={"Dense": {"label": "{size} of {name}"}}))
    _, *dense = made.graph.calls
    calls = [replace(call, config={"size": (3, at)}, name="d") for at, call in enumerate(dense)]
    assert merged_facts(calls[:1]) == "3×0 of d"
    assert merged_facts(calls) == "3×0, 3×1, 3×2 of d"


def test_a_field_that_there_is_not_leaves_the_usual_label_and_is_told_once():
    style = {"Dense": {"label": "{unit}"}}
    assert unmet(CHAIN, style=style) == [("style", "Dense", "Dense has no field 'unit'")]
    plain = scene(CHAIN, view="full")
    drawn = scene(CHAIN, style=style, view="full")
    assert [plain_text(box.label) for box in drawn.items] == [
        plain_text(box.label) for box in plain.items
    ]
    # Of one that some have nothing is told.
    assert unmet(CHAIN, style={"*": {"label": "{size}"}}) == []


def test_a_color_in_which_text_is_not_read_is_told():
    style = {"Dense": {"color": "#ffee00"}, "nobody": {"color": "#fe0"}, "a": {"color": "#222"}}
    reasons = {(asked, (reason or "")[:18]) for _, asked, reason in unmet(CHAIN, style=style)}
    assert reasons == {
        ("Dense", "text can't be read"),
        ("nobody", "text can't be read"),
        ("nobody", ""),
    }


def test_patterns_that_match_nothing_are_told():
    assert unmet(CHAIN, style={"x*z": {"kind": "a"}}, highlight="d, a", show_config="size, no") == [
        ("highlight", "d", None),
        ("style", "x*z", None),
        ("show_config", "no", None),
    ]
    assert unmet(NET, highlight="encoder/first, Dense") == []


def test_a_closed_block_stands_for_what_is_highlighted_inside():
    drawn = scene(NET, highlight="encoder/first", view="full")
    found = {box.path for box in drawn.items if box.label.marks.highlighted}
    assert found == {"encoder"}
    opened = scene(NET, highlight="encoder/first", view="full", depth="all")
    [frame] = [item for item in opened.items if item.name == "encoder"]
    assert not frame.marks.highlighted
    assert [box.label.marks.highlighted for box in frame.items] == [True, False]


def test_a_block_has_the_look_of_its_own_rule_alone():
    drawn = scene(NET, style={"encoder/*": {"kind": "mine"}}, view="full")
    assert own_kinds(drawn) == []
    drawn = scene(NET, style={"encoder": {"kind": "mine"}}, view="full")
    assert [kind.name for kind in own_kinds(drawn)] == ["mine"]


def legend(theme: str = "default", **options) -> list[str]:
    settings = DrawOptions.of(legend=True, theme=theme, **options)
    made = in_style(scene(CHAIN, view="full", **options), settings.style)
    rows = () if made.note is None else made.note.label.rows
    return [cell.lines[0][0].value for row in rows for cell in row.cells if cell.sample]


def test_the_legend_tells_what_there_is():
    assert legend() == ["dense"]
    both = {"style": {"a": {"kind": "mine", "color": "#7a1fa2"}}, "highlight": "b"}
    assert legend(**both) == ["dense", "mine", "highlighted"]
    assert legend("keras", **both) == ["mine", "highlighted"]
    assert legend("mono", **both) == ["highlighted"]
    assert legend("mono") == []


def test_the_legend_has_a_line_where_only_lines_are_marked():
    graph = marked_edge(model("x InputLayer\na Dense <- x\nb Dense <- a\n-> b"))

    def told(graph) -> list[tuple[str, bool]]:
        settings = DrawOptions.of(legend=True, theme="mono")
        [note] = [in_style(scene(graph, view="full"), settings.style).note]
        return [(cell.lines[0][0].value, cell.is_line) for cell in note.label.rows[0].cells]

    assert told(graph) == [("removed", True)]
    graph = changed(graph, "a", marks=Marks(Change.REMOVED, highlighted=True))
    assert told(graph) == [("removed", False), ("highlighted", False)]


def marked_edge(graph):
    *edges, last = graph.graph.edges
    edges.append(replace(last, marks=Marks(Change.REMOVED)))
    return replace(graph, graph=replace(graph.graph, edges=tuple(edges)))
