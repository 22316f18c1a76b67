"""The way of a tensor from one column to the next, as a line in the gutter between them.

It takes the place of two connectors with the same number. All here is of columns in which data
goes downwards; y goes upwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, pairwise
from math import dist
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.paths import cross, meets, path, pieces
from sphinxcontrib_kerasgraph.draw.placed import Curve, Rect
from sphinxcontrib_kerasgraph.scene.layout import Connector, Line, Link
from sphinxcontrib_kerasgraph.scene.packing import GAP
from sphinxcontrib_kerasgraph.scene.scene import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.draw.placed import Placed, Point
    from sphinxcontrib_kerasgraph.scene.layout import Arranged, Thing

#: So many lines at most are in one gutter.
_MOST = 2
#: From a line in a gutter to the columns beside it, and to another line, in points.
_OFF = 8
_BETWEEN = 7


@dataclass(frozen=True)
class Gutter:
    """A tensor that goes from the end of a column to the next one."""

    #: The column that it leaves.
    column: int
    #: The names of the connectors that it takes the place of.
    leaving: str
    entering: str
    #: How the line leaves the first column and enters the second, within these: from where it turns
    #: to the right border, and from the other's left border to where it turns.
    out: tuple[Point, ...]
    into: tuple[Point, ...]
    #: Whether it may also go straight down to a column below.
    is_straight: bool


def gutters(arranged: Arranged, columns: Sequence[Placed]) -> list[Gutter]:
    """Where connectors can be done without; in each gutter the outermost line last."""
    ways: dict[int, list[tuple[str, str]]] = {}
    for leaving, entering in _pairs(arranged):
        column_out, column_in = (
            next(at for at, one in enumerate(columns) if name in one.boxes)
            for name in (leaving, entering)
        )
        if column_in == column_out + 1:
            ways.setdefault(column_out, []).append((leaving, entering))
    found: list[Gutter] = []
    for at, pairs in ways.items():
        if len(pairs) <= _MOST:
            found += _in_gutter(at, pairs, columns[at], columns[at + 1])
    return found


def widths(found: Sequence[Gutter], number: int) -> list[float]:
    """How wide the gutters between so many columns are."""
    lines = [sum(one.column == at for one in found) for at in range(number - 1)]
    return [2 * _OFF + _BETWEEN * (count - 1) if count else GAP for count in lines]


def _pairs(arranged: Arranged) -> Iterator[tuple[str, str]]:
    """The two connectors of each tensor that enters one other column."""
    links = {thing.target for thing in arranged.things if isinstance(thing, Link)}
    by_number: dict[int, list[str]] = {}
    for thing in arranged.things:
        if isinstance(thing, Connector):
            by_number.setdefault(thing.number, []).append(thing.name)
    for names in by_number.values():
        leaving = [name for name in names if name in links]
        entering = [name for name in names if name not in links]
        if len(leaving) == len(entering) == 1:
            yield leaving[0], entering[0]


def _in_gutter(
    at: int, pairs: Sequence[tuple[str, str]], first: Placed, second: Placed
) -> list[Gutter]:
    # A line to the right of another leaves further left, and enters further left.
    order = sorted(pairs, key=lambda pair: -first.boxes[pair[0]].center[0])
    found: list[Gutter] = []
    for leaving, entering in order:
        before = found[-1] if found else None
        out = _out(first, leaving, before.out if before else None)
        into = _into(second, entering, before.into if before else None)
        if out is None or into is None:
            return []
        down = _is_straight(first, leaving) and _is_straight(second, entering)
        found.append(Gutter(at, leaving, entering, out, into, down and len(order) == 1))
    return found


def _out(column: Placed, name: str, before: tuple[Point, ...] | None) -> tuple[Point, ...] | None:
    """From a connector to the right border, below what is there and below the line before."""
    x, y = column.boxes[name].center
    extent = _extent(column, name)
    right, low = max(extent.right, x), extent.bottom
    for level in dict.fromkeys((y, min(y, low - _OFF))):
        if before is not None and level > before[-1][1] - _BETWEEN:
            level = before[-1][1] - _BETWEEN  # noqa: PLW2901 -- the lines are one below the other
        corners = ((x, y), (x, level), (right, level))
        if before is not None and x > before[0][0] - _BETWEEN:
            return None
        if _is_free(column, name, corners):
            return corners[1:]
    return None


def _into(column: Placed, name: str, before: tuple[Point, ...] | None) -> tuple[Point, ...] | None:
    """From the left border to a connector, above what is there and below the line before."""
    x, y = column.boxes[name].center
    extent = _extent(column, name)
    left, high = min(extent.left, x), extent.top
    for level in dict.fromkeys((y, max(y, high + _OFF))):
        if before is not None and level > before[0][1] - _BETWEEN:
            level = before[0][1] - _BETWEEN  # noqa: PLW2901
        if level < y or (before is not None and x > before[-1][0] - _BETWEEN):
            continue
        corners = ((left, level), (x, level), (x, y))
        if _is_free(column, name, corners):
            return corners[:2]
    return None


def _is_free(column: Placed, name: str, corners: tuple[Point, ...]) -> bool:
    parts = [piece for piece in pairwise(corners) if dist(*piece) > 1]
    things = [rect for other, rect in column.boxes.items() if other != name]
    things += column.frames.values()
    if any(meets(piece, rect, 3) for piece in parts for rect in things):
        return False
    lines = [
        pieces(curve)
        for line, curve in column.curves.items()
        if name not in (line.source, line.target)
    ]
    return not any(cross(piece, other) for piece in parts for line in lines for other in line)


def _is_straight(column: Placed, name: str) -> bool:
    """Whether the way from a connector up, or down, out of the column is free."""
    x, y = column.boxes[name].center
    extent = _extent(column, name)
    leaves = any(line.target == name for line in column.curves)
    end = min(y, extent.bottom) if leaves else max(y, extent.top)
    return _is_free(column, name, ((x, y), (x, end)))


def _extent(column: Placed, name: str) -> Rect:
    """Where a column is, a connector and its lines aside."""
    rects = [rect for other, rect in column.boxes.items() if other != name]
    rects += column.frames.values()
    points = [(rect.left, rect.bottom) for rect in rects]
    points += [(rect.right, rect.top) for rect in rects]
    for line, curve in column.curves.items():
        if name not in (line.source, line.target):
            points += curve.points
    xs, ys = zip(*points, strict=True)
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _without_circle(column: Placed, name: str, turn: Point) -> Placed:
    """A column without a connector: its lines go on through its middle, to where they turn."""
    way = (column.boxes[name].center, turn)
    curves: dict[Line, Curve] = {}
    for line, curve in column.curves.items():
        if line.source == name:
            curves[line] = _from(way[::-1], curve)
        elif line.target == name:
            curves[line] = _to(curve, way)
        else:
            curves[line] = curve
    boxes = {other: rect for other, rect in column.boxes.items() if other != name}
    return replace(column, boxes=boxes, curves=curves)


def crossed(columns: Sequence[Placed], found: Sequence[Gutter]) -> list[Placed]:
    """The columns without the connectors of which lines in gutters take the place."""
    columns = list(columns)
    for one in found:
        first, second = columns[one.column : one.column + 2]
        columns[one.column] = _without_circle(first, one.leaving, one.out[0])
        columns[one.column + 1] = _without_circle(second, one.entering, one.into[-1])
    return columns


def with_gutters(
    arranged: Arranged,
    placed: Placed,
    found: Sequence[Gutter],
    shifts: Sequence[Point],
    tops: Mapping[int, float],
) -> tuple[Arranged, Placed]:
    """The scene and the drawing with lines for connectors; columns were moved by ``shifts``.

    ``tops`` are the upper ends of columns that stand below the one before.
    """
    curves = dict(placed.curves)
    #: The boxes that tensors come from, by the connectors that are no more.
    sources: dict[str, str] = {}
    for gutter, corners in _ways(found, shifts, tops):
        [link] = [line for line in curves if line.target == gutter.leaving]
        way = _joined(curves.pop(link), corners)
        sources[gutter.leaving] = sources[gutter.entering] = link.source
        for line in [line for line in curves if line.source == gutter.entering]:
            curves[replace(line, source=link.source)] = _followed(way, curves.pop(line))
    columns = [
        [
            replace(thing, source=sources.get(thing.source, thing.source))
            if isinstance(thing, Wire)
            else thing
            for thing in column
            if not (isinstance(thing, Connector) and thing.name in sources)
            and not (isinstance(thing, Link) and thing.target in sources)
        ]
        for column in arranged.columns
    ]
    return replace(arranged, columns=_numbered(columns)), replace(placed, curves=curves)


def _ways(
    found: Sequence[Gutter], shifts: Sequence[Point], tops: Mapping[int, float]
) -> Iterator[tuple[Gutter, tuple[Point, ...]]]:
    """The corners of each line, from column to column."""
    inside: dict[int, int] = {}
    for one in found:
        number = inside.setdefault(one.column, 0)
        inside[one.column] += 1
        out = _moved(one.out, shifts[one.column])
        into = _moved(one.into, shifts[one.column + 1])
        if one.column + 1 in tops:
            y = tops[one.column + 1] + _OFF
            yield one, (out[0], (out[0][0], y), (into[-1][0], y), into[-1])
            continue
        # The first is the innermost: the others leave below it, and pass it at its right.
        x = out[-1][0] + _OFF + _BETWEEN * number
        yield one, (out[0], (x, out[0][1]), (x, into[0][1]), into[-1])


def _moved(corners: Sequence[Point], shift: Point) -> tuple[Point, ...]:
    return tuple((x + shift[0], y + shift[1]) for x, y in corners)


def _numbered(columns: Sequence[Sequence[Thing]]) -> tuple[tuple[Thing, ...], ...]:
    """The columns, connectors numbered from 1 again."""
    things = chain.from_iterable(columns)
    numbers = sorted({thing.number for thing in things if isinstance(thing, Connector)})
    return tuple(
        tuple(
            replace(thing, number=numbers.index(thing.number) + 1)
            if isinstance(thing, Connector)
            else thing
            for thing in column
        )
        for column in columns
    )


def _from(way: Sequence[Point], curve: Curve) -> Curve:
    """A line that begins earlier."""
    if _is_one_piece(curve):
        return replace(path((*way, curve.end), curve.arrow), text=curve.text)
    return replace(curve, points=path((*way, curve.points[0])).points[:-1] + curve.points)


def _to(curve: Curve, way: Sequence[Point]) -> Curve:
    """A line that goes on, and has no head."""
    if _is_one_piece(curve):
        return path((curve.points[0], *way))
    return Curve(curve.points + path((curve.points[-1], *way)).points[1:], text=curve.text)


def _is_one_piece(curve: Curve) -> bool:
    return len(pieces(curve)) <= (2 if curve.tip else 1)


def _joined(curve: Curve, corners: tuple[Point, ...]) -> Curve:
    """A line that goes on through these corners, which begin where it ends."""
    if _is_one_piece(curve):
        return path((curve.points[0], *corners))
    return Curve(curve.points + path(corners).points[1:])


def _followed(curve: Curve, after: Curve) -> Curve:
    """Two lines as one."""
    return Curve(curve.points + after.points[1:], after.tip, text=after.text)
