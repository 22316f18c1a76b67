"""Wrappers that only hand on to a network are seen through."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from effort import tried
from graph_text import graph_text
from make_graphs import model, random_models
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.label.full import frame_label
from sphinxcontrib_kerasgraph.label.text import description, plain_text
from sphinxcontrib_kerasgraph.options import DrawOptions, LabelOptions, SelectOptions
from sphinxcontrib_kerasgraph.view.selection import select
from sphinxcontrib_kerasgraph.view.through import see_through
from sphinxcontrib_kerasgraph.view.views import views

WHOLE = model("""
    x InputLayer
    net Backbone <- x
        image InputLayer <- ^
        conv Conv2D <- image
        block Block <- conv
            dense Dense <- ^
            -> dense
        add Add <- block, image
        -> add
    -> net
""")
INNER = model("""
    x InputLayer
    stem Dense <- x
    outer Outer <- stem
        middle Middle <- ^
            net Net <- ^
                a Dense <- ^
                b Dense <- a
                -> b, a
            -> net, net:1
        -> middle, middle:1
    add Add <- outer, outer:1
    -> add
""")


def shown(graph: ModelGraph, **options) -> str:
    selection = select(graph, SelectOptions(**options))
    selection.graph.graph.check()
    return graph_text(selection.graph.graph)


def lines(text: str) -> str:
    return graph_text(model(text).graph)


def test_a_model_that_only_hands_on_is_the_network_it_hands_on_to():
    assert shown(WHOLE) == lines("""
        x InputLayer
        net/conv Conv2D <- x
        net/block Block <- net/conv
        net/add Add <- net/block, x
        -> net/add
    """)
    opened = select(WHOLE, SelectOptions(depth=1)).graph.graph
    assert [path for path, _ in opened.walk()][2:4] == ["net/block", "net/block/dense"]
    [view, *_] = views(WHOLE, DrawOptions(select=SelectOptions()))
    assert view.notes[0] == "Inside of net (Backbone)."


def test_wrappers_in_a_model_cost_no_level_and_have_one_frame():
    opened = select(INNER, SelectOptions(depth=1)).graph.graph
    opened.check()
    assert [path for path, _ in opened.walk()] == [
        *("x", "stem", "outer", "outer/middle/net/a", "outer/middle/net/b", "add"),
    ]
    said = plain_text(frame_label([opened["outer"]], LabelOptions()))
    assert said == "Outer  outer  → middle (Middle)  → net (Net)"
    closed = select(INNER, SelectOptions()).graph.graph["outer"]
    assert closed.inside == 2
    assert "hands on to net (Net)" in plain_text(description(closed, "outer"))


@pytest.mark.parametrize("pattern", ["net", "Backbone", "keras.layers.Backbone"])
@pytest.mark.parametrize("option", ["collapse", "expand"])
def test_a_network_that_is_asked_for_is_a_block(option, pattern):
    graph = select(WHOLE, SelectOptions(**{option: (pattern,)})).graph.graph
    assert [call.id for call in graph.calls] == ["x", "net"]


def test_patterns_find_what_is_seen_through_to_by_its_path():
    selection = select(WHOLE, SelectOptions(expand=("net/block",), hide=("net/conv",)))
    assert selection.unmet == ()
    assert "net/block/dense" in [path for path, _ in selection.graph.graph.walk()]


@pytest.mark.parametrize(
    "text",
    [
        # More is done than to hand on.
        "x InputLayer\nnet Net <- x\n    a Dense <- ^\n    -> a\nb Dense <- net\n-> b",
        "x InputLayer\nnet Net <- x\n    a Dense <- ^\n    -> a, ^\n-> net:1",
        # No network, or one of which it isn't known what is inside.
        "x InputLayer\nd Dense <- x\n    a Dense <- ^\n    -> a\n-> d",
        "x InputLayer\nnet Net <- x\n-> net",
    ],
)
def test_nothing_else_is_seen_through(text):
    graph = model(text)
    assert see_through(graph, SelectOptions()) == (graph, ())


@settings(tried(40))
@given(random_models())
def test_no_call_is_lost_but_those_that_are_named(graph):
    seen, _ = see_through(graph, SelectOptions())
    seen.graph.check()
    paths = {path for path, _ in seen.graph.walk()}
    assert paths <= {path for path, _ in graph.graph.walk()}
