"""Models of tables. The docstrings are plain reStructuredText."""

import keras


def build_mlp(units: int = 4, classes: int = 2) -> keras.Model:
    """A multilayer perceptron.

    :param units: how wide it is
    :param classes: how many classes it tells apart
    """
    inputs = keras.Input((3,), name="row")
    hidden = keras.layers.Dense(units, activation="relu", name="hidden")(inputs)
    outputs = keras.layers.Dense(classes, activation="softmax", name="classes")(hidden)
    return keras.Model(inputs, outputs, name="mlp")


class Perceptron(keras.Model):
    """A perceptron, as a class.

    :param units: how wide it is
    """

    def __init__(self, units=4):
        super().__init__()
        self.hidden = keras.layers.Dense(units, activation="relu", name="hidden")
        self.classes = keras.layers.Dense(2, activation="softmax", name="classes")

    def call(self, row):
        return self.classes(self.hidden(row))


def build_deep(depth: int) -> "keras.Model":
    """A perceptron of so many layers; a picture needs a number.

    .. keras-model:: (depth=2)
    """
    layers = [keras.layers.Dense(3, name=f"layer_{number}") for number in range(depth)]
    return keras.Sequential([keras.Input((3,)), *layers], name="deep")


def widths(depth: int, first: int = 8) -> list[int]:
    """How wide the layers are: a helper."""
    return [first // 2**level for level in range(depth)]


def frozen(model: keras.Model) -> keras.Model:
    """The model, not to be trained: a helper that is given one."""
    model.trainable = False
    return model


def output_of(units: int = 2) -> keras.layers.Layer:
    """A layer, which is no model."""
    return keras.layers.Dense(units)
