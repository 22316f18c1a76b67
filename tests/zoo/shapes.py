"""Functional models, a few for each shape that a graph can have."""

import keras
from keras import layers


def shared():
    """One layer called twice, and a tensor that is added to itself."""
    dense = layers.Dense(8, name="dense")
    inputs = keras.Input(shape=(8,), name="x")
    once = dense(inputs)
    twice = dense(once)
    return keras.Model(inputs, layers.Add(name="double")([twice, twice]), name="shared")


def operations():
    """Operations with constants, and slices."""
    inputs = keras.Input(shape=(4, 6), name="x")
    scaled = inputs * 2 + 1
    part = scaled[:, :2]
    mean = keras.ops.mean(1 - part, axis=-1)
    return keras.Model(inputs, mean, name="operations")


def encoder():
    """A small model, to be nested."""
    inputs = keras.Input(shape=(8,), name="code_in")
    hidden = layers.Dense(16, activation="relu", name="hidden")(inputs)
    return keras.Model(inputs, layers.Dense(8, name="code")(hidden), name="encoder")


def nested():
    """A model called twice inside another, and a Sequential model in a Sequential model."""
    left, right = keras.Input(shape=(8,), name="left"), keras.Input(shape=(8,), name="right")
    model = encoder()
    head = keras.Sequential(
        [
            layers.Dense(4, name="squeeze"),
            keras.Sequential([layers.ReLU(name="act")], name="inner_head"),
        ],
        name="head",
    )
    joined = layers.Concatenate(name="joined")([model(left), head(model(right))])
    return keras.Model([left, right], joined, name="nested")


def dictionaries():
    """Inputs and outputs in dicts, and a nested model that is given a dict in another order."""
    inner_inputs = {
        name: keras.Input(shape=(size,), name=name) for name, size in (("b", 3), ("a", 2))
    }
    inner = keras.Model(
        inner_inputs,
        layers.Concatenate(name="both")([inner_inputs["a"], inner_inputs["b"]]),
        name="inner",
    )
    inputs = {name: keras.Input(shape=(size,), name=name) for name, size in (("p", 2), ("q", 3))}
    both = inner({"a": inputs["p"], "b": inputs["q"]})
    outputs = {"score": layers.Dense(1, name="score")(both), "raw": both}
    return keras.Model(inputs, outputs, name="dictionaries")


def attention():
    """A layer that takes several tensors by the names of its arguments."""
    query, value = keras.Input(shape=(5, 8), name="q"), keras.Input(shape=(7, 8), name="v")
    attended = layers.MultiHeadAttention(num_heads=2, key_dim=4, name="mha")(
        query=query, value=value
    )
    return keras.Model([query, value], attended, name="attention")


def awkward():
    """Names with characters that mean something to DOT, HTML or LaTeX."""
    inputs = keras.Input(shape=(3,), name='in<1>&"2"')
    hidden = layers.Dense(3, name="a{b}|c\\N_%$#~^")(inputs)
    return keras.Model(inputs, layers.Dense(2, name="größe")(hidden), name='we<i>rd & "q" \\{}|')


def unbuilt():
    """A model without an input shape of its own."""
    return keras.Sequential(
        [layers.Dense(3, name="dense"), layers.ReLU(name="relu")], name="unbuilt"
    )


class Net(keras.Model):
    """A subclassed model."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units)

    def call(self, inputs):
        """Call the one layer."""
        return self.dense(inputs)


def frozen():
    """A model with one layer that isn't trained."""
    model = mixed_precision()
    model.get_layer("dense").trainable = False
    return model


def mixed_precision():
    """Layers that compute in half precision."""
    policy = keras.dtype_policies.DTypePolicy("mixed_float16")
    inputs = keras.Input(shape=(6,), name="x")
    half = layers.Dense(4, dtype=policy, name="dense")(inputs)
    normal = layers.BatchNormalization(dtype=policy, name="norm")(half)
    return keras.Model(inputs, normal, name="mixed_precision")


def needs_weights():
    """A model that can't be built without its weights: one is made from another's values."""
    model = encoder()
    first = model.get_layer("hidden").get_weights()
    model.get_layer("hidden").set_weights(first)
    return model
