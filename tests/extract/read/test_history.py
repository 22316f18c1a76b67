"""Keras's private attributes are what ``extract.read.history`` takes them for."""

from __future__ import annotations

import keras
import pytest

from sphinxcontrib_kerasgraph.extract.read import history

CHANGED = (
    f"Keras {keras.__version__} keeps its call history in another way: mend extract/read/history.py"
)


def test_tensor_knows_its_call():
    layer = keras.layers.Dense(3)
    tensor = layer(layer(keras.Input(shape=(3,))))
    assert hasattr(tensor, "_keras_history"), CHANGED
    operation, node_index, tensor_index = tensor._keras_history
    assert operation is layer, CHANGED
    assert (node_index, tensor_index) == (1, 0), CHANGED


def test_operation_knows_its_calls():
    layer = keras.layers.Dense(3)
    first = layer(keras.Input(shape=(3,)))
    second = layer(first)
    assert len(layer._inbound_nodes) == 2, CHANGED
    node = layer._inbound_nodes[1]
    assert node.arguments.args == (first,), CHANGED
    assert node.arguments.kwargs == {}, CHANGED
    assert list(node.input_tensors) == [first], CHANGED
    assert list(node.output_tensors) == [second], CHANGED


def test_layer_knows_its_sublayers():
    model = keras.Sequential([keras.Input(shape=(2,)), keras.layers.Dense(3)])
    wrapper = keras.layers.TimeDistributed(keras.layers.Dense(3))
    wrapper(keras.Input(shape=(4, 2)))
    assert history.own_weights(wrapper) == [], CHANGED
    assert history.own_weights(model) == [], CHANGED
    assert len(history.own_weights(wrapper.layer)) == 2, CHANGED


def test_names_are_counted_in_a_dict_of_the_session():
    keras.utils.clear_session()
    counts = history.name_counts()
    keras.layers.ReLU()
    assert (history.name_counts() is counts, counts["re_lu"]) == (True, 1), CHANGED
    counts["re_lu"] = 7
    assert keras.layers.ReLU().name == "re_lu_7", CHANGED
    keras.utils.clear_session()
    assert history.name_counts() is not counts, CHANGED
    assert keras.layers.ReLU().name == "re_lu", CHANGED


# 2,000 are more than Python's limit of recursion.
@pytest.mark.parametrize("depth", [1, 5, 2000])
def test_calls_between_leaves_out_what_is_not_needed(depth):
    inputs = x = keras.Input(shape=(2,))
    for _ in range(depth):
        x = keras.layers.ReLU()(x)
    keras.layers.ReLU()(x)  # leads to no output
    assert len(history.calls_between([inputs], [x])) == depth
