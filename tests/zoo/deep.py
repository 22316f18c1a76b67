"""Models in models, and layers in layers, as deep as is asked for."""

import sys

import keras
from keras import layers


def functional(depth):
    """A model that calls a model, and so on."""
    inner = layers.Dense(3)
    for at in range(depth):
        inputs = keras.Input((3,))
        inner = keras.Model(inputs, inner(inputs), name=f"model{at}")
    return inner


def sequential(depth):
    """The same of a chain of one."""
    inner = layers.Dense(3)
    for at in range(depth):
        inner = keras.Sequential([keras.Input((3,)), inner], name=f"model{at}")
    return inner


class Around(layers.Layer):
    """A layer that calls another one."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, inputs):
        """What the other one makes."""
        return self.inner(inputs)


def composite(depth):
    """The same of layers of an author's own."""
    inner = layers.Dense(3)
    for at in range(depth):
        inner = Around(inner, name=f"layer{at}")
    inputs = keras.Input((3,))
    return keras.Model(inputs, inner(inputs), name="composite")


def raised(kind, depth):
    """With a limit for it: Keras itself calls its layers in calls."""
    sys.setrecursionlimit(50_000)
    return {"functional": functional, "sequential": sequential, "composite": composite}[kind](depth)
