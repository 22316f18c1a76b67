"""A tracer tries the ways that it is given; it knows no other."""

from __future__ import annotations

import keras
import pytest
from keras import layers, ops

from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in
from sphinxcontrib_kerasgraph.extract.trace.hooks import KerasHooks
from sphinxcontrib_kerasgraph.extract.trace.openers import open_call
from sphinxcontrib_kerasgraph.extract.trace.protocol import Way
from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer
from sphinxcontrib_kerasgraph.extract.trace.unknown_sizes import SIZES
from sphinxcontrib_kerasgraph.extract.trace.ways import ways_of


class Doubling(layers.Layer):
    def call(self, x):
        return x * 2


def tracer(*ways):
    return Tracer(lambda _: ways, keras.Sequential())


def traced(*ways):
    """What a tracer makes of a call of a layer, in these ways."""
    made = tracer(*ways)
    with KerasHooks(made).installed():
        return made.trace(ways, Doubling(), (keras.Input((3,)),), {})


def failing(message):
    def opener(_tracer, _layer, _args, _kwargs):
        raise ValueError(message)

    return opener


def called(tensors):
    """An opener that notes the shape that its code is run with."""

    def opener(tracer, _layer, args, kwargs):
        def function(x):
            tensors.append(tuple(x.shape))
            if len(tensors) == 1:
                raise ValueError("needs a size")
            return x + 1

        return tracer.block(function, args, kwargs)

    return opener


def test_ways_are_tried_in_turn():
    block, outputs = traced(Way(failing("first")), Way(open_call))
    assert outputs.shape == (None, 3)
    assert [call.class_name for call in block.body.calls] == ["Multiply"]
    assert len(block.sources) == 1


def test_sizes_are_tried_before_other_ways():
    shapes: list = []
    _, outputs = traced(Way(called(shapes)), Way(failing("never")))
    assert outputs.shape == (None, 3)
    assert shapes == [(None, 3), *((sizes.batch, 3) for sizes in SIZES[0])]


def test_a_way_says_that_no_size_helps():
    shapes: list = []
    hopeless = Way(called(shapes), is_hopeless=lambda error: "size" in str(error))
    traced(hopeless, Way(open_call))
    assert shapes == [(None, 3)]


def test_what_failed_in_every_way_is_not_tried_again():
    ways = (Way(failing("first")), Way(failing("last")))
    made = tracer(*ways)
    layer, tensor = Doubling(), keras.Input((3,))
    errors = []
    for _ in range(2):
        with pytest.raises(ValueError, match="last") as caught:
            made.trace(ways, layer, (tensor,), {})
        errors.append(caught.value)
    assert errors[0] is errors[1]


def test_a_runner_runs_blocks_in_its_own_way_alone():
    class Runner:
        def block(self, _function, _args, _kwargs):
            return "block", "outputs"

    ways = Way(open_call), Way(failing("never"))
    made = tracer(*ways)
    given = (Doubling(), (keras.Input((3,)),), {})
    with made.running(Runner()):
        assert made.trace(ways, *given) == ("block", "outputs")
        with made.running(None):
            _, outputs = made.trace(ways, *given)
    assert outputs.shape == (None, 3)


@pytest.mark.parametrize(
    ("operation", "number"),
    [
        (layers.Dense(2), 0),
        (layers.LSTM(2), 0),
        (layers.TimeDistributed(layers.Dense(2)), 1),
        (layers.RNN(layers.LSTMCell(2)), 1),
        (Doubling(), 3 if keras.config.backend() == "tensorflow" else 1),
    ],
)
def test_number_of_ways(operation, number):
    assert len(ways_of(operation)) == number


def test_an_operation_is_a_leaf():
    tensor = ops.add(keras.Input((3,)), 1)
    assert tensors_in(tensor) == [tensor]
    assert ways_of(tensor._keras_history.operation) == ()
