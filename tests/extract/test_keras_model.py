"""A graph that doesn't hold together is a fault, never a picture."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from sphinxcontrib_kerasgraph import model_to_dot, model_to_graph
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract import keras_model
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.extract.read import call_reader
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import Target


def small() -> keras.Model:
    inputs = keras.Input((4,), name="x")
    outputs = layers.Dense(2, name="second")(layers.Dense(3, name="first")(inputs))
    return keras.Model(inputs, outputs, name="small")


def outer() -> keras.Model:
    inputs = keras.Input((4,), name="outer_x")
    return keras.Model(inputs, small()(inputs), name="outer")


@pytest.fixture
def bad(monkeypatch):
    """Have the three calls of the small model have one id."""
    good = call_reader.recorded_ids
    monkeypatch.setattr(
        call_reader, "recorded_ids", lambda calls: ["same"] * 3 if len(calls) == 3 else good(calls)
    )


@pytest.mark.usefixtures("bad")
def test_two_calls_of_one_id_are_a_fault():
    with pytest.raises(Fault, match=r"'small'.* two calls have one id: same") as caught:
        keras_model.model_to_graph(small())
    assert caught.value.subtype == "internal"
    assert "report" in caught.value.advice


@pytest.mark.usefixtures("bad")
def test_so_are_those_inside():
    with pytest.raises(Fault, match=r"'outer'.* two calls have one id: same"):
        keras_model.model_to_graph(outer())


@pytest.mark.usefixtures("bad")
def test_python_is_told():
    with pytest.raises(ValueError, match="two calls have one id: same"):
        model_to_graph(small())
    with pytest.raises(ValueError, match="two calls have one id: same"):
        model_to_dot(small())


@pytest.mark.usefixtures("bad")
def test_the_worker_tells():
    with pytest.raises(Fault, match="two calls have one id: same") as caught:
        target_to_graph(Target.parse("zoo.first.mlp"), Calling())
    assert caught.value.subtype == "internal"
