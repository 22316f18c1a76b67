"""A model in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.graph import CallGraph, Parameters
from sphinxcontrib_kerasgraph.label.words import sentence


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
