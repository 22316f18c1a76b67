"""Losses that layers add while they are called, and that a step takes by ``self.losses``."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation
from sphinxcontrib_kerasgraph.extract.trace.patches import replaced
from sphinxcontrib_kerasgraph.extract.trace.training.callers import frame_of
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, CallKind, Edge, Port, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph


class LayerLosses(PseudoOperation):
    """What a step takes by ``layer.losses``: the sum of what is added, and of regularizers."""

    def __init__(self, layer: keras.Layer, regularized: int) -> None:
        texts = {"regularized_weights": str(regularized)} if regularized else {}
        super().__init__("keras", "Layer.losses", CallKind.LOSS, **texts)
        self.layer = layer


class AddedLosses:
    """Hands a step one tensor for all that its layers have added."""

    def __init__(self, graph: SymbolicGraph) -> None:
        self._graph = graph
        #: The layers that have added losses, while they ran in the graph.
        self._adding: set[int] = set()

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace what layers have for it, for the time being."""
        with replaced([(keras.Layer, "add_loss", self._add), (keras.Layer, "losses", self._taken)]):
            yield

    def _add(self, original: Any) -> Any:
        tracer = self._graph.tracer

        @functools.wraps(original)
        def add_loss(layer: Any, loss: Any) -> None:
            if tracer.frame is not None:
                original(layer, loss)
            else:  # in the graph, whose tensors the layer mustn't keep
                self._adding.add(id(layer))

        return add_loss

    def _taken(self, original: Any) -> property:
        graph = self._graph

        def losses(layer: Any) -> Any:
            frame = frame_of(graph)
            if frame is None:
                return original.fget(layer)
            inside = set(map(id, history.layers_in(layer)))
            regularized = [one for one in layer.trainable_weights if one.regularizer is not None]
            if not regularized and self._adding.isdisjoint(inside):
                return []
            value = graph.placeholder(graph.tracer.new((), keras.config.floatx()))
            operation = LayerLosses(layer, len(regularized))
            return [frame.recorded(operation, (), {}, lambda: value)]

        return property(losses, doc=original.__doc__)


def with_added_losses(
    body: CallGraph, operation_of: Callable[[Call], keras.Operation]
) -> CallGraph:
    """The graph of a step, in which each `LayerLosses` takes what the calls before it have added.

    What is added inside a block leaves it as one more output.
    """
    calls, edges = list(body.calls), list(body.edges)
    lifted: dict[int, tuple[Port, ...]] = {}
    for at, call in enumerate(calls):
        operation = operation_of(call)
        if not isinstance(operation, LayerLosses):
            continue
        inside = set(map(id, history.layers_in(operation.layer)))
        sources: list[Port] = []
        inputs: list[Tensor] = []
        for place in range(at):
            if id(operation_of(calls[place])) in inside:
                if place not in lifted:
                    calls[place], lifted[place] = _handing_out(calls[place])
                sources += lifted[place]
                inputs += [calls[place].outputs[port.index] for port in lifted[place]]
        edges += [Edge(port, Port(call.id, index)) for index, port in enumerate(sources)]
        calls[at] = replace(call, inputs=tuple(inputs))
    if not lifted:
        return body
    edges.sort(key=lambda edge: (body.places[edge.target.call], edge.target.index, edge.recurrent))
    return replace(body, calls=tuple(calls), edges=tuple(edges))


def _handing_out(call: Call) -> tuple[Call, tuple[Port, ...]]:
    """The call with an output for each loss that is added inside; and those outputs."""
    if call.qualname == "Layer.add_loss" and call.is_operation:
        return replace(call, outputs=call.inputs), (Port(call.id),)
    # How often control flow adds one isn't known.
    if call.body is None or call.kind in {CallKind.CONTROL, CallKind.FUNCTION}:
        return call, ()
    made = list(map(_handing_out, call.body.calls))
    calls = tuple(one for one, _ in made)
    body = replace(call.body, calls=calls)
    ports = [port for _, inner in made for port in inner]
    tensors = [body[port.call].outputs[port.index] for port in ports]
    first = len(call.outputs)
    return (
        replace(
            call,
            body=replace(body, outputs=(*body.outputs, *ports)),
            outputs=(*call.outputs, *tensors),
        ),
        tuple(Port(call.id, first + index) for index in range(len(ports))),
    )
