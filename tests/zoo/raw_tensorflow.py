"""Models whose code uses raw TensorFlow beside layers, as many were written for ``tf.keras``."""

import keras
import tensorflow as tf
from keras import layers, ops


class RawAttention(layers.Layer):
    """Attention in raw TensorFlow."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.query = layers.Dense(width, name="query")
        self.key = layers.Dense(width, name="key")
        self.value = layers.Dense(width, name="value")

    def call(self, x, memory):
        """Let ``x`` look at the memory."""
        query, key, value = self.query(x), self.key(memory), self.value(memory)
        scores = tf.matmul(query, key, transpose_b=True)
        scores = scores / tf.sqrt(tf.cast(tf.shape(key)[-1], tf.float32))
        return tf.matmul(tf.nn.softmax(scores, axis=-1), value)


class Attending(keras.Model):
    """A raw block in a model of layers alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.attention = RawAttention(4, name="attention")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, x, memory):
        """Attention, with what goes around it."""
        x = self.first(x)
        return self.norm(x + self.attention(x, memory))


class RawResidual(keras.Model):
    """Convolutions joined and taken apart."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Conv2D(4, 3, padding="same", name="first")
        self.second = layers.Conv2D(4, 3, padding="same", name="second")
        self.skip = layers.Conv2D(4, 1, name="skip")
        self.head = layers.Dense(2, name="head")

    def call(self, image):
        """The first and the last row."""
        x = self.second(tf.nn.relu(self.first(image)))
        x = tf.concat([self.skip(image), x], axis=-1)
        rows = tf.unstack(tf.reshape(x, [-1, 4, 32]), axis=1)
        return self.head(rows[0] + rows[3])


class RawMixture(keras.Model):
    """Each expert has a part of the input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.experts = [layers.Dense(3, name=f"expert_{n}") for n in range(2)]
        self.gate = layers.Dense(2, name="gate")

    def call(self, x):
        """The weighted sum of the experts."""
        parts = tf.split(x, 2, axis=-1)
        made = [expert(part) for expert, part in zip(self.experts, parts, strict=True)]
        weights = tf.nn.softmax(self.gate(x))
        return tf.reduce_sum(tf.stack(made, axis=1) * weights[..., tf.newaxis], axis=1)


class Compiled(keras.Model):
    """A `tf.function` for a call."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(2, name="left")
        self.right = layers.Dense(3, name="right")
        self.head = layers.Dense(1, name="head")

    @tf.function
    def call(self, x):
        """Two branches."""
        return self.head(tf.concat([self.left(x), self.right(x)], axis=-1))


class CompiledHelper(keras.Model):
    """A `tf.function` that the call uses, with layers alone in it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.head = layers.Dense(1, name="head")

    @tf.function
    def twice(self, x):
        """One layer twice."""
        return self.dense(self.dense(x))

    def call(self, x):
        """Go around it."""
        return self.head(x + self.twice(x))


class RawBranches(keras.Model):
    """A condition."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.left = layers.Dense(4, name="left")
        self.right = layers.Dense(4, name="right")

    def call(self, x):
        """What decides is another tensor than what goes on."""
        large = tf.reduce_mean(x) > 0.0
        hidden = self.first(x)
        return tf.cond(large, lambda: self.left(hidden), lambda: self.right(hidden) + hidden)


class RawBranchesOfOne(keras.Model):
    """A condition on the tensor that goes on."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(4, name="left")
        self.right = layers.Dense(4, name="right")

    def call(self, x):
        """One of two."""
        return tf.cond(tf.reduce_mean(x) > 0.0, lambda: self.left(x), lambda: self.right(x))


class RawSettling(keras.Model):
    """A loop."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.refine = layers.Dense(4, name="refine")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        """Some steps."""

        def go_on(step, _):
            return step < 3

        def take(step, state):
            return step + 1, self.refine(state) + x

        _, state = tf.while_loop(go_on, take, (tf.constant(0), x))
        return self.head(state)


class RawMapping(keras.Model):
    """A function on each of the batch."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        """A layer in it."""
        return self.head(tf.map_fn(lambda one: tf.nn.relu(self.dense(one)), x))


class SharedWeight(keras.Model):
    """A weight of the model's own, used outside a loop and in it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.table = self.add_weight(shape=(4, 4), name="table")
        self.dense = layers.Dense(4, name="dense")

    def call(self, x):
        """The table before, and for each."""
        x = tf.matmul(x, self.table)
        return tf.map_fn(lambda one: self.dense(tf.matmul(one, self.table)), x)


class Gather(layers.Layer):
    """A layer of Keras's operations, and layers."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(width, name="dense")

    def call(self, left, right):
        """Both, joined."""
        return self.dense(ops.concatenate([left, right], axis=-1))


class AroundKeras(keras.Model):
    """A block of Keras's operations in a raw model."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.gather = Gather(4, name="gather")

    def call(self, x):
        """Two parts of one tensor, joined."""
        left, right = tf.split(self.dense(x), [1, 3], axis=-1)
        return self.gather(left, tf.nn.relu(right))


class RawGate(layers.Layer):
    """A gate in raw TensorFlow."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.dense = layers.Dense(width, name="dense")

    def build(self, input_shape):
        """Build the layer."""
        self.dense.build(input_shape)

    def call(self, x):
        """What the gate lets through."""
        return x * tf.sigmoid(self.dense(x))


class RawScale(layers.Layer):
    """A layer that calls no other."""

    def call(self, x):
        """Scale."""
        return x / tf.norm(x, axis=-1, keepdims=True)


def functional_raw():
    """Raw layers in a Functional model."""
    x = keras.Input(shape=(4,), name="x")
    gated = RawGate(4, name="gate")(layers.Dense(4, name="first")(x))
    return keras.Model(x, RawScale(name="scale")(gated), name="functional_raw")


class RawPositions(layers.Layer):
    """Tokens and their places, embedded."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.tokens = layers.Embedding(30, width, name="tokens")
        self.places = layers.Embedding(200, width, name="places")

    def call(self, ids):
        """Add both embeddings."""
        places = tf.range(tf.shape(ids)[1])
        return self.tokens(ids) + self.places(places)


class Placed(keras.Model):
    """Positions of what is given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = RawPositions(8, name="embed")
        self.head = layers.Dense(1, name="head")

    def call(self, ids):
        """A number for each."""
        return self.head(self.embed(ids))


class Autoencoder(keras.Model):
    """A loss of its own, and rounding that gradients pass."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.Dense(2, name="encoder")
        self.decoder = layers.Dense(6, name="decoder")

    def call(self, x):
        """Encode and decode."""
        code = self.encoder(x)
        code = code + tf.stop_gradient(tf.round(code) - code)
        made = self.decoder(code)
        self.add_loss(tf.reduce_mean(tf.square(x - made)))
        return made


class Looked(keras.Model):
    """A table of the model's own, looked up."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.table = self.add_weight(shape=(10, 4), name="table")
        self.head = layers.Dense(1, name="head")

    def call(self, ids):
        """Look up, then a layer."""
        return self.head(tf.gather(self.table, ids))


class Picking(keras.Model):
    """A gather by indices that are computed, and a choice between tensors."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.score = layers.Dense(1, name="score")
        self.embed = layers.Dense(4, name="embed")
        self.other = layers.Dense(4, name="other")

    def call(self, x):
        """The two best steps."""
        best = tf.math.top_k(tf.squeeze(self.score(x), -1), k=2)
        picked = tf.gather(self.embed(x), best.indices, batch_dims=1)
        picked = picked * best.values[..., tf.newaxis]
        others = self.other(picked)
        return tf.where(picked > 0.0, others, tf.zeros_like(others))


class Pyramid(keras.Model):
    """Coarse features brought to the size of fine ones."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fine = layers.Conv2D(4, 3, padding="same", name="fine")
        self.coarse = layers.Conv2D(4, 3, strides=2, padding="same", name="coarse")
        self.head = layers.Conv2D(1, 1, name="head")

    def call(self, image):
        """Both together."""
        fine = self.fine(image)
        coarse = self.coarse(fine)
        coarse = tf.image.resize(coarse, tf.shape(fine)[1:3])
        return self.head(tf.concat([fine, coarse], axis=-1))


class Scaled(layers.Layer):
    """A weight of its own, beside a layer."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(width, name="dense")

    def build(self, input_shape):
        """Make the weight, and build the layer."""
        self.scale = self.add_weight(shape=(self.dense.units,), name="scale")
        self.dense.build(input_shape)

    def call(self, x):
        """What is scaled, and what isn't."""
        return tf.concat([self.dense(x) * self.scale, x], axis=-1)


class Scaling(keras.Model):
    """A layer with a weight of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scaled = Scaled(3, name="scaled")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        """Both."""
        return self.head(self.scaled(x))


class Pooled(keras.Model):
    """A weighted mean, by ``tf.einsum``."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.score = layers.Dense(1, name="score")

    def call(self, x):
        """The larger one of two means."""
        weights = tf.nn.softmax(self.score(x), axis=1)
        return tf.maximum(tf.einsum("bti,btj->bj", weights, x), tf.reduce_mean(x, axis=1))


class RawMasked(keras.Model):
    """Padding is masked, here too."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(50, 8, mask_zero=True, name="embed")
        self.lstm = layers.LSTM(4, name="lstm")

    def call(self, tokens):
        """A vector for a text."""
        return tf.nn.relu(self.lstm(self.embed(tokens)))


class OneLayer(keras.Model):
    """For models that differ in what they do with a layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")

    def build(self, input_shape):
        """Build the layer, before TensorFlow's loop begins."""
        self.dense.build((None, input_shape[-1]))
        self.built = True


class RawScan(OneLayer):
    """A scan over the steps."""

    def call(self, series):
        """All states."""
        steps = tf.transpose(series, [1, 0, 2])
        start = tf.zeros_like(series[:, 0])
        return tf.scan(lambda state, one: self.dense(state) + one, steps, initializer=start)


class RawFold(OneLayer):
    """The same, of which only the last state is kept."""

    def call(self, series):
        """The last state."""
        steps = tf.transpose(series, [1, 0, 2])
        start = tf.zeros_like(series[:, 0])
        return tf.foldl(lambda state, one: self.dense(state) + one, steps, initializer=start)


class RawCase(OneLayer):
    """A condition by ``tf.case``."""

    def call(self, x):
        """The layer, or nothing."""
        return tf.case([(tf.reduce_sum(x) > 0.0, lambda: self.dense(x))], default=lambda: x)


#: By name: what makes the model, the shapes and the dtypes of its inputs.
SUBCLASSED = {
    "attending": (Attending, [(5, 4), (7, 4)], None),
    "raw_residual": (RawResidual, (4, 4, 3), None),
    "raw_mixture": (RawMixture, (6,), None),
    "compiled": (Compiled, (4,), None),
    "compiled_helper": (CompiledHelper, (4,), None),
    "raw_branches": (RawBranches, (4,), None),
    "raw_branches_of_one": (RawBranchesOfOne, (4,), None),
    "raw_settling": (RawSettling, (4,), None),
    "raw_mapping": (RawMapping, (5, 4), None),
    "shared_weight": (SharedWeight, (5, 4), None),
    "around_keras": (AroundKeras, (4,), None),
    "placed": (Placed, (None,), "int32"),
    "autoencoder": (Autoencoder, (6,), None),
    "looked": (Looked, (3,), "int32"),
    "picking": (Picking, (5, 3), None),
    "scaling": (Scaling, (4,), None),
    "pooled": (Pooled, (5, 3), None),
    "raw_masked": (RawMasked, (None,), "int32"),
    "raw_scan": (RawScan, (5, 4), None),
    "raw_fold": (RawFold, (5, 4), None),
    "raw_case": (RawCase, (4,), None),
    "pyramid": (Pyramid, (None, None, 3), None),
}
