"""Layers that are made when their module is imported, for other modules to use."""

import keras
from keras import layers

#: The first of its class that is made.
leaky = layers.LeakyReLU()


def dense_block(x, units, activation=layers.LeakyReLU()):  # noqa: B008 - as authors write
    """A layer, and what is the same object at each call: the second of its class."""
    return activation(layers.Dense(units)(x))


def of_activations():
    """The layer of the module, the default argument, and a third one."""
    inputs = keras.Input((4,), name="x")
    hidden = dense_block(leaky(inputs), 3)
    return keras.Model(inputs, layers.LeakyReLU()(hidden), name="of_activations")
