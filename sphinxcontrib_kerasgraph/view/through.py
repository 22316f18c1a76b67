"""Wrappers that only hand on to one network are seen through: they cost no level and no frame."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind, Port
from sphinxcontrib_kerasgraph.view.patterns import matches

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, Edge, ModelGraph
    from sphinxcontrib_kerasgraph.options import SelectOptions

#: What is a network, or hands on to one. What Keras's own layers do inside is a matter of theirs.
_NETWORKS = {CallKind.MODEL, CallKind.CUSTOM}


def see_through(graph: ModelGraph, options: SelectOptions) -> tuple[ModelGraph, tuple[str, ...]]:
    """The graph with the calls of a network in the place of it where all around only hands on.

    Their paths stay what they are. The calls around tell of it in `Call.through`; the names are
    those of networks that the whole model hands on to. A network that a pattern means is left.
    """
    asked = (*options.expand, *options.collapse, *options.hide, *options.from_, *options.to)
    seen = _Through(asked, models_alone=options.expand_nested)
    whole, through = seen.shown(graph.graph, "")
    network = _network(graph.graph) if through else None
    if network is not None and network.kind is not CallKind.MODEL:
        # Whose layers have the names that Keras made, and not those that an author has seen.
        graph = replace(graph, model_type="Model")
    return replace(graph, graph=whole), through


class _Through:
    def __init__(self, asked: tuple[str, ...], *, models_alone: bool) -> None:
        self._asked = asked
        self._models_alone = models_alone

    def shown(self, graph: CallGraph, prefix: str) -> tuple[CallGraph, tuple[str, ...]]:
        """The graph, at any depth, and the networks that it is seen through to, the first first."""
        graph = self._inside(graph, prefix)
        network = _network(graph)
        if network is None or network.body is None:
            return graph, ()
        if matches(network, f"{prefix}{network.id}", self._asked) or (
            prefix and self._models_alone and network.kind is not CallKind.MODEL
        ):
            return graph, ()
        name = f"{network.id} ({network.class_name})"
        return _spliced(graph, network, network.body), (name, *network.through)

    def _call(self, call: Call, path: str) -> Call:
        if call.body is None or call.group is not None:
            return call
        through: tuple[str, ...] = ()
        if call.kind not in _NETWORKS:  # which does more than to hand on, or is what is drawn
            body = self._inside(call.body, f"{path}/")
        else:
            body, through = self.shown(call.body, f"{path}/")
        return call if body is call.body else replace(call, body=body, through=through)

    def _inside(self, graph: CallGraph, prefix: str) -> CallGraph:
        calls = tuple(self._call(call, f"{prefix}{call.id}") for call in graph.calls)
        same = all(map(operator.is_, calls, graph.calls))
        return graph if same else replace(graph, calls=calls)


def _network(graph: CallGraph) -> Call | None:
    """The only call beside inputs, if it is a network that takes them and makes all outputs."""
    others = [call for call in graph.calls if call.kind is not CallKind.INPUT]
    if len(others) != 1:
        return None
    (network,) = others
    body = network.body
    if body is None or not body.calls or network.kind not in _NETWORKS:
        return None
    # What no call inside takes, such as a mask, goes to the network as a whole.
    sources = (*(edge.source for edge in body.edges), *body.outputs)
    taken = {port.index for port in sources if port.call == BLOCK}
    made = tuple(Port(network.id, at) for at in range(len(network.outputs)))
    into = graph.edges_into.get(network.id, ())
    is_plain = (
        not any(network.output_names)
        and graph.outputs == made
        and not any(edge.recurrent for edge in graph.edges)
        and len(into) == len(network.inputs) == len(taken) > 0
    )
    return network if is_plain else None


def _spliced(graph: CallGraph, network: Call, body: CallGraph) -> CallGraph:
    """The graph with the calls of a network's body; inputs of the network are those around."""
    around = {edge.target.index: edge.source for edge in graph.edges_into[network.id]}
    entries = {
        edge.target.call: edge.source
        for edge in body.edges
        if edge.source.call == BLOCK and body[edge.target.call].kind is CallKind.INPUT
    }

    def there(port: Port) -> Port:
        port = entries.get(port.call, port)
        return around[port.index] if port.call == BLOCK else _inner(network, port)

    calls = tuple(
        replace(call, id=f"{network.id}/{call.id}") for call in body.calls if call.id not in entries
    )
    edges: list[Edge] = [
        replace(edge, source=there(edge.source), target=_inner(network, edge.target))
        for edge in body.edges
        if edge.target.call not in entries
    ]
    return CallGraph(
        (*(call for call in graph.calls if call is not network), *calls),
        (*(edge for edge in graph.edges if edge.target.call != network.id), *edges),
        graph.inputs,
        tuple(map(there, body.outputs)),
    )


def _inner(network: Call, port: Port) -> Port:
    return replace(port, call=f"{network.id}/{port.call}")
