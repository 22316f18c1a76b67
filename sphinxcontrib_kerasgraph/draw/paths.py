"""Lines of straight pieces with rounded corners, as splines; and splines as straight pieces."""

from __future__ import annotations

from itertools import pairwise
from math import dist
from typing import TYPE_CHECKING, TypeAlias

from sphinxcontrib_kerasgraph.draw.placed import Curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.draw.placed import Point, Rect

#: A straight piece: its two ends.
Segment: TypeAlias = "tuple[Point, Point]"

#: Of corners, in points.
RADIUS = 4
#: How far the control points of a spline are from the ends of a quarter of a circle, in radii.
_QUARTER = 0.5523
#: Straight pieces that stand for one piece of a spline.
_PIECES = 6
#: What is shorter has no direction, in points.
_TINY = 0.01


def path(corners: Sequence[Point], arrow: float = 0) -> Curve:
    """The line through these corners, which are rounded; ``arrow`` is the length of its head."""
    corners = _without_repeated(corners)
    if len(corners) < 2:
        return Curve((corners[0],) * 4)
    tip = corners[-1] if arrow else None
    base = _toward(corners[-1], corners[-2], min(arrow, dist(corners[-2], corners[-1]) * 0.9))
    places = [*corners[:-1], base]
    points = [places[0]]
    for before, corner, after in zip(places, places[1:], places[2:], strict=False):
        # Of a short piece each of its two corners gets a half.
        radius = min(RADIUS, dist(before, corner) / 2, dist(corner, after) / 2)
        start, end = _toward(corner, before, radius), _toward(corner, after, radius)
        _add_straight(points, start)
        points += [
            _toward(start, corner, radius * _QUARTER),
            _toward(end, corner, radius * _QUARTER),
            end,
        ]
    _add_straight(points, places[-1])
    return Curve(tuple(points), tip)


def pieces(curve: Curve) -> list[Segment]:
    """A spline as straight pieces, its arrowheads included."""
    places: list[Point] = [curve.points[0]]
    if curve.start_tip is not None:
        places.insert(0, curve.start_tip)
    for at in range(0, len(curve.points) - 3, 3):
        four = curve.points[at : at + 4]
        number = 1 if _is_straight(four) else _PIECES
        places += [_bezier(four, step / number) for step in range(1, number + 1)]
    if curve.tip is not None:
        places.append(curve.tip)
    return list(pairwise(places))


def length(curve: Curve) -> float:
    """In points."""
    return sum(dist(*piece) for piece in pieces(curve))


def meets(piece: Segment, rect: Rect, slack: float = 0) -> bool:
    """Whether a straight piece comes into a rectangle, or nearer to it than that."""
    (x, y), (to_x, to_y) = piece
    left, right = rect.left - slack, rect.right + slack
    bottom, top = rect.bottom - slack, rect.top + slack
    enters, leaves = 0.0, 1.0
    for start, step, least, most in ((x, to_x - x, left, right), (y, to_y - y, bottom, top)):
        if not step:
            if not least < start < most:
                return False
            continue
        first, last = sorted(((least - start) / step, (most - start) / step))
        enters, leaves = max(enters, first), min(leaves, last)
    return enters < leaves


def cross(one: Segment, other: Segment) -> bool:
    """Whether two straight pieces cross; not where one but ends at the other."""
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive if c is left of the way from a to b, negative if right; zero if it is near to it."""
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return area if abs(area) > 0.5 * max(1e-9, dist(a, b)) else 0


def _without_repeated(corners: Sequence[Point]) -> list[Point]:
    """The corners at which the line does turn, and its ends."""
    kept: list[Point] = []
    for corner in corners:
        if kept and dist(kept[-1], corner) < _TINY:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], corner):
            kept[-1] = corner
        else:
            kept.append(corner)
    return kept


def _in_line(a: Point, b: Point, c: Point) -> bool:
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    onward = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return abs(area) < _TINY and onward > 0


def _toward(start: Point, end: Point, far: float) -> Point:
    """The place so far from the start on the way to the end."""
    share = far / max(dist(start, end), 1e-9)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _add_straight(points: list[Point], end: Point) -> None:
    start = points[-1]
    far = dist(start, end)
    points += [_toward(start, end, far / 3), _toward(start, end, far * 2 / 3), end]


def _is_straight(four: Sequence[Point]) -> bool:
    start, one, other, end = four
    off = max(abs(_area(start, end, one)), abs(_area(start, end, other)))
    return off < 0.05 * max(dist(start, end), _TINY)


def _area(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _bezier(four: Sequence[Point], at: float) -> Point:
    rest = 1 - at
    shares = (rest**3, 3 * rest**2 * at, 3 * rest * at**2, at**3)
    return (
        sum(share * point[0] for share, point in zip(shares, four, strict=True)),
        sum(share * point[1] for share, point in zip(shares, four, strict=True)),
    )
