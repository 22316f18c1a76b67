"""What is there several times, but not in a row, is drawn once, apart, and named by a letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice
from string import ascii_uppercase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, Edge, GroupKind, Port
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.view.overview.fuse import joints
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Joint, Run
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph

#: By how many calls before them joins are told apart, at most.
_DEEPEST = 2
#: A part of fewer boxes isn't worth a letter.
_LEAST_BOXES = 4
#: Nor is a stack of fewer layers, or in fewer places.
_LEAST_ROWS = 5
_LEAST_PLACES = 4


def set_apart(graph: ModelGraph, *, exact: bool) -> ModelGraph:
    """The folded graph with each part that is there again as a group of the kind `PART`.

    A part is all that a join of branches is made of, and that nothing else takes: a cell. Those
    that are alike have the same letter; if they share their weights with others, only those that
    share them with one another. Blocks are left as they are. `unfold` takes it back.
    """
    if graph.graph.order is None:
        return graph
    return replace(graph, graph=_Parting(Similarity(exact=exact)).parted(graph.graph))


def parts_of(graph: CallGraph) -> dict[str, list[Call]]:
    """The parts by their letters, each wherever it is, as the drawing goes."""
    found: dict[str, list[Call]] = {}
    for call in graph.calls:
        if call.group is not None:
            if call.group.letter:
                found.setdefault(call.group.letter, []).append(call)
            for copy in call.group.copies:
                for letter, calls in parts_of(copy).items():
                    found.setdefault(letter, []).extend(calls)
    return dict(sorted(found.items()))


@dataclass
class _Level:
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
    cells: list[_Cell] = field(default_factory=list)
    #: The calls of all of these.
    taken: set[int] = field(default_factory=set)

    def shape(self, at: int, depth: int) -> Hashable:
        """What a call, and so many calls before it, are like."""
        if at < 0 or not depth:
            return self.keys[at] if at >= 0 else None
        sources = (self.shape(edge.position, depth - 1) for edge in self.by_place.incoming[at])
        return (self.keys[at], *sources)


@dataclass(frozen=True)
class _Cell:
    """One of the places of a part."""

    level: _Level
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


class _Parting:
    def __init__(self, similarity: Similarity) -> None:
        self._similarity = similarity
        self._levels: dict[tuple[int, ...], _Level] = {}

    def parted(self, graph: CallGraph) -> CallGraph:
        """The graph with its parts."""
        self._read(graph, ())
        parts: list[list[_Cell]] = []
        while len(parts) < len(ascii_uppercase) and (cells := self._best()):
            parts.append(cells)
            for cell in cells:
                cell.level.taken.update(cell.places)
        if not parts:
            return graph
        # Letters go in the order of the drawing.
        parts.sort(key=lambda cells: min(cell.where for cell in cells))
        for letter, cells in zip(ascii_uppercase, parts, strict=False):
            for cell in cells:
                cell.level.cells.append(replace(cell, letter=letter))
        return self._grouped([graph], ())[0]

    def _read(self, graph: CallGraph, path: tuple[int, ...]) -> None:
        by_place = EdgesByPlace(graph)
        uses: list[set[int]] = [set() for _ in graph.calls]
        for user, edges in enumerate(by_place.incoming):
            for edge in edges:
                if edge.position >= 0:
                    uses[edge.position].add(user)
        for place, _ in by_place.outgoing:
            if place >= 0:
                uses[place].add(len(graph.calls))
        keys = [
            -1
            if at in by_place.alone
            else self._similarity.of_all((call,), (*by_place.roles[at], *_shared_layers(call)))
            for at, call in enumerate(graph.calls)
        ]
        weights = [int(joint in {Joint.FORK, Joint.BLOCK}) for joint in joints(graph, by_place)]
        self._levels[path] = _Level(graph, path, by_place, keys, weights, uses)
        for at, call in enumerate(graph.calls):
            if call.is_group(GroupKind.FOLD, GroupKind.BESIDE):
                self._read(call.bodies[0], (*path, at))

    def _best(self) -> list[_Cell]:
        """The places of the part that saves most; none if none saves enough."""
        joins: dict[Hashable, list[tuple[_Level, int]]] = defaultdict(list)
        for level in self._levels.values():
            for at, edges in enumerate(level.by_place.incoming):
                if len(edges) > 1 and level.keys[at] >= 0 and at not in level.taken:
                    # Joins that are alike may lead to different parts, and different ones to parts
                    # of which the last calls are alike: so several ways to tell them apart.
                    for depth in range(_DEEPEST + 1):
                        joins[depth, level.shape(at, depth)].append((level, at))
        best: list[_Cell] = []
        most = 0
        for places in joins.values():
            if len(places) < 2:
                continue
            cells = _grown(places)
            if not cells:
                continue
            weight = sum(cells[0].level.weights[at] for at in cells[0].places)
            saved = (weight - 1) * (len(cells) - 1)
            if weight >= _LEAST_BOXES and saved > most:
                best, most = cells, saved
        return best

    def _grouped(self, graphs: Sequence[CallGraph], path: tuple[int, ...]) -> list[CallGraph]:
        """Graphs of the structure of the level at that path, with its parts."""
        level = self._levels[path]
        for at, call in enumerate(level.graph.calls):
            if call.is_group(GroupKind.FOLD, GroupKind.BESIDE):
                copies = [copy for graph in graphs for copy in graph.calls[at].bodies]
                made = iter(self._grouped(copies, (*path, at)))
                graphs = [_with_bodies(graph, at, made) for graph in graphs]
        return [_cut(graph, level) for graph in graphs] if level.cells else list(graphs)


def _cut(graph: CallGraph, level: _Level) -> CallGraph:
    """The graph with a group in the place of each part."""
    cells = {cell.join: cell for cell in level.cells}
    order: list[int] = []
    found: list[tuple[int, _Cell]] = []
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
        if call.group is not None and call.group.kind is GroupKind.PART
        else call
        for call in grouped.calls
    )
    return replace(grouped, calls=calls)


def _with_bodies(graph: CallGraph, at: int, bodies: Iterator[CallGraph]) -> CallGraph:
    """The graph with these, as many as it needs, inside of the call at that place."""
    call = graph.calls[at]
    made = call.with_bodies(islice(bodies, len(call.bodies)))
    return replace(graph, calls=(*graph.calls[:at], made, *graph.calls[at + 1 :]))


def _grown(joins: Sequence[tuple[_Level, int]]) -> list[_Cell]:
    """All that leads to each join, and to nothing else, as far as that is alike for all."""
    members = [[at for _, at in joins]]
    levels = [level for level, _ in joins]
    numbers: list[dict[int, int]] = [{at: 0} for _, at in joins]
    grows = True
    while grows:
        grows = False
        for places in members:  # which grows meanwhile
            for index in range(len(levels[0].by_place.incoming[places[0]])):
                found = _sources(levels, places, index)
                if found and _fits(levels, numbers, found):
                    for number, at in zip(numbers, found, strict=True):
                        number[at] = len(members)
                    members.append(found)
                    grows = True
    return _cells(levels, numbers, members)


def _cells(
    levels: Sequence[_Level], numbers: Sequence[dict[int, int]], members: Sequence[Sequence[int]]
) -> list[_Cell]:
    """The places of the part with these members; none if edges inside aren't the same for all."""
    tensors: list[dict[tuple[int, int], int]] = [{} for _ in levels]
    known: dict[tuple[tuple[int, int], ...], int] = {}
    for places in members:
        for index in range(len(levels[0].by_place.incoming[places[0]])):
            edges = [
                level.by_place.incoming[at][index] for level, at in zip(levels, places, strict=True)
            ]
            inside = {
                number.get(edge.position) for number, edge in zip(numbers, edges, strict=True)
            }
            if len(inside) > 1:
                return []
            if inside == {None}:
                key = tuple((edge.position, edge.port) for edge in edges)
                tensor = known.setdefault(key, len(known))
                for at, one in zip(places, tensors, strict=True):
                    one[at, index] = tensor
    # In an order in which each comes after its sources: it is the same inside of all.
    ordered = sorted(members, key=lambda places: places[0])
    return [
        _Cell(level, tuple(places[at] for places in ordered), members[0][at], tensors[at])
        for at, level in enumerate(levels)
    ]


def _sources(levels: Sequence[_Level], places: Sequence[int], index: int) -> list[int]:
    """The calls that an edge into each of these comes from; none if they aren't alike."""
    edges = [level.by_place.incoming[at][index] for level, at in zip(levels, places, strict=True)]
    if any(edge.position < 0 for edge in edges) or len({edge.port for edge in edges}) > 1:
        return []
    keys = {level.keys[edge.position] for level, edge in zip(levels, edges, strict=True)}
    return [edge.position for edge in edges] if len(keys) == 1 and keys != {-1} else []


def _fits(
    levels: Sequence[_Level], numbers: Sequence[dict[int, int]], places: Sequence[int]
) -> bool:
    """Whether these calls are in no part yet, and only the same members of each take them."""
    owned = [
        at in one
        for level, at in zip(levels, places, strict=True)
        for other, one in zip(levels, numbers, strict=True)
        if other is level
    ]
    if any(owned) or any(at in level.taken for level, at in zip(levels, places, strict=True)):
        return False
    users = [
        frozenset(number.get(user, -1) for user in level.uses[at])
        for level, number, at in zip(levels, numbers, places, strict=True)
    ]
    return -1 not in users[0] and len(set(users)) == 1


def _shared_layers(call: Call) -> Iterator[str]:
    """The layers of a call, and of all that is inside, whose weights others have, too."""
    if call.shared:
        yield call.layer
    for body in call.bodies:
        for inner in body.calls:
            yield from _shared_layers(inner)


def set_stacks_apart(graph: ModelGraph, *, exact: bool) -> ModelGraph:
    """The fused graph with each tall stack that is there in many places as a part, too.

    What differs, such as the sizes of kernels, is told at each place.
    """
    similarity = Similarity(exact=exact)
    taken = len(parts_of(graph.graph))
    number = Counter(_keys_of_stacks(graph.graph, similarity, set()))
    wanted = [key for key, count in number.items() if count >= _LEAST_PLACES]
    letters = dict(zip(wanted, ascii_uppercase[taken:], strict=False))
    if not letters:
        return graph
    return replace(graph, graph=_with_stacks_apart(graph.graph, similarity, letters))


def _keys_of_stacks(graph: CallGraph, similarity: Similarity, seen: set[str]) -> Iterator[int]:
    """A key for each tall stack that is drawn: in one repetition, and in one place of a part."""
    for call in graph.calls:
        group = call.group
        if group is None or group.letter in seen:
            continue
        if group.letter:
            seen.add(group.letter)
        if group.kind is not GroupKind.STACK:
            yield from _keys_of_stacks(group.copies[0], similarity, seen)
        elif len(group.copies[0].calls) >= _LEAST_ROWS:
            yield similarity.of_all((call,), tuple(_shared_layers(call)))


def _with_stacks_apart(
    graph: CallGraph, similarity: Similarity, letters: Mapping[int, str]
) -> CallGraph:
    calls: list[Call] = []
    for call in graph.calls:
        if call.group is None:
            calls.append(call)
        elif call.group.kind is not GroupKind.STACK:
            inside = (_with_stacks_apart(one, similarity, letters) for one in call.bodies)
            calls.append(call.with_bodies(inside))
        elif letter := letters.get(similarity.of_all((call,), tuple(_shared_layers(call)))):
            inner = replace(call, id=f"{call.id} apart")
            edges = tuple(
                Edge(Port(BLOCK, index), Port(inner.id, index)) for index in range(len(call.inputs))
            )
            outputs = tuple(Port(inner.id, index) for index in range(len(call.outputs)))
            body = CallGraph((inner,), edges, (), outputs)
            group = replace(call.group, kind=GroupKind.PART, letter=letter, copies=(body,))
            calls.append(replace(call, body=body, group=group))
        else:
            calls.append(call)
    return replace(graph, calls=tuple(calls))
