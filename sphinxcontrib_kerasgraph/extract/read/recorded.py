"""What a call was when it was made: the operation, what it was given, and what came out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from sphinxcontrib_kerasgraph.graph import CallGraph


#: Why a block is opaque whose code keeps a tensor, and gives it to other code.
_HANDED_ON = "its code hands on a tensor that it doesn't return"


@dataclass(frozen=True)
class Block:
    """The inside of a call, and the tensors outside that it takes."""

    body: CallGraph
    #: The body's ``Port(BLOCK, k)`` is ``sources[k]``: what the call was given first, then what
    #: its code takes from around it (a mask, a variable of an enclosing function).
    sources: tuple[keras.KerasTensor, ...]
    #: The keys of the tensors that calls inside made, at any depth.
    made: frozenset[tuple[int, int, int]] = frozenset()


@dataclass(frozen=True)
class RecordedCall:
    """One application of an operation."""

    operation: keras.Operation
    #: Which call of the operation this is; only the order counts.
    ordinal: int
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    inputs: tuple[keras.KerasTensor, ...]
    outputs: tuple[keras.KerasTensor, ...]
    block: Block | None = None
    #: Why the inside of the call isn't known.
    opaque: str | None = None
    #: What each of the inputs is to the call, where that isn't told by a signature.
    names: tuple[str | None, ...] | None = None

    @property
    def taken(self) -> tuple[keras.KerasTensor, ...]:
        """The inputs, and what the inside takes; the same tensors again, most of the time."""
        return (*self.inputs, *self.block.sources) if self.block else self.inputs

    def handing_on(self, tensors: Sequence[keras.KerasTensor]) -> RecordedCall:
        """The call, of whose inside these come beside its outputs: opaque, if there are any."""
        if not tensors:
            return self
        outputs = (*self.outputs, *tensors)
        return replace(self, outputs=outputs, block=None, opaque=_HANDED_ON)


def recorded(
    operation: keras.Operation, args: Any, kwargs: Any, outputs: Any, **others: Any
) -> RecordedCall:
    """A call as it was made; its tensors are found in arguments and outputs.

    The arguments are copied, as deep as lists and dicts go: the code may change them later.
    """
    args, kwargs = copied((tuple(args), dict(kwargs)))
    return RecordedCall(
        operation,
        others.pop("ordinal", 0),
        args,
        kwargs,
        tuple(tensors_in((args, kwargs))),
        tuple(tensors_in(outputs)),
        **others,
    )


def copied(arguments: Any) -> Any:
    """The same values in lists, tuples and dicts of their own."""
    return keras.tree.map_structure(lambda value: value, arguments)


def in_order(
    inputs: Sequence[keras.KerasTensor],
    outputs: Sequence[keras.KerasTensor],
    call_key: Callable[[keras.KerasTensor], Hashable],
    producer: Callable[[keras.KerasTensor], RecordedCall | None],
) -> list[RecordedCall]:
    """The calls that lead from ``inputs`` to ``outputs``, each after those it depends on.

    ``call_key`` tells apart the calls that made tensors, and ``producer`` has the call itself. The
    order is that of a depth-first walk from the outputs, so that a branch stays together. Without
    recursion: models may be thousands of calls deep.
    """
    done = set(map(call_key, inputs))
    calls: list[RecordedCall] = []
    stack: list[tuple[keras.KerasTensor, RecordedCall | None]]
    stack = [(tensor, None) for tensor in reversed(outputs)]
    while stack:
        tensor, finished = stack.pop()
        key = call_key(tensor)
        if finished is not None:
            if key not in done:
                done.add(key)
                calls.append(finished)
        elif key not in done:
            call = producer(tensor)
            if call is not None:
                stack.append((tensor, call))
                stack.extend((source, None) for source in reversed(call.taken))
    return calls


def tensors_in(value: Any) -> list[keras.KerasTensor]:
    """The symbolic tensors in a structure, in Keras's order."""
    return [leaf for leaf in keras.tree.flatten(value) if isinstance(leaf, keras.KerasTensor)]
