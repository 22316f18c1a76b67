"""Sizes that aren't known beforehand: traced with two different ones, and what differs is None.

Code such as ``ops.arange(ops.shape(x)[1])`` needs a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import with_unknown
from sphinxcontrib_kerasgraph.extract.read.ids import unique
from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, CallKind, Edge, Port, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.extract.read.recorded import Block

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Sizes:
    """What unknown dimensions are taken for: the first one, and all others.

    All others are the same, since masks and the like compare them.
    """

    batch: int
    other: int

    def known(self, shape: Sequence[int | None]) -> tuple[int, ...]:
        """The shape with numbers for ``None``."""
        return tuple(
            size if size is not None else self.other if axis else self.batch
            for axis, size in enumerate(shape)
        )


#: Pairs to be tried in turn. Large ones first, for windows and strides; then small ones, for
#: tables of a few positions; then batches that windows are parts of: 4, 9, 16, 36, 64 in an image.
SIZES = (
    (Sizes(2, 64), Sizes(4, 128)),
    (Sizes(2, 8), Sizes(4, 16)),
    (Sizes(2, 4), Sizes(3, 6)),
    (Sizes(576, 8), Sizes(1152, 16)),
)

#: The second size for code that makes as many calls as the first size has steps: if it is a loop,
#: a short one tells.
SHORT = Sizes(4, 16)

_DIFFERENT = (
    "which calls it makes depends on a size that isn't known beforehand; give a number for it, in "
    "the input shape, or in the keras.Input of a Functional model"
)


class DifferentCallsError(ValueError):
    """The code makes other calls for another size."""

    def __init__(self) -> None:
        super().__init__(_DIFFERENT)
        #: What it returns all the same, if that is alike for both sizes.
        self.outputs: Any = None


def merged_blocks(first: Block, second: Block, sized: int | None = None) -> Block:
    """One block of two traces. Raises `DifferentCallsError` if they aren't alike.

    ``sized`` is the only source whose sizes aren't known: what differs comes from it.
    """
    if list(map(id, first.sources)) != list(map(id, second.sources)):
        raise DifferentCallsError
    body = merged(first.body, second.body)
    if sized is not None:
        body = _with_shapes(body, first.body, sized, first.sources[sized])
    return replace(first, body=body, made=first.made | second.made)


def _with_shapes(
    body: CallGraph, first: CallGraph, sized: int, source: keras.KerasTensor
) -> CallGraph:
    """The body with an edge from the source to each constant that depends on its sizes."""
    taken = Tensor(tuple(source.shape), str(source.dtype))
    sizes = [
        call.id
        for call, before in zip(body.calls, first.calls, strict=True)
        if call.kind == CallKind.CONSTANT and call != before
    ]
    others = {call.id for call in body.calls}.difference(sizes)
    names = unique((id_.replace("constant", "shape", 1) for id_ in sizes), taken=others)
    ids = dict(zip(sizes, names, strict=True))
    calls = tuple(
        replace(
            call,
            id=ids[call.id],
            name=ids[call.id],
            qualname="Shape",
            kind=CallKind.OPERATION,
            inputs=(taken,),
        )
        if call.id in ids
        else call
        for call in body.calls
    )

    def renamed(port: Port) -> Port:
        return replace(port, call=ids.get(port.call, port.call))

    entering = [Edge(Port(BLOCK, sized), Port(id_)) for id_ in ids.values()]
    edges = [replace(edge, source=renamed(edge.source)) for edge in body.edges]
    return replace(
        body, calls=calls, edges=(*entering, *edges), outputs=tuple(map(renamed, body.outputs))
    )


def merged_outputs(new: Callable[..., Any], first: Any, second: Any) -> Any:
    """Tensors whose sizes are those that both have; the rest is unknown."""

    def merge(left: Any, right: Any) -> Any:
        if isinstance(left, keras.KerasTensor):
            return new(_shape(left.shape, right.shape), left.dtype)
        return None if isinstance(left, int) and left != right else left

    try:
        return keras.tree.map_structure(merge, first, second)
    except (ValueError, TypeError, AttributeError) as error:  # not the same structure
        raise DifferentCallsError from error


def merged(first: CallGraph, second: CallGraph) -> CallGraph:
    """One graph of two traces. Raises `DifferentCallsError` if they aren't alike."""
    same = (
        len(first.calls) == len(second.calls)
        and first.edges == second.edges
        and first.outputs == second.outputs
    )
    if not same:
        raise DifferentCallsError
    calls = tuple(map(_merged_calls, first.calls, second.calls))
    return replace(first, calls=calls)


def _merged_calls(first: Call, second: Call) -> Call:
    if (first.id, first.qualname, first.body is None) != (
        second.id,
        second.qualname,
        second.body is None,
    ):
        raise DifferentCallsError
    body, opaque = first.body, first.opaque or second.opaque
    if first.opaque and second.opaque:
        opaque = with_unknown(first.opaque, second.opaque)
    if first.body is not None and second.body is not None:
        try:
            body = merged(first.body, second.body)
        except DifferentCallsError as error:
            if first.is_operation:
                raise
            body, opaque = None, str(error)
    texts = dict(second.constants)
    return replace(
        first,
        inputs=_tensors(first.inputs, second.inputs),
        outputs=_tensors(first.outputs, second.outputs),
        constants=tuple((name, _text(text, texts.get(name, ""))) for name, text in first.constants),
        body=body,
        opaque=opaque,
    )


def _same_number(first: Sequence[Any], second: Sequence[Any]) -> None:
    if len(first) != len(second):
        raise DifferentCallsError


def _tensors(first: tuple[Tensor, ...], second: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    _same_number(first, second)
    return tuple(
        Tensor(_shape(left.shape, right.shape), left.dtype)
        for left, right in zip(first, second, strict=True)
    )


def _shape(first: Sequence[int | None], second: Sequence[int | None]) -> tuple[int | None, ...]:
    _same_number(first, second)
    return tuple(left if left == right else None for left, right in zip(first, second, strict=True))


def _text(first: str, second: str) -> str:
    """The text of a constant, with ``None`` for the numbers in it that differ."""
    if first == second:
        return first
    others = _NUMBER.findall(second)
    if len(others) != len(_NUMBER.findall(first)):
        return "…"
    numbers = iter(others)
    return _NUMBER.sub(lambda match: match[0] if match[0] == next(numbers) else "None", first)
