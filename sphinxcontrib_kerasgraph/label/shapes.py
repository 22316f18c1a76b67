"""Shapes in words: as Keras writes them, and as papers do."""

from __future__ import annotations

import re
from itertools import groupby
from math import prod
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Tensor

#: Of longer lists of shapes the smallest and the largest are told.
_LONGEST_LIST = 32
#: Sizes that aren't known, side by side.
_UNKNOWN = re.compile(r"\?(×\?)+")


def shape_text(tensor: Tensor) -> str:
    """The shape as Keras shows it: ``(None, 784)``."""
    return str(tensor.shape)


def shapes_text(tensors: Iterable[Tensor]) -> str:
    """Shapes in one line."""
    return ", ".join(map(shape_text, tensors))


def short_shape(tensor: Tensor) -> str:
    """The shape without the batch, as papers write it: ``56×56×256``."""
    sizes = tensor.shape[1:] if tensor.shape[:1] == (None,) else tensor.shape
    return "×".join("?" if size is None else str(size) for size in sizes) or _("scalar")


def first_outputs(calls: Iterable[Call]) -> list[Tensor]:
    """What each call makes first, if it makes anything: a layer may return ``None``."""
    return [tensor for call in calls for tensor in call.outputs[:1]]


def merged_shape(tensors: Sequence[Tensor]) -> str:
    """The shapes of the same tensor of several repetitions, in order: ``56×56×64 … 7×7×512``.

    The first and the last where all sizes rise or fall from one to the next; else each. Where that
    is long the first and the last if the first size rises or falls, as of images that get smaller;
    else the smallest and the largest.
    """
    shapes = {short_shape(tensor): tensor for tensor in tensors}
    texts = [text for text, _ in groupby(map(short_shape, tensors))]
    if len(texts) < 2:
        return "".join(texts)
    listed = ", ".join(texts)
    if len(texts) == 2:
        return listed
    ends = texts[0], texts[-1]
    if not _goes_one_way([shapes[text] for text in texts]):
        if len(listed) <= _LONGEST_LIST:
            return listed
        sides = [[size or 0 for size in shapes[text].shape[1:2]] for text in texts]
        if not _rises_or_falls(sides) or sides[0] == sides[-1]:
            sizes = {text: prod(size or 1 for size in shapes[text].shape) for text in texts}
            ends = min(texts, key=sizes.__getitem__), max(texts, key=sizes.__getitem__)
    return " … ".join(sorted(ends, key=texts.index))


def known_shape(tensors: Sequence[Tensor]) -> str:
    """As `merged_shape`, but of several sizes that aren't known it is told that they are there.

    ``…×40`` of ``?×?×40``, ``…×40 … 160`` of several; nothing of ``?×?``.
    """
    text = merged_shape(tensors)
    if not text.strip("?×, …"):
        return ""
    return _UNKNOWN.sub("…", text).replace(" … …×", " … ")


def _goes_one_way(tensors: Sequence[Tensor]) -> bool:
    """Whether each size rises, falls or stays."""
    if len({len(tensor.shape) for tensor in tensors}) > 1:
        return False
    sizes = zip(*([size or 0 for size in tensor.shape] for tensor in tensors), strict=True)
    return all(map(_rises_or_falls, map(list, sizes)))


def _rises_or_falls(values: list[Any]) -> bool:
    return values in (sorted(values), sorted(values, reverse=True))
