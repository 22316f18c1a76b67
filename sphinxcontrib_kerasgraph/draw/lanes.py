"""Lines that pass by boxes, as lanes: down beside what they skip, with rounded corners.

All here is of a drawing in which data goes downwards; y goes upwards.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import dist, inf
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.paths import RADIUS, length, meets, path, pieces
from sphinxcontrib_kerasgraph.draw.ways import OFF_END, OFF_LANE, Ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.draw.ground import Ground
    from sphinxcontrib_kerasgraph.draw.paths import Segment
    from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Point, Rect
    from sphinxcontrib_kerasgraph.scene.layout import Line

#: Between a lane and boxes beside it, and the frame around it, in points.
_OFF_BOX = 5
_OFF_FRAME = 4
#: A straight line is no nearer to boxes that it passes.
_OFF_STRAIGHT = 2.5
#: A lane leaves the line below a box that far below it, and no further down than this.
_LEAVES = 2
_LEAVES_MOST = 8
#: Where there is less below a box, lanes leave it at its side.
_AIR = 12
#: From the corner of a box to a line that ends at its side, above or beside.
_OFF_CORNER = 4
#: As what a corner counts, and a crossing, in points of length.
_BEND = 8
_CROSSING = 60
#: As what each point counts by which a lane makes the drawing wider.
_WIDER = 0.5
#: So much longer than Graphviz's spline a lane may be, and so many points more.
_LONGER = 2
_GRACE = 100
#: Of the places for a lane the nearest are tried, so many at each side.
_TRIED = 10
#: Where more lines skip boxes than this, they stay as they are.
_MOST = 400
#: A line that leans by less than this part of its height, and by a few points, is upright.
_UPRIGHT = 0.35
_UPRIGHT_POINTS = 4
#: As what the left side counts.
_LEFT = 40
#: From the end of a stack of rows to the middle of the row there, in points.
_ROW = 8
#: From a line to the middle of the text beside it.
_OFF_TEXT = 8


def with_lanes(placed: Placed, ground: Ground) -> Placed:
    """The drawing, lines to neighbours straight and those that pass by boxes in lanes."""
    return _Lanes(placed, ground).drawn()


class _Lanes:
    def __init__(self, placed: Placed, ground: Ground) -> None:
        self._ground = ground
        self._curves = dict(placed.curves)
        self._drawn = Ways()
        #: Where an upright line leaves a box below: its x, and where it ends.
        self._trunks: dict[str, tuple[float, float]] = {}
        #: At which heights lanes end, by box and side.
        self._ends: dict[tuple[str, bool], list[float]] = {}
        rects = [*placed.boxes.values(), *placed.frames.values()]
        self._left = min((rect.left for rect in rects), default=0)
        self._right = max((rect.right for rect in rects), default=0)

    def drawn(self) -> Placed:
        skipping: list[Line] = []
        for line, curve in self._curves.items():
            straight = self._straight(line, curve)
            if straight is not None:
                self._take(line, straight)
            elif line.source != line.target:
                skipping.append(line)
        if len(skipping) <= _MOST:
            skipping.sort(key=self._span)  # so that the shorter lanes are inside
            for line in skipping:
                self._route(line)
        return replace(self._ground.placed, curves=self._curves)

    def _span(self, line: Line) -> float:
        source, target = self._ground.source(line), self._ground.target(line)
        return abs(source.bottom - target.top)

    def _take(self, line: Line, curve: Curve) -> None:
        if self._curves[line].text is not None and curve.text is None:
            curve = replace(curve, text=_beside(curve))
        self._curves[line] = curve
        self._drawn.add(line, pieces(curve))

    # -- straight lines

    def _straight(self, line: Line, curve: Curve) -> Curve | None:
        """The line as a straight one, where it passes by nothing."""
        source, target = self._ground.source(line), self._ground.target(line)
        if line.source == line.target or source.bottom <= target.top or curve.start_tip:
            return None
        start, end, arrow = curve.points[0], curve.end, curve.arrow
        for corners in self._upright(line, start, end, source, target), (start, end):
            if corners and self._ground.is_clear(line, [corners], _OFF_STRAIGHT):
                if corners[0][0] == corners[1][0]:
                    self._trunks.setdefault(line.source, (corners[0][0], corners[1][1]))
                return path(corners, arrow)
        return None

    def _upright(
        self, line: Line, start: Point, end: Point, source: Rect, target: Rect
    ) -> tuple[Point, Point] | None:
        lean = abs(end[0] - start[0])
        if lean > _UPRIGHT_POINTS + _UPRIGHT * (source.bottom - target.top):
            return None
        left = max(source.left, target.left) + _OFF_CORNER
        right = min(source.right, target.right) - _OFF_CORNER
        middle = target.center[0] if target.width < source.width else source.center[0]
        x = end[0]
        if line.input is None and abs(middle - (start[0] + end[0]) / 2) <= max(lean, 1):
            x = middle
        if not left <= x <= right:
            if line.input is not None or left > right:
                return None
            x = min(max(x, left), right)
        return (x, source.bottom), (x, target.top)

    # -- lanes

    def _route(self, line: Line) -> None:
        curve = self._curves[line]
        kept = pieces(curve)
        limit = inf
        if self._ground.is_clear(line, kept):
            limit = _LONGER * length(curve) + _GRACE
            limit += _CROSSING * self._drawn.crossings(kept)
        corners = self._best(line, curve, limit)
        if corners is None:
            self._take(line, curve)
            return
        if around := self._ground.around_both(line):
            xs = [x for x, _ in corners]
            self._ground.grow(around[-1], min(xs) - _OFF_FRAME, max(xs) + _OFF_FRAME)
        self._take(line, path(corners, curve.arrow))
        if corners[-1][1] == corners[-2][1]:  # it ends at a side
            side = (line.target, corners[-1][0] < corners[-2][0])
            self._ends.setdefault(side, []).append(corners[-1][1])

    def _best(self, line: Line, curve: Curve, limit: float) -> tuple[Point, ...] | None:
        """The corners of the best way, if one is better than that."""
        source, target = self._ground.source(line), self._ground.target(line)
        if not line.recurrent and source.bottom <= target.top:
            return None
        low, high = min(source.bottom, target.bottom), max(source.top, target.top)
        obstacles = list(self._ground.in_the_way(line, low, high))
        best, least = None, limit
        # What a way costs at least is known at once, and what it crosses isn't.
        for cost, corners in sorted(self._ways(line, curve, obstacles)):
            if cost >= least:
                break
            if self._is_possible(line, corners, obstacles):
                whole = cost + _CROSSING * self._drawn.crossings(list(pairwise(corners)))
                if whole < least:
                    best, least = corners, whole
        return best

    def _ways(
        self, line: Line, curve: Curve, obstacles: Sequence[Rect]
    ) -> Iterator[tuple[float, tuple[Point, ...]]]:
        """Ways that there might be, and what they cost if they cross nothing."""
        source, target = self._ground.source(line), self._ground.target(line)
        most_left, most_right = self._bounds(line)
        for x in self._places(line, curve, obstacles):
            if most_left <= x <= most_right:
                ends = list(self._ends_of(line, curve, x, target))
                for begin in self._begins(line, x, source):
                    beside = self._has_air(line) and begin[0][0] in (source.left, source.right)
                    for end in ends:
                        corners = _turning((*begin, *end))
                        cost = self._cost(corners) + (source.width if beside else 0)
                        yield cost, corners

    def _bounds(self, line: Line) -> tuple[float, float]:
        """How far to the left and right a lane may go, for which its frame grows."""
        around = self._ground.around_both(line)
        if not around:
            return -inf, inf
        rect = self._ground.placed.frames[around[-1]]
        left, right = (
            min(
                self._ground.room_beside(around[-1], right=right),
                self._drawn.free_beside(rect, right=right) - _OFF_FRAME,
            )
            for right in (False, True)
        )
        return rect.left + _OFF_FRAME - max(0, left), rect.right - _OFF_FRAME + max(0, right)

    def _cost(self, corners: Sequence[Point]) -> float:
        far = sum(dist(*piece) for piece in pairwise(corners))
        xs = [x for x, _ in corners]
        wider = max(0, max(xs) - self._right) + max(0, self._left - min(xs))
        # Skips are expected at the right, if both sides are as good.
        left = _LEFT if xs[len(xs) // 2] < xs[0] else 0
        return far + _BEND * (len(corners) - 2) + _WIDER * wider + left

    def _places(self, line: Line, curve: Curve, obstacles: Sequence[Rect]) -> list[float]:
        """Where a lane may go down, the nearest to the way there was first."""
        source, target = self._ground.source(line), self._ground.target(line)
        arrow = curve.arrow
        beside = arrow + RADIUS + 1
        xs = {source.center[0], target.center[0], curve.end[0]}
        xs |= {rect.right + _OFF_BOX for rect in obstacles}
        xs |= {rect.left - _OFF_BOX for rect in obstacles}
        xs |= {source.right + _OFF_BOX, target.right + beside}
        xs |= {source.left - _OFF_BOX, target.left - beside}
        xs |= {x + step for x in self._drawn.lanes() for step in (-OFF_LANE, OFF_LANE)}
        middle = source.center[0]
        order = sorted(xs, key=lambda x: (abs(x - middle), x))
        right = [x for x in order if x >= middle][: 2 * _TRIED]
        return [*right, *[x for x in order if x < middle][: 2 * _TRIED]]

    def _begins(self, line: Line, x: float, source: Rect) -> Iterator[tuple[Point, ...]]:
        """Ways from a box to the lane at x."""
        if not line.recurrent:
            below = self._below(line, source)
            if below is not None:
                yield below, (x, below[1])
            elif self._ground.is_text(line.source):
                # Beside a text a line would begin in white space.
                at, under = source.center[0], source.bottom - _LEAVES - RADIUS
                yield (at, source.bottom), (at, under), (x, under)
            elif source.left + _OFF_CORNER <= x <= source.right - _OFF_CORNER:
                yield ((x, source.bottom),)
        if self._ground.is_text(line.source) and not line.recurrent:
            return
        # From the last row of a stack, which makes what leaves it.
        y = source.bottom + min(source.height / 2, _ROW)
        if x > source.right + RADIUS:
            yield (source.right, y), (x, y)
        elif x < source.left - RADIUS:
            yield (source.left, y), (x, y)

    def _has_air(self, line: Line) -> bool:
        """Whether below a box there is room for lanes to leave the line there."""
        below = self._trunks.get(line.source)
        return below is not None and self._ground.source(line).bottom - below[1] >= _AIR

    def _below(self, line: Line, source: Rect) -> Point | None:
        """Where a lane leaves the upright line below a box, if there is one."""
        if line.source not in self._trunks:
            return None
        x, end = self._trunks[line.source]
        far = source.bottom - end
        return x, source.bottom - min(max(_LEAVES, far / 3), _LEAVES_MOST)

    def _ends_of(
        self, line: Line, curve: Curve, x: float, target: Rect
    ) -> Iterator[tuple[Point, ...]]:
        """Ways from the lane at x to a box."""
        arrow = curve.arrow
        if line.recurrent or (line.input is None and line.frame is None):
            yield from self._ends_beside(line, x, target, arrow + RADIUS)
        if line.recurrent:
            return
        if line.input is not None:
            at, top = curve.end
            yield (x, top + arrow + RADIUS), (at, top + arrow + RADIUS), (at, top)
            if abs(at - x) < 1:
                yield ((at, top),)
        elif abs(x - target.center[0]) <= max(0, target.width / 2 - _OFF_CORNER - RADIUS):
            yield ((x, target.top),)

    def _ends_beside(
        self, line: Line, x: float, target: Rect, least: float
    ) -> Iterator[tuple[Point, ...]]:
        from_right = x > target.center[0]
        side = target.right if from_right else target.left
        if abs(x - side) < least or target.left < x < target.right:
            return
        taken = self._ends.get((line.target, from_right), ())
        middle = target.top - min(target.height / 2, _ROW)  # of the first row of a stack
        for step in (0, *(sign * OFF_END * n for n in range(1, 6) for sign in (-1, 1))):
            y = middle + step
            if not target.bottom + _OFF_CORNER / 2 <= y <= target.top - _OFF_CORNER / 2:
                continue
            if all(abs(y - other) >= OFF_END - 0.1 for other in taken):
                yield (x, y), (side, y)
                return

    def _is_possible(
        self, line: Line, corners: tuple[Point, ...], obstacles: Sequence[Rect]
    ) -> bool:
        for piece in pairwise(corners):
            if (
                any(_is_at(piece, rect) for rect in obstacles)
                or self._drawn.is_taken(line, piece)
                or self._is_on_border(line, piece)
            ):
                return False
        return True

    def _is_on_border(self, line: Line, piece: Segment) -> bool:
        """Whether a lane goes along the border of a frame."""
        (x, y), (to_x, to_y) = piece
        for rect in self._ground.entered(line):
            if x == to_x:
                far = min(abs(x - rect.left), abs(x - rect.right))
                beside = min(y, to_y) < rect.top and max(y, to_y) > rect.bottom
            else:
                far = min(abs(y - rect.bottom), abs(y - rect.top))
                beside = min(x, to_x) < rect.right and max(x, to_x) > rect.left
            if far < _OFF_FRAME and beside:
                return True
        return False


def _is_at(piece: Segment, rect: Rect) -> bool:
    """Whether a piece of a lane comes too near to a box."""
    (x, y), (to_x, to_y) = piece
    if x != to_x:
        return meets(piece, rect, _OFF_STRAIGHT)
    return (
        rect.left - _OFF_BOX < x < rect.right + _OFF_BOX
        and min(y, to_y) < rect.top + _OFF_STRAIGHT
        and max(y, to_y) > rect.bottom - _OFF_STRAIGHT
    )


def _turning(corners: Sequence[Point]) -> tuple[Point, ...]:
    """The corners, none twice."""
    kept = [corners[0]]
    kept += [
        corner for corner, before in zip(corners[1:], corners, strict=False) if corner != before
    ]
    return tuple(kept)


def _beside(curve: Curve) -> Point:
    """The place for a short text beside a line: at the middle of its longest piece."""
    (x, y), (to_x, to_y) = max(pieces(curve), key=lambda piece: dist(*piece))
    upright = abs(to_y - y) > abs(to_x - x)
    right, up = (_OFF_TEXT, 0) if upright else (0, _OFF_TEXT)
    return (x + to_x) / 2 + right, (y + to_y) / 2 + up
