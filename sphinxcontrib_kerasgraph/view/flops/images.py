"""Pooling and resizing: each element that comes out is made of a window."""

from __future__ import annotations

import math

from sphinxcontrib_kerasgraph.view.flops.elementwise import elements_in, elements_out
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, size, sizes
from sphinxcontrib_kerasgraph.view.flops.work import NONE, UnknownSizeError, Work

#: How many elements along each side of an image one that is interpolated is made of.
_TAPS = {"nearest": 1, "bilinear": 2, "bicubic": 4, "lanczos3": 6, "lanczos5": 10}
_BOXES = ("1D", "2D", "3D")


def _pooled(leaf: Leaf) -> Work:
    return Work(size(leaf.made) * leaf.window("pool_size"))


def _adaptive(leaf: Leaf) -> Work:
    """Windows of about the same size, which overlap where sizes don't divide."""
    sides = slice(2, None) if leaf.channels_first else slice(1, -1)
    (batch, *taken), made = sizes(leaf.taken), sizes(leaf.made)
    covered = [
        sum(-(-(at + 1) * whole // parts) - at * whole // parts for at in range(parts))
        for whole, parts in zip((batch, *taken)[sides], made[sides], strict=True)
    ]
    return Work(batch * leaf.channels * math.prod(covered))


def _resized(leaf: Leaf) -> Work:
    """A weighted sum of the elements around a place: products, and sums but for the first."""
    taps = _TAPS.get(leaf.config.get("interpolation", "nearest"))
    if taps is None or leaf.has("antialias"):
        raise UnknownSizeError
    return Work((2 * taps**2 - 1) * size(leaf.made)) if taps > 1 else NONE


def _resizing_layer(leaf: Leaf) -> Work:
    """The layer of that name, or the operation, which interpolates by default."""
    return _resized(leaf) if "interpolation" in leaf.config else _bilinear(leaf)


def _bilinear(leaf: Leaf) -> Work:
    return Work((2 * _TAPS["bilinear"] ** 2 - 1) * size(leaf.made))


def _cropped(leaf: Leaf) -> Work:
    """Nothing, but for images that are too small, which are resized."""
    enough = all(
        before >= after for before, after in zip(sizes(leaf.taken), sizes(leaf.made), strict=True)
    )
    return NONE if enough else _bilinear(leaf)


def _layers(name: str, rule: Rule) -> dict[str, Rule]:
    return {f"{name}{box}": rule for box in _BOXES}


LAYERS: dict[str, Rule] = {
    **_layers("MaxPooling", _pooled),
    **_layers("AveragePooling", _pooled),
    **_layers("GlobalAveragePooling", elements_in(1)),
    **_layers("GlobalMaxPooling", elements_in(0, 1)),
    **_layers("AdaptiveMaxPooling", _adaptive),
    **_layers("AdaptiveAveragePooling", _adaptive),
    "UpSampling2D": _resized,
    "Resizing": _resizing_layer,
    "CenterCrop": _cropped,
    "RandomCrop": _cropped,
    # Two scalings to another range of values, extremes, a product and a sum, and two bounds.
    "AutoContrast": elements_out(8, 2),
}
OPERATIONS: dict[str, Rule] = {
    "MaxPool": _pooled,
    "AveragePool": _pooled,
    "AdaptiveMaxPool": _adaptive,
    "AdaptiveAveragePool": _adaptive,
    "Resize": _resizing_layer,
    "RGBToGrayscale": elements_out(5),
    # Two windows of nine, of which three are zero.
    "SobelEdges": elements_out(11),
}
