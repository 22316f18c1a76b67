"""Models with control flow of `keras.ops`: branches and loops with layers in them."""

import keras
from keras import layers, ops

# Branches.


class Branches(keras.Model):
    """One of two ways, as the input tells."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(4, name="left")
        self.right = layers.Dense(4, name="right")
        self.more = layers.Dense(4, name="more")

    def call(self, x):
        """A layer, or two."""
        large = ops.mean(x) > 0
        return ops.cond(large, lambda: self.left(x), lambda: self.more(self.right(x)))


class NestedBranches(keras.Model):
    """A condition in a branch."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.large = layers.Dense(4, name="large")
        self.middle = layers.Dense(4, name="middle")
        self.small = layers.Dense(4, name="small")

    def call(self, x):
        """One of three layers."""
        total = ops.sum(x)
        return ops.cond(
            total > 0,
            lambda: ops.cond(total > 10, lambda: self.large(x), lambda: self.middle(x)),
            lambda: self.small(x),
        )


class Skippable(layers.Layer):
    """A layer that may be skipped; one branch calls nothing."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(width, name="dense")

    def call(self, x, keep):
        """The layer, or what is given."""
        return ops.cond(keep, lambda: x + self.dense(x), lambda: x)


class Skipping(keras.Model):
    """Two that may be skipped, and branches that return several things."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = Skippable(4, name="first")
        self.second = Skippable(4, name="second")
        self.mean = layers.Dense(2, name="mean")
        self.spread = layers.Dense(2, name="spread")

    def call(self, x):
        """A dict of two."""
        keep = ops.max(x) > 1
        x = self.second(self.first(x, keep), keep)

        def both():
            return {"mean": self.mean(x), "spread": self.spread(x)}

        def flat():
            mean = self.mean(x)
            return {"mean": mean, "spread": ops.zeros_like(mean)}

        return ops.cond(keep, both, flat)


def functional_branches():
    """A condition between symbolic tensors; the branches take some from around them."""
    x = keras.Input(shape=(4,), name="x")
    hidden = layers.Dense(4, name="hidden")(x)
    left, right = layers.Dense(4, name="left"), layers.Dense(4, name="right")
    chosen = ops.cond(ops.sum(x) > 0, lambda: left(hidden), lambda: right(hidden) + x)
    return keras.Model(x, layers.Dense(1, name="head")(chosen), name="functional_branches")


def functional_around():
    """A Functional model of a layer that has a condition inside."""
    x = keras.Input(shape=(4,), name="x")
    keep = keras.Input(batch_shape=(), dtype="bool", name="keep")
    return keras.Model([x, keep], Skippable(4, name="skippable")(x, keep), name="around")


class Experts(keras.Model):
    """One of several layers, as a gate tells."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.gate = layers.Dense(3, name="gate")
        self.first = layers.Dense(4, name="first")
        self.second = layers.Dense(4, name="second")

    def call(self, x):
        """The third expert does nothing."""
        index = ops.argmax(ops.mean(self.gate(x), axis=0))
        return ops.switch(index, [self.first, self.second, lambda given: given], x)


# Loops.


class Settling(keras.Model):
    """A layer again and again, on its own output and on the input."""

    def __init__(self, steps=3, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.refine = layers.Dense(4, name="refine")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        """Some steps."""

        def go_on(step, _):
            return step < self.steps

        def take(step, state):
            return step + 1, self.refine(ops.concatenate([state, x], axis=-1))

        _, state = ops.while_loop(go_on, take, (0, x))
        return self.head(state)


class Shrinking(keras.Model):
    """A loop of one variable, until it is small; a condition in its body."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shrink = layers.Dense(4, name="shrink")
        self.jump = layers.Dense(4, name="jump")

    def call(self, x):
        """Until the sum is small."""

        def step(state):
            return ops.cond(
                ops.max(state) > 9, lambda: self.jump(state), lambda: self.shrink(state)
            )

        return ops.while_loop(lambda state: ops.sum(state) > 1, step, x, maximum_iterations=5)


class Cell(layers.Layer):
    """A recurrent step."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.mix = layers.Dense(width, "tanh", name="mix")

    def call(self, state, item):
        """The state after the item."""
        return self.mix(ops.concatenate([state, item], axis=-1))


class Scanning(keras.Model):
    """A recurrent network by a scan over the steps."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.cell = Cell(3, name="cell")

    def call(self, series):
        """All states, and the last one."""

        def step(state, item):
            state = self.cell(state, item)
            return state, state

        start = ops.zeros_like(series[:, 0])
        last, states = ops.scan(step, start, ops.transpose(series, (1, 0, 2)))
        return ops.transpose(states, (1, 0, 2)), last


class Mapping(keras.Model):
    """A function, and a layer itself, on each of the batch."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.second = layers.Dense(4, name="second")
        self.head = layers.Dense(1, name="head")

    def encode(self, one):
        """One of the batch."""
        return ops.relu(self.dense(one))

    def call(self, x):
        """Two in turn."""
        return self.head(ops.map(self.second, ops.map(self.encode, x)))


class Vectorized(keras.Model):
    """A function on each of the batch at once, with something from around it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.whole = layers.Dense(4, name="summary")

    def call(self, x):
        """The summary of all goes to each."""
        summary = self.whole(ops.mean(x, axis=0))
        return ops.vectorized_map(lambda one: self.dense(one) + summary, x)


class Refining(keras.Model):
    """A layer a number of times, with the number of the step."""

    def __init__(self, steps=3, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.refine = layers.Dense(4, name="refine")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        """Less of it each time."""

        def take(step, state):
            return self.refine(state) / ops.cast(step + 1, "float32")

        return self.head(ops.fori_loop(0, self.steps, take, x))


#: By name: what makes the model, the shapes and the dtypes of its inputs.
SUBCLASSED = {
    "branches": (Branches, (4,), None),
    "nested_branches": (NestedBranches, (4,), None),
    "skipping": (Skipping, (4,), None),
    "experts": (Experts, (4,), None),
    "settling": (Settling, (4,), None),
    "shrinking": (Shrinking, (4,), None),
    "scanning": (Scanning, (5, 3), None),
    "mapping": (Mapping, (5, 3), None),
    "vectorized": (Vectorized, (5, 4), None),
    "refining": (Refining, (4,), None),
}
