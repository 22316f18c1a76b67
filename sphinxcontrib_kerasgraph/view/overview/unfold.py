"""Takes back what folding and fusing made of a graph: every call of every group, in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, Edge, ModelGraph, Port

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def unfold(graph: ModelGraph) -> ModelGraph:
    """The graph that `fold` and `fuse` were given: every call of every group, in its place."""
    return replace(graph, graph=_unfolded(graph.graph))


def _unfolded(graph: CallGraph) -> CallGraph:
    """The graph without groups, at any depth."""
    if graph.order is not None:
        flat = _Flat()
        outputs = flat.add(graph, {})
        return flat.in_order(graph.order, graph.inputs, outputs)
    calls = tuple(map(_opened, graph.calls))
    return graph if calls == graph.calls else replace(graph, calls=calls)


def _opened(call: Call) -> Call:
    return call if call.body is None else replace(call, body=_unfolded(call.body))


class _Flat:
    """Calls and edges of a graph, those in its groups included."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._edges: list[Edge] = []

    def add(self, graph: CallGraph, entering: Mapping[int, Port]) -> tuple[Port, ...]:
        """Take in a graph whose inputs come from there; return where its outputs come from."""
        made: dict[Port, Port] = {}

        def source(port: Port) -> Port:
            if port.call == BLOCK:
                return entering.get(port.index, port)
            return made.get(port, port)

        for call in graph.calls:
            edges = [
                replace(edge, source=source(edge.source))
                for edge in graph.edges_into.get(call.id, ())
            ]
            group = call.group
            if group is None:
                self._calls.append(_opened(call))
                self._edges += edges
                continue
            taken = {edge.target.index: edge.source for edge in edges}
            for copy in group.copies:
                left = self.add(copy, taken)
                taken = {
                    index: taken[index] if output is None else left[output]
                    for index, output in enumerate(group.carried)
                }
            for index, port in enumerate(left):
                made[Port(call.id, index)] = port
        return tuple(map(source, graph.outputs))

    def in_order(
        self, order: Iterable[str], inputs: tuple[str, ...], outputs: tuple[Port, ...]
    ) -> CallGraph:
        places = {id_: at for at, id_ in enumerate(order)}
        calls = sorted(self._calls, key=lambda call: places[call.id])
        edges = sorted(
            self._edges,
            key=lambda edge: (places[edge.target.call], edge.target.index, edge.recurrent),
        )
        return CallGraph(tuple(calls), tuple(edges), inputs, outputs)
