"""Keras's record of symbolic calls, read. The only module that touches Keras's private attributes.

Keras keeps the calls of a Functional model as ``Node`` objects, in ``operation._inbound_nodes``,
where a tensor came from in ``tensor._keras_history``, and its mask in ``tensor._keras_mask``; and
how many names of each kind it has given in a global attribute.
None is public, and no public API tells as much: ``get_config()`` fails for layers that can't be
serialised. Checked with Keras 3.5 and 3.15; ``tests/extract/read/test_history.py`` fails loudly
when one of them changes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import keras
from keras.src.backend.common import global_state

from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Attributes in which Keras itself keeps the layers of a layer.
_OF_KERAS = {
    "_layers", "_functional", "_tracker", "_inbound_nodes", "_outbound_nodes", "_operations",
    "_operations_by_depth",
}  # fmt: skip
#: And those of Keras 2, which keeps sublayers and nodes in the same way otherwise.
_OF_KERAS |= {"_input_layers", "_output_layers", "_input_coordinates", "_output_coordinates"}
#: So begin those that TensorFlow gives to the layers of both, for checkpoints.
_OF_TENSORFLOW = "_self_"

#: Identifies a tensor: its operation, which of the operation's calls, which of its outputs; or,
#: for a tensor that no call made, itself.
TensorKey = tuple[int, int, int]


def tensor_key(tensor: keras.KerasTensor) -> TensorKey:
    """What identifies the tensor, also where Keras made a copy of it."""
    history = getattr(tensor, "_keras_history", None)
    if history is None or history.operation is None:
        return (id(tensor), -1, -1)
    return (id(history.operation), history.node_index, history.tensor_index)


def producer(tensor: keras.KerasTensor) -> RecordedCall | None:
    """The call that made the tensor; ``None`` for one that no call made."""
    history = getattr(tensor, "_keras_history", None)
    if history is None or history.operation is None:
        return None
    node = history.operation._inbound_nodes[history.node_index]
    arguments = node.arguments
    return RecordedCall(
        history.operation,
        history.node_index,
        tuple(arguments.args),
        dict(arguments.kwargs),
        tuple(node.input_tensors),
        tuple(node.output_tensors),
    )


def made_by(calls: Sequence[RecordedCall]) -> frozenset[TensorKey]:
    """The keys of what the calls made, and those inside them."""
    made = {tensor_key(tensor) for call in calls for tensor in call.outputs}
    return frozenset(made.union(*(call.block.made for call in calls if call.block)))


def calls_between(
    inputs: Sequence[keras.KerasTensor],
    outputs: Sequence[keras.KerasTensor],
    opened: Callable[[RecordedCall], RecordedCall] = lambda call: call,
) -> list[RecordedCall]:
    """The calls that lead from ``inputs`` to ``outputs``, each after those it depends on.

    The calls that made the inputs themselves are left out. Each call is passed through
    ``opened``, whose block may add tensors that the call depends on.
    """

    def opened_producer(tensor: keras.KerasTensor) -> RecordedCall | None:
        call = producer(tensor)
        return opened(call) if call is not None else None

    return in_order(inputs, outputs, lambda tensor: tensor_key(tensor)[:2], opened_producer)


def is_recorded(operation: keras.Operation) -> bool:
    """Whether Keras has recorded the calls inside: a Function, or a built Sequential model."""
    if not isinstance(operation, keras.Function | keras.Sequential):
        return False
    if not type(operation).call.__module__.startswith("keras."):
        return False  # a subclass that does something else when it is called
    try:
        return all(isinstance(tensor, keras.KerasTensor) for tensor in operation.inputs)
    except (AttributeError, ValueError):
        # A Sequential that isn't built, or whose input is no single tensor, has no inputs.
        return False


def mask_of(tensor: Any) -> Any:
    """The mask that Keras has attached to the tensor, or ``None``."""
    return getattr(tensor, "_keras_mask", None)


def attach_mask(tensor: keras.KerasTensor, mask: Any) -> None:
    """Attach a mask, as Keras does."""
    tensor._keras_mask = mask


def last_node(operation: keras.Operation) -> Any:
    """Keras's record of the last call of the operation; ``None`` if there is none."""
    return operation._inbound_nodes[-1] if operation._inbound_nodes else None


def forget(nodes: Sequence[Any]) -> None:
    """Remove records of calls, the last ones first, so that a trace leaves none behind.

    One that others follow stays: what Keras keeps of the others counts on its place.
    """
    for node in reversed(nodes):
        kept = node.operation._inbound_nodes
        if kept and kept[-1] is node:
            kept.pop()
        for tensor in node.input_tensors:
            source = getattr(tensor, "_keras_history", None)
            if source is not None and source.operation is not None:
                outbound = source.operation._outbound_nodes
                if node in outbound:
                    outbound.remove(node)


def layers_in(layer: keras.Layer) -> list[keras.Layer]:
    """The layer, its sublayers, and theirs."""
    return list(layer._flatten_layers())


def sublayers(layer: keras.Layer) -> list[keras.Layer]:
    """The layers that the layer holds itself, in the order in which it came to them.

    For a model what its ``layers`` are.
    """
    return list(layer._flatten_layers(include_self=False, recursive=False))


def own_attributes(layer: keras.Layer) -> dict[str, Any]:
    """The attributes of the layer, but for those in which Keras itself keeps layers."""
    return {
        name: value
        for name, value in vars(layer).items()
        if name not in _OF_KERAS and not name.startswith(_OF_TENSORFLOW)
    }


def own_weights(layer: keras.layers.Layer) -> list[Any]:
    """The weights that the layer made itself, not through a sublayer."""
    inherited = {id(weight) for sublayer in sublayers(layer) for weight in sublayer.weights}
    return [weight for weight in layer.weights if id(weight) not in inherited]


def name_counts() -> dict[str, int]:
    """How many names Keras has given by itself, by what they begin with; to be read and changed.

    Another dict after each `keras.utils.clear_session`. What is public, `keras.backend.get_uid`,
    counts up.
    """
    counts: dict[str, int] = global_state.get_global_attribute(
        "object_name_uids", defaultdict(int), set_to_default=True
    )
    return counts
