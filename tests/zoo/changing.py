"""Lists and dicts that code changes after it has given them to a call."""

import keras
from keras import layers, ops


class Pair(layers.Layer):
    """Takes two tensors in a list."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(width, name="left")
        self.right = layers.Dense(width, name="right")

    def call(self, both):
        """The difference of their projections."""
        return self.left(both[0]) - self.right(both[1])


class Replaced(keras.Model):
    """The items of a list are replaced after the call."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.second = layers.Dense(4, name="second")
        self.pair = Pair(4, name="pair")
        self.add = layers.Add(name="add")

    def call(self, x):
        """The call took the first tensor twice."""
        p, q = self.first(x), self.second(x)
        both = [p, p]
        y = self.pair(both)
        both[:] = [q, q]
        return y + self.add(both)


def pair_model(name):
    """A Functional model of two inputs."""
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    made = layers.Subtract(name="subtract")([left, layers.Dense(4, name="dense")(right)])
    return keras.Model([left, right], made, name=name)


class ReplacedForModel(keras.Model):
    """As `Replaced`, but a Functional model is called with the list."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.second = layers.Dense(4, name="second")
        self.pair = pair_model("pair")

    def call(self, x):
        """The first call took the first tensor twice, the other the second."""
        p, q = self.first(x), self.second(x)
        both = [p, p]
        y = self.pair(both)
        both[:] = [q, q]
        return y + self.pair(both)


class DenseBlock(layers.Layer):
    """All that was made is concatenated; a list grows."""

    def __init__(self, growth, steps, **kwargs):
        super().__init__(**kwargs)
        self.steps = [layers.Dense(growth, name=f"step_{n}") for n in range(steps)]
        self.join = layers.Concatenate(name="join")

    def call(self, x):
        """Each step takes all before it."""
        features = [x]
        for step in self.steps:
            y = features[0] if len(features) == 1 else self.join(features)
            features.append(step(y))
        return self.join(features)


class Growing(keras.Model):
    """A dense block of layers, then one of operations."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.block = DenseBlock(2, 2, name="block")
        self.steps = [layers.Dense(2, name=f"after_{n}") for n in range(2)]

    def call(self, x):
        """The second list is joined by an operation, in place."""
        features = [self.block(x)]
        for step in self.steps:
            features.append(step(ops.concatenate(features, axis=-1)))
        last = ops.stack(features[1:])
        features.clear()
        return last


class Gather(layers.Layer):
    """Takes a dict."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(width, name="dense")

    def call(self, given):
        """The sum of what is there."""
        return self.dense(sum(given.values()))


class Filled(keras.Model):
    """A dict that is filled further between two calls that take it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.one = Gather(4, name="one")
        self.two = Gather(4, name="two")

    def call(self, x):
        """The first call took one tensor, the second takes two."""
        given = {"a": self.first(x)}
        given["b"] = self.one(given)
        return self.two(given)


class Look(layers.Layer):
    """One tensor looks at another, of a dict."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(1, width, name="attention")

    def call(self, state):
        """What is new."""
        return self.attention(state["latents"], state["data"])


class Looping(keras.Model):
    """A dict whose item is replaced in a loop, as in a Perceiver."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.start = layers.Dense(4, name="start")
        self.looks = [Look(4, name=f"look_{n}") for n in range(2)]

    def call(self, x):
        """Look twice; the dict is the same."""
        state = {"data": x, "latents": self.start(x)}
        for look in self.looks:
            state["latents"] = look(state)
        return state["latents"]


def look_model(name):
    """A Functional model of a dict."""
    data, latents = keras.Input((5, 4), name="data"), keras.Input((5, 4), name="latents")
    made = layers.MultiHeadAttention(1, 4, name="attention")(latents, data)
    return keras.Model({"data": data, "latents": latents}, made, name=name)


class LoopingModels(keras.Model):
    """As `Looping`, with Functional models."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.start = layers.Dense(4, name="start")
        self.looks = [look_model(f"look_{n}") for n in range(2)]

    def call(self, x):
        """Look twice; the dict is the same."""
        state = {"data": x, "latents": self.start(x)}
        for look in self.looks:
            state["latents"] = look(state)
        return state["latents"]


class InItsInputs(keras.Model):
    """The dict that the model is given is filled by its own code."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.start = layers.Dense(4, name="start")
        self.looks = [Look(4, name=f"look_{n}") for n in range(2)]

    def call(self, inputs):
        """As `Looping`."""
        inputs["latents"] = self.start(inputs["data"])
        for look in self.looks:
            inputs["latents"] = look(inputs)
        return inputs["latents"]


class Normalize(layers.Layer):
    """Replaces an item of the dict that it is given, and returns the dict."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, given):
        """In place."""
        given["a"] = self.norm(given["a"])
        return given


class InPlace(keras.Model):
    """Blocks that hand on a dict."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.normalize = Normalize(name="normalize")
        self.gather = Gather(4, name="gather")

    def call(self, inputs):
        """Both items, of which one is normalized."""
        return self.gather(self.normalize(dict(inputs)))


class ChangedOutputs(keras.Model):
    """The list that an operation returned is changed, and returned."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(2, name="dense")

    def call(self, x):
        """The first half is projected, the second isn't."""
        parts = list(ops.split(x, 2, axis=-1))
        parts[0] = self.dense(parts[0])
        return parts


def functional_list():
    """A Functional model whose list of tensors changes while it is built."""
    x = keras.Input(shape=(3,), name="x")
    features = [x]
    for number in range(2):
        joined = layers.Concatenate(name=f"join_{number}")([*features, x])
        features.append(layers.Dense(2, name=f"step_{number}")(joined))
    both = [features[1], features[1]]
    y = layers.Add(name="twice")(both)
    both[:] = [features[2], features[2]]
    return keras.Model(x, layers.Add(name="sum")([y, *both[:1]]))


#: Functional models, by what makes them.
FUNCTIONAL = {"functional_list": (functional_list, None, None)}

#: What makes each subclassed model, the shape of its inputs, and their dtype.
SUBCLASSED = {
    "replaced": (lambda: Replaced(name="replaced"), (3,), None),
    "replaced_for_model": (lambda: ReplacedForModel(name="replaced_for_model"), (3,), None),
    "growing": (lambda: Growing(name="growing"), (3,), None),
    "filled": (lambda: Filled(name="filled"), (3,), None),
    "looping": (lambda: Looping(name="looping"), (5, 4), None),
    "looping_models": (lambda: LoopingModels(name="looping_models"), (5, 4), None),
    "in_its_inputs": (lambda: InItsInputs(name="in_its_inputs"), {"data": (5, 4)}, None),
    "in_place": (lambda: InPlace(name="in_place"), {"a": (4,), "b": (4,)}, None),
    "changed_outputs": (lambda: ChangedOutputs(name="changed_outputs"), (4,), None),
}
