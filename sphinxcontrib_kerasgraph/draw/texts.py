"""Puts what is written beside lines where it hides nothing: neither boxes nor lines."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, dist
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.paths import pieces
from sphinxcontrib_kerasgraph.draw.placed import Rect
from sphinxcontrib_kerasgraph.label.size import text_width
from sphinxcontrib_kerasgraph.scene.layout import Line
from sphinxcontrib_kerasgraph.scene.scene import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Point
    from sphinxcontrib_kerasgraph.scene.layout import Arranged

#: From the line to the text, in points; and the height of the text.
_BESIDE = 3
_HEIGHT = 9
#: Where along the line it may stand, best first, in parts of its length.
_ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
#: How far apart the places on a line are at which is looked whether a text hides it.
_STEP = 3
#: How much worse a place is for each box, and each place of a line, that the text hides; for
#: each step away from the middle of its own line; and for standing on its left.
_HIDES_BOX = 100
_HIDES_LINE = 10
_AWAY = 2
_LEFT = 1


def with_texts_beside(arranged: Arranged, placed: Placed) -> Placed:
    """The drawing with each text of a line beside it, as near to its middle as there is room."""
    texts = {
        Line.of(thing): thing.text
        for thing in arranged.things
        if isinstance(thing, Wire) and thing.text
    }
    if not texts:
        return placed
    ways = {line: list(_places(curve)) for line, curve in placed.curves.items()}
    curves = dict(placed.curves)
    for line, text in texts.items():
        if line in curves:
            half = text_width(text, theme.COMPACT_FONT_SIZE) / 2 + _BESIDE
            candidates = _candidates(ways[line], half)
            best = min(candidates, key=lambda one: one[0] + _hidden(one[1], half, placed, ways))
            curves[line] = replace(curves[line], text=best[1])
    return replace(placed, curves=curves)


def _candidates(way: list[Point], half: float) -> list[tuple[float, Point]]:
    """Where the middle of a text may be, and how bad that is beside what it hides."""
    found: list[tuple[float, Point]] = []
    for number, share in enumerate(_ALONG):
        x, y = way[round(share * (len(way) - 1))]
        found.append((_AWAY * number, (x + half, y)))
        found.append((_AWAY * number + _LEFT, (x - half, y)))
    return found


def _hidden(middle: Point, half: float, placed: Placed, ways: dict[Line, list[Point]]) -> float:
    """How bad it is what a text would hide there."""
    x, y = middle
    own = half - _BESIDE / 2
    text = Rect(x - own, y - _HEIGHT / 2, x + own, y + _HEIGHT / 2)
    boxes = sum(text.overlaps(box) for box in placed.boxes.values())
    lines = sum(text.holds(point) for way in ways.values() for point in way)
    return _HIDES_BOX * boxes + _HIDES_LINE * lines


def _places(curve: Curve) -> Iterator[Point]:
    """Places on a line, close to each other."""
    found = pieces(curve)
    for (x, y), end in found:
        steps = max(1, ceil(dist((x, y), end) / _STEP))
        for step in range(steps):
            yield x + (end[0] - x) * step / steps, y + (end[1] - y) * step / steps
    yield found[-1][1]
