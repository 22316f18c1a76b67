"""The calls of a graph as a sequence, in which what belongs together stands together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


#: What so many calls take may be put before all of them.
_MANY_USES = 3


@dataclass(frozen=True)
class Incoming:
    """One edge into a call of a sequence of calls."""

    #: The place of the source in the sequence; -1 for an input of the block around it.
    position: int
    #: Which of its outputs; or which input of the block.
    port: int


class EdgesByPlace:
    """The edges of a graph, by the places of its calls."""

    def __init__(self, graph: CallGraph) -> None:
        places = graph.places
        #: For each call, the edges into it.
        self.incoming: list[list[Incoming]] = [[] for _ in graph.calls]
        #: For each call, what these edges are to it: which input, which argument, marked how.
        self.roles: list[list[tuple[object, ...]]] = [[] for _ in graph.calls]
        #: Where the outputs come from.
        self.outgoing = [(places.get(port.call, -1), port.index) for port in graph.outputs]
        #: The calls that no group takes in: inputs, what stands for calls beyond the part that is
        #: shown, and the ends of edges to the next step.
        self.alone = {
            at
            for at, call in enumerate(graph.calls)
            if call.id in graph.inputs or call.kind in {CallKind.STUB, CallKind.SUBMODEL}
        }
        for edge in graph.edges:
            source, target = places.get(edge.source.call, -1), places[edge.target.call]
            self.incoming[target].append(Incoming(source, edge.source.index))
            self.roles[target].append((edge.target.index, edge.argument, edge.marks.distinction))
            if edge.recurrent:
                self.alone |= {source, target}


def last_uses(
    incoming: Sequence[Sequence[Incoming]], outgoing: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """For each tensor, by the place and port of its source, the last place that takes it.

    That is the number of calls for an output.
    """
    last = {
        (edge.position, edge.port): place for place, edges in enumerate(incoming) for edge in edges
    }
    return last | dict.fromkeys(outgoing, len(incoming))


def crossing(last: Mapping[tuple[int, int], int], number: int) -> list[int]:
    """For each of so many places, how many tensors go from before it to it or beyond."""
    steps = [0] * (number + 2)
    for (position, _), place in last.items():
        steps[position + 1] += 1
        steps[place + 1] -= 1
    return list(accumulate(steps[: number + 1]))


def in_sequence(graph: CallGraph) -> CallGraph:
    """The graph with its calls in the order of `linear`, unless a view has put them in order."""
    if graph.order is not None:
        return graph
    calls = tuple(graph.calls[place] for place in linear(graph))
    edges = tuple(edge for call in calls for edge in graph.edges_into.get(call.id, ()))
    order = tuple(call.id for call in graph.calls)
    return CallGraph(calls, edges, graph.inputs, graph.outputs, order)


def linear(graph: CallGraph) -> list[int]:
    """A topological order of the calls in which each comes as late as its first use allows.

    So a branch stands as a whole, and a block after all of the block before it. What many blocks
    take comes before all of them. The order depends on the structure alone, and is alike for what
    is alike.
    """
    places = graph.places
    sources: list[list[int]] = [[] for _ in graph.calls]
    #: The length of the longest way to each call.
    depth = [0] * len(graph.calls)
    for edge in graph.edges:  # those into a call come after those into its sources
        if edge.source.call != BLOCK and not edge.recurrent:
            source, target = places[edge.source.call], places[edge.target.call]
            sources[target].append(source)
            depth[target] = max(depth[target], depth[source] + 1)
    # The longest way first: what is further on takes longer, such as a cell that takes what two
    # cells before it made, one after the other.
    for row in sources:
        row.sort(key=lambda source: -depth[source])
    inputs = [places[id_] for id_ in graph.inputs]
    outputs = [places[port.call] for port in graph.outputs if port.call != BLOCK]
    roots = [*inputs, *outputs, *range(len(graph.calls))]
    order, began = _after_sources(sources, roots)
    collected = _collected(graph, sources, depth, order, began)
    groups = [group for told in collected.values() for group in told]
    order = _put_early(sources, _hoisted(sources, order, began), groups)
    for collector in collected:
        order = _put_late(sources, order, collector)
    return order


def _after_sources(
    sources: Sequence[Sequence[int]], roots: Iterable[int]
) -> tuple[list[int], list[int]]:
    """Each after its sources; and for each, where that began which was put there for its sake."""
    order: list[int] = []
    began = [-1] * len(sources)
    for root in roots:
        if began[root] >= 0:
            continue
        began[root] = len(order)
        waiting = [(root, iter(sources[root]))]
        while waiting:
            at, rest = waiting[-1]
            source = next((one for one in rest if began[one] < 0), -1)
            if source < 0:
                order.append(at)
                waiting.pop()
            else:
                began[source] = len(order)
                waiting.append((source, iter(sources[source])))
    return order, began


def _hoisted(sources: Sequence[Sequence[int]], order: list[int], began: Sequence[int]) -> list[int]:
    """The order with what is taken over a long stretch put where its sources first allow it.

    Else a memory that all blocks of a decoder take would stand in the first of these blocks.
    """
    place = _places(order)
    uses: list[list[int]] = [[] for _ in order]
    for call, row in enumerate(sources):
        for source in row:
            uses[source].append(place[call])
    moves = []
    for call, users in enumerate(uses):
        if len(users) < _MANY_USES:
            continue
        start = began[call]
        group = order[start : place[call] + 1]
        before = [place[one] for member in group for one in sources[member] if place[one] < start]
        earliest = max(before, default=-1) + 1
        if 0 < start - earliest < max(users) - min(users):
            moves.append((earliest, start, place[call] + 1))
    # From the end on, so that what is still to be moved keeps its place.
    moved: set[int] = set()
    for earliest, start, stop in sorted(moves, key=lambda move: -move[1]):
        if moved.isdisjoint(range(earliest, stop)):
            order[earliest:stop] = [*order[start:stop], *order[earliest:start]]
            moved.update(range(earliest, stop))
    return order


def _collected(
    graph: CallGraph,
    sources: Sequence[Sequence[int]],
    depth: Sequence[int],
    order: Sequence[int],
    began: Sequence[int],
) -> dict[int, list[set[int]]]:
    """What each of many blocks tells aside, by the later call that collects it.

    That takes outputs of calls of one class that come one after the other. What is told aside is
    all that leads up to such an output, and nowhere else.
    """
    place = _places(order)
    users: list[list[int]] = [[] for _ in order]
    for call, row in enumerate(sources):
        for source in row:
            users[source].append(call)
    found: dict[int, list[set[int]]] = {}
    for collector, row in enumerate(sources):
        alike: dict[str, list[int]] = defaultdict(list)
        for source in row:
            if len(users[source]) == 1:
                alike[graph.calls[source].class_name].append(source)
        for collected in alike.values():
            depths = {depth[one] for one in collected}
            if len(depths) < max(len(collected), _MANY_USES):
                continue
            groups = []
            for last in sorted(collected, key=depth.__getitem__):
                group = {last}
                for one in reversed(order[began[last] : place[last]]):
                    if group.issuperset(users[one]):
                        group.add(one)
                groups.append(group)
            # All of the last block may lead up to what it tells aside, and nowhere else.
            if len(groups[-1]) > max(map(len, groups[:-1])):
                groups.pop()
            found.setdefault(collector, []).extend(groups)
    return found


def _put_early(
    sources: Sequence[Sequence[int]], order: Sequence[int], groups: Iterable[set[int]]
) -> list[int]:
    """The order with each group directly after what it takes.

    Else what many blocks tell aside would stand in a heap before the call that collects it.
    """
    place = _places(order)
    moved: set[int] = set()
    taken: set[int] = set()
    behind: dict[int, list[int]] = defaultdict(list)
    for group in groups:
        before = {one for member in group for one in sources[member]}.difference(group)
        if (
            before
            and moved.isdisjoint(before)
            and taken.isdisjoint(group)
            and moved.isdisjoint(group)
        ):
            moved.update(group)
            taken |= before
            behind[max(before, key=place.__getitem__)] += sorted(group, key=place.__getitem__)
    made: list[int] = []
    for call in order:
        if call not in moved:
            made += [call, *behind.get(call, ())]
    return made


def _put_late(sources: Sequence[Sequence[int]], order: Sequence[int], call: int) -> list[int]:
    """The order with a call, and all that needs it, after all else.

    Else it might stand in the middle of the last of many blocks.
    """
    needing = {call}
    for one in order:
        if not needing.isdisjoint(sources[one]):
            needing.add(one)
    return sorted(order, key=needing.__contains__)


def _places(order: Sequence[int]) -> list[int]:
    """Where each call stands."""
    place = [0] * len(order)
    for at, call in enumerate(order):
        place[call] = at
    return place
