"""Where calls are recorded that are made on the tensors of a TensorFlow graph."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import AddLoss
from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall, recorded
from sphinxcontrib_kerasgraph.extract.read.variables import with_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph


#: Where layers are called that can't be recorded.
UNKNOWN = "in control flow that isn't followed"


class UnknownControlFlowError(ValueError):
    """A layer is called by control flow of TensorFlow's that isn't known here."""

    def __init__(self, layer: keras.Layer) -> None:
        super().__init__(
            f"the layer {layer.name!r} is called {UNKNOWN}; "
            "tf.cond, tf.switch_case, tf.while_loop, tf.map_fn and those of keras.ops are"
        )


@dataclass(frozen=True)
class MadeCall:
    """A call, and where it was made."""

    call: RecordedCall
    #: The numbers of operations in the graph before it and after it.
    start: int
    end: int
    #: Whether it is drawn for the data alone that it takes: a function, not a layer.
    is_function: bool = False


@dataclass
class GraphFrame:
    """The calls of layers that a function makes in the graph, and between which operations."""

    graph: SymbolicGraph
    #: Number of operations in the graph when the function was called.
    start: int
    calls: list[MadeCall] = field(default_factory=list)
    #: Masks that Keras computed after the calls.
    masks: set[int] = field(default_factory=set)
    #: What the code assigned to weights, by their identity.
    assigned: dict[int, Any] = field(default_factory=dict)

    def layer_call(self, original: Any, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Run the layer and record the call. Raises `UnknownControlFlowError`."""
        if self.graph.is_elsewhere():
            raise UnknownControlFlowError(layer)
        given = kwargs | _masks(layer, args, kwargs)
        outputs = self.recorded(layer, args, given, lambda: original(layer, *args, **kwargs))
        self._record_masks(layer, (*args, *kwargs.values())[0], outputs)
        return outputs

    def _record_masks(self, layer: keras.Layer, given: Any, outputs: Any) -> None:
        """Record how Keras computes the masks of what a layer makes."""
        graph = self.graph
        masks = [history.mask_of(output) for output in keras.tree.flatten(outputs)]
        if not any(graph.has(mask) and not graph.is_bound(mask) for mask in masks):
            return
        before = keras.tree.map_structure(history.mask_of, given)
        arguments = keras.tree.map_structure(graph.symbolic, (given, before))
        try:
            calls, computed = graph.tracer.record(layer.compute_mask, arguments, {})
        except RecursionError:
            raise
        except Exception:  # then what TensorFlow does tells of it
            computed, calls = None, []
        made = keras.tree.flatten(computed) if computed is not None else []
        if len(made) == len(masks):
            for mask, tensor in zip(masks, made, strict=True):
                if graph.has(mask) and not graph.is_bound(mask):
                    graph.bind(mask, tensor)
            self.functions(calls, graph.size(), graph.size())
        self.masks |= {id(graph.symbolic(mask)) for mask in masks if mask is not None}

    def direct_call(
        self, run: Callable[[], Any], layer: keras.Layer, args: Any, kwargs: Any
    ) -> Any:
        """As `layer_call`, of a layer's ``call``, which is given no masks."""
        if self.graph.is_elsewhere():
            raise UnknownControlFlowError(layer)
        return self.recorded(layer, args, kwargs, run)

    def add_loss(self, loss: Any) -> None:
        """Record a loss."""
        self.recorded(AddLoss(), (loss,), {}, lambda: None)

    def weight(self, variable: keras.Variable) -> Any:
        """A tensor of the graph that stands for a weight, or what the code has assigned to it."""
        assigned = self.assigned.get(id(variable))
        return self.graph.weight(variable) if assigned is None else assigned

    def assign(self, variable: keras.Variable, value: Any) -> Any:
        """Have the weight be the value in what follows."""
        made = self.graph.tf.convert_to_tensor(value, dtype=variable.dtype)
        self.assigned[id(variable)] = made
        return made

    def recorded(
        self,
        operation: Any,
        args: Any,
        kwargs: Any,
        run: Callable[[], Any],
        start: int | None = None,
        **facts: Any,
    ) -> Any:
        """Record what ``run`` does as one call; and what was done since there were ``start``."""
        graph = self.graph
        start = graph.size() if start is None else start
        outputs = graph.told_apart(graph.tracer.suspended(run), (args, kwargs))
        end = graph.size()
        given = with_weights((tuple(args), kwargs), self.weight)
        args, kwargs = keras.tree.map_structure(graph.handed_on, given)
        made = keras.tree.map_structure(graph.handed_on, outputs)
        graph.note_data(outputs)
        call = recorded(operation, args, kwargs, made, ordinal=len(self.calls), **facts)
        self.calls.append(MadeCall(call, start, end))
        return outputs

    def functions(self, calls: Sequence[RecordedCall], start: int, end: int) -> None:
        """Note calls of functions, in the place of what the graph got meanwhile."""
        self.calls += [MadeCall(call, start, end, is_function=True) for call in calls]


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
