"""Which tensors go from call to call in both of two graphs, and which in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, Edge, Port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinxcontrib_kerasgraph.compare.match import Matching, Place
    from sphinxcontrib_kerasgraph.graph import CallGraph

    #: An output or input of a call, by the call's new id.
    _Port = tuple[str, int]
    #: What tells tensors of a graph apart: from where to where, and whether in the next step.
    _Key = tuple[_Port, _Port, bool]


@dataclass(frozen=True)
class End:
    """Where a tensor's route begins or ends."""

    #: The call; or the block around the route, whose input is a source and whose output a target.
    call: Place
    #: Which of the call's outputs or inputs, from 0.
    index: int


@dataclass(frozen=True)
class Route:
    """The route of a tensor between calls that both models have."""

    #: The block in which it is; `MODEL` where it is in none.
    block: Place
    source: End
    target: End
    #: Whether the tensor goes to the next step of a loop.
    recurrent: bool = False


@dataclass(frozen=True)
class TensorMatch:
    """A tensor that goes from one call to another, in both of two graphs or in one of them.

    An edge to an input of `BLOCK` stands for an output of the graph.
    """

    #: The edge in the old graph, and in the new one; ``None`` where the tensor doesn't go there.
    old: Edge | None
    new: Edge | None
    #: Its route; ``None`` if a call that only one graph has is at an end of it.
    route: Route | None = None
    #: Whether calls that only one graph has account for a tensor that only one has: they are at an
    #: end of it, or in the other graph one of them makes what goes there.
    explained: bool = False
    #: Without a route, the end of it that is a call of both graphs, or the block around.
    source: End | None = None
    target: End | None = None

    @property
    def is_output(self) -> bool:
        """Whether it leaves the graph."""
        edge = self.old or self.new
        return edge is not None and edge.target.call == BLOCK


def matched_tensors(matching: Matching) -> tuple[TensorMatch, ...]:
    """The tensors of two graphs: those of the old one alone, of the new one alone, of both.

    Not those inside blocks, which are matched in the block's own matching.
    """
    old = _Side(matching.old, matching.names)
    new = _Side(matching.new, {pair.new.id: pair.new.id for pair in matching.pairs})
    places = {BLOCK: matching.place} | {pair.new.id: pair.place for pair in matching.pairs}

    def apart(old: Edge | None, new: Edge | None, side: _Side) -> TensorMatch:
        ends: list[End | None] = []
        for port in (edge.source, edge.target) if (edge := old or new) else ():
            name = side.names.get(port.call)
            ends.append(None if name is None else End(places[name], port.index))
        return TensorMatch(old, new, None, explained=True, source=ends[0], target=ends[1])

    def route(key: _Key) -> Route:
        (source, output), (target, at), recurrent = key
        return Route(
            matching.place, End(places[source], output), End(places[target], at), recurrent
        )

    gone, come = _sorted(old.edges.keys() - new.edges), _sorted(new.edges.keys() - old.edges)
    both = _sorted(old.edges.keys() & new.edges)
    return (
        *(apart(edge, None, old) for edge in old.apart),
        *(TensorMatch(old.edges[key], None, route(key), new.explains(key)) for key in gone),
        *(apart(None, edge, new) for edge in new.apart),
        *(TensorMatch(None, new.edges[key], route(key), old.explains(key)) for key in come),
        *(TensorMatch(old.edges[key], new.edges[key], route(key)) for key in both),
    )


class _Side:
    """The tensors of one of the graphs."""

    def __init__(self, graph: CallGraph, names: Mapping[str, str]) -> None:
        """``names`` has the new ids of those calls that both graphs have."""
        self.names = names = {BLOCK: BLOCK, **names}
        #: Those between calls that both graphs have.
        self.edges: dict[_Key, Edge] = {}
        #: All others.
        self.apart: list[Edge] = []
        #: The inputs that come from calls of this graph alone; and whether from the step before.
        self._entered: set[tuple[_Port, bool]] = set()
        for edge in _edges(graph):
            source, target = _named(edge.source, names), _named(edge.target, names)
            if source is not None and target is not None:
                self.edges[source, target, edge.recurrent] = edge
                continue
            self.apart.append(edge)
            if target is not None:
                self._entered.add((target, edge.recurrent))

    def explains(self, key: _Key) -> bool:
        """Whether a call that this graph alone has makes what goes where one of the other goes."""
        return key[1:] in self._entered


def _edges(graph: CallGraph) -> Iterator[Edge]:
    yield from graph.edges
    for at, port in enumerate(graph.outputs):
        yield Edge(port, Port(BLOCK, at))


def _named(port: Port, names: Mapping[str, str]) -> _Port | None:
    """The port by the call's new id, if both graphs have the call."""
    return (names[port.call], port.index) if port.call in names else None


def _sorted(keys: set[_Key]) -> list[_Key]:
    return sorted(keys, key=_order)


def _order(key: _Key) -> _Key:
    """By the calls' ids; outputs come where a call of the name ``-`` would."""
    source, (target, at), recurrent = key
    return source, (target or "-", at), recurrent
