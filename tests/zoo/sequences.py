"""Sequence models of Keras layers and `keras.ops`, for every backend: transformers and RNNs."""

import keras
from keras import layers, ops

# Transformers.


class Attention(layers.Layer):
    """Attention of several heads, of Dense layers and operations."""

    def __init__(self, width, heads, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.heads = heads
        self.query = layers.Dense(width, name="query")
        self.key = layers.Dense(width, name="key")
        self.value = layers.Dense(width, name="value")
        self.out = layers.Dense(width, name="out")

    def split(self, x):
        """The heads beside the batch: (batch, heads, steps, width of a head)."""
        steps = ops.shape(x)[1]
        x = ops.reshape(x, (-1, steps, self.heads, self.width // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def call(self, x, memory, visible=None):
        """Let each step of ``x`` look at the steps of ``memory`` that are visible to it."""
        query = self.split(self.query(x))
        key = self.split(self.key(memory))
        value = self.split(self.value(memory))
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2)))
        scores = scores / (self.width // self.heads) ** 0.5
        if visible is not None:
            scores = ops.where(visible, scores, -1e9)
        seen = ops.transpose(ops.matmul(ops.softmax(scores), value), (0, 2, 1, 3))
        return self.out(ops.reshape(seen, (-1, ops.shape(x)[1], self.width)))


class Positions(layers.Layer):
    """Tokens and their places, embedded."""

    def __init__(self, vocabulary, places, width, **kwargs):
        super().__init__(**kwargs)
        self.tokens = layers.Embedding(vocabulary, width, name="tokens")
        self.places = layers.Embedding(places, width, name="places")

    def call(self, ids):
        """Add both embeddings."""
        places = ops.arange(ops.shape(ids)[1])
        return self.tokens(ids) + self.places(places)


class EncoderLayer(layers.Layer):
    """Attention to itself, then a small network."""

    def __init__(self, width, heads, **kwargs):
        super().__init__(**kwargs)
        self.attention = Attention(width, heads, name="attention")
        self.norm = layers.LayerNormalization(name="norm")
        self.network = keras.Sequential(
            [layers.Dense(2 * width, "relu", name="widen"), layers.Dense(width, name="narrow")],
            name="network",
        )
        self.last_norm = layers.LayerNormalization(name="last_norm")

    def call(self, x):
        """Both, with what goes around them."""
        x = self.norm(x + self.attention(x, x))
        return self.last_norm(x + self.network(x))


class DecoderLayer(layers.Layer):
    """Attention to the steps before, then to the encoder's output."""

    def __init__(self, width, heads, **kwargs):
        super().__init__(**kwargs)
        self.before = Attention(width, heads, name="before")
        self.before_norm = layers.LayerNormalization(name="before_norm")
        self.across = Attention(width, heads, name="across")
        self.across_norm = layers.LayerNormalization(name="across_norm")

    def call(self, x, memory):
        """Both, with what goes around them."""
        steps = ops.arange(ops.shape(x)[1])
        causal = steps[:, None] >= steps
        x = self.before_norm(x + self.before(x, x, visible=causal))
        return self.across_norm(x + self.across(x, memory))


class Transformer(keras.Model):
    """Translate a sequence into another."""

    def __init__(self, vocabulary=20, places=200, width=8, heads=2, depth=2, **kwargs):
        super().__init__(**kwargs)
        self.source = Positions(vocabulary, places, width, name="source_embedding")
        self.target = Positions(vocabulary, places, width, name="target_embedding")
        self.encoders = [EncoderLayer(width, heads, name=f"encoder_{n}") for n in range(depth)]
        self.decoders = [DecoderLayer(width, heads, name=f"decoder_{n}") for n in range(depth)]
        self.head = layers.Dense(vocabulary, name="head")

    def call(self, source, target):
        """The next token for each of the target's."""
        memory = self.source(source)
        for encoder in self.encoders:
            memory = encoder(memory)
        x = self.target(target)
        for decoder in self.decoders:
            x = decoder(x, memory)
        return self.head(x)


class Language(keras.Model):
    """A decoder alone, of ready-made layers, with a causal mask made of what is given."""

    def __init__(self, vocabulary=20, places=200, width=8, **kwargs):
        super().__init__(**kwargs)
        self.embed = Positions(vocabulary, places, width, name="embed")
        self.attention = layers.MultiHeadAttention(2, width, name="attention")
        self.head = layers.Dense(vocabulary, name="head")

    def call(self, tokens):
        """The next token for each."""
        x = self.embed(tokens)
        x = x + self.attention(query=x, value=x, use_causal_mask=True)
        return self.head(x)


class CrossAttention(layers.Layer):
    """A block on Keras's attention, as in TensorFlow's tutorial: it keeps the scores."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(2, width, name="attention")
        self.norm = layers.LayerNormalization(name="norm")
        self.add = layers.Add(name="add")
        self.last_scores = None

    def call(self, x, context):
        """Let ``x`` look at the context."""
        attended, scores = self.attention(
            query=x, key=context, value=context, return_attention_scores=True
        )
        self.last_scores = scores
        return self.norm(self.add([x, attended]))


class Captioner(keras.Model):
    """Words that look at the features of an image."""

    def __init__(self, width=8, **kwargs):
        super().__init__(**kwargs)
        self.project = layers.Dense(width, name="project")
        self.embed = layers.Embedding(30, width, name="embed")
        self.cross = CrossAttention(width, name="cross")
        self.head = layers.Dense(30, name="head")

    def call(self, inputs):
        """Take a dict of image and words."""
        features = self.project(inputs["image"])
        features = ops.reshape(features, (-1, 16, features.shape[-1]))
        return self.head(self.cross(self.embed(inputs["words"]), features))


class TextCNN(keras.Model):
    """Convolutions of several widths side by side."""

    def __init__(self, sizes=(2, 3, 4), **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(50, 8, name="embed")
        self.convolutions = [
            layers.Conv1D(6, size, activation="relu", name=f"conv_{size}") for size in sizes
        ]
        self.pool = layers.GlobalMaxPooling1D(name="pool")
        self.dropout = layers.Dropout(0.5, name="dropout")
        self.head = layers.Dense(1, name="head")

    def call(self, tokens, training=False):
        """Classify a text."""
        x = self.embed(tokens)
        pooled = [self.pool(convolution(x)) for convolution in self.convolutions]
        x = self.dropout(ops.concatenate(pooled, axis=-1), training=training)
        return self.head(x)


class Tied(keras.Model):
    """The embedding is the output layer, too."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(30, 8, name="embed")
        self.gru = layers.GRU(8, return_sequences=True, name="gru")

    def call(self, tokens):
        """The next token for each."""
        x = self.gru(self.embed(tokens))
        return ops.matmul(x, ops.transpose(self.embed.embeddings))


class TiedReversible(keras.Model):
    """The same by Keras's own layer, which is called in both directions."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.ReversibleEmbedding(30, 8, name="embed")
        self.gru = layers.GRU(8, return_sequences=True, name="gru")

    def call(self, tokens):
        """The next token for each."""
        return self.embed(self.gru(self.embed(tokens)), reverse=True)


# Recurrent networks.


class MaskedReader(keras.Model):
    """Padding is masked."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(50, 8, mask_zero=True, name="embed")
        self.drop = layers.SpatialDropout1D(0.2, name="drop")
        self.first = layers.LSTM(8, return_sequences=True, name="first")
        self.last = layers.LSTM(8, name="last")
        self.head = layers.Dense(1, name="head")

    def call(self, tokens, training=False):
        """Classify a text."""
        x = self.drop(self.embed(tokens), training=training)
        return self.head(self.last(self.first(x)))


class MaskedTagger(keras.Model):
    """The mask goes through wrappers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(50, 8, mask_zero=True, name="embed")
        self.both = layers.Bidirectional(
            layers.LSTM(4, return_sequences=True, name="lstm"), name="both"
        )
        self.tags = layers.TimeDistributed(layers.Dense(5, name="dense"), name="tags")

    def call(self, tokens):
        """A tag for each token."""
        return self.tags(self.both(self.embed(tokens)))


@keras.saving.register_keras_serializable("zoo")
class GatedCell(layers.Layer):
    """A recurrent cell of two Dense layers."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.gate = layers.Dense(units, "sigmoid", name="gate")
        self.candidate = layers.Dense(units, "tanh", name="candidate")

    def build(self, input_shape):
        """Build the layers, before Keras's loop begins."""
        joined = (input_shape[0], input_shape[-1] + self.units)
        self.gate.build(joined)
        self.candidate.build(joined)

    def call(self, inputs, states):
        """One step."""
        before = states[0]
        joined = ops.concatenate([inputs, before], axis=-1)
        gate = self.gate(joined)
        after = gate * before + (1 - gate) * self.candidate(joined)
        return after, [after]

    def get_config(self):
        """The units, too."""
        return super().get_config() | {"units": self.units}


class OwnCell(keras.Model):
    """An RNN over a cell of one's own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rnn = layers.RNN(GatedCell(6, name="cell"), name="rnn")
        self.head = layers.Dense(1, name="head")

    def call(self, series):
        """A number for a series."""
        return self.head(self.rnn(series))


class StackedCells(keras.Model):
    """An RNN over a list of cells, one of Keras's and one that isn't."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        cells = [layers.GRUCell(5, name="lower"), GatedCell(6, name="upper")]
        self.rnn = layers.RNN(cells, return_sequences=True, name="rnn")
        self.head = layers.Dense(1, name="head")

    def call(self, series):
        """A number for each step."""
        return self.head(self.rnn(series))


class Seq2Seq(keras.Model):
    """The states of one LSTM are the beginning of another."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.LSTM(8, return_state=True, name="encoder")
        self.decoder = layers.LSTM(8, return_sequences=True, name="decoder")
        self.head = layers.Dense(5, name="head")

    def call(self, source, target):
        """Translate."""
        _, hidden, carry = self.encoder(source)
        return self.head(self.decoder(target, initial_state=[hidden, carry]))


class CellSeq2Seq(keras.Model):
    """The same of RNNs over cells; the last state is returned, too."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.RNN(
            layers.GRUCell(8, name="encoder_cell"), return_state=True, name="encoder"
        )
        self.decoder = layers.RNN(
            layers.GRUCell(8, name="decoder_cell"),
            return_sequences=True,
            return_state=True,
            name="decoder",
        )
        self.head = layers.Dense(5, name="head")

    def call(self, source, target):
        """Translate."""
        _, state = self.encoder(source)
        steps, last = self.decoder(target, initial_state=state)
        return self.head(steps), last


class BothWaysSeq2Seq(keras.Model):
    """An encoder in both directions; the states of both are joined."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.Bidirectional(
            layers.LSTM(4, return_sequences=True, return_state=True, name="lstm"), name="encoder"
        )
        self.decoder = layers.LSTM(8, return_sequences=True, name="decoder")
        self.attention = layers.Attention(name="attention")

    def call(self, source, target):
        """Translate, looking back."""
        memory, forward_h, forward_c, backward_h, backward_c = self.encoder(source)
        state = [
            ops.concatenate([forward_h, backward_h], axis=-1),
            ops.concatenate([forward_c, backward_c], axis=-1),
        ]
        x = self.decoder(target, initial_state=state)
        return x + self.attention([x, memory])


class FeedBack(keras.Model):
    """Predict from what was predicted, by a cell that an RNN has, too."""

    def __init__(self, steps=3, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.cell = layers.LSTMCell(8, name="cell")
        self.warm_up = layers.RNN(self.cell, return_state=True, name="warm_up")
        self.head = layers.Dense(2, name="head")

    def call(self, inputs, training=None):
        """Some steps more than are given."""
        x, *states = self.warm_up(inputs)
        prediction = self.head(x)
        predictions = [prediction]
        for _ in range(1, self.steps):
            x, states = self.cell(prediction, states=states, training=training)
            prediction = self.head(x)
            predictions.append(prediction)
        return ops.stack(predictions, axis=1)


class BothWays(keras.Model):
    """Bidirectional layers: over an LSTM, twice, and over a cell of one's own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.sum = layers.Bidirectional(
            layers.RNN(GatedCell(6, name="cell"), return_sequences=True, name="rnn"),
            merge_mode="sum",
            name="sum",
        )
        self.concat = layers.Bidirectional(
            layers.LSTM(4, return_sequences=True, name="lstm"), name="concat"
        )
        self.last = layers.Bidirectional(layers.GRU(4, name="gru"), name="last")

    def call(self, series):
        """Three layers in a row."""
        return self.last(self.concat(self.sum(series)))


# Wrappers.


class FrameEncoder(layers.Layer):
    """What is seen in one frame."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.conv = layers.Conv2D(4, 3, name="conv")
        self.pool = layers.GlobalAveragePooling2D(name="pool")
        self.dense = layers.Dense(width, name="dense")

    def build(self, input_shape):
        """Build the layers, before Keras's loop begins."""
        self.conv.build(input_shape)
        self.dense.build((input_shape[0], 4))

    def call(self, frame):
        """A vector."""
        return self.dense(self.pool(self.conv(frame)))

    def compute_output_shape(self, input_shape):
        """One vector for a frame."""
        return (input_shape[0], self.width)


class Video(keras.Model):
    """A layer on each frame: one of Keras's, and one of layers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.smooth = layers.TimeDistributed(
            layers.Conv2D(3, 3, padding="same", name="smooth_conv"), name="smooth"
        )
        self.frames = layers.TimeDistributed(FrameEncoder(6, name="encoder"), name="frames")
        self.lstm = layers.LSTM(4, name="lstm")
        self.head = layers.Dense(2, name="head")

    def call(self, video):
        """Classify a video."""
        return self.head(self.lstm(self.frames(self.smooth(video))))


class Documents(keras.Model):
    """Words to sentences to documents: a wrapper in a wrapper."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        words = layers.Bidirectional(layers.LSTM(3, name="lstm"), name="words")
        self.sentences = layers.TimeDistributed(words, name="sentences")
        self.document = layers.Bidirectional(layers.GRU(3, name="gru"), name="document")

    def call(self, document):
        """A vector for a document of (sentences, words, width)."""
        return self.document(self.sentences(document))


class CausalNet(keras.Model):
    """Dilated convolutions with paths around them and out of them, as in WaveNet."""

    def __init__(self, depth=2, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Conv1D(4, 1, name="first")
        self.filters = [
            layers.Conv1D(4, 2, padding="causal", dilation_rate=2**n, name=f"filter_{n}")
            for n in range(depth)
        ]
        self.gates = [
            layers.Conv1D(4, 2, padding="causal", dilation_rate=2**n, name=f"gate_{n}")
            for n in range(depth)
        ]
        self.out = layers.Conv1D(1, 1, name="out")

    def call(self, series):
        """The next value for each."""
        x = self.first(series)
        skips = []
        for convolution, gate in zip(self.filters, self.gates, strict=True):
            made = ops.tanh(convolution(x)) * ops.sigmoid(gate(x))
            skips.append(made)
            x = x + made
        return self.out(ops.relu(sum(skips)))


#: By name: what makes the model, the shapes and the dtypes of its inputs.
SUBCLASSED = {
    "transformer": (Transformer, [(None,), (None,)], "int32"),
    "transformer_known": (Transformer, [(6,), (5,)], "int32"),
    "language": (Language, (None,), "int32"),
    "captioner": (
        Captioner,
        {"image": (4, 4, 6), "words": (None,)},
        {"image": "float32", "words": "int32"},
    ),
    "text_cnn": (TextCNN, (None,), "int32"),
    "tied": (Tied, (None,), "int32"),
    "masked_reader": (MaskedReader, (None,), "int32"),
    "masked_tagger": (MaskedTagger, (7,), "int32"),
    "own_cell": (OwnCell, (None, 3), None),
    "stacked_cells": (StackedCells, (None, 3), None),
    "seq2seq": (Seq2Seq, [(None, 3), (None, 2)], None),
    "cell_seq2seq": (CellSeq2Seq, [(None, 3), (None, 2)], None),
    "both_ways_seq2seq": (BothWaysSeq2Seq, [(None, 3), (None, 2)], None),
    "feed_back": (FeedBack, (None, 2), None),
    "both_ways": (BothWays, (5, 3), None),
    "video": (Video, (5, 8, 8, 3), None),
    "documents": (Documents, (3, 7, 4), None),
    "causal_net": (CausalNet, (None, 1), None),
}
if hasattr(layers, "ReversibleEmbedding"):  # newer than the oldest Keras that is supported
    SUBCLASSED["tied_reversible"] = (TiedReversible, (None,), "int32")
