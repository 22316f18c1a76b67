"""Floating-point operations, against those that TensorFlow's profiler counts in a graph."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import Amount
from sphinxcontrib_kerasgraph.view.flops import with_flops

pytestmark = pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="TensorFlow's profiler counts"
)


def net() -> keras.Model:
    """A bit of all that the profiler knows; it counts no activations, and no normalization."""
    keras.utils.clear_session()
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same")(inputs)
    x = layers.MaxPooling2D()(x)
    y = layers.Conv2D(16, 3, padding="same", use_bias=False)(x)
    y = layers.DepthwiseConv2D(3, padding="same")(y)
    x = layers.Add()([x, y])
    x = layers.SeparableConv2D(8, 3, strides=2)(x)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(10)(layers.Dropout(0.5)(x))
    return keras.Model(inputs, x)


def counted_by_the_profiler(model: keras.Model) -> int:
    import tensorflow as tf

    @tf.function
    def run(images):
        return model(images, training=False)

    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
    graph = run.get_concrete_function(tf.TensorSpec((1, *model.input_shape[1:]))).graph
    return profiler.profile(graph, options=options).total_float_ops


def test_as_many_as_the_profiler_counts():
    model = net()
    calls = with_flops(model_to_graph(model)).graph.calls
    assert Amount.sum(call.marks.flops for call in calls) == Amount(counted_by_the_profiler(model))


@pytest.mark.parametrize(
    ("name", "billions"),
    # Twice the multiplications and additions that the papers, or keras.io, tell.
    [("VGG16", 30.9), ("ResNet50", 7.7), ("DenseNet121", 5.7), ("MobileNetV2", 0.6)],
)
def test_famous_models_have_as_many_as_their_papers_say(name, billions):
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
    calls = with_flops(model_to_graph(model)).graph.calls
    total = Amount.sum(call.marks.flops for call in calls)
    assert total.complete
    assert total.known / 1e9 == pytest.approx(billions, rel=0.04)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_counted_as_keras_configures_it(masked):
    keras.utils.clear_session()
    query, value = keras.Input((7, 16)), keras.Input((9, 16))
    mask = keras.Input((7, 9), dtype="bool") if masked else None
    made = layers.MultiHeadAttention(2, 8, name="mha")(query, value, attention_mask=mask)
    model = keras.Model([query, value, *([mask] if masked else [])], made)
    counted = with_flops(model_to_graph(model)).graph["mha"].marks.flops
    # Query; key and value; scores and what they weigh; output.
    products = 7 * 16 * 16 + 2 * 9 * 16 * 16 + 2 * 7 * 9 * 16 + 7 * 16 * 16
    assert counted == Amount(2 * products)
