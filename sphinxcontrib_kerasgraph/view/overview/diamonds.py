"""What comes back to the tensor that it is made of, such as squeeze-and-excite, is drawn apart.

A *diamond* is all that is between a tensor and the join of its branches: it takes that one tensor,
and makes one. Where it is there in several places, a letter stands for it in each of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, GroupKind
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.view.overview.levels import Cell, Level, Levels
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph

#: In fewer places it isn't drawn apart.
_LEAST_PLACES = 3
#: Nor where this makes the drawing less shorter than by this part.
_LEAST_SAVED = 0.1
#: The rows that a letter takes, and beside those of its calls the frame of a part, with the spaces
#: around them.
_LETTER = 3
_FRAME = 4
#: At each place it is told what differs there, which is of so many calls at most.
_MOST_DIFFERING = 2
#: A diamond of more calls is no detail.
_MOST_CALLS = 40

#: A call by its place; or what the graph takes from outside, by the number of the tensor.
_Node = int
_ROOT = -1


def set_diamonds_apart(graph: ModelGraph, *, exact: bool) -> ModelGraph:
    """The folded graph with each diamond that is there in several places as a part.

    Only those that make the drawing shorter. ``exact`` takes those that are the same, else also
    those in which a number or two differ. `unfold` takes it back.
    """
    if graph.graph.order is None:
        return graph
    levels = Levels(graph.graph, Similarity(exact=exact))
    letters = [one for one in ascii_uppercase if one not in parts_of(graph.graph)]
    return replace(graph, graph=levels.with_parts(dict(zip(letters, _found(levels), strict=False))))


def _found(levels: Levels) -> Iterator[list[Cell]]:
    """The places of each diamond that is worth a letter, that which saves most first."""
    heights = {level.path: _heights(level.graph) for level in levels}
    least = _LEAST_SAVED * sum(heights[()])
    alike: dict[Hashable, list[Cell]] = defaultdict(list)
    for level in levels:
        for diamond in _diamonds(level):
            alike[diamond.key(level)].append(diamond.cell(level))
    while True:
        best: list[Cell] = []
        most = least
        for places in alike.values():
            cells = _apart(places)
            if len(cells) < _LEAST_PLACES:
                continue
            height = sum(heights[cells[0].level.path][at] for at in cells[0].places)
            saved = len(cells) * (height - _LETTER) - height - _FRAME
            if saved >= most and _differing(cells) <= _MOST_DIFFERING:
                best, most = cells, saved + 1
        if not best:
            return
        for cell in best:
            cell.level.taken.update(cell.places)
        yield best


def _differing(cells: Sequence[Cell]) -> int:
    """In how many of its calls the places of a diamond differ, but for what follows from others."""
    similarity = Similarity(exact=True)
    found = 0
    for places in zip(*(cell.places for cell in cells), strict=True):
        calls = [cell.level.graph.calls[at] for cell, at in zip(cells, places, strict=True)]
        if calls[0].kind is not CallKind.RESHAPE:
            found += len({similarity.of_all((call,), ()) for call in calls}) > 1
    return found


def _apart(cells: Sequence[Cell]) -> list[Cell]:
    """Those cells of which no call is in a part, or in another of them."""
    found: list[Cell] = []
    taken: set[tuple[tuple[int, ...], int]] = set()
    for cell in cells:
        places = {(cell.level.path, at) for at in cell.places}
        if taken.isdisjoint(places) and cell.level.taken.isdisjoint(cell.places):
            taken |= places
            found.append(cell)
    return found


def _heights(graph: CallGraph) -> list[int]:
    """About how many rows of text each call takes, with the space before it."""
    found = []
    before: Call | None = None
    for call in graph.calls:
        if call.is_group(GroupKind.FOLD, GroupKind.BESIDE):
            found.append(sum(_heights(call.bodies[0])) + _FRAME)
        elif before is not None and _stands_beside(call, before):
            found.append(0)
        else:
            sources = graph.edges_into.get(call.id, ())
            follows = before is not None and [one.source.call for one in sources] == [before.id]
            found.append(1 + (not follows))
        before = call
    return found


def _stands_beside(call: Call, before: Call) -> bool:
    """Whether it is an activation that is told in the row of the call before it."""
    return call.kind is CallKind.ACTIVATION and before.kind is CallKind.NORMALIZATION


@dataclass(frozen=True)
class _Diamond:
    """Calls in the order of the graph, of which the last one is the join."""

    places: tuple[int, ...]
    #: The call that makes what they take, or -1, and which of its outputs, or which tensor.
    source: tuple[int, int]

    def key(self, level: Level) -> Hashable:
        """The same for diamonds that are alike."""
        numbers = {at: number for number, at in enumerate(self.places)}
        return tuple(
            (
                level.keys[at],
                tuple(numbers.get(edge.position) for edge in edges),
                tuple(edge.port for edge in edges),
            )
            for at in self.places
            for edges in (level.by_place.incoming[at],)
        )

    def cell(self, level: Level) -> Cell:
        """The place of a part."""
        inside = set(self.places)
        tensors = {
            (at, index): 0
            for at in self.places
            for index, edge in enumerate(level.by_place.incoming[at])
            if edge.position not in inside
        }
        return Cell(level, self.places, self.places[-1], tensors)


def _diamonds(level: Level) -> Iterator[_Diamond]:
    """All diamonds of a level, by their joins."""
    before = _dominators(level)
    for join, edges in enumerate(level.by_place.incoming):
        if len(edges) > 1 and before[join] != _ROOT:
            diamond = _diamond(level, join, before[join])
            # The whole of what is repeated is drawn in its frame.
            if diamond is not None and len(diamond.places) < len(level.graph.calls):
                yield diamond


def _diamond(level: Level, join: int, start: _Node) -> _Diamond | None:
    """What is between a call, or a tensor from outside, and a join to which all ways from it lead.

    ``None`` if something else takes a tensor of it, or it takes several.
    """
    inside = {join}
    sources = set()
    waiting = [join]
    while waiting:
        at = waiting.pop()
        call = level.graph.calls[at]
        if level.keys[at] < 0 or at in level.taken or call.is_group(GroupKind.PART):
            return None
        for edge in level.by_place.incoming[at]:
            if _node(edge.position, edge.port) == start:
                sources.add((edge.position, edge.port))
            elif edge.position < 0:
                return None
            elif edge.position not in inside:
                inside.add(edge.position)
                waiting.append(edge.position)
        if len(inside) > _MOST_CALLS:
            return None
    if len(sources) != 1 or any(not level.uses[at] <= inside for at in inside - {join}):
        return None
    return _Diamond(tuple(sorted(inside)), sources.pop())


def _node(position: int, port: int) -> _Node:
    return position if position >= 0 else _ROOT - 1 - port


def _dominators(level: Level) -> list[_Node]:
    """For each call, the last one before it that all ways to it go through, or `_ROOT`.

    What takes nothing, such as a constant, is on no way. After Cooper, Harvey and Kennedy, "A
    simple, fast dominance algorithm" (2001), for a graph without circles.
    """
    incoming = level.by_place.incoming
    found: list[_Node] = []
    depths: dict[_Node, int] = {_ROOT: 0}

    def before(node: _Node) -> _Node:
        return found[node] if node >= 0 else _ROOT

    for at, edges in enumerate(incoming):
        common: _Node | None = None
        for edge in edges:
            if edge.position >= at or (edge.position >= 0 and _is_constant(level, edge.position)):
                continue
            node = _node(edge.position, edge.port)
            depths.setdefault(node, 1)
            if common is None:
                common = node
            while common != node:
                if depths[common] >= depths[node]:
                    common = before(common)
                else:
                    node = before(node)
        found.append(_ROOT if common is None else common)
        depths[at] = depths[found[at]] + 1
    return found


def _is_constant(level: Level, at: int) -> bool:
    return not level.by_place.incoming[at] and level.keys[at] >= 0
