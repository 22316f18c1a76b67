"""Convolutions, as layers, which have their kernel, and as operations, which are given it."""

from __future__ import annotations

import math

from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf, Rule, size, sizes
from sphinxcontrib_kerasgraph.view.flops.products import finished
from sphinxcontrib_kerasgraph.view.flops.work import Work


def _finished(leaf: Leaf) -> Work:
    return finished(leaf, bias=leaf.has("use_bias", default=True))


def _convolution(leaf: Leaf) -> Work:
    """A window of all channels of its group, for each element that comes out."""
    each = 2 * leaf.window("kernel_size") * leaf.channels // leaf.whole("groups", 1)
    return Work(each * size(leaf.made)) + _finished(leaf)


def _depthwise(leaf: Leaf) -> Work:
    return Work(2 * leaf.window("kernel_size") * size(leaf.made)) + _finished(leaf)


def _transposed(leaf: Leaf) -> Work:
    """Each element that goes in is multiplied into a window of all filters."""
    each = 2 * leaf.window("kernel_size") * leaf.whole("filters") // leaf.whole("groups", 1)
    return Work(each * size(leaf.taken)) + _finished(leaf)


def _separable(leaf: Leaf) -> Work:
    between = leaf.channels * leaf.whole("depth_multiplier", 1)
    places = size(leaf.made) // leaf.filters()
    return _two_steps(leaf, places, between, leaf.window("kernel_size")) + _finished(leaf)


def _two_steps(leaf: Leaf, places: int, between: int, window: int) -> Work:
    return Work(2 * places * between * window + 2 * between * size(leaf.made))


def _with_kernel(leaf: Leaf) -> Work:
    *window, _ = sizes(leaf.argument("kernel", 1))
    return Work(2 * math.prod(window) * size(leaf.made))


def _depthwise_with_kernel(leaf: Leaf) -> Work:
    *window, _, _ = sizes(leaf.argument("kernel", 1))
    return Work(2 * math.prod(window) * size(leaf.made))


def _transposed_with_kernel(leaf: Leaf) -> Work:
    *window, _ = sizes(leaf.argument("kernel", 1))
    return Work(2 * math.prod(window) * size(leaf.taken))


def _separable_with_kernels(leaf: Leaf) -> Work:
    *window, _, _ = sizes(leaf.argument("depthwise_kernel", 1))
    *_, between, filters = sizes(leaf.argument("pointwise_kernel", 2))
    return _two_steps(leaf, size(leaf.made) // filters, between, math.prod(window))


LAYERS: dict[str, Rule] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _convolution),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _transposed),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), _depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _separable),
}
OPERATIONS: dict[str, Rule] = {
    "Conv": _with_kernel,
    "DepthwiseConv": _depthwise_with_kernel,
    "ConvTranspose": _transposed_with_kernel,
    "SeparableConv": _separable_with_kernels,
}
