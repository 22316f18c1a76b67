"""Which activations are told of layers that do something else: what isn't to be expected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf
from sphinxcontrib_kerasgraph.graph import Call, CallKind
from sphinxcontrib_kerasgraph.label.activations import activations


def call(kind: str, activation: str | None = None, /, **config) -> Call:
    made = leaf("c", "Layer")
    return replace(made, kind=CallKind(kind), activation=activation, config=config)


LSTM = {"units": 8, "activation": "tanh", "recurrent_activation": "sigmoid"}


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (call("dense", "relu"), ["relu"]),
        (call("convolution", "softmax"), ["softmax"]),
        (call("custom", "gelu"), ["gelu"]),
        (call("dense", "tanh"), ["tanh"]),
        (call("dense", "linear"), []),
        (call("dense"), []),
        # Its class, or its fact, tells.
        (call("activation", "relu"), []),
        (call("recurrent", "tanh", **LSTM), []),
        (call("recurrent", "relu", **LSTM), ["relu"]),
        (
            call("recurrent", "tanh", **LSTM | {"recurrent_activation": "hard_sigmoid"}),
            ["hard_sigmoid"],
        ),
        (
            call(
                "recurrent",
                "tanh",
                recurrent_activation={"class_name": "function", "config": "mine"},
            ),
            ["mine"],
        ),
        # Of a layer around another it is that of the other.
        (call("recurrent", layer={"class_name": "LSTM", "config": LSTM}), []),
        (
            call("recurrent", layer={"class_name": "GRU", "config": LSTM | {"activation": "relu"}}),
            ["relu"],
        ),
        (call("custom", layer={"class_name": "Dense", "config": {"activation": "relu"}}), ["relu"]),
        (call("custom", recurrent_activation="relu"), []),
    ],
)
def test_what_is_not_to_be_expected_is_told(of, told):
    assert [name for _, name in activations(of)] == told


def test_each_is_told_with_what_it_is():
    found = call("recurrent", "tanh", **LSTM)
    assert list(activations(found, every=True)) == [
        ("activation", "tanh"),
        ("recurrent activation", "sigmoid"),
    ]
    assert list(activations(call("dense", "linear"), every=True)) == [("activation", "linear")]
