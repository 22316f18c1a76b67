"""Finds branches that are alike and stand side by side: experts, towers, the inputs of a table.

The last calls of such branches are alike, and go to the same calls in order. A branch is all that
leads to its last call alone. Wherever it takes something from outside, all branches take the same
tensor, or each its own of the same kind.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import FOLLOWERS, CallKind
from sphinxcontrib_kerasgraph.view.overview.repeats import Run
from sphinxcontrib_kerasgraph.view.overview.wiring import Own, State

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import CallGraph
    from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace
    from sphinxcontrib_kerasgraph.view.overview.wiring import Outside, Rule

#: Two branches are drawn as two.
_LEAST = 3
#: A branch of so many layers may take what calls make that come one after the other.
_LEAST_ALONG = 3
#: What is never the last call of a branch.
_NEVER_LAST = {CallKind.CONSTANT, CallKind.WEIGHT}


@dataclass(frozen=True)
class Branches:
    """Branches that are alike, by the places of their calls."""

    #: The calls of each, in the same order.
    copies: tuple[tuple[int, ...], ...]
    #: For each call of a branch, for each edge into it, where it is from.
    rules: tuple[tuple[Rule, ...], ...]
    #: The outputs that are taken: the number of the call in its branch, and the port.
    gathered: frozenset[tuple[int, int]]

    @property
    def last(self) -> int:
        """The place of the last call of them all."""
        return max(max(copy) for copy in self.copies)


def find_branches(
    graph: CallGraph, by_place: EdgesByPlace, keys: Sequence[int], *, along: bool
) -> list[Branches]:
    """Branches of which none has a call in common with others.

    ``keys`` tells which calls are alike, -1 what must stay alone; of these the inputs of a model
    are alike if they have the same shape and dtype. ``along`` if branches may take what calls make
    that come one after the other, as the levels of a pyramid do.
    """
    return _Finder(graph, by_place, keys, along=along).found()


def in_place(graph: CallGraph, found: Sequence[Branches]) -> tuple[CallGraph, list[Run]]:
    """The graph with the calls of branches one after the other, and the runs that these are."""
    taken = {at for branches in found for copy in branches.copies for at in copy}
    whole = {branches.last: branches for branches in found}
    order: list[int] = []
    starts: list[tuple[int, Branches]] = []
    for at in range(len(graph.calls)):
        if at in whole:
            starts.append((len(order), whole[at]))
            order += [one for copy in whole[at].copies for one in copy]
        elif at not in taken:
            order.append(at)
    now = {at: place for place, at in enumerate(order)}
    calls = tuple(graph.calls[at] for at in order)
    edges = tuple(edge for call in calls for edge in graph.edges_into.get(call.id, ()))
    runs = []
    for start, branches in starts:
        rules = [[_moved(rule, now) for rule in row] for row in branches.rules]
        length, count = len(rules), len(branches.copies)
        saved = length * (count - 1)
        runs.append(Run(start, length, count, rules, {}, saved, branches.gathered))
    return replace(graph, calls=calls, edges=edges), runs


def _moved(rule: Rule, now: Mapping[int, int]) -> Rule:
    """The rule, where the calls have other places now."""
    if isinstance(rule, State):
        return rule
    if isinstance(rule, Own):
        return Own(tuple((now.get(at, at), port) for at, port in rule.sources))
    at, port = rule
    return now.get(at, at), port


@dataclass(frozen=True)
class _Branch:
    """One branch, from its last call on."""

    places: tuple[int, ...]
    #: What it is like, edges included.
    form: Hashable
    #: The tensors that it takes from outside, in the order in which they are met.
    outside: tuple[Outside, ...]


class _Finder:
    def __init__(
        self, graph: CallGraph, by_place: EdgesByPlace, keys: Sequence[int], *, along: bool
    ) -> None:
        self._graph = graph
        self._keys = keys
        self._alone = by_place.alone
        self._incoming = by_place.incoming
        self._along = along
        #: Who takes each call's outputs: the output, the place, and the number of the edge into it.
        self._users: list[list[tuple[int, int, int]]] = [[] for _ in keys]
        #: The length of the longest way to each call.
        self._depth = [0] * len(keys)
        for target, edges in enumerate(self._incoming):
            for index, edge in enumerate(edges):
                source = edge.position
                if source >= 0:
                    self._users[source].append((edge.port, target, index))
                if 0 <= source < target:
                    self._depth[target] = max(self._depth[target], self._depth[source] + 1)
        for index, (source, port) in enumerate(by_place.outgoing):
            if source >= 0:
                self._users[source].append((port, len(keys), index))
        for users in self._users:
            users.sort()

    def found(self) -> list[Branches]:
        chosen: list[Branches] = []
        taken: set[int] = set()
        for lasts in self._lasts():
            found = [self._branch(last) for last in lasts]
            for branches in self._along_others(found) if self._along else self._apart(found):
                places = {at for branch in branches for at in branch.places}
                if len(branches) >= _LEAST and taken.isdisjoint(places):
                    chosen.append(self._branches(branches))
                    taken |= places
        return chosen

    def _apart(self, found: Sequence[_Branch]) -> Iterator[list[_Branch]]:
        """Those that are alike, and take the same, or what stands side by side itself."""
        alike: dict[Hashable, list[_Branch]] = defaultdict(list)
        for branch in found:
            alike[branch.form, *map(self._class_name, branch.outside)].append(branch)
        for branches in alike.values():
            taken = zip(*(branch.outside for branch in branches), strict=True)
            if all(len(set(map(self._level, tensors))) == 1 for tensors in taken):
                yield branches

    def _class_name(self, tensor: Outside) -> str:
        return self._graph.calls[tensor[0]].class_name if tensor[0] >= 0 else ""

    def _level(self, tensor: Outside) -> int:
        """How far from the inputs it is made; the same for all of what comes in."""
        at = tensor[0]
        return self._depth[at] if at >= 0 and at not in self._alone else -1

    def _along_others(self, found: Sequence[_Branch]) -> Iterator[list[_Branch]]:
        """Those that are alike, whatever they take; what leads to one of them may be left out.

        So the last of many levels leads to nothing but its own branch.
        """
        left = list(found)
        for shortest in sorted(found, key=lambda branch: len(branch.places)):
            calls = [self._graph.calls[at] for at in shortest.places]
            # What follows a layer is read as one with it.
            length = sum(1 + call.inside for call in calls if call.kind not in FOLLOWERS)
            if shortest in left and length >= _LEAST_ALONG:
                cut = [(branch, self._cut(branch, shortest)) for branch in left]
                left = [branch for branch, alike in cut if alike is None]
                yield [alike for _, alike in cut if alike is not None]

    def _cut(self, branch: _Branch, to: _Branch) -> _Branch | None:
        """The end of a branch that is like another branch."""
        places = [branch.places[0]]
        numbers = {place: at for at, place in enumerate(to.places)}
        for at, other in enumerate(to.places):
            if at == len(places):
                return None
            for edge, like in zip(self._incoming[places[at]], self._incoming[other], strict=False):
                if numbers.get(like.position) == len(places):
                    places.append(edge.position)
        members = set(places)
        if not members.issubset(branch.places) or any(
            target not in members for at in places[1:] for _, target, _ in self._users[at]
        ):
            return None
        cut = self._formed(branch.places[0], members)
        return cut if cut.form == to.form else None

    def _lasts(self) -> list[list[int]]:
        """The last calls of what may be branches, in order; the longest branches first."""
        found: dict[Hashable, list[int]] = defaultdict(list)
        for at, call in enumerate(self._graph.calls):
            users = self._users[at]
            if users and call.kind not in _NEVER_LAST and (key := self._key(at)) is not None:
                found[key, tuple((port, target) for port, target, _ in users)].append(at)
        several = [lasts for lasts in found.values() if len(lasts) >= _LEAST]
        ordered = [sorted(lasts, key=lambda at: self._users[at][0][2]) for lasts in several]
        rising = [lasts for lasts in ordered if self._rise(lasts)]
        return sorted(rising, key=lambda lasts: -min(lasts))

    def _key(self, at: int) -> Hashable:
        """The same for calls that are alike, inputs included; ``None`` for what stays alone."""
        if self._keys[at] >= 0:
            return self._keys[at]
        call = self._graph.calls[at]
        is_input = call.kind is CallKind.INPUT and call.id in self._graph.inputs
        return (call.outputs, call.marks.distinction) if is_input else None

    def _rise(self, lasts: Sequence[int]) -> bool:
        """Whether what takes their outputs takes them in the order in which they stand."""
        for edges in zip(*(self._users[at] for at in lasts), strict=True):
            indices = [index for _, _, index in edges]
            if indices != sorted(indices):
                return False
        return True

    def _branch(self, last: int) -> _Branch:
        """All that leads to a call, and to nothing else."""
        members = {last}
        waiting: list[int] = []
        seen: set[int] = set()

        def wait_for_sources(at: int) -> None:
            for edge in self._incoming[at]:
                source = edge.position
                if source >= 0 and source not in seen and source not in self._alone:
                    seen.add(source)
                    heappush(waiting, -source)

        if last not in self._alone:
            wait_for_sources(last)
        while waiting:
            at = -heappop(waiting)  # after all that may take it
            if all(target in members for _, target, _ in self._users[at]):
                members.add(at)
                wait_for_sources(at)
        return self._formed(last, members)

    def _formed(self, last: int, members: set[int]) -> _Branch:
        order = [last]
        numbers = {last: 0}
        outside: dict[tuple[int, int], int] = {}
        form = []
        for at in order:  # which grows meanwhile
            row: list[Hashable] = []
            for edge in self._incoming[at] if at not in self._alone else ():
                source = edge.position
                if source not in members:
                    number = outside.setdefault((source, edge.port), len(outside))
                    row.append(("outside", number))
                    continue
                if source not in numbers:
                    numbers[source] = len(order)
                    order.append(source)
                row.append((numbers[source], edge.port))
            form.append((self._key(at), tuple(row)))
        return _Branch(tuple(order), tuple(form), tuple(outside))

    def _branches(self, branches: Sequence[_Branch]) -> Branches:
        first = branches[0]
        # An order in which each call comes after its sources in one of them does so in all.
        ordered = sorted(range(len(first.places)), key=first.places.__getitem__)
        copies = tuple(tuple(one.places[number] for number in ordered) for one in branches)
        own = dict(
            zip(first.outside, zip(*(one.outside for one in branches), strict=True), strict=True)
        )
        rules = tuple(tuple(self._rules(at, copies[0], own)) for at in copies[0])
        last = ordered.index(0)
        gathered = frozenset((last, port) for port, _, _ in self._users[first.places[0]])
        return Branches(copies, rules, gathered)

    def _rules(
        self, at: int, places: tuple[int, ...], own: Mapping[Outside, tuple[Outside, ...]]
    ) -> Iterator[Rule]:
        """Where each edge into a call of the first branch is from."""
        for edge in self._incoming[at] if at not in self._alone else ():
            sources = own.get((edge.position, edge.port))
            if sources is None:
                yield State(places.index(edge.position), edge.port, 0)
            else:
                yield sources[0] if len(set(sources)) == 1 else Own(sources)
