"""What a script is told of a drawing: each call, each line, and what is inside of closed blocks."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from edit_graphs import chain, changed, configured
from make_graphs import TENSOR, model
from sphinxcontrib_kerasgraph.compare import compared, merged
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.pictures import Pictures
from sphinxcontrib_kerasgraph.settings import InsideOptions
from sphinxcontrib_kerasgraph.store import Store

CHAIN = """
    x InputLayer
    a Dense/4 <- x
    b ReLU <- a
    -> b
"""
#: Two blocks that are alike but for names that Keras made, one in which a layer has a name, and
#: blocks in these.
BLOCKS = """
    x InputLayer
    first Block <- x
        dense Dense/4 <- ^
        inner Inner <- dense
            re_lu ReLU <- ^
            -> re_lu
        -> inner
    second Block <- first
        dense_1 Dense/4 <- ^
        inner_1 Inner <- dense_1
            re_lu_1 ReLU <- ^
            -> re_lu_1
        -> inner_1
    third Block <- second
        head Dense/4 <- ^
        inner_2 Inner <- head
            re_lu_2 ReLU <- ^
            -> re_lu_2
        -> inner_2
    -> third
"""

ALL = InsideOptions()


@pytest.fixture
def explored(dot, tmp_path):
    def explored(graph: ModelGraph | str, insides=ALL, **options):
        made = model(graph) if isinstance(graph, str) else graph
        store = Store(tmp_path / "store")
        pictures = Pictures(Graphviz(dot), "svg", tmp_path / "images", (451, 642), store)
        drawn = pictures.draw(made, repr(made), DrawOptions.of(**options), 1, insides)
        assert drawn.explorable is not None
        return drawn.explorable.svg, Told(json.loads(drawn.explorable.data))

    return explored


class Told(dict):
    """The JSON, with what its indices stand for."""

    def rows(self, path: str) -> dict[str, str]:
        return dict(self["rows"][at] for at in self.call(path)["rows"])

    def call(self, path: str) -> dict:
        [found] = (call for call in self["calls"] if call["path"] == path)
        return found

    def wires(self, drawing: int = 0) -> dict[str, list[str]]:
        found = self["drawings"][drawing]["wires"]
        return {ends: [self["wires"][at] for at in several] for ends, several in found.items()}

    def inside(self, path: str) -> list[list[list[str]]]:
        """The paths of what the boxes inside of a block stand for."""
        base = self["calls"].index(self.call(path)) + 1
        spots = self["drawings"][self.call(path)["inside"]]["spots"]
        return [
            [[self["calls"][base + at]["path"] for at in calls] for calls in one] for one in spots
        ]


def with_edges(graph: ModelGraph, **fields) -> ModelGraph:
    edges = tuple(replace(edge, **fields) for edge in graph.graph.edges)
    return replace(graph, graph=replace(graph.graph, edges=edges))


def test_every_call_is_told_with_its_class_and_what_is_inside_follows(explored):
    _, told = explored(BLOCKS)
    calls = told["calls"]
    assert [call["path"] for call in calls[:5]] == [
        "x",
        "first",
        "first/dense",
        "first/inner",
        "first/inner/re_lu",
    ]
    assert [call["size"] for call in calls[:5]] == [0, 3, 0, 1, 0]
    assert calls[2]["class"] == "keras.layers.Dense"


def test_rows_that_calls_have_in_common_are_told_once(explored):
    _, told = explored(BLOCKS)
    assert len({tuple(row) for row in told["rows"]}) == len(told["rows"])
    assert told.rows("first/dense") == told.rows("second/dense_1")
    assert told.rows("first/dense")["Output"] == "(None, 8) float32"


def test_boxes_are_told_in_the_order_of_their_elements(explored):
    svg, told = explored(CHAIN, view="full")
    names = [told["calls"][call]["path"] for [[call]] in told["drawings"][0]["spots"]]
    boxes = re.findall(r"<a[^>]*><title>(\w+) ", svg)
    assert boxes == names == ["x", "a", "b"]


def test_each_line_is_told_with_the_tensor_that_it_is_for(explored):
    svg, told = explored(with_edges(model(CHAIN), argument="inputs"), view="full")
    wires = told.wires()
    assert wires == {
        "0 1": ["inputs: (None, 8) float32"],
        "1 2": ["inputs: (None, 8) float32"],
    }
    assert set(re.findall(r'data-e="([^"]*)"', svg)) == wires.keys()


def test_a_line_to_the_next_step_says_so(explored):
    text = "x InputLayer\na Dense <- x\nb Dense <- a, ~b\n-> b"
    _, told = explored(text, view="full")
    assert told.wires()["2 2"] == ["(None, 8) float32, to the next step"]


def test_arguments_are_told_of_calls_that_take_several(explored):
    graph = model("x InputLayer\na Add <- x, x\n-> a")
    first, second = graph.graph.edges
    named = replace(first, argument="query"), replace(second, argument="value")
    graph = replace(graph, graph=replace(graph.graph, edges=named))
    _, told = explored(graph)
    assert told.rows("a")["Input"] == "query: (None, 8) float32\nvalue: (None, 8) float32"


def test_calls_of_one_layer_are_told_of_each_other(explored):
    graph = changed(model(CHAIN), "b", layer="a")
    _, told = explored(graph)
    assert told.rows("b")["Calls of the layer"] == told.rows("a")["Calls of the layer"] == "a\nb"
    assert told.call("a")["alike"] == told.call("b")["alike"] == 1
    assert "alike" not in told.call("x")


def test_blocks_that_are_alike_share_a_drawing_with_the_names_of_each(explored):
    _, told = explored(BLOCKS, view="full")
    assert told.call("first")["inside"] == told.call("second")["inside"]
    assert told.inside("first") == [[["first/dense"]], [["first/inner"]]]
    assert told.inside("second") == [[["second/dense_1"]], [["second/inner_1"]]]


def test_a_shared_drawing_names_nothing_of_one_of_its_blocks(explored):
    _, told = explored(BLOCKS, view="full")
    svg = told["drawings"][told.call("second")["inside"]]["svg"]
    assert "<title>" not in svg
    assert not {"first", "second", "inner", "re_lu"} & set(re.findall(r"\w+", svg))


@pytest.mark.parametrize(
    "fields", [{"shared": True}, {"body": None, "opaque": "it raised"}, {"name": "own"}]
)
def test_blocks_that_look_different_inside_have_drawings_of_their_own(explored, fields):
    graph = changed(model(BLOCKS), "second/inner_1", **fields)
    _, told = explored(graph, view="full")
    assert told.call("first")["inside"] != told.call("second")["inside"]
    assert told.inside("second") == [[["second/dense_1"]], [["second/inner_1"]]]


def test_blocks_inside_of_closed_blocks_open_too(explored):
    _, told = explored(BLOCKS)
    inner = {told.call(f"{path}")["inside"] for path in ("first/inner", "second/inner_1")}
    assert len(inner) == 1
    assert told.inside("third/inner_2") == [[["third/inner_2/re_lu_2"]]]


def test_open_blocks_have_no_drawing_of_their_own(explored):
    _, told = explored(BLOCKS, depth=1)
    assert "inside" not in told.call("first")
    assert "inside" in told.call("first/inner")


def test_inputs_of_a_block_are_drawn_and_stand_for_no_call(explored):
    _, told = explored(BLOCKS, view="full")
    drawing = told["drawings"][told.call("first")["inside"]]
    assert ">Input</" in drawing["svg"]
    assert drawing["svg"].count("<a") == len(drawing["spots"]) == 2
    assert told.wires(told.call("first")["inside"]).keys() == {"2 0", "0 1"}


@pytest.mark.parametrize(
    ("levels", "opened"),
    [
        ("all", {"first", "second", "third", "first/inner", "second/inner_1", "third/inner_2"}),
        (2, {"first", "second", "third", "first/inner", "second/inner_1", "third/inner_2"}),
        (1, {"first", "second", "third"}),
        ("none", set()),
    ],
)
def test_so_many_levels_are_opened_as_the_option_says(explored, levels, opened):
    _, told = explored(BLOCKS, InsideOptions(insides=levels))
    assert {call["path"] for call in told["calls"] if "inside" in call} == opened
    assert len(told["calls"]) == 13


def test_insides_that_look_the_same_are_one_drawing(explored):
    """Where blocks differ by what isn't shown, such as the dtype of what they work with."""
    other = replace(TENSOR, dtype="float16")
    graph = changed(model(BLOCKS), "second/dense_1", outputs=(other,))
    _, told = explored(graph, view="full")
    assert told.call("first/inner")["inside"] == told.call("second/inner_1")["inside"]


def test_repetitions_are_told_each_for_itself(explored):
    lines = ["x InputLayer", "d0 Dense/4 <- x"]
    lines += [f"d{at} Dense/4 <- d{at - 1}" for at in range(1, 12)]
    _, told = explored("\n".join([*lines, "-> d11"]), view="overview")
    several = max(told["drawings"][0]["spots"], key=len)
    assert [[told["calls"][at]["path"] for at in one] for one in several] == [
        [f"d{at}"] for at in range(12)
    ]


def test_rows_tell_the_first_of_their_calls(explored):
    lines = [
        *("x InputLayer", "c Conv2D/8 <- x", "b BatchNormalization <- c", "r ReLU <- b"),
        *("d Dense/4 <- r", "p MaxPooling2D <- d", "f Flatten <- p", "-> f"),
    ]
    _, told = explored("\n".join(lines), view="overview")
    [(spot, firsts)] = told["drawings"][0]["rows"].items()
    [calls] = told["drawings"][0]["spots"][int(spot)]
    assert [told["calls"][call]["path"] for call in calls] == list("cbrdpf")
    # The activation stands beside the normalization.
    assert [told["calls"][calls[at]]["path"] for at in firsts] == list("cbdpf")
    # Of other boxes nothing is told.
    assert "rows" not in explored(CHAIN, view="full")[1]["drawings"][0]


def test_what_is_put_away_of_two_models_opens(explored):
    old = chain([("Dense", size) for size in range(1, 12)])
    new = configured(old, "dense", units=99)
    svg, told = explored(replace(merged(compared(old, new)), context=2), view="full")
    [put_away] = [
        call
        for call in told["calls"]
        if call["path"].startswith("dense_3 … ") and "/" not in call["path"]
    ]
    assert put_away["size"] == 7
    assert "7 calls unchanged" in svg
    assert "Dense" in told["drawings"][put_away["inside"]]["svg"]
    assert told.rows("dense")["Change"] == "changed"
