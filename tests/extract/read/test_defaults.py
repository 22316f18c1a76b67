"""Of a layer's configuration is told what its author chose."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from sphinxcontrib_kerasgraph.extract.read.defaults import chosen
from sphinxcontrib_kerasgraph.extract.read.layers import config_of


class Scaled(layers.Dense):
    """Takes what its base takes, and has a default of its own."""

    def __init__(self, units, scale=2.0, use_bias=False, **kwargs):
        super().__init__(units, use_bias=use_bias, **kwargs)
        self.scale = scale

    def get_config(self):
        return super().get_config() | {"scale": self.scale}


def told(layer):
    return set(chosen(type(layer), config_of(layer)))


@pytest.mark.parametrize(
    "layer",
    [
        layers.BatchNormalization(),
        layers.LayerNormalization(),
        layers.MaxPooling2D(),
        layers.ZeroPadding2D(),
        layers.UpSampling2D(),
        layers.Flatten(),
        layers.ReLU(),
        layers.Softmax(),
        layers.Concatenate(),
        layers.GlobalAveragePooling2D(),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_nothing_is_told_of_a_layer_that_is_made_without_arguments(layer):
    assert told(layer) == set()


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (layers.Dense(4), {"units"}),
        (layers.Dense(4, activation="relu"), {"units", "activation"}),
        (layers.Dense(4, kernel_initializer="he_normal"), {"units", "kernel_initializer"}),
        (layers.Dense(4, kernel_initializer="glorot_uniform"), {"units"}),
        (
            layers.Dense(4, kernel_initializer=keras.initializers.GlorotUniform(seed=7)),
            {"units", "kernel_initializer"},
        ),
        (layers.Dense(4, kernel_regularizer="l2"), {"units", "kernel_regularizer"}),
        (layers.Dense(4, dtype="mixed_bfloat16"), {"units", "dtype"}),
        (layers.Dense(4, use_bias=False), {"units", "use_bias"}),
        (layers.Conv2D(8, 3), {"filters", "kernel_size"}),
        (layers.Conv2D(8, 3, strides=2), {"filters", "kernel_size", "strides"}),
        (layers.Conv1D(8, 3, strides=1), {"filters", "kernel_size"}),
        (layers.MaxPooling2D(3), {"pool_size"}),
        (layers.MaxPooling2D(3, strides=2), {"pool_size", "strides"}),
        (layers.ZeroPadding2D(((0, 1), (0, 1))), {"padding"}),
        (layers.Embedding(9, 4), {"input_dim", "output_dim"}),
        (layers.LSTM(4, return_sequences=True), {"units", "return_sequences"}),
        (layers.MultiHeadAttention(2, 8), {"num_heads", "key_dim"}),
    ],
)
def test_what_is_not_the_default_is_told(layer, expected):
    assert told(layer) == expected


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Scaled(4), {"units"}),
        (
            Scaled(4, scale=3.0, use_bias=True, bias_initializer="ones"),
            {"units", "scale", "use_bias", "bias_initializer"},
        ),
    ],
)
def test_defaults_of_a_subclass_go_before_those_of_its_base(layer, expected):
    assert told(layer) == expected


def test_a_policy_for_all_layers_is_the_default():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        assert told(layers.Dense(4)) == {"units"}
    finally:
        keras.config.set_dtype_policy("float32")
    assert told(layers.Dense(4)) == {"units"}


def test_what_is_none_or_false_and_no_parameter_says_nothing():
    assert chosen(layers.Dense, {"old": False, "older": None, "new": True, "units": 4}) == (
        "new",
        "units",
    )
