"""A decoder in the shape of Llama 3, written with Keras layers and operations only."""

import keras
from keras import layers, ops


class RMSNorm(layers.Layer):
    """Divides by the root of the mean square."""

    def build(self, input_shape):
        """Make the scale."""
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, x):
        """Normalize over the features."""
        return x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + 1e-5) * self.scale


class RotaryEmbedding(layers.Layer):
    """Turns pairs of features by angles that grow with the position."""

    def call(self, x):
        """Turn each head of (batch, length, heads, size)."""
        length, size = ops.shape(x)[1], x.shape[-1]
        turns = 500_000.0 ** (ops.arange(0, size, 2, dtype="float32") / -size)
        angles = ops.expand_dims(ops.arange(length, dtype="float32"), -1) * turns
        cos, sin = ops.cos(angles)[None, :, None, :], ops.sin(angles)[None, :, None, :]
        left, right = ops.split(x, 2, axis=-1)
        return ops.concatenate([left * cos - right * sin, right * cos + left * sin], axis=-1)


class GroupedQueryAttention(layers.Layer):
    """Causal attention in which several query heads share one of keys and values."""

    def __init__(self, hidden, heads, groups, **kwargs):
        super().__init__(**kwargs)
        self.heads, self.groups, self.size = heads, groups, hidden // heads
        self.query = layers.Dense(hidden, use_bias=False, name="query")
        self.key = layers.Dense(groups * self.size, use_bias=False, name="key")
        self.value = layers.Dense(groups * self.size, use_bias=False, name="value")
        self.output_dense = layers.Dense(hidden, use_bias=False, name="output")
        self.rotary = RotaryEmbedding(name="rotary")

    def call(self, x):
        """Attend to what came before."""
        length = ops.shape(x)[1]

        def split(tensor, heads):
            return ops.reshape(tensor, (-1, length, heads, self.size))

        query = self.rotary(split(self.query(x), self.heads))
        key = self.rotary(split(self.key(x), self.groups))
        value = split(self.value(x), self.groups)
        shared = self.heads // self.groups
        key, value = ops.repeat(key, shared, axis=2), ops.repeat(value, shared, axis=2)
        scores = ops.einsum("bqhd,bkhd->bhqk", query, key) / self.size**0.5
        positions = ops.arange(length)
        scores = ops.where(positions[:, None] >= positions[None, :], scores, -1e9)
        mixed = ops.einsum("bhqk,bkhd->bqhd", ops.softmax(scores), value)
        return self.output_dense(ops.reshape(mixed, (-1, length, self.heads * self.size)))


class FeedForward(layers.Layer):
    """SwiGLU."""

    def __init__(self, hidden, inner, **kwargs):
        super().__init__(**kwargs)
        self.gate = layers.Dense(inner, use_bias=False, name="gate")
        self.up = layers.Dense(inner, use_bias=False, name="up")
        self.down = layers.Dense(hidden, use_bias=False, name="down")

    def call(self, x):
        """Gate, and project back."""
        return self.down(ops.silu(self.gate(x)) * self.up(x))


class Decoder(layers.Layer):
    """One block: attention and feed-forward, each normalized before and added after."""

    def __init__(self, hidden, heads, groups, inner, **kwargs):
        super().__init__(**kwargs)
        self.attention_norm = RMSNorm(name="attention_norm")
        self.attention = GroupedQueryAttention(hidden, heads, groups, name="attention")
        self.feed_forward_norm = RMSNorm(name="feed_forward_norm")
        self.feed_forward = FeedForward(hidden, inner, name="feed_forward")

    def call(self, x):
        """Add what each of the two makes."""
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Llama(keras.Model):
    """From tokens to logits."""

    def __init__(self, blocks=80, hidden=8192, heads=64, groups=8, inner=28_672, words=128_256):
        super().__init__(name="llama")
        self.embedding = layers.Embedding(words, hidden, name="embedding")
        self.blocks = [
            Decoder(hidden, heads, groups, inner, name=f"block_{number}")
            for number in range(blocks)
        ]
        self.norm = RMSNorm(name="norm")
        self.logits = layers.Dense(words, use_bias=False, name="logits")

    def call(self, tokens):
        """Pass through all blocks."""
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x)
        return self.logits(self.norm(x))


def small():
    """Two blocks, for a picture."""
    return Llama(blocks=2, hidden=64, heads=4, groups=2, inner=128, words=1000)


SUBCLASSED = {"llama": (small, (None,), "int32")}
