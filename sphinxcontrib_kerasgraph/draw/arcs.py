"""Arcs beside the drawing, for lines that Graphviz wasn't given, since they are too many for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.placed import Curve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.scene.layout import Line

#: How far an arc of that height goes to the side, at most, in points; and the least.
_WIDEST = 160
_LEAST = 12
#: How far an arc that is the whole drawing's height goes to the side, in parts of its height.
_BULGE = 0.25
#: The length of an arrowhead, in points.
_HEAD = 6


def with_arcs(placed: Placed, lines: Iterable[Line]) -> Placed:
    """The drawing with these lines, too: from the right side of a box to that of another."""
    curves = dict(placed.curves)
    right = placed.width
    for line in lines:
        arc = _arc(placed, line)
        curves[line] = arc
        right = max(right, *(x for x, _ in arc.points))
    return replace(placed, width=right, curves=curves)


def _arc(placed: Placed, line: Line) -> Curve:
    source, target = placed.boxes[line.source], placed.boxes[line.target]
    (_, start), (_, end) = source.center, target.center
    side = max(source.right, target.right)
    out = side + min(_WIDEST, _LEAST + _BULGE * abs(start - end)) * 4 / 3
    tip = target.right, end
    base = target.right + _HEAD, end
    return Curve(((source.right, start), (out, start), (out, end), base), tip)
