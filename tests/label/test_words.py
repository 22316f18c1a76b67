"""A model in a sentence, and as rows of a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from make_graphs import model
from make_scenes import NESTED
from sphinxcontrib_kerasgraph.graph import CallGraph, Parameters, Tensor
from sphinxcontrib_kerasgraph.label.words import COLUMNS, rows, sentence


def named(class_name: str, layers: int = 3, weights: int = 12345):
    made = model("x InputLayer\nd Dense <- x\n-> d")
    return replace(made, qualname=class_name, layers=layers, parameters=Parameters(weights))


@pytest.mark.parametrize(
    ("class_name", "words"),
    [
        ("Functional", "net, a Functional model with "),
        ("Encoder", "net, an Encoder model with "),
        ("Outer.MyModel", "net, a MyModel with "),
        ("MyModel", "net, a MyModel with "),
    ],
)
def test_a_sentence_has_name_and_kind(class_name, words):
    assert sentence(named(class_name)).startswith(words)


def test_a_sentence_has_numbers_and_shapes():
    assert sentence(named("Functional")) == (
        "net, a Functional model with 3 layers and 12,345 parameters, "
        "from input (None, 8) to output (None, 8)."
    )
    assert "1 layer and 0 parameters" in sentence(named("Functional", 1, 0))


def test_a_sentence_tells_what_the_model_was_made_without():
    made = replace(named("Functional"), passed_over=("training by fit", "weights of a.h5"))
    assert sentence(made).endswith(". Made without training by fit, weights of a.h5.")
    many = replace(made, passed_over=tuple(f"weights of {at}.h5" for at in range(7)))
    assert sentence(many).endswith(", weights of 3.h5 and 3 more.")


def test_several_inputs_and_outputs_and_none():
    made = model("x InputLayer\ny InputLayer\na Add <- x, y\n-> a, x")
    assert sentence(made).endswith(
        "from inputs (None, 8), (None, 8) to outputs (None, 8), (None, 8)."
    )
    empty = replace(made, graph=CallGraph((), (), (), ()))
    assert sentence(empty).endswith("0 parameters.")


def test_each_call_is_a_row_and_what_is_inside_comes_after_it():
    found = list(rows(model(NESTED)))
    assert all(len(row) == len(COLUMNS) for row in found)
    assert [(path, of_class, sources) for path, of_class, _, _, sources in found] == [
        ("x", "InputLayer", ""),
        ("b", "Block", "x"),
        ("b/d", "Dense", ""),
        ("b/i", "Inner", "d"),
        ("b/i/c", "Conv2D", ""),
        ("b/i/r", "ReLU", "c"),
        ("b/a", "Add", "i"),
        ("y", "Add", "b, b"),
    ]


def test_shapes_facts_and_weights():
    made = changed(
        model("x InputLayer\nd Dense <- x\n-> d"), "d",
        config={"units": 8}, parameters=Parameters(1234), outputs=(Tensor((None, 8), "f"),),
    )  # fmt: skip
    assert list(rows(made))[1] == ("d", "Dense (8)", "(None, 8)", "1,234", "x")


def test_shared_weights_are_counted_once():
    made = model("x InputLayer\nd Dense <- x\ne Dense <- d\n-> e")
    for path in ("d", "e"):
        made = changed(made, path, layer="d", parameters=Parameters(10))
    assert [row[3] for row in rows(made)] == ["", "10", "shared"]


def test_a_tensor_of_the_step_before_says_so():
    text = "x InputLayer\nl Loop <- x\n    a Add <- ^, ~d\n    d Dense <- a\n    -> d\n-> l"
    assert {row[0]: row[4] for row in rows(model(text))}["l/a"] == "d (of the step before)"
