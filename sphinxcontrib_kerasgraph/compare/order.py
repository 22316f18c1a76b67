"""An order of the calls of two graphs in which both can be drawn as one, without a cycle."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.align import rising

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import CallGraph

    #: Which calls of two graphs are one, by their places in these.
    Pairs = dict[int, int]
    #: Where a call stands in the old graph and in the new one; ``None`` where it isn't there.
    Match = tuple[int | None, int | None]


def read_order(graph: CallGraph) -> list[int]:
    """The places of the calls in an order that tells of what leads to what alone.

    From the outputs, each call after all that its inputs come from, the first input first: what
    is in a branch stands together, and the order in which the calls were made is no matter.
    """
    places, into = graph.places, graph.edges_into
    found: list[int] = []
    seen: set[int] = set()
    ends = [places[port.call] for port in graph.outputs if port.call in places]
    waiting = [*range(len(graph.calls) - 1, -1, -1), *reversed(ends)]
    stack = [(at, False) for at in waiting]
    while stack:
        at, done = stack.pop()
        if done:
            found.append(at)
        elif at not in seen:
            seen.add(at)
            stack.append((at, True))
            edges = into.get(graph.calls[at].id, ())
            stack += [
                (places[edge.source.call], False)
                for edge in reversed(edges)
                if not edge.recurrent and edge.source.call in places
            ]
    return found


def steps(graph: CallGraph) -> list[list[int]]:
    """For each call the places of those after it that take its outputs."""
    places = graph.places
    found: list[list[int]] = [[] for _ in graph.calls]
    for edge in graph.edges:
        source, target = places.get(edge.source.call, -1), places.get(edge.target.call, -1)
        if 0 <= source < target and not edge.recurrent:
            found[source].append(target)
    return found


class Both:
    """Two graphs as one, of which some calls are the same."""

    def __init__(self, old: CallGraph, new: CallGraph) -> None:
        self._sizes = len(old.calls), len(new.calls)
        self._steps = steps(old), steps(new)

    def without_cycles(self, pairs: Mapping[int, int]) -> Pairs:
        """As many of the pairs as make no cycle: calls in another order are no pairs."""
        if self._order(pairs) is not None:
            return dict(pairs)
        kept = dict(pairs)
        for group in self._circles(pairs):
            # Those inside of it that stand in the same order in both make none.
            places = sorted(old for old, is_old in group if is_old and old in pairs)
            stay = {places[at] for at in rising([pairs[old] for old in places])}
            for old in places:
                if old not in stay:
                    del kept[old]
        for old in [old for old in pairs if old not in kept][:_TRIED]:
            more = {**kept, old: pairs[old]}
            if self._order(more) is not None:
                kept = more
        return kept

    def allows(self, pairs: Mapping[int, int]) -> bool:
        """Whether these make no cycle."""
        return self._order(pairs) is not None

    def order(self, pairs: Mapping[int, int]) -> list[Match]:
        """All calls of both, each after those whose outputs it takes in either of the graphs.

        As near to the order of the old graph as that can be, and added ones where they stand in
        the new one. ``pairs`` make no cycle.
        """
        found = self._order(pairs)
        if found is None:
            raise ValueError("the pairs make a cycle")
        return found

    def _node(self, pairs: Mapping[int, int]) -> tuple[list[Match], list[list[int]]]:
        """The calls of both, and the numbers of those that take their outputs."""
        back = {new: old for old, new in pairs.items()}
        nodes: list[Match] = [(old, pairs.get(old)) for old in range(self._sizes[0])]
        number = {}
        for new in range(self._sizes[1]):
            if new in back:
                number[new] = back[new]
            else:
                number[new] = len(nodes)
                nodes.append((None, new))
        to = [[*targets] for targets in self._steps[0]]
        to += [[] for _ in range(len(nodes) - len(to))]
        for new, targets in enumerate(self._steps[1]):
            to[number[new]] += [number[one] for one in targets]
        return nodes, to

    def _order(self, pairs: Mapping[int, int]) -> list[Match] | None:
        nodes, to = self._node(pairs)
        keys = self._keys(nodes, pairs)
        open_ = [0] * len(nodes)
        for targets in to:
            for one in targets:
                open_[one] += 1
        ready: list[tuple[tuple[int, int, int], int]] = []
        for at, count in enumerate(open_):
            if not count:
                heappush(ready, (keys[at], at))
        found = []
        while ready:
            _, at = heappop(ready)
            found.append(nodes[at])
            for one in to[at]:
                open_[one] -= 1
                if not open_[one]:
                    heappush(ready, (keys[one], one))
        return found if len(found) == len(nodes) else None

    def _keys(self, nodes: Sequence[Match], pairs: Mapping[int, int]) -> list[tuple[int, int, int]]:
        """By which calls stand where they can: added ones before the next that both have."""
        back = {new: old for old, new in pairs.items()}
        before: dict[int, int] = {}
        next_ = self._sizes[0]
        for new in range(self._sizes[1] - 1, -1, -1):
            next_ = back.get(new, next_)
            before[new] = next_
        return [
            (before[new], 0, new) if old is None and new is not None else (old or 0, 1, 0)
            for old, new in nodes
        ]

    def _circles(self, pairs: Mapping[int, int]) -> Iterator[list[tuple[int, bool]]]:
        """The calls that lead to each other, whether in the old graph; Tarjan's algorithm."""
        nodes, to = self._node(pairs)
        index: dict[int, int] = {}
        low: dict[int, int] = {}
        held: list[int] = []
        holds: set[int] = set()
        for root in range(len(nodes)):
            if root in index:
                continue
            work = [(root, iter(to[root]))]
            index[root] = low[root] = len(index)
            held.append(root)
            holds.add(root)
            while work:
                at, targets = work[-1]
                for one in targets:
                    if one not in index:
                        index[one] = low[one] = len(index)
                        held.append(one)
                        holds.add(one)
                        work.append((one, iter(to[one])))
                        break
                    if one in holds:
                        low[at] = min(low[at], index[one])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[at])
                    if low[at] == index[at]:
                        group = []
                        while True:
                            one = held.pop()
                            holds.discard(one)
                            group.append(one)
                            if one == at:
                                break
                        if len(group) > 1:
                            yield [(nodes[one][0] or 0, nodes[one][0] is not None) for one in group]


#: So many calls that are in another order are tried whether they can be pairs beside each other.
_TRIED = 40
