"""Keras's record of symbolic calls, read. The only module that touches Keras's private attributes.

Keras keeps the calls of a Functional model as ``Node`` objects, in ``operation._inbound_nodes``,
and where a tensor came from in ``tensor._keras_history``. Neither is public, and no public API
tells as much: ``get_config()`` fails for layers that can't be serialised. Checked with Keras
3.15; ``tests/extract/test_history.py`` fails loudly when one of them changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras

#: Identifies a tensor: its operation, which of the operation's calls, which of its outputs.
TensorKey = tuple[int, int, int]


@dataclass(frozen=True)
class RecordedCall:
    """One application of an operation, as Keras recorded it when it was called."""

    operation: keras.Operation
    #: Which call of the operation this is, counted over all models that call it.
    ordinal: int
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    inputs: tuple[keras.KerasTensor, ...]
    outputs: tuple[keras.KerasTensor, ...]


def key_of(tensor: keras.KerasTensor) -> TensorKey:
    """What identifies the tensor, also where Keras made a copy of it."""
    history = tensor._keras_history
    return (id(history.operation), history.node_index, history.tensor_index)


def producer(tensor: keras.KerasTensor) -> RecordedCall | None:
    """The call that made the tensor; ``None`` for one that no call made."""
    operation, ordinal, _ = tensor._keras_history
    if operation is None:
        return None
    node = operation._inbound_nodes[ordinal]
    arguments = node.arguments
    return RecordedCall(
        operation,
        ordinal,
        tuple(arguments.args),
        dict(arguments.kwargs),
        tuple(node.input_tensors),
        tuple(node.output_tensors),
    )


def calls_between(
    inputs: Sequence[keras.KerasTensor], outputs: Sequence[keras.KerasTensor]
) -> list[RecordedCall]:
    """The calls that lead from ``inputs`` to ``outputs``, each after those it depends on.

    The calls that made the inputs themselves are left out. The order is that of a depth-first
    walk from the outputs, so that a branch stays together. Without recursion: models may be
    thousands of calls deep.
    """
    done = {key_of(tensor)[:2] for tensor in inputs}
    calls: list[RecordedCall] = []
    stack: list[tuple[keras.KerasTensor, RecordedCall | None]]
    stack = [(tensor, None) for tensor in reversed(outputs)]
    while stack:
        tensor, finished = stack.pop()
        key = key_of(tensor)[:2]
        if finished is not None:
            if key not in done:
                done.add(key)
                calls.append(finished)
        elif key not in done:
            call = producer(tensor)
            if call is not None:
                stack.append((tensor, call))
                stack.extend((source, None) for source in reversed(call.inputs))
    return calls


def own_weights(layer: keras.layers.Layer) -> list[Any]:
    """The weights that the layer made itself, not through a sublayer."""
    sublayers = layer._flatten_layers(include_self=False, recursive=False)
    inherited = {id(weight) for sublayer in sublayers for weight in sublayer.weights}
    return [weight for weight in layer.weights if id(weight) not in inherited]
