"""The inside of a block is a model of its own, and the same for blocks that are alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from graph_text import graph_text
from make_graphs import TENSOR, model
from sphinxcontrib_kerasgraph.graph import Tensor
from sphinxcontrib_kerasgraph.view.inside import inside, is_entry, key_of_inside

BLOCKS = """
    x InputLayer
    y InputLayer
    first Block <- x, y
        dense Dense/4 <- ^
        add Add <- dense, ^1
        -> add
    second Block <- first, y
        dense_1 Dense/4 <- ^
        add_1 Add <- dense_1, ^1
        -> add_1
    -> second
"""


def block(id_="first", text=BLOCKS, **fields):
    call = model(text).graph[id_]
    return replace(call, **fields)


def key(call, arguments=()):
    return key_of_inside(inside(call, arguments))


def shown(call, arguments=()):
    return graph_text(inside(call, arguments).graph)


def test_inputs_of_the_block_stand_for_themselves_by_the_names_of_their_arguments():
    graph = inside(block(), ("query", "value")).graph
    entries = graph.calls[:2]
    assert [call.name for call in entries] == ["query", "value"]
    assert graph.inputs == tuple(call.id for call in entries)
    assert all(is_entry(call.id) for call in entries)
    assert [is_entry(call.id) for call in graph.calls[2:]] == [False, False]
    graph.check()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (BLOCKS, ["input 1", "input 2"]),
        ("x Dense\nfirst Block <- x\n    a Dense <- ^\n    -> a\n-> first", ["Input"]),
    ],
)
def test_inputs_without_a_name_are_numbered_if_there_are_several(text, names):
    graph = inside(block(text=text)).graph
    assert [graph[id_].name for id_ in graph.inputs] == names


def test_what_nothing_inside_takes_is_left_out():
    text = "x Dense\nfirst Block <- x, x\n    a Dense <- ^1\n    -> a\n-> first"
    graph = inside(block(text=text), ("query", "mask")).graph
    assert [graph[id_].name for id_ in graph.inputs] == ["mask"]
    graph.check()


def test_input_layers_of_a_nested_model_stand_for_its_inputs():
    inside_text = "    code_in InputLayer <- ^\n    a Dense <- code_in\n    -> a\n"
    text = f"x Dense\nfirst Net <- x\n{inside_text}-> first"
    graph = inside(block(text=text)).graph
    assert [call.id for call in graph.calls] == ["code_in", "a"]
    assert graph.inputs == ("code_in",)
    graph.check()


def test_an_input_that_is_handed_through_is_an_output():
    graph = inside(
        block(text="x Dense\nfirst Block <- x\n    a Dense <- ^\n    -> a, ^\n-> first, first:1")
    )
    assert is_entry(graph.graph.outputs[1].call)
    graph.graph.check()


def test_several_outputs_are_numbered():
    inside_text = "    a Dense <- ^\n    b Dense <- a\n    -> b, a\n"
    text = f"x Dense\nfirst Block <- x\n{inside_text}-> first, first:1"
    graph = inside(block(text=text)).graph
    assert [call.output_names for call in graph.calls[1:]] == [("output 2",), ("output 1",)]
    assert shown(block(text=text)).endswith("-> b, a")


def test_nothing_is_inside_of_a_leaf_or_of_an_opaque_block():
    assert inside(model("x Dense\n-> x").graph["x"]) is None
    assert inside(block(body=None, opaque="it raised")) is None


def test_closed_blocks_have_the_same_inside_as_open_ones():
    call = block()
    assert inside(replace(call, body=None, hidden=call.body)) == inside(call)


def test_blocks_that_differ_by_names_of_keras_alone_have_one_key():
    assert key(block("first")) == key(block("second"))
    assert key(block("first"), ("a", "b")) == key(block("second"), ("a", "b"))


def test_blocks_with_other_names_of_arguments_have_others():
    assert key(block(), ("query", "value")) != key(block(), ("query", "key"))


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "head"},
        {"attribute": "head"},
        {"shared": True},
        {"opaque": "it raised"},
        {"activation": "relu"},
        {"config": {"name": "dense", "size": 5}},
        {"outputs": (Tensor((None, 9), "float32"),)},
        {"trainable": False},
    ],
)
def test_blocks_that_look_different_have_different_keys(fields):
    other = changed(model(BLOCKS), "first/dense", **fields).graph["first"]
    assert key(other) != key(block())


@pytest.mark.parametrize(
    "fields",
    [
        {"config": {"name": "dense_7", "size": "4"}},
        {"layer": "other/dense"},
        {"name": "dense_9"},
        {"chosen": ("units",)},
    ],
)
def test_what_is_not_drawn_makes_no_difference(fields):
    other = changed(model(BLOCKS), "first/dense", **fields).graph["first"]
    assert key(other) == key(block())


def test_what_traces_left_in_the_configuration_of_operations_makes_no_difference():
    """Attention of unknown length is traced with some length, which its reshapes keep."""
    one, other = (
        changed(model(BLOCKS), "first/add", is_operation=True, config={"newshape": [-1, size]})
        for size in (None, 64)
    )
    assert key(one.graph["first"]) == key(other.graph["first"])
    assert TENSOR in one.graph["first"].outputs
