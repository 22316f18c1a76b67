"""Attention: projections, the scores, what they weigh. What masks take isn't counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.view.flops.elementwise import activated
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, last, size, sizes
from sphinxcontrib_kerasgraph.view.flops.work import NONE, UnknownSizeError, Work

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Tensor


@dataclass(frozen=True)
class _Places:
    """How many there are that ask, and that are asked, in each of how many rows."""

    rows: int
    asking: int
    asked: int

    def weighed(self, heads: int, width: int, deep: int) -> Work:
        """The scores of queries of a width, scaled, their softmax, and the sums of values."""
        scores = self.rows * heads * self.asking * self.asked
        scaled = self.rows * heads * self.asking * width
        return Work(2 * scores * (width + deep) + scaled) + activated("softmax", scores)


def _tensors(leaf: Leaf) -> tuple[Tensor, Tensor, Tensor]:
    """Query, key and value."""
    query, value = leaf.argument("query", 0), leaf.argument("value", 1)
    return query, leaf.given("key") or value, value


def _places(leaf: Leaf, query: Tensor, value: Tensor) -> _Places:
    rank = len(query.shape)
    axes = leaf.config.get("attention_axes")
    axes = range(1, rank - 1) if axes is None else [axes] if isinstance(axes, int) else axes
    axes = {axis % rank for axis in axes}
    ask, hold = sizes(query), sizes(value)
    rows = math.prod(ask[at] for at in range(rank - 1) if at not in axes)
    return _Places(rows, math.prod(ask[at] for at in axes), math.prod(hold[at] for at in axes))


@dataclass(frozen=True)
class _Heads:
    """How many heads there are, and how wide."""

    of_query: int
    of_key: int
    width: int
    deep: int


def _projected(leaf: Leaf, heads: _Heads, query: Tensor, key: Tensor, value: Tensor) -> Work:
    """The projections to the heads, and back; with a gate, if that is asked for."""
    asked = heads.of_query * heads.deep
    given = [
        (query, heads.of_query * heads.width),
        (key, heads.of_key * heads.width),
        (value, heads.of_key * heads.deep),
    ]
    gated = NONE
    if leaf.has("use_gate"):
        given.append((query, asked))
        gated = Work(1, 1) * (size(query) // last(query) * asked)  # multiplied by a sigmoid
    bias = leaf.has("use_bias", default=True)
    into = sum(
        size(tensor) // last(tensor) * (2 * last(tensor) + bias) * width for tensor, width in given
    )
    return Work(into + (2 * asked + bias) * size(leaf.made)) + gated


def _multi_head(leaf: Leaf) -> Work:
    query, key, value = _tensors(leaf)
    count, width = leaf.whole("num_heads"), leaf.whole("key_dim")
    heads = _Heads(count, count, width, leaf.whole("value_dim", width))
    weighed = _places(leaf, query, value).weighed(count, width, heads.deep)
    return _projected(leaf, heads, query, key, value) + weighed


def _grouped(leaf: Leaf) -> Work:
    query, key, value = _tensors(leaf)
    count, width = leaf.whole("num_query_heads"), leaf.whole("head_dim")
    heads = _Heads(count, leaf.whole("num_key_value_heads"), width, width)
    weighed = _places(leaf, query, value).weighed(count, width, width)
    return _projected(leaf, heads, query, key, value) + weighed


def _in_list(leaf: Leaf) -> tuple[Tensor, Tensor, Tensor]:
    """Query, key and value, given as a list of query and value, and maybe the key."""
    query, value = leaf.argument("inputs[0]", 0), leaf.argument("inputs[1]", 1)
    return query, leaf.given("inputs[2]", 2) or value, value


def _attention(leaf: Leaf) -> Work:
    if leaf.config.get("score_mode") == "concat":
        # The sum, by a scale, tanh, summed up; and the weight of all.
        return _by_tanh(leaf, 2 + leaf.has("use_scale"), 1)
    query, _, value = _in_list(leaf)
    scores = size(query) // last(query) * sizes(value)[-2]
    products = Work(2 * scores * (last(query) + last(value)) + scores * leaf.has("use_scale"))
    return products + activated("softmax", scores)


def _additive(leaf: Leaf) -> Work:
    return _by_tanh(leaf, 2 + leaf.has("use_scale", default=True), 0)


def _by_tanh(leaf: Leaf, each: int, weight: int) -> Work:
    """Scores of which each is a sum over features, and what they weigh."""
    query, _, value = _in_list(leaf)
    scores = size(query) // last(query) * sizes(value)[-2]
    features = Work(each, 1) * (scores * last(query))
    return features + Work(scores * (weight + 2 * last(value))) + activated("softmax", scores)


def _operation(leaf: Leaf) -> Work:
    """`keras.ops.dot_product_attention`, of examples, places, heads, features."""
    query, value = leaf.argument("query", 0), leaf.argument("value", 2)
    if len(query.shape) != 4 or len(value.shape) != 4:
        raise UnknownSizeError
    rows, asking, heads, width = sizes(query)
    return _Places(rows, asking, sizes(value)[1]).weighed(heads, width, last(value))


LAYERS: dict[str, Rule] = {
    "MultiHeadAttention": _multi_head,
    "GroupedQueryAttention": _grouped,
    "Attention": _attention,
    "AdditiveAttention": _additive,
}
OPERATIONS: dict[str, Rule] = {"DotProductAttention": _operation}
