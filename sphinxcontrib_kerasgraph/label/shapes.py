"""Shapes in words: as Keras writes them, and as papers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.graph import Tensor


def shape_text(tensor: Tensor) -> str:
    """The shape as Keras shows it: ``(None, 784)``."""
    return str(tensor.shape)


def shapes_text(tensors: Iterable[Tensor]) -> str:
    """Shapes in one line."""
    return ", ".join(map(shape_text, tensors))


def short_shape(tensor: Tensor) -> str:
    """The shape without the batch, as papers write it: ``56×56×256``."""
    sizes = tensor.shape[1:] if tensor.shape[:1] == (None,) else tensor.shape
    return "×".join("?" if size is None else str(size) for size in sizes) or "scalar"


def merged_shape(tensors: Sequence[Tensor]) -> str:
    """The shapes of the same tensor of several repetitions: ``56×56×64 … 7×7×512``."""
    shapes = list(dict.fromkeys(map(short_shape, tensors)))
    return shapes[0] if len(shapes) == 1 else f"{shapes[0]} … {shapes[-1]}"
