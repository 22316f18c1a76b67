"""Lines that go to the side, from one arm of a U to the other, as level ones.

A chain that data passes downwards hands on what its lowest row makes, and one that it passes
upwards takes it there: so their lowest rows stand beside each other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.ground import ground_of
from sphinxcontrib_kerasgraph.draw.paths import path
from sphinxcontrib_kerasgraph.label.tree import Form
from sphinxcontrib_kerasgraph.scene.layout import Beside
from sphinxcontrib_kerasgraph.scene.scene import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Rect
    from sphinxcontrib_kerasgraph.scene.layout import Arranged, Line

#: Half the height of a row, in points.
_HALF_ROW = 8
#: No arrowhead is longer, in points; Graphviz may leave a gap before one at an input of its own.
_MOST_ARROW = 7
#: From the corner of a box to a line that begins or ends at its side.
_OFF_CORNER = 4


def in_rows(arranged: Arranged, placed: Placed) -> Placed:
    """The drawing with chains side by side on one level, before lines are straightened."""
    chains = {
        thing.name
        for thing in arranged.things
        if isinstance(thing, Box) and thing.label.form is Form.STACK and len(thing.label.rows) > 1
    }
    for thing in arranged.things:
        if isinstance(thing, Beside) and len(chains.intersection(thing.names)) > 1:
            ends = [placed.boxes[name].bottom for name in thing.names if name in chains]
            low = min(ends)
            for name in thing.names:
                rect = placed.boxes[name]
                to = low if name in chains else low + _HALF_ROW - rect.height / 2
                placed = _lowered(placed, name, rect.bottom - to)
    for line in sorted(arranged.level, key=lambda line: (line.source, line.target)):
        if line.input is not None and line in placed.curves:
            placed = _at_input(placed, line)
    return placed


def _at_input(placed: Placed, line: Line) -> Placed:
    """The drawing with the smaller of two boxes moved to where the input of the other is."""
    source, target = placed.boxes[line.source], placed.boxes[line.target]
    curve = placed.curves[line]
    off = source.center[1] - curve.end[1]
    if abs(off) > target.height:
        return placed
    if source.height < target.height:
        return _lowered(placed, line.source, off)
    return _lowered(placed, line.target, -off)


def with_levels(arranged: Arranged, placed: Placed) -> Placed:
    """The drawing with level lines where nothing is in their way."""
    ground = ground_of(arranged, placed)
    curves = dict(placed.curves)
    for line in arranged.level:
        curve = curves.get(line)
        if curve is None:
            continue
        source, target = ground.source(line), ground.target(line)
        if source.right >= target.left:
            continue
        for y in _heights(line, curve, source, target):
            corners = (source.right, y), (target.left, y)
            if ground.is_clear(line, [corners]):
                curves[line] = path(corners, min(_MOST_ARROW, curve.arrow))
                break
    return replace(placed, curves=curves)


def _heights(line: Line, curve: Curve, source: Rect, target: Rect) -> Iterator[float]:
    """How high a level line may be, the best first."""
    low = max(source.bottom, target.bottom) + _OFF_CORNER
    high = min(source.top, target.top) - _OFF_CORNER
    wanted = [max(source.bottom, target.bottom) + _HALF_ROW]
    if abs(source.bottom - target.bottom) > _OFF_CORNER:
        wanted = [target.center[1], source.center[1], (low + high) / 2]
    if line.input is not None:
        wanted = [curve.end[1]]
    yield from (y for y in wanted if low <= y <= high)


def _lowered(placed: Placed, name: str, down: float) -> Placed:
    """The drawing with a box further down, and the ends of lines with it."""
    if not down:
        return placed
    boxes = dict(placed.boxes)
    boxes[name] = boxes[name].moved(0, -down)
    curves = dict(placed.curves)
    for line, curve in placed.curves.items():
        points = list(curve.points)
        tip, start = curve.tip, curve.start_tip
        if line.source == name:
            points[:2] = [(x, y - down) for x, y in points[:2]]
            start = start and (start[0], start[1] - down)
        if line.target == name and line.frame is None:
            points[-2:] = [(x, y - down) for x, y in points[-2:]]
            tip = tip and (tip[0], tip[1] - down)
        curves[line] = replace(curve, points=tuple(points), tip=tip, start_tip=start)
    return replace(placed, boxes=boxes, curves=curves)
