"""The three models that started this project."""

import keras
from keras import layers


def mlp():
    """A multilayer perceptron for the digits of MNIST."""
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        name="mlp",
    )


def branches():
    """Two branches of one layer, joined again."""
    inputs = keras.Input(shape=(32,), name="features")
    stem = layers.Dense(64, activation="relu", name="stem")(inputs)
    left = layers.Dense(32, activation="relu", name="left")(stem)
    right = layers.Dense(32, activation="tanh", name="right")(stem)
    joined = layers.Concatenate(name="joined")([left, right])
    return keras.Model(inputs, joined, name="branches")


class Linear(layers.Layer):
    """A dense layer written by hand, in raw TensorFlow."""

    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        """Make the weights."""
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units), initializer="glorot_uniform", name="kernel"
        )
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, inputs):
        """Multiply and add."""
        import tensorflow as tf

        return tf.matmul(inputs, self.kernel) + self.bias


def custom():
    """A Sequential model with a layer of the author's own."""
    return keras.Sequential(
        [keras.Input(shape=(20,)), Linear(32), layers.Dense(10, activation="softmax")],
        name="custom",
    )
