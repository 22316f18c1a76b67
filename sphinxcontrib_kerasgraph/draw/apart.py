"""The columns of a drawing, and parts that are drawn apart, each for itself."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.placed import Placed
from sphinxcontrib_kerasgraph.scene.layout import Connector, Lanes, Tag
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.draw.placed import Curve, Point, Rect
    from sphinxcontrib_kerasgraph.scene.layout import Arranged, Line
    from sphinxcontrib_kerasgraph.scene.scene import Item


def apart(arranged: Arranged, placed: Placed) -> list[Placed]:
    """What is in each column."""
    column_of: dict[str, int] = {}
    for number, column in enumerate(arranged.columns):
        for thing in column:
            if isinstance(thing, Box | Frame):
                names = chain(names_in(thing), _frames(thing))
                column_of.update(dict.fromkeys(names, number))
            elif isinstance(thing, Lanes):
                column_of.update((title.name, number) for title, _ in thing.lanes)
            elif isinstance(thing, Connector | Tag):
                column_of[thing.name] = number
    boxes: list[dict[str, Rect]] = [{} for _ in arranged.columns]
    frames: list[dict[str, Rect]] = [{} for _ in arranged.columns]
    titles: list[dict[str, Point]] = [{} for _ in arranged.columns]
    curves: list[dict[Line, Curve]] = [{} for _ in arranged.columns]
    for name, rect in placed.boxes.items():
        boxes[column_of[name]][name] = rect
    for name, rect in placed.frames.items():
        if name in column_of:  # Graphviz has frames around columns, too, that aren't drawn
            frames[column_of[name]][name] = rect
            if name in placed.titles:
                titles[column_of[name]][name] = placed.titles[name]
    for line, curve in placed.curves.items():
        curves[column_of[line.source]][line] = curve
    return [Placed(0, 0, *one) for one in zip(boxes, frames, titles, curves, strict=True)]


def together(drawings: Sequence[Placed]) -> Placed:
    """All in one drawing, each where it is."""
    return Placed(
        0,
        0,
        dict(chain.from_iterable(one.boxes.items() for one in drawings)),
        dict(chain.from_iterable(one.frames.items() for one in drawings)),
        dict(chain.from_iterable(one.titles.items() for one in drawings)),
        dict(chain.from_iterable(one.curves.items() for one in drawings)),
    )


def _frames(item: Item) -> Iterator[str]:
    if isinstance(item, Frame):
        yield item.name
        for inner in item.items:
            yield from _frames(inner)
