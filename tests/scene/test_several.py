"""Models beside each other: each open, in a column of its own, under its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import model
from make_scenes import by_path, frames_of
from sphinxcontrib_kerasgraph.draw.fit import draw
from sphinxcontrib_kerasgraph.graph import CallGraph, CallKind, ModelGraph
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.label.words import sentence
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange, possible_starts
from sphinxcontrib_kerasgraph.scene.scene import Scene
from sphinxcontrib_kerasgraph.view.views import View, views

BLOCKS = """
x InputLayer
one Block <- x
    a Dense <- ^
    -> a
two Block <- one
    b Dense <- ^
    -> b
-> two
"""


def several(*names: str, text: str = BLOCKS) -> ModelGraph:
    inside = model(text)
    [call, *_] = inside.graph.calls
    calls = tuple(
        replace(
            call,
            id=name,
            name=name,
            qualname="Functional",
            kind=CallKind.SUBMODEL,
            outputs=inside.graph.calls[-1].outputs,
            layer=name,
            body=replace(inside.graph, inputs=("x",)),
        )
        for name in names
    )
    return replace(inside, graph=CallGraph(calls, (), (), ()))


def view_of(graph: ModelGraph, **options: object) -> View:
    return views(graph, DrawOptions.of(**options))[0]


def scene(graph: ModelGraph, **options: object) -> Scene:
    drawing = DrawOptions.of(**options)
    return scene_of(views(graph, drawing)[0], drawing.label, drawing.layout)


@pytest.mark.parametrize(
    ("options", "open_"),
    [
        ({}, {"left", "right"}),
        ({"depth": 1}, {"left", "right", "left/one", "left/two", "right/one", "right/two"}),
        ({"expand": "left/one"}, {"left", "right", "left/one"}),
        ({"collapse": "right"}, {"left"}),
    ],
)
def test_they_are_open_and_depth_counts_inside(options, open_):
    walked = view_of(several("left", "right"), view="full", **options).graph.graph.walk()
    assert {path for path, call in walked if call.body is not None} == open_


@pytest.mark.parametrize("view", ["full", "overview"])
def test_each_is_a_column_under_its_name(view):
    made = scene(several("left", "right"), view=view)
    assert made.is_several
    assert not made.wires
    assert possible_starts(made, DrawOptions().layout, Space(451)) == [(0, 1)]
    assert len(arrange(made, Layout((0, 1))).columns) == 2
    titles = [plain_text(one.title_beside.label) for one in frames_of(made) if one.title_beside]
    assert titles == ["left  Functional", "right  Functional"]


def test_alike_ones_are_not_folded():
    found = view_of(several(*"abcdef"), view="overview", fold="loose").graph.graph
    assert [call.id for call in found.calls] == list("abcdef")


def test_data_enters_and_leaves_each():
    boxes = by_path(scene(several("left", "right"), view="full"))
    terminals = {path for path, box in boxes.items() if box.label.terminal}
    assert terminals == {"left/x", "left/two", "right/x", "right/two"}


@pytest.mark.parametrize(("width", "across"), [(1000, 4), (330, 2), (100, 1)])
def test_they_stand_below_each_other_where_space_is_narrow(width, across):
    graph, options = several("a", "b", "c", "d"), DrawOptions.of(view="full")
    dot = draw(views(graph, options), options, Space(width)).dot.to_string()
    assert f'packmode="array_tu{across}"' in dot
    assert "pack=" in dot


def test_they_are_told_in_words():
    told = sentence(replace(several("left", "right"), name="pair"))
    assert told == "pair, 2 models side by side: left, right; with 0 parameters."
