"""A scene broken into columns, where boxes that would make a rank too wide stand in the next.

A wire from one column to another is cut, and both ends lead to a connector with the same number.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeAlias

from sphinxcontrib_kerasgraph.scene.columns import cost_of, ways_to_break
from sphinxcontrib_kerasgraph.scene.names import Names
from sphinxcontrib_kerasgraph.scene.packing import pack
from sphinxcontrib_kerasgraph.scene.ranks import Estimate
from sphinxcontrib_kerasgraph.scene.scene import (
    Box,
    Frame,
    Scene,
    Wire,
    first_box,
    last_box,
    names_in,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Port
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.columns import Space
    from sphinxcontrib_kerasgraph.scene.scene import Item

#: One column, which starts at the first item.
_ONE_COLUMN = (0,)


@dataclass(frozen=True)
class Layout:
    """How a scene is broken."""

    #: The items that columns start with.
    starts: tuple[int, ...] = _ONE_COLUMN
    #: How many columns stand side by side, those of parts that are drawn apart included; as many
    #: as there may be if zero.
    across: int = 0
    #: How wide, about, a rank of boxes may be, in points.
    widest: float | None = None


@dataclass(frozen=True)
class Connector:
    """A numbered circle, where a wire goes on in another column."""

    name: str
    number: int


@dataclass(frozen=True)
class Link:
    """A line from a box to the connector at which its tensor leaves the column."""

    target: str
    #: The first of the wires that it is the beginning of.
    wire: Wire

    @property
    def source(self) -> str:
        """The name of the box."""
        return self.wire.source


@dataclass(frozen=True)
class Line:
    """What is drawn as one line between two boxes, texts or connectors."""

    source: str
    target: str
    #: See `Wire`.
    frame: str | None = None
    input: int | None = None
    recurrent: bool = False

    @classmethod
    def of(cls, wire: Wire) -> Line:
        """The line of a wire."""
        return cls(wire.source, wire.target, wire.frame, wire.input, wire.recurrent)


@dataclass(frozen=True)
class Below:
    """Has a box stand below another, to which it needs no wire."""

    above: str
    below: str


#: What is in a column.
Thing: TypeAlias = Box | Frame | Wire | Connector | Link | Below


@dataclass(frozen=True)
class Arranged:
    """A scene in columns."""

    scene: Scene = field(compare=False)
    columns: tuple[tuple[Thing, ...], ...]
    #: How many of them stand side by side.
    across: int
    #: See `columns.cost_of`.
    cost: float = 0

    @property
    def circles(self) -> int:
        """How many numbered circles the reader has to look for."""
        things = chain.from_iterable(self.columns)
        return sum(isinstance(thing, Connector) for thing in things)


def possible_starts(
    scene: Scene, options: LayoutOptions, space: Space, widest: float | None = None
) -> list[tuple[int, ...]]:
    """Where columns may begin so that the drawing fits the space; the best guess first.

    Models beside each other are columns, whatever fits.
    """
    if scene.is_several:
        return [tuple(range(len(scene.items)))]
    vertical = options.rankdir in {"TB", "BT"} and options.layout == "dot"
    if options.columns == 1 or len(scene.items) < 3 or not vertical:
        return [_ONE_COLUMN]
    estimate = Estimate(widest)

    @cache
    def size(start: int, stop: int) -> tuple[float, float]:
        return estimate.ranks(scene.items, start, stop).size

    return ways_to_break(scene.crossing, size, space, options.columns)


def estimated_size(scene: Scene, layout: Layout, space: Space) -> tuple[float, float]:
    """About the width and height of the scene in columns, packed to fit the space, in points."""
    estimate = Estimate(layout.widest)
    columns = [
        estimate.ranks(scene.items, start, stop).size
        for start, stop in pairwise([*layout.starts, len(scene.items)])
    ]
    parts = list(map(estimate.of_item, scene.parts))
    in_row = layout.across if scene.is_several else None
    packed = pack(columns, parts, lambda width, height: space.badness(width, height, 0), in_row)
    return packed.width, packed.height


def cost_of_layout(scene: Scene, layout: Layout) -> float:
    """What its columns cost the reader: see `columns.cost_of`."""
    estimate = Estimate(layout.widest)
    ends = pairwise([*layout.starts, len(scene.items)])
    heights = [estimate.ranks(scene.items, start, stop).size[1] for start, stop in ends]
    return cost_of(heights, [scene.crossing[at] for at in layout.starts[1:]])


def arrange(scene: Scene, layout: Layout) -> Arranged:
    """The scene in columns."""
    return _Columns(scene, layout).arranged()


class _Columns:
    def __init__(self, scene: Scene, layout: Layout) -> None:
        self._scene = scene
        self._layout = layout
        self._estimate = Estimate(layout.widest)
        number = len(layout.starts) + len(scene.parts)
        self._columns: list[list[Thing]] = [[] for _ in range(number)]
        #: The column of each box, text and connector.
        self._column_of: dict[str, int] = {}
        self._names = Names(taken=scene.names)
        #: The numbers of tensors that go from column to column, by their boxes.
        self._numbers: dict[tuple[str, Port], int] = {}

    def arranged(self) -> Arranged:
        scene, starts = self._scene, self._layout.starts
        for at, part in enumerate(scene.parts, len(starts)):
            self._put(part, at)
        for at, item in enumerate(scene.items):
            self._put(item, bisect_right(starts, at) - 1)
        # When it is known in which columns all boxes are.
        self._add_wires(scene.items, scene.wires, [*starts, len(scene.items)])
        for part in scene.parts:
            self._add_wires_inside(part)
        if scene.note is not None:
            above = last_box(scene.items[-1])
            self._put(scene.note, self._column_of[above])
            self._add_below(above, scene.note.name)
        across = self._layout.across or len(self._columns)
        cost = 0.0 if scene.is_several else cost_of_layout(scene, self._layout)
        return Arranged(scene, tuple(map(tuple, self._columns)), across, cost)

    def _put(self, item: Item, column: int) -> None:
        self._columns[column].append(item)
        self._column_of.update(dict.fromkeys(names_in(item), column))

    def _add_wires(self, items: Sequence[Item], wires: Sequence[Wire], ends: list[int]) -> None:
        """Add the wires of items, and those inside of frames; ``ends`` are the ends of columns."""
        if self._layout.widest:
            for start, stop in pairwise(ends):
                for above, below in self._estimate.ranks(items, start, stop).lowered:
                    self._add_below(last_box(items[above]), first_box(items[below]))
        for wire in wires:
            self._add_wire(wire)
        for item in items:
            if isinstance(item, Frame):
                self._add_wires_inside(item)

    def _add_wires_inside(self, frame: Frame) -> None:
        self._add_wires(frame.items, frame.wires, [0, len(frame.items)])

    def _add_below(self, above: str, below: str) -> None:
        self._columns[self._column_of[above]].append(Below(above, below))

    def _add_wire(self, wire: Wire) -> None:
        """Add a wire to the column in which it ends, by connectors if it comes from another."""
        column = self._column_of[wire.target]
        if self._column_of[wire.source] != column:
            wire = replace(wire, source=self._connector(wire, column))
        self._columns[column].append(wire)

    def _connector(self, wire: Wire, column: int) -> str:
        """The connector that a tensor comes from in another column than that of its source."""
        key = wire.source, wire.port
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        leaving = self._names[f"//{number} out"]
        if leaving not in self._column_of:
            from_column = self._column_of[wire.source]
            self._add_connector(Connector(leaving, number), from_column)
            self._columns[from_column].append(Link(leaving, wire))
        entering = self._names[f"//{number} in {column}"]
        if entering not in self._column_of:
            self._add_connector(Connector(entering, number), column)
        return entering

    def _add_connector(self, connector: Connector, column: int) -> None:
        self._columns[column].append(connector)
        self._column_of[connector.name] = column
