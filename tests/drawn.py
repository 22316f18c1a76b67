"""The geometry of a drawing: where boxes, frames and edges are, and what is wrong with them.

`drawn_svg` reads it. Lengths are in points, and ``y`` grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise, takewhile
from math import ceil, dist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: What is nearer than this to a line lies on it: lines are one point wide.
_ON = 0.5
#: Half the width of a line: what comes nearer to a box touches it.
_HALF = 0.6
#: So far into a frame an edge may reach that only passes by.
_TOUCHED = 1
#: Edges that end at the same thing may meet so near it, where their arrowheads are.
_MEETING = 7
#: Edges that run on one another for so long aren't told apart.
_ALONG = 3

Point = tuple[float, float]
Line = tuple[Point, ...]
Piece = tuple[Point, Point]


@dataclass(frozen=True)
class Rectangle:
    """A part of the plane."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> Rectangle:
        """The smallest one that holds all points."""
        across, down = zip(*points, strict=True)
        return cls(min(across), min(down), max(across), max(down))

    def grown(self, by: float) -> Rectangle:
        """Larger by so much at each side; smaller where it is negative."""
        return Rectangle(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def holds(self, point: Point) -> bool:
        """Whether the point is in it."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def contains(self, other: Rectangle) -> bool:
        """Whether all of the other one is in it."""
        return self.holds((other.left, other.top)) and self.holds((other.right, other.bottom))

    def meets(self, other: Rectangle) -> bool:
        """Whether both have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def is_crossed(self, start: Point, end: Point) -> bool:
        """Whether a part of the straight line is in it."""
        first, last = 0.0, 1.0
        for at, to, low, high in (
            (start[0], end[0], self.left, self.right),
            (start[1], end[1], self.top, self.bottom),
        ):
            if at == to:
                if not low <= at <= high:
                    return False
                continue
            enters, leaves = sorted(((low - at) / (to - at), (high - at) / (to - at)))
            first, last = max(first, enters), min(last, leaves)
        return first <= last


@dataclass(frozen=True)
class Edge:
    """An edge from one node to another; maybe drawn in several lines."""

    source: str
    target: str
    lines: tuple[Line, ...]

    @cached_property
    def around(self) -> Rectangle:
        """What holds all of it."""
        return Rectangle.around(point for line in self.lines for point in line)

    @property
    def length(self) -> float:
        """Of all lines together, arrowheads aside."""
        return sum(dist(*pair) for pair in self.pieces)

    @cached_property
    def pieces(self) -> list[Piece]:
        """The straight pieces of all lines."""
        return [pair for line in self.lines for pair in pairwise(line)]

    def pieces_near(self, other: Edge) -> list[Piece]:
        """Those that may meet the other edge."""
        near = other.around.grown(_ON)
        return [piece for piece in self.pieces if near.is_crossed(*piece)]

    @property
    def points(self) -> Iterator[Point]:
        """The points of all lines."""
        return (point for line in self.lines for point in line)


@dataclass(frozen=True)
class Drawing:
    """What is drawn in an SVG, by the names that things have in DOT."""

    width: float
    height: float
    paper: Rectangle
    boxes: dict[str, Rectangle]
    #: Words that stand alone: titles of frames, notes.
    titles: dict[str, Rectangle]
    connectors: dict[str, Rectangle]
    #: What stands in connectors, each once: where a line goes on elsewhere.
    numbers: frozenset[str]
    #: Frames that are seen.
    frames: dict[str, Rectangle]
    edges: tuple[Edge, ...]
    #: The size of the smallest letters; zero where nothing is written.
    text: float

    @cached_property
    def nodes(self) -> dict[str, Rectangle]:
        """All that edges may end at."""
        return self.boxes | self.titles | self.connectors

    @property
    def length(self) -> float:
        """Of all edges together."""
        return sum(edge.length for edge in self.edges)

    def over_boxes(self) -> list[tuple[Edge, str]]:
        """Edges that run over a box, or over words, where they don't end; or touch them."""
        found = []
        for edge in self.edges:
            for name, box in self.nodes.items():
                touched = box.grown(_HALF)
                if name in (edge.source, edge.target) or not touched.meets(edge.around):
                    continue
                if any(touched.is_crossed(*piece) for piece in edge.pieces):
                    found.append((edge, name))
        return found

    def through_frames(self) -> list[tuple[Edge, str]]:
        """Edges that run through a frame in which nothing of theirs is."""
        found = []
        for edge in self.edges:
            for name, frame in self.frames.items():
                inner = frame.grown(-_TOUCHED)
                ends = [edge.lines[0][0], edge.lines[-1][-1]]
                ends += [_middle(self.nodes[end]) for end in (edge.source, edge.target)]
                if any(frame.grown(_TOUCHED).holds(end) for end in ends):
                    continue
                if any(inner.is_crossed(*piece) for piece in edge.pieces):
                    found.append((edge, name))
        return found

    def out_of_frames(self) -> list[tuple[Edge, str]]:
        """Edges between two things in a frame that leave the frame."""
        return [
            (edge, name)
            for edge in self.edges
            for name, frame in self.frames.items()
            if all(frame.holds(_middle(self.nodes[end])) for end in (edge.source, edge.target))
            and not all(map(frame.grown(_ON).holds, edge.points))
        ]

    def crossings(self) -> list[tuple[Edge, Edge, Point]]:
        """Where two edges cross, or run on one another though they have no end in common.

        Who can't follow such an edge for long may take one for the other, also where both have an
        end in common.
        """
        found = []
        for one, other in combinations(self.edges, 2):
            if not one.around.grown(_ON).meets(other.around):
                continue
            common = {one.source, one.target} & {other.source, other.target}
            near = [self.nodes[name].grown(_MEETING) for name in common]
            places = _crossings(one, other)
            if not common and not places:
                places = _along(one, other)
            if common and places:
                near += [_around(at) for name in common for at in _trunk(one, other, name)]
            places = [at for at in places if not any(end.holds(at) for end in near)]
            found += [(one, other, at) for at in _apart(places)]
        return found

    def clipped(self) -> list[str]:
        """What is drawn beyond the paper."""
        paper = self.paper.grown(_ON)
        things = [*self.nodes.items(), *self.frames.items()]
        names = [name for name, place in things if not paper.contains(place)]
        names += [
            f"{edge.source}->{edge.target}"
            for edge in self.edges
            if not paper.contains(edge.around)
        ]
        return names


def _middle(place: Rectangle) -> Point:
    return (place.left + place.right) / 2, (place.top + place.bottom) / 2


def _crossings(one: Edge, other: Edge) -> list[Point]:
    firsts, seconds = one.pieces_near(other), other.pieces_near(one)
    return [
        at
        for first in firsts
        for second in seconds
        if (at := _crossing(*first, *second)) is not None
    ]


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where two straight pieces cross."""
    across, down = b[0] - a[0], b[1] - a[1]
    other_across, other_down = d[0] - c[0], d[1] - c[1]
    turn = across * other_down - down * other_across
    if not turn:
        return None
    gap_across, gap_down = c[0] - a[0], c[1] - a[1]
    t = (gap_across * other_down - gap_down * other_across) / turn
    u = (gap_across * down - gap_down * across) / turn
    if not (0 <= t <= 1 and 0 <= u <= 1):
        return None
    return a[0] + t * across, a[1] + t * down


def _along(one: Edge, other: Edge) -> list[Point]:
    """Where one edge runs on the other, as one place."""
    near = other.pieces_near(one)
    before, run = None, 0.0
    for at in _steps(one.pieces_near(other) if near else ()):
        if not any(is_near(at, *piece) for piece in near):
            before = None
            continue
        run = 0 if before is None else run + dist(before, at)
        if run > _ALONG:
            return [at]
        before = at
    return []


def _trunk(one: Edge, other: Edge, end: str) -> list[Point]:
    """The way from this end on that both edges go on one another, which isn't a crossing."""
    pieces = one.pieces
    if one.source != end:
        pieces = [(to, start) for start, to in reversed(pieces)]
    return list(
        takewhile(lambda at: any(is_near(at, *piece) for piece in other.pieces), _steps(pieces))
    )


def _steps(pieces: Iterable[Piece]) -> Iterator[Point]:
    """Points on these pieces, one point apart at most."""
    for start, end in pieces:
        steps = max(1, ceil(dist(start, end)))
        for step in range(steps + 1):
            part = step / steps
            yield start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])


def _around(point: Point) -> Rectangle:
    return Rectangle(*point, *point).grown(1)


def is_near(point: Point, start: Point, end: Point, by: float = _ON) -> bool:
    """Whether the point lies on the straight piece."""
    across, down = end[0] - start[0], end[1] - start[1]
    square = across**2 + down**2
    if not square:
        return dist(point, start) <= by
    t = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / square
    t = min(1, max(0, t))
    return dist(point, (start[0] + t * across, start[1] + t * down)) <= by


def _apart(points: Sequence[Point]) -> list[Point]:
    """Each place once: two pieces may meet just where a third one crosses."""
    found: list[Point] = []
    for point in points:
        if all(dist(point, known) > 1 for known in found):
            found.append(point)
    return found
