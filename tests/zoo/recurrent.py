"""Layers that are called by their ``call``, and subclasses of Keras's that call what they are."""

import keras
from keras import layers, ops

from zoo.nested import Unit
from zoo.sequences import GatedCell


class ResidualLSTM(layers.LSTM):
    """An LSTM with a path around it."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """Add what it is given."""
        steps = super().call(sequences, initial_state=initial_state, mask=mask, training=training)
        return sequences + steps


class Residual(keras.Model):
    """Such an LSTM between two layers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.project = layers.Dense(5, name="project")
        self.rnn = ResidualLSTM(5, return_sequences=True, name="rnn")
        self.head = layers.Dense(1, name="head")

    def call(self, series):
        """A number for each step."""
        return self.head(self.rnn(self.project(series)))


class ThereAndBackGRU(layers.GRU):
    """The same weights in both directions."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """Call it twice."""
        there = super().call(sequences, initial_state, mask, training)
        back = super().call(ops.flip(sequences, axis=1), training=training)
        return ops.maximum(there, back)


class ThereAndBack(keras.Model):
    """Two layers of that class, which have the same insides."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = ThereAndBackGRU(4, return_sequences=True, name="first")
        self.second = ThereAndBackGRU(3, name="second")

    def call(self, series):
        """A vector for a series."""
        return self.second(self.first(series))


class NormalizedRNN(layers.RNN):
    """An RNN over any cell, with a layer of its own after it, and its last state."""

    def __init__(self, cell, **kwargs):
        super().__init__(cell, return_sequences=True, return_state=True, **kwargs)
        self.norm = layers.LayerNormalization(name="norm")

    def build(self, sequences_shape, initial_state_shape=None):
        """Build the layer, too."""
        super().build(sequences_shape)
        self.norm.build((*sequences_shape[:-1], self.cell.state_size))

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """The steps are normalized, the state isn't."""
        steps, state = super().call(sequences, initial_state, mask, training)
        return self.norm(steps), state


class Normalized(keras.Model):
    """Such an RNN over a cell of one's own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rnn = NormalizedRNN(GatedCell(6, name="cell"), name="rnn")
        self.gate = layers.Dense(6, name="gate")

    def call(self, series):
        """The steps, scaled by what the state tells."""
        steps, state = self.rnn(series)
        return steps * ops.expand_dims(self.gate(state), 1)


class ByCall(keras.Model):
    """RNNs that are called by their ``call``: they see no mask, and nothing is built by it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(20, 4, mask_zero=True, name="embed")
        self.lstm = layers.LSTM(6, return_sequences=True, name="lstm")
        self.rnn = layers.RNN(GatedCell(3, name="cell"), return_state=True, name="rnn")
        self.head = layers.Dense(2, name="head")

    def build(self, input_shape):
        """Build the layers."""
        self.embed.build(input_shape)
        self.lstm.build((*input_shape, 4))
        self.rnn.build((*input_shape, 6))
        self.head.build((None, 3))

    def call(self, tokens):
        """Classify, by a state that the last step ends with."""
        steps = self.lstm.call(self.embed(tokens))
        last, state = self.rnn.call(steps)
        return self.head.call(last + state)


class BlocksByCall(keras.Model):
    """The same of a layer of layers, a Sequential and a Functional model, and a shared layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.unit = Unit(4, name="unit")
        self.unit.dense.build((None, 4))
        self.unit.norm.build((None, 4))
        self.stack = keras.Sequential(
            [keras.Input((4,), name="given"), layers.Dense(4, name="in_stack")], name="stack"
        )
        inputs = keras.Input((4,), name="taken")
        self.graph = keras.Model(inputs, layers.Dense(4, name="in_graph")(inputs), name="graph")

    def call(self, x):
        """Each in turn, and the first again, as a layer."""
        x = self.graph.call(self.stack.call(self.unit.call(x)))
        return self.unit(x)


class RoundingCell(layers.LSTMCell):
    """A cell of Keras's on rounded numbers, as quantization has it."""

    def call(self, inputs, states, training=False):
        """Round what is given, and the output."""
        output, after = super().call(ops.round(inputs * 16), states, training)
        return ops.round(output * 16), after


class Rounding(keras.Model):
    """An RNN over such a cell, and over a stack of one and one of Keras's."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.one = layers.RNN(RoundingCell(4, name="cell"), return_sequences=True, name="one")
        self.two = layers.RNN(
            [RoundingCell(3, name="lower"), layers.GRUCell(2, name="upper")], name="two"
        )

    def call(self, series):
        """A vector for a series."""
        return self.two(self.one(series))


class HalvedBothWays(layers.Bidirectional):
    """A wrapper of Keras's that calls what it is."""

    def call(self, sequences, initial_state=None, mask=None, training=None):
        """Halve it."""
        return super().call(sequences, initial_state, mask, training) * 0.5


class ScaledDense(layers.Dense):
    """A layer of Keras's that is no RNN."""

    def call(self, inputs, training=None):
        """Scale it."""
        return 2.0 * super().call(inputs)


class TwiceScaledDense(ScaledDense):
    """A class between: it is code of the author's, and so no call."""

    def call(self, inputs, training=None):
        """Scale it again."""
        return super().call(inputs) + 1.0


class CrossAttention(layers.MultiHeadAttention):
    """Attention with a path around it."""

    def call(self, query, value, key=None):
        """Add the query."""
        return query + super().call(query, value, key)


class ScaledConv(layers.Conv2D):
    """A layer whose ``call`` Keras has from a class that it doesn't publish."""

    def call(self, inputs):
        """Scale it."""
        return 2.0 * super().call(inputs)


class Convolving(keras.Model):
    """Such a layer, and a head."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = ScaledConv(4, 3, name="conv")
        self.head = layers.Dense(2, name="head")

    def call(self, image):
        """A number for each place."""
        return self.head(self.conv(image))


class Subclasses(keras.Model):
    """All of these."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.both = HalvedBothWays(layers.LSTM(2, return_sequences=True, name="lstm"), name="both")
        self.scaled = ScaledDense(4, name="scaled")
        self.twice = TwiceScaledDense(4, name="twice")
        self.attend = CrossAttention(2, 3, name="attend")

    def call(self, series):
        """Attend to what is scaled twice."""
        x = self.scaled(self.both(series))
        return self.attend(x, self.twice(x))


class BothWaysByCall(keras.Model):
    """An inner block that calls another one's ``call`` in a branch of control flow."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = layers.Dense(3, name="left")
        self.right = layers.Dense(3, name="right")
        self.left.build((None, 3))
        self.right.build((None, 3))

    def call(self, x):
        """One of two layers, by their ``call``."""
        return ops.cond(ops.sum(x) > 0, lambda: self.left.call(x), lambda: self.right.call(x))


class RawCell(layers.Layer):
    """A cell of raw TensorFlow; with that backend only."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.state_size = units
        self.dense = layers.Dense(units, "tanh", name="dense")

    def build(self, input_shape):
        """Build the layer, before Keras's loop begins."""
        self.dense.build((input_shape[0], input_shape[-1] + self.state_size))

    def call(self, inputs, states):
        """One step."""
        import tensorflow as tf

        after = self.dense(tf.concat([inputs, states[0]], axis=-1))
        return after, [after]


class PlusRNN(layers.RNN):
    """An RNN that adds a number in Keras's operations."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """Add one."""
        return super().call(sequences, initial_state, mask, training) + 1.0


class RawLSTM(layers.LSTM):
    """An LSTM with a path around it in raw TensorFlow."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """Join what it is given."""
        import tensorflow as tf

        steps = super().call(sequences, initial_state, mask, training)
        return tf.concat([sequences, steps], axis=-1)


class RawByCall(keras.Model):
    """RNNs in code of raw TensorFlow, and over cells of it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.plus = PlusRNN(RawCell(4, name="cell"), return_sequences=True, name="plus")
        self.lstm = RawLSTM(3, return_sequences=True, name="lstm")
        self.rnn = layers.RNN(RawCell(2, name="other"), name="rnn")
        self.head = layers.Dense(1, name="head")
        self.rnn.build((None, None, 7))
        self.head.build((None, 2))

    def call(self, series):
        """A number, by the ``call`` of the last RNN."""
        import tensorflow as tf

        steps = self.lstm(self.plus(series))
        return self.head.call(tf.abs(self.rnn.call(steps)))


SUBCLASSED = {
    "residual": (Residual, (None, 3), None),
    "there_and_back": (ThereAndBack, (5, 3), None),
    "normalized": (Normalized, (None, 3), None),
    "by_call": (ByCall, (None,), "int32"),
    "blocks_by_call": (BlocksByCall, (4,), None),
    "rounding": (Rounding, (5, 2), None),
    "convolving": (lambda: Convolving(name="convolving"), (5, 5, 3), None),
    "subclasses": (Subclasses, (5, 4), None),
    "both_ways_by_call": (BothWaysByCall, (3,), None),
}
if keras.config.backend() == "tensorflow":
    SUBCLASSED["raw_by_call"] = (RawByCall, (None, 3), None)
