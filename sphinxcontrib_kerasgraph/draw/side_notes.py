"""Resolutions beside the boxes where they change, as papers have them: 56×56, 28×28."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.placed import Rect
from sphinxcontrib_kerasgraph.label.tree import Role, Text, plain
from sphinxcontrib_kerasgraph.scene.layout import Lanes
from sphinxcontrib_kerasgraph.scene.names import Names
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, first_box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.scene.layout import Arranged

#: Between a note and the column that it is beside, in points.
_GAP = 5


def with_side_notes(arranged: Arranged, columns: Sequence[Placed]) -> tuple[Arranged, list[Placed]]:
    """The columns with a text at the left of each item where the resolution changes.

    What goes up in the shape of the network comes back to resolutions that are told already.
    """
    drawn = list(columns)
    things = list(arranged.columns)
    for at, note, rect in _notes(arranged, columns):
        drawn[at] = replace(drawn[at], boxes={**drawn[at].boxes, note.name: rect})
        things[at] = (*things[at], note)
    return replace(arranged, columns=tuple(things)), drawn


def _notes(arranged: Arranged, columns: Sequence[Placed]) -> Iterator[tuple[int, Box, Rect]]:
    """Each note, the column that it is beside, and where."""
    scene = arranged.scene
    if any(isinstance(thing, Lanes) for thing in arranged.things):
        return  # each lane tells its own
    names = Names(taken=scene.names)
    lefts = [_left(column) for column in columns]
    for stage in scene.stages:
        item = scene.items[stage.at]
        first = first_box(item)
        if first in arranged.upwards:
            continue
        for at, column in enumerate(columns):
            if first in column.boxes:
                label = plain([(Text(stage.text, Role.FACT),)])
                note = Box(names[f"//stage {stage.at}"], label)
                around = column.frames[item.name] if isinstance(item, Frame) else None
                top = (around or column.boxes[first]).top
                width, height = note.size
                right = lefts[at] - _GAP
                yield at, note, Rect(right - width, top - height, right, top)


def _left(column: Placed) -> float:
    """Where the column begins."""
    rects = (*column.boxes.values(), *column.frames.values())
    points = (point for curve in column.curves.values() for point in curve.points)
    return min(*(rect.left for rect in rects), *(x for x, _ in points), float("inf"))
