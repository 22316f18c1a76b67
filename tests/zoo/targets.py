"""What a target may name: parts of models, items, methods, layers, functions of tensors."""

from __future__ import annotations

from typing import NamedTuple

import keras
from keras import layers, ops


def generator(latent: int = 16) -> keras.Model:
    return keras.Sequential(
        [keras.Input((latent,)), layers.Dense(49, name="seeds"), layers.Reshape((7, 7, 1))],
        name="generator",
    )


def discriminator() -> keras.Model:
    return keras.Sequential(
        [keras.Input((7, 7, 1)), layers.Flatten(), layers.Dense(1, name="score")],
        name="discriminator",
    )


class Gan(keras.Model):
    """Trains two models, and is never called."""

    def __init__(self, latent: int = 16) -> None:
        super().__init__()
        self.discriminator = discriminator()
        self.generator = generator(latent)
        self.loss_metric = keras.metrics.Mean()

    def train_step(self, data):
        raise AssertionError("a picture needs no training")


class OldGan:
    """No Keras model, but a class that has some, as many repositories have."""

    def __init__(self) -> None:
        self.shape = (7, 7, 1)
        self.discriminator = discriminator()
        self.generator = self.build_generator()

    def build_generator(self, latent: int = 16) -> keras.Model:
        return generator(latent)


def pair() -> tuple[keras.Model, keras.Model]:
    return generator(), discriminator()


class Both(NamedTuple):
    first: keras.Model
    second: keras.Model


def both() -> Both:
    return Both(generator(), generator(8))


def by_size() -> dict[str, object]:
    return {"small": generator(2), "large": [generator(64), discriminator()]}


#: Functions by name, as registries have them.
BUILDERS = {"generator": generator, "discriminator": discriminator}


class Factory:
    @staticmethod
    def build(units: int, classes: int) -> keras.Model:
        return keras.Sequential(
            [keras.Input((4,)), layers.Dense(units, name="hidden"), layers.Dense(classes)],
            name="made",
        )


class TransformerBlock(layers.Layer):
    def __init__(self, heads: int, units: int) -> None:
        super().__init__()
        self.attention = layers.MultiHeadAttention(heads, units)
        self.norm = layers.LayerNormalization()
        self.feed = layers.Dense(units)

    def call(self, x):
        x = self.norm(x + self.attention(x, x))
        return x + self.feed(x)


class Square(layers.Layer):
    """A layer of operations alone."""

    def call(self, x):
        return ops.square(x) + 1.0


class Encoder(keras.Model):
    def __init__(self) -> None:
        super().__init__(name="encoder")
        self.blocks = [TransformerBlock(2, 8) for _ in range(2)]
        self.heads = {"a": layers.Dense(2), "b": layers.Dense(3)}
        self._hidden = layers.Dense(8)

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        x = self._hidden(x)
        return {name: head(x) for name, head in self.heads.items()}

    def embed(self, x):
        return self.blocks[1](self.blocks[0](x))


class Tied(keras.Model):
    """Two models that have a layer in common."""

    def __init__(self) -> None:
        super().__init__()
        shared = layers.Dense(4, name="shared")
        self.left = keras.Sequential([keras.Input((4,)), shared, layers.Dense(1, name="one")])
        self.right = keras.Sequential([keras.Input((4,)), shared, layers.Dense(2, name="two")])

    def train_step(self, data):
        return {}


class Critic(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.score = layers.Dense(1)

    def call(self, x):
        return self.score(x)


class HalfKnown(keras.Model):
    """Of one of its models the input shape isn't known."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = generator()
        self.critic = Critic()

    def train_step(self, data):
        return {}


class Unknown(keras.Model):
    """Of none of its models."""

    def __init__(self) -> None:
        super().__init__()
        self.left = Critic()
        self.right = Critic()

    def train_step(self, data):
        return {}


def stem(x, filters: int = 8):
    x = layers.Conv2D(filters, 3, name="stem")(x)
    return layers.ReLU(name="relu")(x)


def join(left, right):
    return layers.Add(name="sum")(
        [layers.Dense(3, name="a")(left), layers.Dense(3, name="b")(right)]
    )


def conv_block(filters: int):
    def apply(x):
        return layers.Conv2D(filters, 1, name="conv")(x)

    return apply


def heads(x):
    return {"mean": layers.Dense(2, name="m")(x), "spread": layers.Dense(2, name="s")(x)}


def nothing(x):
    return None


def on_top(inputs):
    """Makes a model of the tensor that it is given."""
    return keras.Model(inputs, layers.Dense(1, name="top")(inputs), name="whole")


def number() -> int:
    return 3


#: Targets of this module, and the options that they need.
TARGETS = {
    "models_of_a_model": ("Gan", {}),
    "models_of_an_object": ("OldGan", {}),
    "pair": ("pair", {}),
    "named_pair": ("both", {}),
    "dict": ("by_size", {}),
    "tied": ("Tied", {}),
    "half_known": ("HalfKnown", {"input_shape": {"critic": (3,)}}),
    "unknown": ("Unknown", {"input_shape": {"left": (3,), "right": (2,)}}),
    "part": ("Gan(latent=3).generator", {}),
    "item": ("pair()[1]", {}),
    "key": ("by_size()['large'][0]", {}),
    "builder": ("BUILDERS['generator'](latent=4)", {}),
    "method": ("OldGan().build_generator(latent=5)", {}),
    "static_method": ("Factory.build(64, classes=10)", {}),
    "layer": ("TransformerBlock(2, 8)", {"input_shape": (5, 8)}),
    "layer_of_operations": ("Square()", {"input_shape": (3,)}),
    "layer_in_a_list": ("Encoder().blocks[1]", {"input_shape": (5, 8)}),
    "layer_in_a_dict": ("Encoder().heads['a']", {"input_shape": (3,)}),
    "function": ("stem(filters=2)", {"input_shape": (9, 9, 3)}),
    "function_of_two": ("join", {"input_shape": [(2,), (3,)]}),
    "function_of_a_function": ("conv_block(5)", {"input_shape": (9, 9, 3)}),
    "function_to_a_dict": ("heads", {"input_shape": (3,)}),
    "function_to_a_model": ("on_top", {"input_shape": (3,)}),
    "traced": ("Encoder", {"input_shape": (5, 8), "trace": "embed"}),
}


class Twins:
    """Makes a model of two layers when it is asked to."""

    def build(self):
        return keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Dense(2)])


class Holder(keras.Model):
    """Trains what it is given."""

    def __init__(self, model):
        super().__init__()
        self.model = model
