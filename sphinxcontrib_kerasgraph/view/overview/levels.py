"""The graphs in which parts are sought: the model's, and those of the first of repetitions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallGraph, GroupKind
from sphinxcontrib_kerasgraph.view.overview.fuse import joints
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Joint, Run
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.graph.similarity import Similarity


@dataclass
class Level:
    """A graph in which parts are sought: the model's, or that of the first of repetitions."""

    graph: CallGraph
    #: Where it is: the places of the folds that it is in.
    path: tuple[int, ...]
    by_place: EdgesByPlace
    #: The same for calls that are alike.
    keys: list[int]
    #: 1 for a call that is the first of a box.
    weights: list[int]
    #: For each call, who takes its outputs; the number of calls stands for the outside.
    uses: list[set[int]]
    #: The parts in it.
    cells: list[Cell] = field(default_factory=list)
    #: The calls of all of these.
    taken: set[int] = field(default_factory=set)

    def shape(self, at: int, depth: int) -> Hashable:
        """What a call, and so many calls before it, are like."""
        if at < 0 or not depth:
            return self.keys[at] if at >= 0 else None
        sources = (self.shape(edge.position, depth - 1) for edge in self.by_place.incoming[at])
        return (self.keys[at], *sources)


@dataclass(frozen=True)
class Cell:
    """One of the places of a part."""

    level: Level
    #: Its calls, in the same order in all places of the part.
    places: tuple[int, ...]
    #: The join that they lead to.
    join: int
    #: For each edge into one of these calls from outside, the number of the tensor: the same for
    #: tensors that are the same in all places of the part.
    tensors: Mapping[tuple[int, int], int]
    letter: str = ""

    @property
    def where(self) -> tuple[int, ...]:
        """Sorts as the drawing goes."""
        return (*self.level.path, self.join)


class Levels:
    """All levels of a folded graph, by the places of the folds that they are in."""

    def __init__(self, graph: CallGraph, similarity: Similarity) -> None:
        self._graph = graph
        self._similarity = similarity
        self._levels: dict[tuple[int, ...], Level] = {}
        self._read(graph, ())

    def __iter__(self) -> Iterator[Level]:
        """The levels, each before those in its folds."""
        return iter(self._levels.values())

    def _read(self, graph: CallGraph, path: tuple[int, ...]) -> None:
        by_place = EdgesByPlace(graph)
        uses: list[set[int]] = [set() for _ in graph.calls]
        taken: list[set[int]] = [set() for _ in graph.calls]
        users = [
            (edge.position, edge.port, user)
            for user, edges in enumerate(by_place.incoming)
            for edge in edges
        ]
        users += [(place, port, len(graph.calls)) for place, port in by_place.outgoing]
        for place, port, user in users:
            if place >= 0:
                uses[place].add(user)
                taken[place].add(port)
        keys = [
            -1
            if at in by_place.alone
            # A part hands on the same outputs wherever it is.
            else self._similarity.of_all(
                (call,), (*by_place.roles[at], *shared_layers(call), frozenset(taken[at]))
            )
            for at, call in enumerate(graph.calls)
        ]
        weights = [int(joint in {Joint.FORK, Joint.BLOCK}) for joint in joints(graph, by_place)]
        self._levels[path] = Level(graph, path, by_place, keys, weights, uses)
        for at, call in enumerate(graph.calls):
            if call.is_group(GroupKind.FOLD, GroupKind.BESIDE):
                self._read(call.bodies[0], (*path, at))

    def with_parts(self, parts: Mapping[str, Sequence[Cell]]) -> CallGraph:
        """The graph with a group in the place of each cell, with the letter of its part."""
        if not parts:
            return self._graph
        for letter, cells in parts.items():
            for cell in cells:
                cell.level.cells.append(replace(cell, letter=letter))
        return self._grouped([self._graph], ())[0]

    def _grouped(self, graphs: Sequence[CallGraph], path: tuple[int, ...]) -> list[CallGraph]:
        """Graphs of the structure of the level at that path, with its parts."""
        level = self._levels[path]
        for at, call in enumerate(level.graph.calls):
            if call.is_group(GroupKind.FOLD, GroupKind.BESIDE):
                copies = [copy for graph in graphs for copy in graph.calls[at].bodies]
                made = iter(self._grouped(copies, (*path, at)))
                graphs = [_with_bodies(graph, at, made) for graph in graphs]
        return [_cut(graph, level) for graph in graphs] if level.cells else list(graphs)


def _cut(graph: CallGraph, level: Level) -> CallGraph:
    """The graph with a group in the place of each part."""
    cells = {cell.join: cell for cell in level.cells}
    order: list[int] = []
    found: list[tuple[int, Cell]] = []
    for at in range(len(graph.calls)):
        if at in cells:
            # All that leads to the join comes just before it, since nothing else takes it.
            found.append((len(order), cells[at]))
            order += cells[at].places
        elif at not in level.taken:
            order.append(at)
    calls = tuple(graph.calls[at] for at in order)
    edges = tuple(edge for call in calls for edge in graph.edges_into.get(call.id, ()))
    ordered = replace(graph, calls=calls, edges=edges)
    incoming = EdgesByPlace(ordered).incoming
    runs = []
    for start, cell in found:
        run = Run.once(incoming, start, start + len(cell.places))
        rules = [
            [
                (*rule, cell.tensors[place, index]) if isinstance(rule, tuple) else rule
                for index, rule in enumerate(row)
            ]
            for place, row in zip(cell.places, run.rules, strict=True)
        ]
        runs.append(replace(run, rules=rules))
    grouped = Grouping(ordered, runs, GroupKind.PART).graph()
    letters = iter([cell.letter for _, cell in found])
    calls = tuple(
        replace(call, group=replace(call.group, letter=next(letters)))
        if call.group is not None and call.is_group(GroupKind.PART) and not call.group.letter
        else call
        for call in grouped.calls
    )
    return replace(grouped, calls=calls)


def _with_bodies(graph: CallGraph, at: int, bodies: Iterator[CallGraph]) -> CallGraph:
    """The graph with these, as many as it needs, inside of the call at that place."""
    call = graph.calls[at]
    made = call.with_bodies(islice(bodies, len(call.bodies)))
    return replace(graph, calls=(*graph.calls[:at], made, *graph.calls[at + 1 :]))


def shared_layers(call: Call) -> Iterator[str]:
    """The layers of a call, and of all that is inside, whose weights others have, too."""
    if call.shared:
        yield call.layer
    for body in call.bodies:
        for inner in body.calls:
            yield from shared_layers(inner)
