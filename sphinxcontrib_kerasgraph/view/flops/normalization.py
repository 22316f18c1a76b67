"""What brings elements to their place in a distribution."""

from __future__ import annotations

from sphinxcontrib_kerasgraph.view.flops.elementwise import elements_out
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, size
from sphinxcontrib_kerasgraph.view.flops.work import Work

#: Mean and variance, the difference to the one, by the root of the other.
_BY_MOMENTS = 4 + 2
#: Squares, their mean, by its root.
_BY_SQUARES = 3


def _by_moments(leaf: Leaf) -> Work:
    if leaf.has("rms_scaling"):
        return Work(4 + 1 + 1) * size(leaf.made)
    scale, center = (leaf.has(name, default=True) for name in ("scale", "center"))
    return Work(_BY_MOMENTS + scale + center) * size(leaf.made)


def _moments_given(leaf: Leaf) -> Work:
    """`keras.ops.layer_normalization`, with a scale and an offset if they are given."""
    return Work(_BY_MOMENTS + len(leaf.inputs) - 1) * size(leaf.made)


def _squares_given(leaf: Leaf) -> Work:
    return Work(_BY_SQUARES + len(leaf.inputs) - 1) * size(leaf.made)


LAYERS: dict[str, Rule] = {
    # In inference that is a product and a sum: what is known before, is folded into them.
    "BatchNormalization": elements_out(2),
    "Normalization": elements_out(2),
    "LayerNormalization": _by_moments,
    "GroupNormalization": _by_moments,
    "RMSNormalization": elements_out(_BY_SQUARES + 1),
    "UnitNormalization": elements_out(_BY_SQUARES),
}
OPERATIONS: dict[str, Rule] = {
    "BatchNorm": elements_out(2),
    "LayerNorm": _moments_given,
    "RMSNorm": _squares_given,
    "Normalize": elements_out(_BY_SQUARES),
}
