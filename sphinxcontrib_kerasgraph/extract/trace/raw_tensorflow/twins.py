"""Functions and operators of Keras on tensors of a graph: recorded as they are on symbolic ones.

What is run on the tensors of the graph is run once more on the symbolic tensors that stand for
them. Keras records there what it is; so both ways of tracing give one picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation
from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall, recorded, tensors_in
from sphinxcontrib_kerasgraph.extract.read.variables import with_weights
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame


@dataclass(frozen=True)
class Twin:
    """A function on tensors of the graph, and its twin on symbolic ones; they may be the same."""

    real: Callable[..., Any]
    symbolic: Callable[..., Any]
    #: Module and name of what it is recorded as if it can't run on symbolic tensors.
    module: str
    qualname: str

    def called(self, frame: GraphFrame, args: Any, kwargs: Any) -> Any:
        """What the function returns; recorded in the frame if data is among its arguments."""
        graph = frame.graph
        args, kwargs = with_weights((tuple(args), kwargs), frame.weight)
        start = graph.size()
        outputs = graph.tracer.suspended(self.real, *args, **kwargs)
        end = graph.size()
        is_data = any(map(graph.is_data, _leaves((args, kwargs))))
        if not is_data or not any(map(graph.has, keras.tree.flatten(outputs))):
            return outputs
        values = keras.tree.flatten(outputs)
        made = (
            self._recorded(graph, args, kwargs, values, _Sizes(graph))
            or self._recorded(graph, args, kwargs, values, _Sizes(graph, _Unknown(2)))
            or self._recorded(graph, args, kwargs, values, graph.of_graph)
            or self._otherwise(graph, args, kwargs, values)
        )
        values = [_bound(graph, *pair) for pair in zip(values, made.outputs, strict=True)]
        graph.note_data(values)
        frame.functions(made.calls, start, end)
        return keras.tree.pack_sequence_as(outputs, values)

    def _recorded(
        self, graph: SymbolicGraph, args: Any, kwargs: Any, values: Sequence[Any], symbolic: Any
    ) -> _Made | None:
        """What Keras records of the twin; ``None`` if it fails, or makes something else."""
        try:
            given = in_slices(symbolic, (args, kwargs))
            calls, made = graph.tracer.record(self.symbolic, *given)
        except RecursionError:
            raise
        except Exception:
            return None
        given_by = graph.tracer.origins.given
        outputs = [
            given_by(value) if isinstance(value, keras.KerasTensor) else value
            for value in keras.tree.flatten(made)
        ]
        if len(outputs) != len(values) or not all(
            _is_alike(graph, *pair) for pair in zip(values, outputs, strict=True)
        ):
            return None
        if getattr(symbolic, "are_unknown", False):
            return _with_unknown_sizes(graph, values, _Made(calls, outputs))
        return _Made(calls, outputs)

    def _otherwise(
        self, graph: SymbolicGraph, args: Any, kwargs: Any, values: Sequence[Any]
    ) -> _Made:
        made = [graph.like(value) if graph.has(value) else value for value in values]
        # A slice of which data decides takes that data, too.
        given = keras.tree.map_structure(
            lambda leaf: (
                (leaf.start, leaf.stop, leaf.step)
                if isinstance(leaf, slice) and any(map(graph.is_data, _leaves(leaf)))
                else leaf
            ),
            (args, kwargs),
        )
        given = in_slices(graph.of_graph, given)
        kind = CallKind.MERGE if len(tensors_in(given)) > 1 else CallKind.OPERATION
        operation = PseudoOperation(self.module, self.qualname, kind)
        return _Made([recorded(operation, given[0], given[1], made)], made)


class _Made(NamedTuple):
    """The calls of a twin, and its outputs."""

    calls: Sequence[RecordedCall]
    outputs: Sequence[Any]


class _Unknown(int):
    """A size that isn't known, where it must be a number."""

    def __repr__(self) -> str:
        return "None"


class _Sizes:
    """Gives the symbolic tensors that stand for those of the graph, and numbers for sizes.

    A size that isn't known is ``None``, as code has it on symbolic tensors, or some number.
    """

    def __init__(self, graph: SymbolicGraph, unknown: _Unknown | None = None) -> None:
        self._graph = graph
        self._unknown = unknown
        self.are_unknown = False

    def __call__(self, value: Any) -> Any:
        graph = self._graph
        is_size = (
            graph.tf.is_tensor(value)
            and graph.has(value)
            and getattr(value.shape, "rank", None) == 0
            and value.dtype.is_integer
            and not graph.is_data(value)
        )
        if not is_size:
            return graph.of_graph(value)
        known = graph.tf.get_static_value(value)
        self.are_unknown |= known is None
        return self._unknown if known is None else int(known)


def _is_alike(graph: SymbolicGraph, value: Any, tensor: Any) -> bool:
    """Whether a symbolic tensor may stand for one of the graph."""
    if not isinstance(tensor, keras.KerasTensor):
        return not graph.has(value)
    if not graph.tf.is_tensor(value) or tensor.dtype != value.dtype.name:
        return False
    if value.shape.rank is None:
        return True
    return value.shape.rank == len(tensor.shape) and all(
        None in pair or pair[0] == pair[1] for pair in zip(value.shape, tensor.shape, strict=True)
    )


def _with_unknown_sizes(graph: SymbolicGraph, values: Sequence[Any], made: _Made) -> _Made:
    """The same, of which no size is known that the graph doesn't know."""
    others: dict[int, keras.KerasTensor] = {}
    ends = {id(tensor) for call in made.calls for tensor in call.outputs}

    def other(value: Any, tensor: Any) -> Any:
        if id(tensor) not in ends or value.shape.rank is None:
            return tensor
        shape = tuple(
            size if real is not None else None
            for size, real in zip(tensor.shape, value.shape, strict=True)
        )
        if shape == tuple(tensor.shape):
            return tensor
        return others.setdefault(id(tensor), graph.tracer.new(shape, tensor.dtype))

    outputs = [other(*pair) for pair in zip(values, made.outputs, strict=True)]
    calls = [
        replace(call, outputs=tuple(others.get(id(tensor), tensor) for tensor in call.outputs))
        for call in made.calls
    ]
    return _Made(calls, outputs)


def _bound(graph: SymbolicGraph, value: Any, tensor: Any) -> Any:
    """The tensor of the graph, or an equal one, for which the symbolic tensor stands."""
    if not isinstance(tensor, keras.KerasTensor):
        return value
    if graph.has(value):
        if not graph.is_bound(value):
            graph.bind(value, tensor)
            return value
        if graph.symbolic(value) is tensor:
            return value
    value = graph.copy(value)
    graph.bind(value, tensor)
    return value


def _leaves(value: Any) -> Iterator[Any]:
    """What is in a structure, and in the slices there."""
    for leaf in keras.tree.flatten(value):
        if isinstance(leaf, slice):
            yield from (leaf.start, leaf.stop, leaf.step)
        else:
            yield leaf


def in_slices(function: Callable[[Any], Any], value: Any) -> Any:
    """The structure with what the function makes of its leaves, and of what is in slices."""

    def mapped(leaf: Any) -> Any:
        if isinstance(leaf, slice):
            return slice(function(leaf.start), function(leaf.stop), function(leaf.step))
        return function(leaf)

    return keras.tree.map_structure(mapped, value)
