"""Small subclassed models with blocks in blocks, for tests of pages and pictures."""

import keras
from keras import layers


class Unit(layers.Layer):
    """A layer that calls two."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units, activation="relu", name="dense")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, inputs):
        """One after the other."""
        return self.norm(self.dense(inputs))


class Floor(layers.Layer):
    """A residual block around a unit."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.left = Unit(units, name="left")

    def call(self, inputs):
        """Add what went round."""
        return inputs + self.left(inputs)


class Tower(keras.Model):
    """Floors in a list."""

    def __init__(self, floors=2):
        super().__init__(name="tower")
        names = ["floor", *(f"floor_{number}" for number in range(1, floors))]
        self.floors = [Floor(6, name=name) for name in names]
        self.roof = layers.Dense(2, name="roof")

    def call(self, inputs):
        """One upon the other."""
        for floor in self.floors:
            inputs = floor(inputs)
        return self.roof(inputs)


class Tokens(keras.Model):
    """A model of whole numbers."""

    def __init__(self):
        super().__init__(name="tokens")
        self.embed = layers.Embedding(10, 4, name="embed")

    def call(self, tokens):
        """Look them up."""
        return self.embed(tokens)


SUBCLASSED = {"tower": (Tower, (6,), None), "tokens": (Tokens, (None,), "int32")}
