"""Models whose ``call`` takes more than one tensor: modes, masks, flags, others."""

import keras
from keras import layers, ops


class Regularised(keras.Model):
    """The mode has no default, and Python branches on it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(8, name="hidden")
        self.drop = layers.Dropout(0.5, name="drop")
        self.head = layers.Dense(2, name="head")

    def call(self, x, training):
        """Drop some of it in training."""
        x = self.hidden(x)
        if training:
            x = self.drop(x)
        return self.head(x)


class Noisy(layers.Layer):
    """The mode has a default, as Keras's own layers have it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.noise = layers.GaussianNoise(0.1, name="noise")
        self.norm = layers.BatchNormalization(name="norm")

    def build(self, input_shape):
        """Build the norm, which isn't called in every mode."""
        self.norm.build(input_shape)

    def call(self, x, training=False):
        """Noise and a norm in training, the norm alone else."""
        if training:
            x = self.noise(x, training=True)
        return self.norm(x, training=training)


class NoisyNet(keras.Model):
    """The mode goes to a layer inside, though the model's own ``call`` doesn't take it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.noisy = Noisy(name="noisy")
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        """One after the other."""
        return self.head(self.noisy(x))


def noisy_functional():
    """A Functional model that was made in no mode."""
    inputs = keras.Input((4,), name="x")
    outputs = layers.Dense(2, name="head")(Noisy(name="noisy")(inputs))
    return keras.Model(inputs, outputs, name="noisy_functional")


class Masked(keras.Model):
    """The mask has no default."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.project = layers.Dense(6, name="project")
        self.attention = layers.MultiHeadAttention(2, 3, name="attention")

    def call(self, x, mask):
        """Attend where the mask allows it, if there is one."""
        x = self.project(x)
        if mask is None:
            return self.attention(x, x)
        return self.attention(x, x, attention_mask=mask)


class Stateful(keras.Model):
    """A flag without a default: what is returned."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rnn = layers.GRU(5, return_sequences=True, return_state=True, name="rnn")
        self.head = layers.Dense(3, name="head")

    def call(self, x, return_state):
        """Scores, and the state if it is asked for."""
        steps, state = self.rnn(x)
        scores = self.head(steps)
        return (scores, state) if return_state else scores


class Conditioned(keras.Model):
    """One tensor that must be given, and one that may be."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.body = layers.Dense(5, name="body")
        self.condition = layers.Dense(5, name="condition")
        self.add = layers.Add(name="add")

    def call(self, x, context=None, scale=1.0):
        """Add the context, if there is any."""
        x = self.body(x)
        if context is not None:
            x = self.add([x, self.condition(context)])
        return x


class Paired(keras.Model):
    """One argument is a list of two; another is optional."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(5, name="left")
        self.right = layers.Dense(5, name="right")
        self.join = layers.Concatenate(name="join")

    def call(self, inputs, context=None):
        """Take the list apart."""
        left, right = inputs
        return self.join([self.left(left), self.right(right)])


class Recommender(keras.Model):
    """A dict of features, some of which are looked up in tables."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.users = layers.Embedding(100, 4, name="users")
        self.items = layers.Embedding(200, 4, name="items")
        self.join = layers.Concatenate(name="join")
        self.score = layers.Dense(1, name="score")

    def call(self, features):
        """A score of the three."""
        user = self.users(features["user_id"])
        item = self.items(features["item_id"])
        return self.score(self.join([user, item, features["price"]]))


class Fusion(keras.Model):
    """Any number of tensors by place, and one by name alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.views = [layers.Dense(4, name=f"view_{place}") for place in range(3)]
        self.add = layers.Add(name="add")
        self.gate = layers.Dense(4, activation="sigmoid", name="gate")
        self.gated = layers.Multiply(name="gated")

    def call(self, *views, gate=None):
        """Add the views; gate the sum if there is a gate."""
        made = self.add([view(one) for view, one in zip(self.views, views, strict=False)])
        return made if gate is None else self.gated([made, self.gate(gate)])


class Guided(keras.Model):
    """A tensor that must be given by its name."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.body = layers.Dense(4, name="body")
        self.guide = layers.Dense(4, name="guide")
        self.add = layers.Add(name="add")

    def call(self, x, *, guidance):
        """Add both."""
        return self.add([self.body(x), self.guide(guidance)])


class Pooled(keras.Model):
    """What isn't a tensor changes which layers are called."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv1D(4, 3, padding="same", name="conv")
        self.average = layers.GlobalAveragePooling1D(name="average")
        self.maximum = layers.GlobalMaxPooling1D(name="maximum")
        self.skip = layers.Add(name="skip")

    def call(self, x, pooling: str, steps: int, use_skip: bool = True):
        """So many convolutions, then the pooling."""
        for _ in range(steps):
            y = self.conv(x)
            x = self.skip([x, y]) if use_skip else y
        return self.maximum(x) if pooling == "max" else self.average(x)


class Patient(keras.Model):
    """A dict in a dict."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.codes = layers.Embedding(50, 3, name="codes")
        self.mean = layers.GlobalAveragePooling1D(name="mean")
        self.vitals = layers.Dense(3, name="vitals")
        self.add = layers.Add(name="add")

    def call(self, record):
        """Add what the codes and the vitals give."""
        codes = self.mean(self.codes(record["history"]["codes"]))
        return self.add([codes, self.vitals(record["vitals"])])


class Translator(keras.Model):
    """Two tensors that must be given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.source = layers.Embedding(30, 6, name="source")
        self.target = layers.Embedding(40, 6, name="target")
        self.attention = layers.MultiHeadAttention(2, 3, name="attention")
        self.scores = layers.Dense(40, name="scores")

    def call(self, encoder, decoder, return_attention=False):
        """Scores of the next words."""
        source, target = self.source(encoder), self.target(decoder)
        attended = self.attention(target, source)
        scores = self.scores(attended)
        return (scores, attended) if return_attention else scores


class Autoencoder(keras.Model):
    """Its parts can be drawn though it has no input shape; and its methods."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = keras.Sequential(
            [keras.Input((8,)), layers.Dense(3, name="code")], name="encoder"
        )
        self.decoder = keras.Sequential(
            [keras.Input((3,)), layers.Dense(8, name="image")], name="decoder"
        )
        self.noise = layers.GaussianNoise(0.1, name="noise")

    def call(self, images, training):
        """There and back."""
        return self.decoder(self.encode(images, training, noisy=False))

    def encode(self, images, training, noisy):
        """The code, with some noise in training, if that is wanted."""
        code = self.encoder(images)
        return self.noise(code) if training and noisy else code


def stem(x, filters, training):
    """A function of a tensor, a number and the mode."""
    x = layers.Conv2D(filters, 3, name="conv")(x)
    return layers.Dropout(0.5, name="drop")(x) if training else x


def joined(left, right, units):
    """A function of two tensors and a number."""
    return layers.Dense(units, name="scaled")(layers.Add(name="add")([left, right]))


class Sized(keras.Model):
    """Takes one size alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(3, name="dense")
        self.dense.build((None, 5))

    def call(self, x):
        """Only what has five numbers."""
        return self.dense(x)


class Forgetful(keras.Model):
    """Uses what it hasn't made: no shape helps."""

    def call(self, x):
        """Fail."""
        return self.dense(x)


class OneHot(keras.Model):
    """Takes whole numbers alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(3, name="dense")

    def call(self, tokens):
        """One of ten."""
        if "int" not in tokens.dtype:
            raise TypeError(f"tokens must be of dtype int32, not {tokens.dtype}")
        return self.dense(ops.one_hot(tokens, 10))


_RECORD = {"history": {"codes": (7,)}, "vitals": (4,)}
#: What makes each model, its shapes and dtypes, and how else it is called.
CASES = {
    "mode": (Regularised, (4,), None, {}),
    "mode_of_training": (Regularised, (4,), None, {"training": True}),
    "inner_mode": (NoisyNet, (4,), None, {}),
    "inner_mode_of_training": (NoisyNet, (4,), None, {"training": True}),
    "no_mask": (Masked, (5, 4), None, {"call": {"mask": None}}),
    "state": (Stateful, (7, 4), None, {"call": {"return_state": True}}),
    "no_state": (Stateful, (7, 4), None, {"call": {"return_state": False}}),
    "alone": (Conditioned, (4,), None, {}),
    "spread": (Conditioned, [(4,), (3,)], None, {}),
    "list": (Paired, [(4,), (3,)], None, {}),
    "features": (
        Recommender,
        {"user_id": (), "item_id": (), "price": (1,)},
        {"user_id": "int32", "item_id": "int32", "price": "float32"},
        {},
    ),
    "views": (Fusion, [(4,), (5,), (6,)], None, {}),
    "guided": (Guided, {"x": (4,), "guidance": (3,)}, None, {}),
    "maximum": (Pooled, (9, 4), None, {"call": {"pooling": "max", "steps": 2, "use_skip": False}}),
    "average": (Pooled, (9, 4), None, {"call": {"pooling": "mean", "steps": 1}}),
    "nested": (
        Patient,
        _RECORD,
        {"history": {"codes": "int32"}, "vitals": "float32"},
        {},
    ),
    "two": (Translator, [(7,), (9,)], "int32", {}),
    "two_and_flag": (
        Translator,
        {"encoder": (7,), "decoder": (9,)},
        "int32",
        {"call": {"return_attention": True}},
    ),
}


class Attender(keras.Model):
    """Takes apart a list: source and target, as a translator is often written."""

    def __init__(self):
        super().__init__(name="attender")
        self.source = layers.Embedding(9, 4, name="source")
        self.target = layers.Embedding(9, 4, name="target")
        self.join = layers.Attention(name="join")

    def call(self, inputs):
        source, target = inputs
        return self.join([self.target(target), self.source(source)])


class Drawn(layers.Layer):
    """Takes the items of a list: mean and deviation."""

    def call(self, inputs):
        mean = inputs[0]
        return mean + ops.exp(inputs[1])
