"""What is there several times, but not in a row, is drawn once, apart, and named by a letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, Edge, GroupKind, Port
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.view.overview.levels import Cell, Level, Levels, shared_layers

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph

#: By how many calls before them joins are told apart, at most.
_DEEPEST = 2
#: Of so many joins that are alike, at most, it is sought which lead to the same part; and so many
#: parts that they lead to.
_MOST_JOINS = 64
_MOST_CLUSTERS = 8
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
    return replace(graph, graph=_Parting(graph.graph, Similarity(exact=exact)).parted())


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


def lettered(graph: ModelGraph) -> ModelGraph:
    """The graph with its parts called A, B and so on in the order of their first places.

    Parts that are inside of others come after those.
    """
    found: dict[str, None] = {}
    graphs = [graph.graph]
    while graphs:
        inside: list[CallGraph] = []
        for one in graphs:
            for call in _outside_of_parts(one):
                if call.group is not None and call.group.letter not in found:
                    found[call.group.letter] = None
                    inside.append(call.bodies[0])
        graphs = inside
    letters = dict(zip(found, ascii_uppercase, strict=False))
    if all(before == after for before, after in letters.items()):
        return graph
    return replace(graph, graph=_renamed(graph.graph, letters))


def _outside_of_parts(graph: CallGraph) -> Iterator[Call]:
    """The parts in a graph, and in what is drawn of its groups, but for those in other parts."""
    for call in graph.calls:
        if call.group is not None:
            if call.group.letter:
                yield call
            else:
                yield from _outside_of_parts(call.bodies[0])


def _renamed(graph: CallGraph, letters: Mapping[str, str]) -> CallGraph:
    calls = []
    for call in graph.calls:
        renamed = call
        if call.group is not None:
            renamed = call.with_bodies(_renamed(body, letters) for body in call.bodies)
            if renamed.group is not None and renamed.group.letter:
                group = replace(renamed.group, letter=letters[renamed.group.letter])
                renamed = replace(renamed, group=group)
        calls.append(renamed)
    return replace(graph, calls=tuple(calls))


class _Parting:
    def __init__(self, graph: CallGraph, similarity: Similarity) -> None:
        self._graph = graph
        self._levels = Levels(graph, similarity)
        #: The paths of the folds inside of parts that aren't drawn there, but in another place.
        self._undrawn: set[tuple[int, ...]] = set()

    def parted(self) -> CallGraph:
        """The graph with its parts."""
        parts: list[list[Cell]] = []
        while len(parts) < len(ascii_uppercase) and (cells := self._best()):
            parts.append(cells)
            for cell in cells:
                cell.level.taken.update(cell.places)
            self._undrawn |= {(*cell.level.path, at) for cell in cells[1:] for at in cell.places}
        # Letters go in the order of the drawing.
        parts.sort(key=lambda cells: min(cell.where for cell in cells))
        return self._levels.with_parts(dict(zip(ascii_uppercase, parts, strict=False)))

    def _best(self) -> list[Cell]:
        """The places of the part that saves most; none if none saves enough."""
        joins: dict[tuple[int, Hashable], list[tuple[Level, int]]] = defaultdict(list)
        for level in self._levels:
            for at, edges in enumerate(level.by_place.incoming):
                if len(edges) > 1 and level.keys[at] >= 0 and at not in level.taken:
                    # Joins that are alike may lead to different parts, and different ones to parts
                    # of which the last calls are alike: so several ways to tell them apart.
                    for depth in range(_DEEPEST + 1):
                        joins[depth, level.shape(at, depth)].append((level, at))
        groups = [places for places in joins.values() if len(places) > 1]
        for (depth, _), places in joins.items():
            # Parts that are alike may take tensors that are made in other ways.
            if not depth and 2 < len(places) <= _MOST_JOINS:
                groups += _clusters(places)
        best: list[Cell] = []
        most = 0
        for places in groups:
            cells = _grown(places)
            weight = _weight(cells)
            saved = (weight - 1) * (sum(map(self._is_drawn, cells)) - 1)
            if weight >= _LEAST_BOXES and saved > most:
                best, most = cells, saved
        return best

    def _is_drawn(self, cell: Cell) -> bool:
        path = cell.level.path
        return not any(path[:end] in self._undrawn for end in range(1, len(path) + 1))


def _weight(cells: Sequence[Cell]) -> int:
    """How many boxes a part has."""
    return sum(cells[0].level.weights[at] for at in cells[0].places) if cells else 0


def _clusters(joins: Sequence[tuple[Level, int]]) -> Iterator[list[tuple[Level, int]]]:
    """The joins sorted by the parts that they lead to: those with the most that is alike."""
    left = list(joins)
    for _ in range(_MOST_CLUSTERS):
        if len(left) < 2:
            return
        first, *others = left
        weights = [_weight(_grown([first, other])) for other in others]
        wanted = max(
            weights, key=lambda weight: (weight - 1) * sum(one >= weight for one in weights)
        )
        alike = [one for one, weight in zip(others, weights, strict=True) if weight >= wanted]
        if wanted >= _LEAST_BOXES:
            yield [first, *alike]
        left = [
            one
            for one, weight in zip(others, weights, strict=True)
            if weight < max(wanted, _LEAST_BOXES)
        ]


def _grown(joins: Sequence[tuple[Level, int]]) -> list[Cell]:
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
    levels: Sequence[Level], numbers: Sequence[dict[int, int]], members: Sequence[Sequence[int]]
) -> list[Cell]:
    """The places of the part with these members; none if edges inside aren't the same for all."""
    tensors: list[dict[tuple[int, int], int]] = [{} for _ in levels]
    known: dict[tuple[tuple[int, int], ...], int] = {}
    for places in members:
        for index in range(len(levels[0].by_place.incoming[places[0]])):
            edges = [
                level.by_place.incoming[at][index] for level, at in zip(levels, places, strict=True)
            ]
            inside = {
                (number[edge.position], edge.port) if edge.position in number else None
                for number, edge in zip(numbers, edges, strict=True)
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
        Cell(level, tuple(places[at] for places in ordered), members[0][at], tensors[at])
        for at, level in enumerate(levels)
    ]


def _sources(levels: Sequence[Level], places: Sequence[int], index: int) -> list[int]:
    """The calls that an edge into each of these comes from; none if they aren't alike.

    Nor if of two models both have these, and only one has those: a part begins where that does.
    """
    edges = [level.by_place.incoming[at][index] for level, at in zip(levels, places, strict=True)]
    if any(edge.position < 0 for edge in edges) or len({edge.port for edge in edges}) > 1:
        return []
    calls = levels[0].graph.calls
    if calls[edges[0].position].marks.is_alone != calls[places[0]].marks.is_alone:
        return []
    keys = {level.keys[edge.position] for level, edge in zip(levels, edges, strict=True)}
    return [edge.position for edge in edges] if len(keys) == 1 and keys != {-1} else []


def _fits(
    levels: Sequence[Level], numbers: Sequence[dict[int, int]], places: Sequence[int]
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
            yield similarity.of_all((call,), tuple(shared_layers(call)))


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
        elif letter := letters.get(similarity.of_all((call,), tuple(shared_layers(call)))):
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
