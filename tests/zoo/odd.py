"""Models whose code does what few do. Each was drawn wrongly once, or ended the extraction."""

import dataclasses

import keras
from keras import layers, ops


class One(keras.Model):
    """A model with one layer, for others to derive from."""

    def __init__(self):
        super().__init__(name="odd")
        self.dense = layers.Dense(4, name="dense")


class Counting(layers.Layer):
    """A layer that changes its weights when it is called."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.seeds = keras.random.SeedGenerator(1)
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")

    def call(self, x):
        """Count, and add noise."""
        self.count.assign(self.count + 1)
        return self.dense(x) + keras.random.normal((4,), seed=self.seeds)


class Counted(keras.Model):
    """A model of it."""

    def __init__(self):
        super().__init__(name="counted")
        self.counting = Counting(name="counting")

    def call(self, x):
        """Call it."""
        return self.counting(x)


class Keeping(layers.Layer):
    """A layer that keeps a tensor beside what it returns."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="inner")

    def call(self, x):
        """Keep one, return another."""
        self.kept = self.dense(x)
        return self.kept * 2


class Handing(One):
    """A model that takes what a layer has kept."""

    def __init__(self):
        super().__init__()
        self.keeping = Keeping(name="keeping")

    def call(self, x):
        """Use both."""
        return self.dense(self.keeping(x)) + self.keeping.kept


@dataclasses.dataclass
class Pair:
    """No structure that Keras knows."""

    left: object


class Wrapping(layers.Layer):
    """A layer that returns an object with a tensor in it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="inner")

    def call(self, x):
        """Wrap."""
        return self.dense(x), Pair(self.dense(x))


class Building(One):
    """A model that builds a Functional model in its call."""

    def call(self, x):
        """Build, and call what was built."""
        inputs = keras.Input((4,))
        return keras.Model(inputs, self.dense(inputs))(x)


class Before(One):
    """A model that does something before it is called."""

    def __call__(self, x, **kwargs):
        """Double first."""
        return super().__call__(x * 2, **kwargs)

    def call(self, x):
        """Then this."""
        return self.dense(x)


class After(One):
    """A model that does something after it was called."""

    def __call__(self, x, **kwargs):
        """Double last."""
        return super().__call__(x, **kwargs) * 2

    def call(self, x):
        """First this."""
        return self.dense(x)


class Level(layers.Layer):
    """A layer in a layer in a layer; ``run`` counts how often the code of any is run."""

    runs = 0

    def __init__(self, depth, then=None, **kwargs):
        super().__init__(**kwargs)
        self.then = then
        self.inner = Level(depth - 1, then, name="level") if depth else layers.Dense(4, name="end")

    def call(self, x):
        """Go down, then do the rest."""
        Level.runs += 1
        x = self.inner(x)
        return x if self.then is None else self.then(x)


class Deep(keras.Model):
    """Layers in layers, so many levels deep."""

    def __init__(self, depth, then=None):
        super().__init__(name="deep")
        self.level = Level(depth, then, name="level")

    def call(self, x):
        """Go down."""
        return self.level(x)


class Reading(One):
    """A model that looks at a value, each in another way."""

    def __init__(self, read):
        super().__init__()
        self.read = read

    def call(self, x):
        """Look."""
        y = self.dense(x)
        self.read(ops.sum(y))
        return y


class Unrolled(One):
    """A model that makes a call for each step, of which the number isn't known."""

    def call(self, x):
        """Step by step."""
        return ops.stack([self.dense(x[:, step]) for step in range(x.shape[1])], axis=1)


class Endless(One):
    """A model that calls itself."""

    def call(self, x):
        """And again."""
        return self(x)


class Dropping(One):
    """Raw TensorFlow, around a layer that hands back what it takes."""

    def __init__(self):
        super().__init__()
        self.dropout = layers.Dropout(0.5, name="dropout")

    def call(self, x):
        """The way around is the input's, not the dropout's."""
        import tensorflow as tf

        return tf.concat([x, self.dense(self.dropout(x))], -1)


class Stepping(One):
    """As many steps as the input is long."""

    def call(self, x):
        """Step."""
        return ops.fori_loop(0, ops.shape(x)[1], lambda step, y: self.dense(y), x)


class ToldOfTwo(layers.Layer):
    """A layer that tells Keras of two outputs, and returns one and nothing."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(3, name="first")
        self.second = layers.Dense(3, name="second")

    def call(self, x):
        """Nothing in place of the second."""
        return self.second(self.first(x)), None

    def compute_output_shape(self, input_shape):
        """Two."""
        return [input_shape, input_shape]


def told_of_two():
    """A Functional model with such a layer."""
    x = keras.Input(shape=(3,), name="x")
    return keras.Model(x, ToldOfTwo(name="told")(x)[0])
