"""Takes back what folding and fusing made of a graph: every call of every group, in its place."""

from __future__ import annotations

from collections import Counter
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
        #: The ids of calls that aren't in the graph.
        self._lacking: set[str] = set()

    def add(self, graph: CallGraph, entering: Mapping[int, Port]) -> tuple[Port, ...]:
        """Take in a graph whose inputs come from there; return where its outputs come from."""
        made: dict[Port, Port] = {}

        def source(port: Port) -> Port:
            if port.call == BLOCK:
                return entering.get(port.index, port)
            return made.get(port, port)

        for call in graph.calls:
            if call.id in self._lacking:
                continue
            edges = [
                replace(edge, source=source(edge.source))
                for edge in graph.edges_into.get(call.id, ())
            ]
            group = call.group
            if group is None:
                self._calls.append(_opened(call))
                self._edges += edges
                continue
            self._lacking |= group.lacking
            taken = {edge.target.index: edge.source for edge in edges}
            left: list[tuple[Port, ...]] = []
            for number, copy in enumerate(group.copies):
                entering_it = {}
                for index, output in enumerate(group.carried):
                    if output is not None and number:
                        entering_it[index] = left[-1][output]
                    else:
                        own = group.inputs_of(index)
                        entering_it[index] = taken[own[number if len(own) > 1 else 0]]
                left.append(self.add(copy, entering_it))
            nth: Counter[int] = Counter()
            for index in range(len(call.outputs)):
                output = group.output_inside(index)
                of_copy = nth[output] if group.is_gathered(output) else -1
                made[Port(call.id, index)] = left[of_copy][output]
                nth[output] += 1
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
