"""Models that are easy to draw wrongly."""

import keras
import numpy as np
from keras import layers


def masked():
    """A mask goes into nested models beside their input."""
    tokens = keras.Input(shape=(None,), dtype="int32", name="tokens")
    inner_inputs = keras.Input(shape=(None, 4), name="inner_in")
    inner = keras.Model(inner_inputs, layers.LSTM(3, name="lstm")(inner_inputs), name="inner")
    embedded = layers.Embedding(10, 4, mask_zero=True, name="embed")(tokens)
    return keras.Model(tokens, layers.Dense(1, name="head")(inner(embedded)), name="masked")


def keyword_dictionary():
    """A nested model takes a dict by keyword, in another order than that of its list of inputs."""
    p, q = keras.Input(shape=(2,), name="p"), keras.Input(shape=(3,), name="q")
    inner = keras.Model([q, p], layers.Concatenate(name="both")([p, q]), name="inner")
    a, b = keras.Input(shape=(2,), name="a"), keras.Input(shape=(3,), name="b")
    return keras.Model([a, b], inner(inputs={"p": a, "q": b}), name="keyword_dictionary")


def reversed_dictionary():
    """The same, by place."""
    p, q = keras.Input(shape=(2,), name="p"), keras.Input(shape=(3,), name="q")
    inner = keras.Model([q, p], layers.Concatenate(name="both")([p, q]), name="inner")
    a, b = keras.Input(shape=(2,), name="a"), keras.Input(shape=(3,), name="b")
    return keras.Model([a, b], inner([b, a]), name="reversed_dictionary")


class Extended(keras.Model):
    """Functional by its constructor, but not by its call."""

    def __init__(self):
        inputs = keras.Input(shape=(3,))
        super().__init__(inputs, layers.Dense(2, name="base")(inputs), name="extended")
        self.extra = layers.Dense(7)

    def call(self, inputs, training=None, mask=None):
        """Do more than the graph."""
        return self.extra(super().call(inputs))


def function_inside():
    """A `keras.Function` from the middle of another graph, called as an operation."""
    a = keras.Input(shape=(3,), name="a")
    hidden = layers.Dense(4, name="hidden")(a)
    function = keras.Function(hidden, layers.Dense(5, name="inside")(hidden), name="function")
    b = keras.Input(shape=(4,), name="b")
    return keras.Model(b, function(b), name="function_inside")


class Odd(layers.Layer):
    """A layer whose config and attributes mean other things than Keras's."""

    def get_config(self):
        """Not what the names promise."""
        return super().get_config() | {"input_dim": None, "output_dim": [1], "units": {}}

    @property
    def activation(self):
        """Raise."""
        raise RuntimeError("no activation yet")

    def call(self, inputs):
        """Pass on."""
        return inputs


def odd():
    """One odd layer."""
    inputs = keras.Input(shape=(3,), name="x")
    return keras.Model(inputs, Odd(name="odd")(inputs), name="odd_model")


def arrays():
    """Constants that are arrays, beside tensors."""
    inputs = keras.Input(batch_shape=(1, 4), name="x")
    scaled = inputs * np.sqrt(64.0)
    stacked = keras.ops.stack([scaled, np.ones((1, 4), "float32")], axis=1)
    return keras.Model(inputs, stacked, name="arrays")


class Numeric(layers.Layer):
    """A layer whose code looks at values, and so runs on no symbolic tensor."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(3, name="inner")

    def build(self, input_shape):
        """Build the layer inside."""
        self.inner.build(input_shape)

    def compute_output_shape(self, input_shape):
        """Tell what the code would."""
        return (*input_shape[:-1], 3)

    def call(self, inputs):
        """Look at the values."""
        if float(np.asarray(inputs).sum()) > 0:
            return self.inner(inputs)
        return self.inner(-inputs)


def numeric():
    """A model with a layer that can't be opened."""
    inputs = keras.Input(shape=(4,), name="x")
    return keras.Model(inputs, Numeric(name="numeric")(inputs), name="numeric_model")


def settings():
    """Change Keras's settings, and the process."""
    import os
    import sys

    keras.config.set_floatx("float64")
    keras.config.set_image_data_format("channels_first")
    keras.config.set_dtype_policy("mixed_float16")
    os.environ["ZOO_LEFT_BEHIND"] = "1"
    sys.path.clear()
    os.chdir("/")
    return convolution()


def convolution():
    """What settings would change."""
    return keras.Sequential([keras.Input(shape=(8, 8, 3)), layers.Conv2D(2, 3)], name="convolution")


#: Built by the import, without a shape.
module_model = keras.Sequential([layers.Dense(2, name="module_dense")], name="module_model")
