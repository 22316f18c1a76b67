"""The fact beside a layer's name, from the configurations that Keras gives."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.label.facts import key_fact

IMAGE, WORDS, VECTOR = (32, 32, 4), (10, 8), (16,)


@pytest.mark.parametrize(
    ("layer", "shape", "fact"),
    [
        (lambda: layers.Conv2D(64, 7, strides=2), IMAGE, "64 · 7×7 / 2"),
        (lambda: layers.Conv2D(8, (1, 3)), IMAGE, "8 · 1×3"),
        (lambda: layers.Conv2D(8, 3, dilation_rate=2), IMAGE, "8 · 3×3 · dilated 2"),
        (lambda: layers.Conv2D(8, 3, groups=4), IMAGE, "8 · 3×3 · 4 groups"),
        (lambda: layers.Conv2D(8, 3, strides=(1, 2)), IMAGE, "8 · 3×3 / 1×2"),
        (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), IMAGE, "3×3 · × 2"),
        (lambda: layers.Conv1D(8, 5, strides=2), WORDS, "8 · 5 / 2"),
        (lambda: layers.MaxPooling2D(2), IMAGE, "2×2 / 2"),
        (lambda: layers.GlobalAveragePooling2D(), IMAGE, ""),
        (lambda: layers.ZeroPadding2D(1), IMAGE, "1"),
        (lambda: layers.ZeroPadding2D(((0, 1), (0, 1))), IMAGE, "0, 1 × 0, 1"),
        (lambda: layers.UpSampling2D(2), IMAGE, "× 2×2"),
        (lambda: layers.Dense(10), VECTOR, "10"),
        (lambda: layers.LSTM(7), WORDS, "7"),
        (lambda: layers.Dropout(0.25), VECTOR, "0.25"),
        (lambda: layers.Reshape((4, 4)), VECTOR, "4×4"),
        (lambda: layers.Permute((2, 1)), WORDS, "2, 1"),
        (lambda: layers.RepeatVector(3), VECTOR, "× 3"),
        (lambda: layers.Activation("tanh"), VECTOR, "tanh"),
        (lambda: layers.ReLU(), VECTOR, ""),
        (lambda: layers.BatchNormalization(), VECTOR, ""),
        (lambda: layers.Embedding(1000, 8), VECTOR, "1,000 × 8"),
        (lambda: layers.TimeDistributed(layers.Dense(3)), WORDS, "Dense · 3"),
        (lambda: layers.Bidirectional(layers.LSTM(3)), WORDS, "LSTM · 3"),
    ],
)
def test_key_fact(layer, shape, fact):
    inputs = keras.Input(shape=shape)
    model = keras.Model(inputs, layer()(inputs))
    assert key_fact(model_to_graph(model).graph.calls[-1]) == fact


def test_long_texts_are_cut():
    inputs = keras.Input(shape=(2, 2))
    outputs = keras.ops.einsum("ab,abc->abc", keras.ops.ones((1, 2)), inputs) * 0.1234567
    assert all(
        len(key_fact(call)) <= 48
        for call in model_to_graph(keras.Model(inputs, outputs)).graph.calls
    )
