"""A scene broken into columns, where boxes that would make a rank too wide stand in the next.

A wire from one column to another is cut, and both ends lead to a connector with the same number;
the wires of a tensor that many take are cut, and their ends have a letter. In the shape of a U the
boxes of the right arm stand on their heads.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeAlias

from sphinxcontrib_kerasgraph.label.tree import Role, Text, in_order, plain, with_letters
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
from sphinxcontrib_kerasgraph.scene.standing import Standing, standing, stood

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Port
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.columns import Space
    from sphinxcontrib_kerasgraph.scene.nets import Net
    from sphinxcontrib_kerasgraph.scene.scene import Item
    from sphinxcontrib_kerasgraph.scene.shape import Shape

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
    #: The shape that it is drawn in, as one column.
    shape: Shape | None = None
    #: What has letters in place of lines.
    nets: tuple[Net, ...] = ()
    #: Whether it goes from left to right, or from right to left, so that columns are rows.
    is_turned: bool = False

    @property
    def estimate(self) -> Estimate:
        """Of sizes of what is in it, as if it went downwards."""
        return Estimate(self.widest, turned=self.is_turned)


@dataclass(frozen=True)
class Connector:
    """A numbered circle, where a wire goes on in another column."""

    name: str
    number: int


@dataclass(frozen=True)
class Tag:
    """A letter in place of a line, where a tensor that many take begins or ends."""

    name: str
    letter: str
    tooltip: str


@dataclass(frozen=True)
class Link:
    """A line from a box to the connector or the letter with which its tensor goes on."""

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


@dataclass(frozen=True)
class Beside:
    """Has boxes stand side by side."""

    names: tuple[str, ...]
    #: Whether some are in frames.
    in_frames: bool = False


@dataclass(frozen=True)
class Lanes:
    """Has boxes stand in lanes from top to bottom, from left to right."""

    #: What is said above each lane, and the names of the boxes in it.
    lanes: tuple[tuple[Box, tuple[str, ...]], ...]
    #: The name of the box below which they begin.
    above: str | None


#: What is in a column.
Thing: TypeAlias = Box | Frame | Wire | Connector | Tag | Link | Below | Beside | Lanes


@dataclass(frozen=True)
class Arranged:
    """A scene in columns."""

    scene: Scene = field(compare=False)
    layout: Layout = field(compare=False)
    columns: tuple[tuple[Thing, ...], ...]
    #: How many of them stand side by side.
    across: int
    #: The names of boxes, texts and frames that lines lead up to, not down.
    upwards: frozenset[str] = frozenset()
    #: The lines that go to the side, neither up nor down.
    level: frozenset[Line] = frozenset()
    #: The wires that end in a letter inside of a box.
    lettered: tuple[Wire, ...] = ()
    #: See `columns.cost_of`.
    cost: float = 0

    @property
    def things(self) -> Iterator[Thing]:
        """All that is in the columns, one after the other."""
        return chain.from_iterable(self.columns)

    def rises(self, line: Line) -> bool:
        """Whether a line goes up."""
        return line.target in self.upwards and line not in self.level

    @property
    def circles(self) -> int:
        """How many numbered circles the reader has to look for."""
        return sum(isinstance(thing, Connector) for thing in self.things)


def possible_starts(
    scene: Scene, options: LayoutOptions, space: Space, widest: float | None = None
) -> list[tuple[int, ...]]:
    """Where columns may begin so that the drawing fits the space; the best guess first.

    Models beside each other are columns, whatever fits.
    """
    if scene.is_several:
        return [tuple(range(len(scene.items)))]
    if options.columns == 1 or len(scene.items) < 3 or options.layout != "dot":
        return [_ONE_COLUMN]
    space = replace(space, is_turned=options.is_sideways)
    estimate = Estimate(widest, turned=options.is_sideways)

    @cache
    def size(start: int, stop: int) -> tuple[float, float]:
        return estimate.ranks(scene.items, start, stop).size

    return ways_to_break(scene.crossing, size, space, options.columns)


def estimated_size(scene: Scene, layout: Layout, space: Space) -> tuple[float, float]:
    """About the width and height of the scene in columns, packed to fit the space, in points."""
    space = replace(space, is_turned=layout.is_turned)
    estimate = layout.estimate
    columns = [
        estimate.ranks(scene.items, start, stop).size
        for start, stop in pairwise([*layout.starts, len(scene.items)])
    ]
    parts = list(map(estimate.of_item, scene.parts))
    in_row = layout.across if scene.is_several else None
    packed = pack(columns, parts, lambda width, height: space.badness(width, height, 0), in_row)
    size = packed.width, packed.height
    return (size[1], size[0]) if layout.is_turned else size


def cost_of_layout(scene: Scene, layout: Layout) -> float:
    """What its columns cost the reader: see `columns.cost_of`."""
    estimate = layout.estimate
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
        self._estimate = layout.estimate
        number = len(layout.starts) + len(scene.parts)
        self._columns: list[list[Thing]] = [[] for _ in range(number)]
        #: The column of each box, text and connector.
        self._column_of: dict[str, int] = {}
        self._names = Names(taken=scene.names)
        #: The numbers of tensors that go from column to column, by their boxes.
        self._numbers: dict[tuple[str, Port], int] = {}
        self._nets = {(net.source, net.port): net for net in layout.nets}
        shape = layout.shape
        self._standing = standing(scene, shape, layout.nets) if shape else Standing()
        #: The letters in boxes, by the names of these and by inputs.
        self._letters: dict[str, dict[int, str]] = {}
        self._lettered: list[Wire] = []
        for wire in scene.wires:
            net = self._net(wire)
            if net is not None and wire.input is not None:
                self._letters.setdefault(wire.target, {})[wire.input] = net.letter
                self._lettered.append(wire)
        #: The order of the inputs that have cells in boxes, where that isn't theirs.
        self._orders = self._orders_of_inputs() if shape else {}
        #: The names of letters that stand where data goes up.
        self._tags_upwards: set[str] = set()

    def arranged(self) -> Arranged:
        scene, starts = self._scene, self._layout.starts
        if self._standing.lanes:
            self._add_lanes()
        for at, part in enumerate(scene.parts, len(starts)):
            self._put(part, at)
        for at, item in enumerate(scene.items):
            self._put(item, bisect_right(starts, at) - 1)
        # When it is known in which columns all boxes are.
        self._add_wires(scene.items, scene.wires, [*starts, len(scene.items)])
        for part in scene.parts:
            self._add_wires_inside(part)
        free = {item.name for item in scene.items if isinstance(item, Box)}
        for row in self._standing.rows:
            # Of several parts Graphviz 2.43 loses frames of which boxes stand beside others.
            names = row if not scene.parts else tuple(name for name in row if name in free)
            if len(names) > 1:
                self._columns[0].append(Beside(names, in_frames=not free.issuperset(names)))
        for above, below in self._standing.below:
            self._add_below(above, below)
        if scene.note is not None:
            shape = self._layout.shape
            above = last_box(scene.items[shape.bottom if shape else -1])
            self._put(scene.note, self._column_of[above])
            self._add_below(above, scene.note.name)
        across = self._layout.across or len(self._columns)
        cost = 0.0 if scene.is_several else cost_of_layout(scene, self._layout)
        return Arranged(
            scene,
            self._layout,
            tuple(map(tuple, self._columns)),
            across,
            self._standing.upwards | self._tags_upwards,
            frozenset(map(Line.of, self._standing.level)),
            tuple(self._lettered),
            cost,
        )

    def _add_lanes(self) -> None:
        """Add lanes, each with its size above, as the first thing."""
        found = []
        for number, (said, names) in enumerate(self._standing.lanes):
            title = Box(self._names[f"//lane{number}"], plain([[Text(said, Role.FACT)]]))
            self._column_of[title.name] = 0
            found.append((title, names))
        self._columns[0].append(Lanes(tuple(found), self._standing.above_lanes))

    def _put(self, item: Item, column: int) -> None:
        if isinstance(item, Box) and item.name in self._letters:
            letters = self._letters[item.name]
            item = replace(item, label=with_letters(item.label, letters))
        if isinstance(item, Box) and item.name in self._orders:
            item = replace(item, label=in_order(item.label, self._orders[item.name]))
        is_upwards = item.name in self._standing.upwards
        self._columns[column].append(stood(item) if is_upwards else item)
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
        net = self._net(wire)
        if net is not None:
            self._add_lettered(net, wire)
            return
        column = self._column_of[wire.target]
        if self._column_of[wire.source] != column:
            wire = replace(wire, source=self._connector(wire, column))
        self._columns[column].append(wire)

    def _net(self, wire: Wire) -> Net | None:
        return None if wire.recurrent else self._nets.get((wire.source, wire.port))

    def _orders_of_inputs(self) -> dict[str, dict[int, int]]:
        """What comes from the side enters on that side, and the long way in the middle."""
        orders: dict[str, dict[int, int]] = {}
        for wire in self._scene.wires:
            if wire.input is None:
                continue
            side = 1
            if wire in self._standing.level:
                side = 0
            elif self._net(wire) is not None:
                side = 3
            elif wire.on_spine:
                side = 2
            orders.setdefault(wire.target, {})[wire.input] = side
        return orders

    def _add_lettered(self, net: Net, wire: Wire) -> None:
        """Add a wire as a letter at its source and one at its target, or in it."""
        leaving = self._names[f"//{net.letter} from {net.source}"]
        if leaving not in self._column_of:
            self._add_tag(Tag(leaving, net.letter, net.told), net.source)
            self._columns[self._column_of[net.source]].append(Link(leaving, wire))
        if wire.input is not None:
            return  # it is written in the box
        entering = self._names[f"//{net.letter} into {wire.target}"]
        if entering not in self._column_of:
            self._add_tag(Tag(entering, net.letter, net.told), wire.target)
        self._columns[self._column_of[wire.target]].append(replace(wire, source=entering))

    def _add_tag(self, tag: Tag, beside: str) -> None:
        """Add a letter to the column of a box; data goes up there if it does so in the box."""
        self._add_end(tag, self._column_of[beside])
        if beside in self._standing.upwards:
            self._tags_upwards.add(tag.name)

    def _connector(self, wire: Wire, column: int) -> str:
        """The connector that a tensor comes from in another column than that of its source."""
        key = wire.source, wire.port
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        leaving = self._names[f"//{number} out"]
        if leaving not in self._column_of:
            from_column = self._column_of[wire.source]
            self._add_end(Connector(leaving, number), from_column)
            self._columns[from_column].append(Link(leaving, wire))
        entering = self._names[f"//{number} in {column}"]
        if entering not in self._column_of:
            self._add_end(Connector(entering, number), column)
        return entering

    def _add_end(self, end: Connector | Tag, column: int) -> None:
        self._columns[column].append(end)
        self._column_of[end.name] = column
