"""Weights and arrays that code takes beside tensors: learned queries, tables, tied kernels."""

import keras
import numpy as np
from keras import layers, ops
from keras.ops import exp, expand_dims


class LearnedQueries(layers.Layer):
    """A few latent vectors look at all that is given, as in a Perceiver."""

    def __init__(self, latents, width, **kwargs):
        super().__init__(**kwargs)
        self.shape = (latents, width)
        self.attention = layers.MultiHeadAttention(2, 4, name="attention")
        self.norm = layers.LayerNormalization(name="norm")

    def build(self, input_shape):
        """Make the latent vectors."""
        self.latents = self.add_weight(shape=self.shape, name="latents")

    def call(self, x):
        """For each of the batch the same queries."""
        queries = ops.tile(expand_dims(self.latents, 0), (ops.shape(x)[0], 1, 1))
        return self.norm(self.attention(query=queries, value=x) + queries)


class Perceiver(keras.Model):
    """Learned queries, and a head."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.look = LearnedQueries(3, 4, name="look")
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        """A vector for each query."""
        return self.head(self.look(x))


class PatchEmbedding(layers.Layer):
    """Tokens of patches after a class token, and where they stand."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.project = layers.Dense(width, name="project")

    def build(self, input_shape):
        """Make the token, and a place for each patch."""
        self.token = self.add_weight(shape=(1, 1, self.width), name="token")
        self.places = self.add_weight(shape=(input_shape[1] + 1, self.width), name="places")
        self.project.build(input_shape)

    def call(self, patches):
        """The class token stands first."""
        x = self.project(patches)
        token = ops.broadcast_to(self.token, (ops.shape(x)[0], 1, self.width))
        return ops.concatenate([token, x], axis=1) + self.places


class VisionTransformer(keras.Model):
    """A block of attention on patches; the class token tells the class."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = PatchEmbedding(4, name="embed")
        self.attention = layers.MultiHeadAttention(2, 2, name="attention")
        self.head = layers.Dense(2, name="head")

    def call(self, patches):
        """The class of an image."""
        x = self.embed(patches)
        x = x + self.attention(x, x)
        return self.head(x[:, 0])


class KernelByHand(keras.Model):
    """A dense layer that is never called: its kernel is multiplied by hand."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.second = layers.Dense(3, name="second")

    def build(self, input_shape):
        """Build both layers."""
        self.first.build(input_shape)
        self.second.build((None, 4))

    def call(self, x):
        """Without the bias of the second."""
        return ops.matmul(self.first(x), self.second.kernel)


class Scorer(layers.Layer):
    """Attention scores with a bias for each place."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.query = layers.Dense(width, name="query")
        self.key = layers.Dense(width, name="key")

    def build(self, input_shape):
        """Make the bias."""
        length = input_shape[1]
        self.position_bias = self.add_weight(shape=(length, length), name="position_bias")
        self.query.build(input_shape)
        self.key.build(input_shape)

    def call(self, x):
        """Scores, of which each has a bias."""
        scores = ops.matmul(self.query(x), ops.swapaxes(self.key(x), 1, 2))
        return ops.softmax(scores + self.position_bias)


class Biased(keras.Model):
    """The weighted sum of what is given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scores = Scorer(4, name="scores")

    def call(self, x):
        """By learned scores."""
        return ops.matmul(self.scores(x), x)


class Contrastive(keras.Model):
    """Two towers, and a temperature that is learned as a logarithm."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.image = layers.Dense(4, name="image")
        self.text = layers.Dense(4, name="text")
        self.scale = self.add_weight(shape=(), name="logit_scale")

    def call(self, image, text):
        """How alike each image is to each text."""
        alike = ops.matmul(self.image(image), ops.transpose(self.text(text)))
        return alike * exp(self.scale)


class FirstState(keras.Model):
    """A recurrent layer whose first state is learned."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.state = self.add_weight(shape=(1, 3), name="state")
        self.gru = layers.GRU(3, name="gru")

    def call(self, x):
        """For each of the batch the same state."""
        state = ops.repeat(self.state, ops.shape(x)[0], axis=0)
        return self.gru(x, initial_state=state)


class TableSlice(keras.Model):
    """The first rows of a table of positions, sliced as any array is."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.table = self.add_weight(shape=(16, 4), name="table")
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        """As many rows as there are steps."""
        return self.dense(x + self.table[: x.shape[1]] * 0.5)


class Shifted(layers.Layer):
    """Adds a vector that it is given, in a layer of layers."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(width, name="dense")

    def call(self, x, shift):
        """A projection, and the vector."""
        return self.dense(x) + shift


class HandedOver(keras.Model):
    """One weight for two blocks that are given it, and an array for a third."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shift = self.add_weight(shape=(4,), name="shift")
        self.blocks = [Shifted(4, name=f"block_{n}") for n in range(3)]

    def call(self, x):
        """The same weight twice."""
        x = self.blocks[0](x, self.shift)
        x = self.blocks[1](x, shift=self.shift)
        return self.blocks[2](x, np.ones((4,), "float32"))


class OnesAsKeys(keras.Model):
    """An attention on an array, and on a mask that is an array."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(2, 2, name="attention")

    def call(self, x):
        """Four times the same vector is looked at, one of them masked."""
        memory = ops.tile(np.ones((1, 4, 6), "float32"), (ops.shape(x)[0], 1, 1))
        visible = np.array([[[True, True, True, False]] * 3])
        return self.attention(x, memory, attention_mask=visible)


class RunningMean(keras.Model):
    """A weight that the call changes before it is used."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mean = self.add_weight(shape=(3,), trainable=False, name="mean")
        self.steps = self.add_weight(shape=(), dtype="int32", trainable=False, name="steps")
        self.dense = layers.Dense(3, name="dense")

    def call(self, x):
        """What differs from the mean so far, this batch included."""
        x = self.dense(x)
        self.steps.assign_add(1)
        self.mean.assign(self.mean * 0.9 + ops.mean(x, axis=0) * 0.1)
        return x - self.mean


class TiedInBlock(layers.Layer):
    """The logits of words, by the table of an embedding that is called elsewhere."""

    def __init__(self, embedding, **kwargs):
        super().__init__(**kwargs)
        self.embedding = embedding
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, x):
        """By a product with the transposed table."""
        return ops.matmul(self.norm(x), ops.transpose(self.embedding.embeddings))


class TiedHead(keras.Model):
    """Words in, words out, one table."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(9, 4, name="embed")
        self.head = TiedInBlock(self.embed, name="head")

    def call(self, words):
        """The head has the embedding's weights."""
        return self.head(self.embed(words))


def functional_positions():
    """A table of positions, an array, in a sum and in a concatenation."""
    x = keras.Input(shape=(5, 4), name="x")
    y = layers.Add(name="sum")([x, np.ones((1, 5, 4), "float32")])
    return keras.Model(x, layers.Average(name="average")([y, np.ones((1, 5, 4), "float32")]))


def functional_weight():
    """A weight that no layer has, beside a tensor."""
    x = keras.Input(shape=(4,), name="x")
    scale = keras.Variable(np.ones((4,), "float32"), name="scale")
    return keras.Model(x, layers.Dense(2, name="dense")(x * scale))


def functional_state():
    """The first states of an LSTM are arrays."""
    x = keras.Input(shape=(5, 4), batch_size=2, name="x")
    states = [np.zeros((2, 3), "float32"), np.ones((2, 3), "float32")]
    return keras.Model(x, layers.LSTM(3, name="lstm")(x, initial_state=states))


#: Functional models, by what makes them.
FUNCTIONAL = {
    function.__name__: (function, None, None)
    for function in (functional_positions, functional_weight, functional_state)
}

#: What makes each subclassed model, the shape of its inputs, and their dtype.
SUBCLASSED = {
    "perceiver": (lambda: Perceiver(name="perceiver"), (5, 4), None),
    "vision": (lambda: VisionTransformer(name="vision"), (6, 5), None),
    "kernel_by_hand": (lambda: KernelByHand(name="kernel_by_hand"), (5,), None),
    "biased": (lambda: Biased(name="biased"), (5, 4), None),
    "contrastive": (lambda: Contrastive(name="contrastive"), [(5,), (3,)], None),
    "first_state": (lambda: FirstState(name="first_state"), (5, 4), None),
    "table_slice": (lambda: TableSlice(name="table_slice"), (5, 4), None),
    "handed_over": (lambda: HandedOver(name="handed_over"), (4,), None),
    "ones_as_keys": (lambda: OnesAsKeys(name="ones_as_keys"), (3, 6), None),
    "running_mean": (lambda: RunningMean(name="running_mean"), (5,), None),
    "tied_head": (lambda: TiedHead(name="tied_head"), (5,), "int32"),
}
