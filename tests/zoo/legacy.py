"""Models of Keras 2, in the styles that its programs are written in."""

import tensorflow as tf
import tf_keras
from tf_keras import layers


def perceptron():
    return tf_keras.Sequential(
        [
            layers.Input((5,)),
            layers.Dense(4, activation="relu"),
            layers.Dropout(0.1),
            layers.Dense(2),
        ],
        name="perceptron",
    )


def unbuilt():
    return tf_keras.Sequential([layers.Flatten(), layers.Dense(3)], name="unbuilt")


def branches():
    """A shared layer, functions of TensorFlow, slices, numbers on both sides."""
    left = tf_keras.Input((4, 8), name="left")
    right = tf_keras.Input((4, 8), name="right")
    shared = layers.Dense(8, name="shared")
    first = shared(left) + 1.0
    last = 2.0 * shared(right)[:, 0]
    joined = tf.concat([first[:, -1], last], axis=-1)
    scores = tf.nn.softmax(joined, axis=-1)
    return tf_keras.Model([left, right], [scores, tf.reduce_mean(first)], name="branches")


def encoder():
    image = tf_keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(4, 3, name="conv")(image)
    return tf_keras.Model(image, layers.GlobalAveragePooling2D(name="pool")(x), name="encoder")


def siamese():
    """A model that is called twice, and a Sequential one on the difference."""
    model = encoder()
    first, second = tf_keras.Input((8, 8, 3), name="a"), tf_keras.Input((8, 8, 3), name="b")
    head = tf_keras.Sequential(
        [layers.Dense(2, name="hidden"), layers.Dense(1, name="out")], "head"
    )
    difference = layers.Subtract(name="difference")([model(first), model(second)])
    return tf_keras.Model([first, second], head(difference), name="siamese")


def two_sided():
    given = {"text": tf_keras.Input((3,), name="t"), "image": tf_keras.Input((2,), name="i")}
    joined = layers.Concatenate(name="joined")([given["text"], given["image"]])
    made = {
        "score": layers.Dense(1, name="score")(joined),
        "kind": layers.Dense(4, name="kind")(joined),
    }
    return tf_keras.Model(given, made, name="two_sided")


def dictionaries():
    """Dicts in, dicts out, also of a model inside."""
    text = tf_keras.Input((3,), name="words")
    image = tf_keras.Input((2,), name="pixels")
    made = two_sided()({"image": image, "text": text})
    return tf_keras.Model(
        {"words": text, "pixels": image},
        {"all": made["kind"], "one": made["score"]},
        name="dictionaries",
    )


def sample(parts):
    mean, spread = parts
    return mean + tf.exp(spread) * tf.random.normal(tf.shape(mean))


def autoencoder():
    """A variational autoencoder: its loss is added to the model."""
    x = tf_keras.Input((6,), name="x")
    mean = layers.Dense(2, name="mean")(x)
    spread = layers.Dense(2, name="spread")(x)
    code = layers.Lambda(sample, name="code")([mean, spread])
    again = layers.Dense(6, name="again")(code)
    model = tf_keras.Model(x, again, name="autoencoder")
    model.add_loss(tf.reduce_mean(tf.square(x - again)))
    return model


class Residual(layers.Layer):
    """Layers, and functions of TensorFlow between them."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.Dense(units, name="inner")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, x, training=None):
        y = self.norm(self.inner(x), training=training)
        return tf.nn.relu(x + y)


class Scaled(layers.Layer):
    """Functions of TensorFlow alone, and a weight."""

    def build(self, shape):
        self.scale = self.add_weight(name="scale", shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return tf.math.l2_normalize(x, axis=-1) * self.scale


class Tower(tf_keras.Model):
    """Subclassed; blocks in a list, a layer that is called twice."""

    def __init__(self):
        super().__init__(name="tower")
        self.blocks = [Residual(6, name=f"block{at}") for at in range(2)]
        self.scaled = Scaled(name="scaled")
        self.head = layers.Dense(3, name="head")

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        x = self.scaled(x)
        return {"now": self.head(x), "mirrored": self.head(-x)}


class Stacked(tf_keras.Model):
    """Subclassed models and a Functional one, in a subclassed one."""

    def __init__(self):
        super().__init__(name="stacked")
        self.encoder = encoder()
        self.tower = Tower()
        self.project = layers.Dense(6, name="project")

    def call(self, image, training):
        both = self.tower(self.project(self.encoder(image)))
        if training:
            return both
        return both["now"]


class Attending(tf_keras.Model):
    """Masks, and tensors given by keyword."""

    def __init__(self):
        super().__init__(name="attending")
        self.embed = layers.Embedding(20, 8, mask_zero=True, name="embed")
        self.attention = layers.MultiHeadAttention(2, 4, name="attention")
        self.weigh = Weighing(name="weigh")

    def call(self, words, memory):
        x = self.embed(words)
        x = self.attention(x, value=memory, key=memory)
        return self.weigh(x)


class Weighing(layers.Layer):
    """Takes the mask that goes with its input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.score = layers.Dense(1, name="score")
        self.supports_masking = True

    def call(self, x, mask=None):
        scores = self.score(x)
        if mask is not None:
            scores *= tf.cast(mask, tf.float32)[..., tf.newaxis]
        return tf.reduce_sum(x * scores, axis=1)


def tagger():
    """Wrappers."""
    words = tf_keras.Input((None,), name="words")
    x = layers.Embedding(10, 4, name="embed")(words)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="lstm"), name="both")(x)
    tags = layers.TimeDistributed(layers.Dense(5, name="tag"), name="tags")(x)
    return tf_keras.Model(words, tags, name="tagger")


class Cell(layers.Layer):
    """A cell of the author's."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.state_size = units
        self.take = layers.Dense(units, name="take")
        self.keep = layers.Dense(units, name="keep")

    def call(self, x, states):
        [state] = states
        following = tf.tanh(self.take(x) + self.keep(state))
        return following, [following]


def recurrent():
    steps = tf_keras.Input((7, 2), name="steps")
    return tf_keras.Model(
        steps, layers.RNN(Cell(3, name="cell"), name="rnn")(steps), name="recurrent"
    )


class Switching(tf_keras.Model):
    """Control flow that `tf_keras.Input` can't go through."""

    def __init__(self):
        super().__init__(name="switching")
        self.small = layers.Dense(2, name="small")
        self.large = layers.Dense(2, name="large")

    def call(self, x):
        return tf.cond(tf.reduce_sum(x) > 0, lambda: self.small(x), lambda: self.large(x))


class Holding(tf_keras.Model):
    """A model in which one layer, as `Switching`, can't be opened."""

    def __init__(self):
        super().__init__(name="holding")
        self.before = layers.Dense(4, name="before")
        self.switching = Switching()

    def call(self, x):
        return self.switching(self.before(x))


class Trained(tf_keras.Model):
    """A Functional model with a step of training of its own."""

    def train_step(self, data):
        return {}


def trained():
    x = tf_keras.Input((3,), name="x")
    return Trained(x, layers.Dense(2, name="dense")(x), name="trained")


class Halved(layers.Layer):
    """Computes in its own dtype, in half precision."""

    def __init__(self, **kwargs):
        super().__init__(dtype="mixed_float16", **kwargs)
        self.dense = layers.Dense(4, dtype="mixed_float16", name="dense")

    def build(self, shape):
        self.bias = self.add_weight(name="bias", shape=(4,))

    def call(self, x):
        return self.dense(x) + tf.cast(x, self.compute_dtype) + tf.cast(self.bias, "float16")


def halved():
    x = tf_keras.Input((4,), name="x")
    return tf_keras.Model(x, Halved(name="halved")(x), name="halved_model")


#: What makes the model, and the shapes and dtypes of its inputs.
MODELS = {
    "perceptron": (perceptron, None, None),
    "unbuilt": (unbuilt, (4, 2), None),
    "branches": (branches, None, None),
    "siamese": (siamese, None, None),
    "dictionaries": (dictionaries, None, None),
    "autoencoder": (autoencoder, None, None),
    "tower": (Tower, (6,), None),
    "stacked": (Stacked, (8, 8, 3), None),
    "attending": (
        Attending,
        {"words": (5,), "memory": (9, 8)},
        {"words": "int32", "memory": "float32"},
    ),
    "tagger": (tagger, None, None),
    "recurrent": (recurrent, None, None),
    "holding": (Holding, (3,), None),
    "trained": (trained, None, None),
    "halved": (halved, None, None),
}
