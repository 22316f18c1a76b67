"""Models that lead data through what raw TensorFlow has beside tensors and their operations."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


class WindowAttention(layers.Layer):
    """Attention in windows, of which there are four in an image."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.qkv = layers.Dense(3 * width, name="qkv")
        self.out = layers.Dense(width, name="out")

    def call(self, x):
        """Scores of the windows of each image, in the dtype of the layer, which they have."""
        images = ops.shape(x)[0] // 4
        q, k, v = ops.split(self.qkv(x), 3, axis=-1)
        q = ops.cast(q, self.compute_dtype)
        scores = ops.matmul(q, ops.transpose(k, (0, 2, 1)))
        scores = ops.softmax(ops.reshape(scores, (images, 4, 5, 5)))
        return self.out(ops.matmul(ops.reshape(scores, (-1, 5, 5)), v))


class Windows(keras.Model):
    """A block of windows."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = WindowAttention(6, name="attention")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, x):
        """Attend."""
        return self.norm(self.attention(x))


class TwoLayers(keras.Model):
    """For models that differ in what they do between two layers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.head = layers.Dense(2, name="head")


class Linear(TwoLayers):
    """An activation that does nothing."""

    def call(self, x):
        """Before and after a raw operation."""
        both = tf.concat([keras.activations.linear(self.first(x)), x], axis=-1)
        return self.head(keras.activations.linear(both))


class Idle(TwoLayers):
    """Casts and copies that do nothing."""

    def call(self, x):
        """Between all layers."""
        hidden = tf.identity(ops.cast(self.first(tf.identity(x)), "float32"))
        return self.head(tf.cast(tf.concat([hidden, tf.cast(x, "float32")], axis=-1), "float32"))


class Array(TwoLayers):
    """An array of TensorFlow's, written in a loop of Python."""

    def call(self, series):
        """A layer on each step; and on the last one that was written."""
        made = tf.TensorArray(tf.float32, size=3, clear_after_read=False)
        for step in range(3):
            made = made.write(step, self.first(series[:, step]))
        return self.head(tf.transpose(made.stack(), [1, 0, 2])), self.head(made.read(2))


class ArrayLoop(TwoLayers):
    """The same in a loop of TensorFlow."""

    def build(self, shape):
        """Build the layer, before TensorFlow's loop begins."""
        self.first.build((None, shape[-1]))
        self.head.build((None, 3, 4))
        self.built = True

    def call(self, series):
        """A layer on each step."""

        def take(step, made):
            return step + 1, made.write(step, self.first(series[:, step]))

        made = tf.TensorArray(tf.float32, size=3, element_shape=(None, 4))
        _, made = tf.while_loop(lambda step, _: step < 3, take, (tf.constant(0), made))
        return self.head(tf.transpose(made.stack(), [1, 0, 2]))


class Folded(TwoLayers):
    """A loop that TensorFlow makes, over an array that it makes."""

    def call(self, series):
        """The sum of all steps."""
        steps = tf.transpose(self.first(series), [1, 0, 2])
        return self.head(tf.foldl(lambda total, step: total + step, steps))


class RaggedRows(TwoLayers):
    """Rows of several lengths."""

    def call(self, values, lengths):
        """A layer on all values, then rows that are as long as the longest one."""
        rows = tf.RaggedTensor.from_row_lengths(values, lengths, validate=False)
        rows = tf.ragged.map_flat_values(self.first, rows)
        return self.head(rows.to_tensor(shape=[None, 3, 4]))


class RaggedGiven(TwoLayers):
    """Rows of several lengths, given to an author's layer as they are."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.longest = Longest(name="longest")

    def call(self, values, lengths):
        """Padded in the layer."""
        rows = tf.RaggedTensor.from_row_lengths(self.first(values), lengths, validate=False)
        return self.head(self.longest(rows))


class Longest(layers.Layer):
    """Pads rows."""

    def call(self, rows):
        """As long as the longest one."""
        return rows.to_tensor(shape=[None, 3, 4])


class SparseGiven(TwoLayers):
    """A sparse tensor, given to a layer."""

    def call(self, x):
        """What isn't zero."""
        return self.head(self.first(tf.sparse.from_dense(x)))


class OfNumpy(TwoLayers):
    """A function of NumPy's."""

    def call(self, x):
        """Sort what a layer makes."""
        ordered = tf.numpy_function(np.sort, [self.first(x)], tf.float32)
        ordered.set_shape((None, 4))
        return self.head(ordered)


class OfPython(TwoLayers):
    """A function of Python's."""

    def call(self, x):
        """The larger ones of two."""
        larger = tf.py_function(lambda a, b: tf.maximum(a, b), [self.first(x), x], tf.float32)
        return self.head(tf.ensure_shape(larger, (None, 4)))


class Remembering(TwoLayers):
    """A variable of TensorFlow's, written and read."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.memory = tf.Variable(tf.zeros((1, 4)), trainable=False)

    def call(self, x):
        """Through the variable."""
        self.memory.assign(tf.reduce_mean(self.first(x), axis=0, keepdims=True))
        return self.head(x + self.memory)


#: By name: what makes the model, the shapes and the dtypes of its inputs.
SUBCLASSED = {
    "windows": (Windows, (5, 6), None),
    "linear": (Linear, (4,), None),
    "idle": (Idle, (4,), None),
    "array": (Array, (3, 4), None),
    "array_loop": (ArrayLoop, (3, 4), None),
    "folded": (Folded, (3, 4), None),
    "ragged_rows": (RaggedRows, [(4,), ()], ["float32", "int32"]),
    "ragged_given": (RaggedGiven, [(4,), ()], ["float32", "int32"]),
    "sparse_given": (SparseGiven, (4,), None),
    "of_numpy": (OfNumpy, (4,), None),
    "of_python": (OfPython, (4,), None),
}

#: Data goes where it isn't followed.
OPAQUE = {"remembering": (Remembering, (4,), None)}
