"""What is inside of a closed block, as a graph of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    Call,
    CallGraph,
    CallKind,
    ModelGraph,
    Port,
)
from sphinxcontrib_kerasgraph.graph.naming import own_name
from sphinxcontrib_kerasgraph.store import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def inside(call: Call) -> ModelGraph | None:
    """The calls inside of a block, open or closed, each input of the block a stub.

    ``None`` where nothing is inside, or isn't known.
    """
    hidden = call.body or call.hidden
    if hidden is None or not hidden.calls:
        return None
    stubs = {index: _stub(call, index) for index in sorted(set(_taken(hidden)))}

    def there(port: Port) -> Port:
        return Port(stubs[port.index].id) if port.call == BLOCK else port

    edges = tuple(replace(edge, source=there(edge.source)) for edge in hidden.edges)
    outputs = tuple(there(port) for port in hidden.outputs)
    graph = CallGraph((*stubs.values(), *hidden.calls), edges, hidden.inputs, outputs)
    return ModelGraph(
        name=call.name,
        module=call.module,
        qualname=call.qualname,
        model_type="Functional",
        parameters=call.parameters,
        layers=len(hidden.calls),
        graph=graph,
    )


def _taken(graph: CallGraph) -> Iterator[int]:
    """The inputs of the block that something inside takes, or that it hands through."""
    for port in (*(edge.source for edge in graph.edges), *graph.outputs):
        if port.call == BLOCK:
            yield port.index


def key_of_inside(call: Call) -> str:
    """Stands for what is inside of a block, names aside that Keras made."""
    graph = call.body or call.hidden
    tensors = call.inputs, call.outputs
    return key_of(tensors, None if graph is None else _nameless(graph))


def _nameless(graph: CallGraph) -> CallGraph:
    """The graph with numbers in place of ids."""
    ids = {call.id: str(at) for at, call in enumerate(graph.calls)} | {BLOCK: BLOCK}

    def there(port: Port) -> Port:
        return replace(port, call=ids[port.call])

    calls = tuple(
        replace(
            call,
            id=ids[call.id],
            name=own_name(call),
            layer="",
            attribute=None,
            config={key: value for key, value in call.config.items() if key != "name"},
            body=call.body and _nameless(call.body),
            hidden=call.hidden and _nameless(call.hidden),
        )
        for call in graph.calls
    )
    edges = tuple(
        replace(edge, source=there(edge.source), target=there(edge.target)) for edge in graph.edges
    )
    return CallGraph(
        calls, edges, tuple(ids[id_] for id_ in graph.inputs), tuple(map(there, graph.outputs))
    )


def _stub(call: Call, index: int) -> Call:
    number = f" {index + 1}" if len(call.inputs) > 1 else ""
    return Call(
        id=f"\0input{number}",
        name=f"input{number}",
        module="",
        qualname="Input",
        kind=CallKind.STUB,
        inputs=(),
        outputs=(call.inputs[index],),
        layer="",
    )
