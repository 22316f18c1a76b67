"""Models whose code has Python decide by a tensor, as TensorFlow's autograph lets it."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


class Denses(keras.Model):
    """For models that differ in when they call these layers; all make four numbers."""

    def __init__(self, *names, **kwargs):
        super().__init__(**kwargs)
        for name in names:
            setattr(self, name, layers.Dense(4, name=name))
        self.head = layers.Dense(2, name="head")


class EarlyReturn(Denses):
    """Returns in a branch."""

    def call(self, x):
        """One of two layers."""
        if ops.mean(x) > 0:
            return self.left(x)
        return self.right(x)


class Branches(Denses):
    """Layers in both branches."""

    def call(self, x):
        """One layer, or two."""
        if tf.reduce_mean(x) > 0:
            y = self.left(x)
        else:
            y = self.right(x)
            y = self.more(y)
        return self.head(y)


class Chain(Denses):
    """More than two ways."""

    def call(self, x):
        """One of three layers."""
        total = ops.sum(x)
        if total > 10:
            y = self.large(x)
        elif total > 0:
            y = self.middle(x)
        else:
            y = self.small(x)
        return self.head(y)


class Skipping(Denses):
    """A branch alone."""

    def call(self, x):
        """A layer, or nothing."""
        if ops.max(x) > 1:
            x = self.dense(x)
        return self.head(x)


class Several(Denses):
    """Branches that assign two variables, in a dict and in a tuple."""

    def call(self, x):
        """A number of Python's in one of them."""
        scale = 1.0
        if ops.max(x) > 1:
            made = {"left": self.left(x), "right": self.right(x)}
        else:
            made = {"left": self.right(x), "right": x}
            scale = ops.mean(x)
        return self.head(made["left"]), made["right"] * scale


class Steps(keras.Model):
    """A cell on each step of a series, in a loop over a range of TensorFlow's."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.begin = layers.Dense(4, name="begin")
        self.cell = layers.GRUCell(4, name="cell")
        self.other = layers.Dense(4, name="other")
        self.head = layers.Dense(2, name="head")


class Recurrent(Steps):
    """What the cell makes is kept in an array."""

    def call(self, series):
        """All steps, and the state."""
        state = self.begin(series[:, 0])
        outputs = tf.TensorArray(tf.float32, size=5, element_shape=(None, 4))
        for step in tf.range(5):
            output, state = self.cell(series[:, step], state)
            outputs = outputs.write(step, output)
        return self.head(tf.transpose(outputs.stack(), [1, 0, 2])), state


class Choosing(Steps):
    """A condition in a loop."""

    def call(self, series):
        """A cell, or a layer."""
        state = self.begin(series[:, 0])
        for step in tf.range(5):
            inputs = series[:, step]
            if ops.mean(state) > 0:
                _, state = self.cell(inputs, state)
            else:
                state = self.other(state)
        return self.head(state)


class Rows(Denses):
    """A loop over a tensor."""

    def call(self, series):
        """The sum of what a layer makes of each step."""
        total = self.first(series[:, 0])
        for step in tf.transpose(series, [1, 0, 2]):
            total = total + self.first(step)
        return self.head(total)


class Length(Denses):
    """A loop as long as the series, which isn't known."""

    def call(self, series):
        """The steps, counted by a tensor."""
        state = self.first(series[:, 0])
        for step in range(tf.shape(series)[1]):
            state = self.second(state) + self.first(series[:, step])
        return self.head(state)


class Settling(Denses):
    """A loop until a tensor is small."""

    def call(self, x):
        """A layer, as often as it takes."""
        while ops.max(ops.abs(x)) > 0.6:
            x = 0.5 * ops.tanh(self.shrink(x))
        return self.head(x)


class Breaking(Denses):
    """A loop that is left."""

    def call(self, x):
        """A layer, four times at most."""
        for _ in tf.range(4):
            x = self.refine(x)
            if ops.max(ops.abs(x)) < 0.1:
                break
        return self.head(x)


class Continuing(Denses):
    """A loop of which some steps do less."""

    def call(self, x):
        """The sum of some of the steps."""
        total = x
        for _ in tf.range(3):
            hidden = self.refine(total)
            if ops.mean(hidden) > 0:
                continue
            total = total + hidden
        return self.head(total)


class Late(Denses):
    """A variable that a loop assigns first."""

    def call(self, x):
        """What the last step has made on its way."""
        for _ in tf.range(3):
            y = self.first(x)
            x = tf.maximum(x, y)
        return self.head(y)


class Expression(Denses):
    """A condition in an expression, of two."""

    def call(self, x):
        """One of two layers."""
        y = self.left(x) if ops.mean(x) > 0 and ops.max(x) < 5 else self.right(x)
        return self.head(y)


def squashed(x):
    """Smaller, if it is large."""
    if tf.reduce_max(x) > 1:
        return ops.tanh(x)
    return x


class Helper(Denses):
    """A function has the condition."""

    def call(self, x):
        """Between two layers."""
        return self.head(squashed(self.first(x)))


@tf.function
def compiled(x):
    """Smaller, if it is large; compiled."""
    if tf.reduce_max(x) > 1:
        x = ops.tanh(x)
    return x


class CompiledHelper(Denses):
    """A function made by `tf.function` has the condition."""

    def call(self, x):
        """Between two layers."""
        return self.head(compiled(self.first(x)))


class Compiled(Denses):
    """The whole model is made by `tf.function`."""

    @tf.function
    def call(self, x):
        """One of two layers."""
        if tf.reduce_mean(x) > 0:  # noqa: SIM108 - as people write it
            y = self.left(x)
        else:
            y = self.right(x)
        return self.head(y)


class Method(Denses):
    """A method has the loop, and another one the condition, compiled."""

    def call(self, x):
        """Between two layers."""
        return self.head(self.repeated(self.first(x)))

    def repeated(self, x):
        """Twice."""
        for _ in tf.range(2):
            x = self.chosen(x)
        return x

    @tf.function
    def chosen(self, x):
        """A layer, or nothing."""
        if ops.mean(x) > 0:
            x = self.second(x)
        return x


class Gated(layers.Layer):
    """A layer that is made by `tf.function`, as Keras can call it symbolically."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(4, name="left")
        self.right = layers.Dense(4, name="right")

    @tf.function
    def call(self, x):
        """One of two layers."""
        if ops.mean(x) > 0:  # noqa: SIM108 - as people write it
            y = self.left(x)
        else:
            y = self.right(x)
        return y


def functional():
    """A Functional model of such a layer."""
    x = keras.Input((4,), name="x")
    gated = Gated(name="gated")(layers.Dense(4, name="first")(x))
    return keras.Model(x, layers.Dense(2, name="head")(gated), name="functional")


class Halved(layers.Layer):
    """A layer with a loop inside, which Python runs."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        """A layer, and as many halves as it takes."""
        x = ops.tanh(self.dense(x))
        while ops.max(ops.abs(x)) > 0.5:
            x = x / 2
        return x


class Nested(Denses):
    """A condition around a layer with a loop."""

    def __init__(self, **kwargs):
        super().__init__("first", **kwargs)
        self.halved = Halved(name="halved")

    def call(self, x):
        """The layer, or another one."""
        if ops.mean(x) > 0:  # noqa: SIM108 - as people write it
            x = self.halved(x)
        else:
            x = self.first(x)
        return self.head(x)


class Penalized(Denses):
    """A branch that hands on nothing."""

    def call(self, x):
        """A loss, if it is large."""
        if ops.mean(x) > 1:
            self.add_loss(ops.sum(self.first(x)))
        return self.head(x)


class Cell(layers.Layer):
    """A cell with a condition."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.state_size = 4
        self.mix = layers.Dense(4, name="mix")
        self.more = layers.Dense(4, name="more")

    def call(self, x, states):
        """One step: a layer, or two."""
        made = self.mix(x) + states[0]
        if ops.mean(made) > 0:
            made = self.more(made)
        return made, [made]


class Cells(keras.Model):
    """Keras's loop over a cell of the author's."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rnn = layers.RNN(Cell(name="cell"), name="rnn")

    def call(self, series):
        """All steps."""
        return self.rnn(series)


# What autograph doesn't convert.


class Returns(Denses):
    """Returns in a branch of a branch, of which the other one goes on."""

    def call(self, x):
        """One of three layers."""
        total = ops.sum(x)
        if total > 0:
            if total > 10:
                return self.large(x)
            x = self.middle(x)
        return self.small(x)


class TakenUp(Denses):
    """A variable that only the first step doesn't take from the one before."""

    def call(self, x):
        """The layer on its own output."""
        for step in tf.range(3):
            if step < 1:  # noqa: SIM108 - as people write it
                y = self.first(x)
            else:
                y = tf.maximum(self.second(y), x)
        return self.head(y)


class OtherDtype(Denses):
    """Branches that differ in what they make."""

    def call(self, x):
        """Numbers of a layer, or whole ones."""
        if ops.mean(x) > 0:  # noqa: SIM108 - as people write it
            y = self.first(x)
        else:
            y = ops.cast(x, "int32")
        return y


_WITHOUT_SOURCE = """
def chosen(x):
    if tf.reduce_mean(x) > 0:
        return x
    return -x
"""


class Generated(Denses):
    """Code that is in no file, such as what is typed into an interpreter."""

    def call(self, x):
        """Between two layers."""
        names = {"tf": tf}
        exec(_WITHOUT_SOURCE, names)
        return self.head(names["chosen"](self.first(x)))


class Numeric(Denses):
    """Code that has NumPy compute."""

    def call(self, x):
        """One of two layers."""
        if ops.mean(x) > 0:
            x = x * float(np.asarray(x).mean())
        return self.head(x)


SUBCLASSED = {
    "early_return": (lambda: EarlyReturn("left", "right"), (4,), None),
    "branches": (lambda: Branches("left", "right", "more"), (4,), None),
    "chain": (lambda: Chain("large", "middle", "small"), (4,), None),
    "skipping": (lambda: Skipping("dense"), (4,), None),
    "several": (lambda: Several("left", "right"), (4,), None),
    "recurrent": (Recurrent, (5, 3), None),
    "choosing": (Choosing, (5, 3), None),
    "rows": (lambda: Rows("first"), (3, 4), None),
    "length": (lambda: Length("first", "second"), (None, 3), None),
    "settling": (lambda: Settling("shrink"), (4,), None),
    "breaking": (lambda: Breaking("refine"), (4,), None),
    "continuing": (lambda: Continuing("refine"), (4,), None),
    "late": (lambda: Late("first"), (4,), None),
    "expression": (lambda: Expression("left", "right"), (4,), None),
    "helper": (lambda: Helper("first"), (4,), None),
    "compiled_helper": (lambda: CompiledHelper("first"), (4,), None),
    "compiled": (lambda: Compiled("left", "right"), (4,), None),
    "method": (lambda: Method("first", "second"), (4,), None),
    "nested": (Nested, (4,), None),
    "penalized": (lambda: Penalized("first"), (4,), None),
}
#: What an independent record of a real run tells of the steps inside differs from run to run.
STEPS = {"cells": (Cells, (5, 3), None)}
OPAQUE = {
    "returns": (lambda: Returns("large", "middle", "small"), (4,), None),
    "taken_up": (lambda: TakenUp("first", "second"), (4,), None),
    "other_dtype": (lambda: OtherDtype("first"), (4,), None),
    "generated": (lambda: Generated("first"), (4,), None),
    "numeric": (Numeric, (4,), None),
}
FUNCTIONAL = {"functional": (functional, None, None)}
