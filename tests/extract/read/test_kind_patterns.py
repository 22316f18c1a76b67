"""Every layer that Keras publishes has the kind that its readers would give it."""

from __future__ import annotations

import keras
import pytest

from sphinxcontrib_kerasgraph.draw.theme import KINDS
from sphinxcontrib_kerasgraph.extract.read.kind_patterns import _layer_kind, kind_of

#: What is neither of the kinds nor will be.
OTHER = {
    "Identity", "InputSpec", "Input", "Lambda", "Layer", "Masking", "Wrapper", "TimeDistributed",
    "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("convolution", "Conv1D Conv2DTranspose DepthwiseConv2D SeparableConv1D"),
        ("dense", "Dense EinsumDense"),
        ("normalization", "BatchNormalization LayerNormalization Normalization RMSNormalization"),
        ("activation", "Activation ReLU LeakyReLU PReLU ELU Softmax"),
        ("pooling", "MaxPooling2D GlobalAveragePooling1D AveragePooling3D"),
        ("recurrent", "LSTM GRUCell SimpleRNN RNN ConvLSTM2D Bidirectional StackedRNNCells"),
        ("attention", "MultiHeadAttention Attention AdditiveAttention GroupQueryAttention"),
        ("embedding", "Embedding"),
        ("merge", "Add Concatenate Dot Multiply Subtract"),
        ("reshape", "Reshape Flatten Permute ZeroPadding2D UpSampling2D Cropping1D"),
        ("regularization", "Dropout SpatialDropout2D GaussianNoise ActivityRegularization"),
        (
            "preprocessing",
            "Rescaling RandomFlip Resizing StringLookup CenterCrop TextVectorization",
        ),
        ("input", "InputLayer"),
    ],
)
def test_kind_of_layers(kind, names):
    assert {name: _layer_kind(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


def test_no_layer_of_keras_is_forgotten():
    names = {name for name in dir(keras.layers) if name[0].isupper()} - OTHER
    assert [name for name in sorted(names) if _layer_kind(name) == "other"] == []
    assert {_layer_kind(name) for name in names} <= set(KINDS)


def test_subclass_is_of_the_kind_of_what_it_derives_from():
    class Mine(keras.layers.Conv2D):
        pass

    class Own(keras.layers.Layer):
        pass

    assert kind_of(Mine(3, 3), 1) == "convolution"
    assert kind_of(Own(), 1) == "custom"
