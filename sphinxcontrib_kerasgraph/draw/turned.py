"""Drawings turned, so that what finishes them has to know one direction alone: downwards.

Columns that stand side by side from left to right, of a drawing from left to right, are rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.placed import Curve, Rect

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.placed import Placed, Point


def downward(placed: Placed, rankdir: str) -> Placed:
    """A drawing of that direction, turned so that data goes downwards."""
    return _turned(placed, rankdir)


def turned_back(placed: Placed, rankdir: str) -> Placed:
    """What `downward` turned, as it was."""
    return _turned(placed, {"RL": "RL back"}.get(rankdir, rankdir))  # others turn twice to nothing


def _turned(placed: Placed, how: str) -> Placed:
    if how == "TB":
        return placed

    def there(point: Point) -> Point:
        x, y = point
        match how:
            case "BT":
                return x, -y
            case "LR":
                return -y, -x
            case "RL":
                return -y, x
            case _:
                return y, -x

    def rect(one: Rect) -> Rect:
        (x, y), (to_x, to_y) = there((one.left, one.bottom)), there((one.right, one.top))
        return Rect(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))

    def curve(one: Curve) -> Curve:
        tip, start, text = (p and there(p) for p in (one.tip, one.start_tip, one.text))
        return Curve(tuple(map(there, one.points)), tip, start, text)

    across = how != "BT"
    width, height = placed.width, placed.height
    return replace(
        placed,
        width=height if across else width,
        height=width if across else height,
        boxes={name: rect(one) for name, one in placed.boxes.items()},
        frames={name: rect(one) for name, one in placed.frames.items()},
        titles={name: there(point) for name, point in placed.titles.items()},
        curves={line: curve(one) for line, one in placed.curves.items()},
    )
