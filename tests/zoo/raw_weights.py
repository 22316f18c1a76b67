"""Models that join data with weights of their own, by operators, Keras's or raw operations."""

import keras
import tensorflow as tf
from keras import layers, ops
from keras.ops import softmax


class ClassToken(keras.Model):
    """A vision transformer's beginning."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.patches = layers.Dense(4, name="patches")
        self.block = layers.Dense(4, name="block")
        self.token = self.add_weight(shape=(1, 1, 4), name="token")
        self.positions = self.add_weight(shape=(1, 6, 4), name="positions")

    def call(self, x):
        """A token before the patches, and their places."""
        patches = self.patches(x)
        token = tf.broadcast_to(self.token, [tf.shape(x)[0], 1, 4])
        return self.block(tf.concat([token, patches], axis=1) + self.positions)


class Codebook(keras.Model):
    """A vector-quantized autoencoder."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.Dense(4, name="encoder")
        self.decoder = layers.Dense(6, name="decoder")
        self.codes = self.add_weight(shape=(10, 4), name="codes")

    def call(self, x):
        """The nearest code of each, which gradients pass."""
        z = self.encoder(x)
        norms = tf.reduce_sum(z**2, axis=1, keepdims=True) + tf.reduce_sum(self.codes**2, axis=1)
        distances = norms - 2 * tf.matmul(z, self.codes, transpose_b=True)
        nearest = tf.gather(self.codes, tf.argmin(distances, axis=1))
        return self.decoder(z + tf.stop_gradient(nearest - z))


class Messages(keras.Model):
    """A layer of a graph neural network."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.head = layers.Dense(2, name="head")
        self.kernel = self.add_weight(shape=(4, 3), name="kernel")
        self.bias = self.add_weight(shape=(3,), name="bias")

    def call(self, nodes, edges):
        """What goes along the edges, summed at their ends."""
        hidden = tf.matmul(nodes, self.kernel)
        messages = tf.gather(hidden, edges[:, 0])
        summed = tf.math.unsorted_segment_sum(messages, edges[:, 1], tf.shape(nodes)[0])
        return self.head(tf.nn.bias_add(summed, self.bias))


class Softmax(keras.Model):
    """Functions of ``keras.ops.nn`` and its like."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.score = layers.Dense(3, name="score")

    def call(self, x):
        """Weighted, and of length one."""
        weighted = ops.nn.softmax(self.score(tf.nn.relu(x))) * x
        return ops.nn.normalize(ops.numpy.maximum(weighted, x))


class Activated(keras.Model):
    """Functions of Keras's under names of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.activation = keras.activations.get("gelu")

    def call(self, x):
        """One after the other."""
        return softmax(self.activation(tf.concat([self.dense(x), x], axis=-1)))


class Biased(keras.Model):
    """Operators with a weight on their right, and on their left."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.bias = self.add_weight(shape=(4,), name="bias")
        self.scale = self.add_weight(shape=(4,), name="scale")

    def call(self, x):
        """Scale and shift."""
        return self.scale * tf.nn.relu(self.dense(x)) + self.bias


class TiedByHand(keras.Model):
    """A weight of a layer's, used without calling the layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(20, 4, name="embed")
        self.dense = layers.Dense(4, name="dense")

    def call(self, ids):
        """Scores of all words."""
        hidden = self.dense(tf.nn.relu(self.embed(ids)))
        return tf.matmul(hidden, tf.transpose(self.embed.embeddings))


class SparseKernel(keras.Model):
    """A sparse tensor, multiplied with a weight."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.kernel = self.add_weight(shape=(4, 3), name="kernel")
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        """What isn't zero."""
        return self.head(tf.sparse.sparse_dense_matmul(tf.sparse.from_dense(x), self.kernel))


class Queries(keras.Model):
    """Learned queries that look at what is given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(2, 4, name="attention")
        self.latents = self.add_weight(shape=(1, 3, 8), name="latents")

    def call(self, x):
        """As many as there are examples."""
        latents = tf.repeat(self.latents, tf.shape(x)[0], axis=0)
        return self.attention(query=latents, value=tf.nn.relu(x))


class Counting(keras.Model):
    """A weight that the code assigns to, and uses."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.mean = self.add_weight(shape=(4,), name="mean", trainable=False)

    def call(self, x):
        """What the mean was, then what it is."""
        before = x - self.mean
        self.mean.assign(tf.reduce_mean(x, axis=0))
        return self.dense(tf.concat([before, x - self.mean], axis=-1))


#: By name: what makes the model, the shapes and the dtypes of its inputs.
SUBCLASSED = {
    "class_token": (ClassToken, (5, 3), None),
    "codebook": (Codebook, (6,), None),
    "messages": (Messages, [(4,), (2,)], ["float32", "int32"]),
    "softmax": (Softmax, (3,), None),
    "activated": (Activated, (3,), None),
    "biased": (Biased, (4,), None),
    "tied_by_hand": (TiedByHand, (5,), "int32"),
    "sparse_kernel": (SparseKernel, (4,), None),
    "queries": (Queries, (5, 8), None),
    "counting": (Counting, (4,), None),
}
