"""Where calls are recorded that are made on the tensors of a TensorFlow graph."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import AddLoss, PlainOperation
from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall, recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph


class UnknownControlFlowError(ValueError):
    """A layer is called by control flow of TensorFlow's that isn't known here."""

    def __init__(self, layer: keras.Layer) -> None:
        super().__init__(
            f"the layer {layer.name!r} is called in control flow that isn't followed; "
            "tf.cond, tf.switch_case, tf.while_loop, tf.map_fn and those of keras.ops are"
        )


@dataclass
class GraphFrame:
    """The calls of layers that a function makes in the graph, and between which operations."""

    graph: SymbolicGraph
    #: Number of operations in the graph when the function was called.
    start: int
    calls: list[tuple[RecordedCall, int, int]] = field(default_factory=list)
    #: Masks that Keras computed after the calls.
    masks: set[int] = field(default_factory=set)

    def layer_call(self, original: Any, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Run the layer and record the call. Raises `UnknownControlFlowError`."""
        if self.graph.is_elsewhere():
            raise UnknownControlFlowError(layer)
        given = kwargs | _masks(layer, args, kwargs)
        return self.recorded(layer, args, given, lambda: original(layer, *args, **kwargs))

    def add_loss(self, loss: Any) -> None:
        """Record a loss."""
        self.recorded(AddLoss(), (loss,), {}, lambda: None)

    def weight(self, _variable: keras.Variable) -> Any:
        """Weights are what they hold, in a graph."""
        return None

    def recorded(
        self, operation: Any, args: Any, kwargs: Any, run: Callable[[], Any], **facts: Any
    ) -> Any:
        """Record what ``run`` does as one call."""
        graph = self.graph
        start = graph.size()
        is_plain = isinstance(operation, PlainOperation)
        outputs = graph.tracer.suspended(run)
        if not is_plain:
            outputs = graph.told_apart(outputs, (args, kwargs))
        given = graph.of_graph if is_plain else graph.symbolic
        args, kwargs = keras.tree.map_structure(given, (tuple(args), kwargs))
        made = keras.tree.map_structure(graph.symbolic, outputs)
        self.masks |= {
            id(graph.symbolic(mask))
            for output in keras.tree.flatten(outputs)
            if (mask := history.mask_of(output)) is not None
        }
        call = recorded(operation, args, kwargs, made, ordinal=len(self.calls), **facts)
        self.calls.append((call, start, graph.size()))
        return outputs


def _masks(layer: keras.Layer, args: Any, kwargs: Any) -> dict[str, Any]:
    """The masks that Keras will give to the layer, since they are attached to what it takes."""
    try:
        given = bound(layer.call, args, kwargs)
    except TypeError:
        return {}
    parameters = inspect.signature(layer.call).parameters
    tensors = {name: value for name, value in given.items() if history.mask_of(value) is not None}
    several = sum(any(map(_is_tensor, keras.tree.flatten(value))) for value in given.values()) > 1
    names = {name: f"{name}_mask" if several else "mask" for name in tensors}
    return {
        mask: history.mask_of(tensors[name])
        for name, mask in names.items()
        if mask in parameters and mask not in given
    }


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")
