"""A layer that is made when the module is imported, which others import in their functions."""

import keras
from keras import layers

late = layers.LeakyReLU()


def of_late():
    """The layer of the module, and another one."""
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, layers.LeakyReLU()(late(inputs)), name="of_late")
