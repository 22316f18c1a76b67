"""Keras 2's private attributes are what ``extract.legacy.history`` takes them for."""

from __future__ import annotations

import tensorflow as tf
import tf_keras

from sphinxcontrib_kerasgraph.extract.legacy import counts, history

CHANGED = (
    f"tf_keras {tf_keras.__version__} keeps its call history in another way: "
    "mend extract/legacy/history.py"
)


def test_tensor_knows_its_call():
    layer = tf_keras.layers.Dense(3)
    tensor = layer(layer(tf_keras.Input((3,))))
    assert isinstance(tensor, history.KerasTensor), CHANGED
    assert tensor._keras_history.layer is layer, CHANGED
    assert history.tensor_key(tensor) == (id(layer), 1, 0), CHANGED
    assert history.node_of(tensor) is layer._inbound_nodes[1], CHANGED


def test_layer_knows_its_calls():
    layer = tf_keras.layers.Dense(3)
    first = layer(tf_keras.Input((3,)))
    second = layer(first)
    _, node = history.nodes_of(layer)
    assert node.layer is layer, CHANGED
    [given] = node.call_args
    assert given is first, CHANGED
    assert node.call_kwargs == {}, CHANGED
    assert node.outputs is second, CHANGED
    [before] = node.parent_nodes
    assert before is layer._inbound_nodes[0], CHANGED


def test_calls_are_forgotten():
    layer = tf_keras.layers.Dense(3)
    x = tf_keras.Input((3,))
    layer(x)
    layer(x)
    history.forget(history.nodes_of(layer)[1:])
    assert len(layer._inbound_nodes) == len(history.node_of(x).layer._outbound_nodes) == 1, CHANGED


def test_models_whose_calls_are_recorded():
    x = tf_keras.Input((3,))
    unbuilt = tf_keras.Sequential([tf_keras.layers.Dense(2)])
    assert history.is_recorded(tf_keras.Model(x, tf_keras.layers.ReLU()(x))), CHANGED
    assert history.is_recorded(tf_keras.Sequential([x, tf_keras.layers.ReLU()])), CHANGED
    assert not history.is_recorded(unbuilt), CHANGED
    unbuilt.build((None, 3))
    assert history.is_recorded(unbuilt), CHANGED
    assert history.input_name(x) == x.node.layer.name, CHANGED


def test_functions_are_layers_of_keras():
    x = tf_keras.Input((None,), ragged=True)
    y = tf_keras.Input((3,), name="y")
    made = {
        ("tf.math", "exp"): tf.exp(y),
        ("tf.__operators__", "add"): y + 1.0,
        ("tf.__operators__", "getitem"): y[:, 0],
        ("tf", "row_lengths"): x.row_lengths(),
        ("tf", "values"): x.values,
        ("tf", "RaggedTensor.from_tensor"): tf.RaggedTensor.from_tensor(y),
    }
    for name, tensor in made.items():
        layer = history.node_of(tensor).layer
        assert history.is_function(layer), CHANGED
        assert history.function_name(layer) == name, CHANGED
    assert not history.is_internal(tf_keras.layers.ReLU())


def test_losses_are_layers_of_the_model():
    x = tf_keras.Input((3,))
    model = tf_keras.Model(x, tf_keras.layers.ReLU()(x))
    loss = tf.reduce_mean(x)
    model.add_loss(loss)
    model.add_metric(loss, name="mean")
    [node] = history.losses_in(model)
    assert node.call_args == (loss,), CHANGED
    assert history.is_loss(node.layer), CHANGED
    assert [history.is_internal(layer) for layer in model.layers].count(True) == 3, CHANGED


def test_casts():
    layer = tf_keras.layers.Dense(3, dtype="mixed_float16")
    layer(tf_keras.Input((3,)))
    assert history.cast_dtype(layer) == "float16", CHANGED
    assert history.dtype_seen(layer.kernel, layer) == "float16", CHANGED
    assert history.dtype_seen(tf.Variable(1.0), layer) == "float32", CHANGED
    assert history.cast_dtype(tf_keras.layers.Dense(3, autocast=False)) is None, CHANGED


def test_layer_knows_its_sublayers_and_masks_go_with_tensors():
    wrapper = tf_keras.layers.TimeDistributed(tf_keras.layers.Dense(3))
    wrapper(tf_keras.Input((4, 2)))
    assert history.own_weights(wrapper) == [], CHANGED
    assert len(history.own_weights(wrapper.layer)) == 2, CHANGED
    assert history.layers_in(wrapper) == [wrapper, wrapper.layer], CHANGED
    embedded = tf_keras.layers.Embedding(3, 2, mask_zero=True)(tf_keras.Input((4,)))
    assert history.mask_of(embedded).shape == (None, 4), CHANGED


def test_names_are_counted_in_dicts_of_the_session():
    tf_keras.backend.clear_session()
    names, inputs = counts.name_counts(), counts.input_counts()
    tf_keras.layers.ReLU()
    tf_keras.Input((3,))
    assert (counts.name_counts() is names, names["", "re_lu"]) == (True, 1), CHANGED
    assert (counts.input_counts() is inputs, inputs["input"]) == (True, 1), CHANGED
    names["", "re_lu"], inputs["input"] = 7, 8
    assert tf_keras.layers.ReLU().name == "re_lu_7", CHANGED
    assert tf_keras.Input((3,)).node.layer.name == "input_9", CHANGED
    tf_keras.backend.clear_session()
    assert counts.name_counts() is not names, CHANGED
    assert tf_keras.layers.ReLU().name == "re_lu", CHANGED
