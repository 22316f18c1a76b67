"""How many ranks of boxes the lines of a drawing go down, about, and which go too far.

Graphviz keeps a place free in each rank that an edge passes by, and orders all of these: its time
grows with the square of their number and more (10 s for 10,000 of them with release 2.43).
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.scene.layout import Below, Line, Link
from sphinxcontrib_kerasgraph.scene.scene import Frame, Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinxcontrib_kerasgraph.scene.layout import Arranged
    from sphinxcontrib_kerasgraph.scene.scene import Item


def passed_by(arranged: Arranged) -> Mapping[Line, int]:
    """How many ranks each line passes by, those that recur aside: they count for none."""
    lines = [line for line in lines_of(arranged) if not line.recurrent]
    edges = [(line.source, line.target) for line in lines]
    edges += [(thing.above, thing.below) for thing in arranged.things if isinstance(thing, Below)]
    ranks = _ranks(edges)
    return {line: max(0, ranks[line.target] - ranks[line.source] - 1) for line in lines}


def too_long(passed: Mapping[Line, int], most: int) -> frozenset[Line]:
    """The longest lines, without which the others pass by so many ranks at most."""
    left = sum(passed.values())
    found = set()
    for line in sorted(passed, key=lambda line: -passed[line]):
        if left <= most:
            break
        found.add(line)
        left -= passed[line]
    return frozenset(found)


def lines_of(arranged: Arranged) -> Iterator[Line]:
    """The lines of the drawing, in the order in which they are written but for those in frames."""
    for thing in arranged.things:
        match thing:
            case Wire():
                yield Line.of(thing)
            case Link():
                yield Line(thing.source, thing.target)
            case Frame():
                yield from _leaving(thing)


def _leaving(item: Item) -> Iterator[Line]:
    """The lines to the ends of frames."""
    if isinstance(item, Frame):
        for one in item.exits:
            yield from (Line(source, one.text.name) for source in one.sources)
        for inner in item.items:
            yield from _leaving(inner)


def _ranks(edges: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """By the longest way from above."""
    below: dict[str, list[str]] = defaultdict(list)
    above: dict[str, int] = defaultdict(int)
    for source, target in edges:
        below[source].append(target)
        above[target] += 1
    ranks: dict[str, int] = defaultdict(int)
    ready = deque(name for name in below if not above[name])
    while ready:
        name = ready.popleft()
        for target in below[name]:
            ranks[target] = max(ranks[target], ranks[name] + 1)
            above[target] -= 1
            if not above[target]:
                ready.append(target)
    return ranks
