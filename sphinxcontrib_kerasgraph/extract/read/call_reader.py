"""Recorded calls and the tensors between them, as a CallGraph."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import argument_names, constants
from sphinxcontrib_kerasgraph.extract.read.foreign import ForeignLayer, is_layer
from sphinxcontrib_kerasgraph.extract.read.ids import recorded_ids, traced_ids
from sphinxcontrib_kerasgraph.extract.read.kind_patterns import kind_of
from sphinxcontrib_kerasgraph.extract.read.layers import LayerBook
from sphinxcontrib_kerasgraph.extract.read.origins import OfShape
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text, public_text
from sphinxcontrib_kerasgraph.extract.read.pseudo import (
    Constant,
    Function,
    PseudoOperation,
    Shape,
    Weight,
)
from sphinxcontrib_kerasgraph.extract.read.recorded import (
    Block,
    RecordedCall,
    recorded,
    tensors_in,
)
from sphinxcontrib_kerasgraph.extract.read.variables import is_weight
from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, Edge, Port, Tensor
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sphinxcontrib_kerasgraph.extract.read.history import TensorKey
    from sphinxcontrib_kerasgraph.extract.read.origins import Origins


class CallReader:
    """Reads the calls of one model, and what is inside them, to any depth."""

    def __init__(self, origins: Origins, opened: Callable[[RecordedCall], RecordedCall]) -> None:
        """``opened`` adds what is inside to a call that Keras has recorded."""
        self.book = LayerBook()
        self._origins = origins
        self._opened = opened
        self._bodies: dict[int, CallGraph] = {}
        self._weights: dict[int, Weight] = {}

    def read(
        self, inputs: Sequence[keras.KerasTensor], outputs: Sequence[keras.KerasTensor]
    ) -> CallGraph:
        """The calls from ``inputs`` to ``outputs`` that Keras has recorded."""
        entries = [call for tensor in inputs if (call := history.producer(tensor))]
        return self.whole(entries, history.calls_between(inputs, outputs, self._opened), outputs)

    def whole(
        self,
        entries: Sequence[RecordedCall],
        calls: Sequence[RecordedCall],
        outputs: Sequence[keras.KerasTensor],
    ) -> CallGraph:
        """The graph of a model whose calls Keras has recorded; ``entries`` made its inputs."""
        inputs = [tensor for call in entries for tensor in call.outputs]
        calls = [*entries, *self._after_sources(calls, inputs, outputs)]
        graph, _ = self._graph(calls, recorded_ids(calls), (), outputs, {})
        return replace(graph, inputs=tuple(call.id for call in graph.calls[: len(entries)]))

    def _after_sources(
        self,
        calls: Sequence[RecordedCall],
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
    ) -> list[RecordedCall]:
        """The calls, after the weights and constants that they take."""
        calls = self._with_sources(calls)
        return [*self._constants(calls, outputs, inputs), *calls]

    def body(
        self,
        calls: Sequence[RecordedCall],
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
        carried: Mapping[TensorKey, keras.KerasTensor] | None = None,
    ) -> tuple[CallGraph, tuple[keras.KerasTensor, ...]]:
        """The calls that the code of a block made; and the tensors that it takes from outside.

        ``inputs`` stand for what the block is given. ``carried`` tells for each tensor that comes
        from the step before, by its key, the tensor of this step that takes its place.
        """
        calls = self._with_side_outputs(self._with_sources(calls), outputs)
        kept = self._without_dead_operations(calls, [*outputs, *(carried or {}).values()])
        kept = [*self._constants(kept, outputs, inputs), *kept]
        return self._graph(kept, traced_ids(kept), inputs, outputs, carried or {})

    def _with_side_outputs(
        self, calls: Sequence[RecordedCall], outputs: Sequence[keras.KerasTensor]
    ) -> list[RecordedCall]:
        """The calls; a block whose inside hands on a tensor that it doesn't return is opaque."""
        needed = [tensor for call in calls for tensor in call.taken] + list(outputs)
        taken = {self.key(tensor): self._origins.given(tensor) for tensor in needed}
        return [
            call.handing_on([taken[key] for key in taken if key in call.block.made])
            if call.block
            else call
            for call in calls
        ]

    def _without_dead_operations(
        self, calls: Sequence[RecordedCall], outputs: Iterable[Any]
    ) -> list[RecordedCall]:
        """The calls, less operations whose outputs nothing uses, such as a mask never looked at."""
        used = set(map(self.key, outputs))
        kept = []
        for call in reversed(calls):
            made = {history.tensor_key(tensor) for tensor in call.outputs}
            needed = is_layer(call.operation) or isinstance(call.operation, Function)
            if needed or not made or not used.isdisjoint(made):
                kept.append(call)
                used.update(map(self.key, call.taken))
        return kept[::-1]

    def _constants(
        self,
        calls: Sequence[RecordedCall],
        outputs: Sequence[keras.KerasTensor],
        inputs: Sequence[keras.KerasTensor],
    ) -> list[RecordedCall]:
        """A call for each weight or constant that is given to a call, or returned.

        But for those among the ``inputs``, which stand for what the block is given.
        """
        tensors = [tensor for call in calls for tensor in call.taken] + list(outputs)
        given = set(map(id, inputs))
        return [
            recorded(self._constant(value, tensor, calls), _decided_by(value), {}, tensor)
            for tensor, value in self._origins.constants_in(tensors)
            if id(tensor) not in given
        ]

    def _constant(
        self, value: Any, tensor: keras.KerasTensor, calls: Sequence[RecordedCall]
    ) -> PseudoOperation:
        if isinstance(value, Weight):
            return value
        if is_weight(value):
            return self._weights.setdefault(id(value), Weight(value))
        if isinstance(value, OfShape):
            return Shape(plain_text(value))
        names = (
            name
            for call in calls
            if is_layer(call.operation)  # operations have an x1 and an x2
            for taken, name in zip(call.inputs, argument_names(call), strict=True)
            if self._origins.given(taken) is tensor
        )
        first = next(names, None)
        argument = first if first is not None and first.isidentifier() else None
        text = public_text(value) if isinstance(value, str) else plain_text(value)
        return Constant(text, argument)

    def _with_sources(self, calls: Sequence[RecordedCall]) -> list[RecordedCall]:
        """The calls, with a tensor for each weight and array among their arguments."""
        return [call if call.names is not None else self._with_sources_of(call) for call in calls]

    def _with_sources_of(self, call: RecordedCall) -> RecordedCall:
        args, kwargs = keras.tree.map_structure(self._origins.symbolic, (call.args, call.kwargs))
        tensors = tuple(tensors_in((args, kwargs)))
        if len(tensors) == len(call.inputs):
            return call
        return replace(call, args=args, kwargs=kwargs, inputs=tensors)

    def key(self, tensor: keras.KerasTensor) -> TensorKey:
        """What identifies the tensor that a call made of which this one was made."""
        return history.tensor_key(self._origins.given(tensor))

    def _graph(
        self,
        recorded_calls: Sequence[RecordedCall],
        ids: Sequence[str],
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
        carried: Mapping[TensorKey, keras.KerasTensor],
    ) -> tuple[CallGraph, tuple[keras.KerasTensor, ...]]:
        ports = {self.key(tensor): Port(BLOCK, at) for at, tensor in enumerate(inputs)}
        captured: list[keras.KerasTensor] = []
        calls: list[Call] = []
        edges: list[Edge] = []
        back: list[tuple[int, keras.KerasTensor, Edge]] = []
        for call, id_ in zip(recorded_calls, ids, strict=True):
            wired = self._wired(call)
            calls.append(self._call(call, wired, id_))
            for index, source in enumerate(wired.sources):
                key = self.key(source.tensor)
                target = Port(id_, index)
                if key not in ports and key not in carried:
                    ports[key] = Port(BLOCK, len(inputs) + len(captured))
                    captured.append(source.tensor)
                if key in ports:
                    edges.append(Edge(ports[key], target, source.argument))
                following = carried.get(key)
                if following is not None:
                    later = Edge(target, target, source.argument, recurrent=True)
                    back.append((len(edges), following, later))
            for index, tensor in enumerate(call.outputs):
                ports[history.tensor_key(tensor)] = Port(id_, index)
        for place, following, edge in reversed(back):
            edges.insert(place, replace(edge, source=ports[self.key(following)]))
        ends = []
        for tensor in outputs:
            key = self.key(tensor)
            if key not in ports:
                ports[key] = Port(BLOCK, len(inputs) + len(captured))
                captured.append(tensor)
            ends.append(ports[key])
        return CallGraph(tuple(calls), tuple(edges), (), tuple(ends)), tuple(captured)

    def _call(self, call: RecordedCall, wired: _Wired, id_: str) -> Call:
        operation = call.operation
        known = isinstance(operation, PseudoOperation | ForeignLayer)
        facts = self.book.facts(operation)
        return Call(
            id=id_,
            name=_name(operation) or id_,
            kind=operation.kind if known else kind_of(operation, len(call.inputs)),
            inputs=tuple(_tensor(source.tensor) for source in wired.sources),
            outputs=tuple(map(_tensor, call.outputs)),
            body=wired.body,
            opaque=call.opaque,
            **{"constants": constants(call), **facts},
        )

    def _wired(self, call: RecordedCall) -> _Wired:
        """The tensors that the call takes, and its body with edges from those."""
        names = argument_names(call)
        sources = [_Source(*pair) for pair in zip(call.inputs, names, strict=True)]
        block = self._block(call)
        if block is None:
            return _Wired(sources, None)
        free: dict[TensorKey, list[int]] = defaultdict(list)
        for index, source in enumerate(sources):
            free[history.tensor_key(self._origins.uncast(source.tensor))].append(index)
        places = []
        for tensor in map(self._origins.uncast, block.sources):
            key = history.tensor_key(tensor)
            if not free[key]:
                free[key].append(len(sources))
                sources.append(_Source(tensor, None))
            # The last place serves what the code takes again from around it.
            places.append(free[key].pop(0) if len(free[key]) > 1 else free[key][0])
        return _Wired(sources, _with_inputs_at(block.body, places))

    def _block(self, call: RecordedCall) -> Block | None:
        """The inside of a call; of a model whose calls Keras has recorded, these."""
        operation = call.operation
        if call.block is not None or call.opaque is not None or not history.is_recorded(operation):
            return call.block
        key = id(operation)
        if key not in self._bodies:
            self._bodies[key] = self._inside(operation)
        return Block(self._bodies[key], tuple(_given_inputs(call)))

    def _inside(self, function: Any) -> CallGraph:
        """The body of a model, or of a `keras.Function`, that Keras has recorded.

        What a model begins with are input layers, which take what it is given; a function may
        begin in the middle of another graph.
        """
        entries = [call for tensor in function.inputs if (call := history.producer(tensor))]
        if not all(isinstance(call.operation, keras.layers.InputLayer) for call in entries):
            calls = self._after_sources(
                history.calls_between(function.inputs, function.outputs, self._opened),
                function.inputs,
                function.outputs,
            )
            return self._graph(calls, recorded_ids(calls), function.inputs, function.outputs, {})[0]
        return as_body(self.read(function.inputs, function.outputs))


def as_body(graph: CallGraph) -> CallGraph:
    """A model's graph as the inside of a call: its inputs take what the call is given."""
    edges = [Edge(Port(BLOCK, at), Port(id_)) for at, id_ in enumerate(graph.inputs)]
    inside = tuple(
        replace(call, inputs=call.outputs) if call.id in graph.inputs else call
        for call in graph.calls
    )
    return replace(graph, calls=inside, edges=(*edges, *graph.edges), inputs=())


class _Source(NamedTuple):
    """A tensor that a call takes."""

    tensor: keras.KerasTensor
    #: Where it stands in the arguments, if several do.
    argument: str | None


class _Wired(NamedTuple):
    """What a call takes, and its body, whose k-th input is the k-th of them."""

    sources: list[_Source]
    body: CallGraph | None


def _with_inputs_at(body: CallGraph, places: Sequence[int]) -> CallGraph:
    """The body of a block whose k-th source is the input ``places[k]`` of the call."""
    if list(places) == list(range(len(places))):
        return body

    def moved(port: Port) -> Port:
        return Port(BLOCK, places[port.index]) if port.call == BLOCK else port

    return replace(
        body,
        edges=tuple(replace(edge, source=moved(edge.source)) for edge in body.edges),
        outputs=tuple(map(moved, body.outputs)),
    )


def _decided_by(value: Any) -> tuple[keras.KerasTensor, ...]:
    """The tensors that decide what a constant is."""
    return (value.source,) if isinstance(value, OfShape) else ()


def _name(operation: keras.Operation) -> str | None:
    """The name that an author gave, if any: operations have none."""
    if isinstance(operation, Constant):
        return operation.argument
    return printable(operation.name) if is_layer(operation) else None


def _given_inputs(call: RecordedCall) -> list[Any]:
    """What a nested model is given for each of its inputs, in their order."""
    model = call.operation
    expected = None
    with contextlib.suppress(ValueError):  # what Keras 3.5 says of one called by its `call` alone
        expected = getattr(model, "input", None)
    return given_inputs(call, [tensor.name for tensor in model.inputs], expected)


def given_inputs(call: RecordedCall, names: Sequence[str], expected: Any) -> list[Any]:
    """What a nested model is given for each of its inputs, which have these names.

    As `keras.Model` has it: by name if it is given a dict, by place otherwise; ``expected`` is the
    structure that its inputs have.
    """
    given = call.args[0] if call.args else call.kwargs.get("inputs")
    if isinstance(given, dict):
        wanted = sorted(expected) if isinstance(expected, dict) else names
        if set(wanted) <= set(given):
            return [leaf for name in wanted for leaf in keras.tree.flatten(given[name])]
    flat: list[Any] = keras.tree.flatten(given)
    return flat[: len(names)]


def _tensor(tensor: keras.KerasTensor) -> Tensor:
    return Tensor(tuple(tensor.shape), str(tensor.dtype))
