"""What is drawn, all resolved: boxes, frames and wires with their names and labels.

Nothing here is Graphviz's. A scene is what a view looks like before it is broken into columns;
`scene.layout` breaks it, `draw.dot` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from sphinxcontrib_kerasgraph.graph import UNMARKED, Marks
from sphinxcontrib_kerasgraph.label.size import label_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Port
    from sphinxcontrib_kerasgraph.label.tree import Label
    from sphinxcontrib_kerasgraph.scene.stages import Stage

#: With text of this size, in points, boxes are measured.
_FONT_SIZE = 9


@dataclass(frozen=True)
class Box:
    """A box, or a text that stands alone."""

    #: Unique in the scene, and safe in any language.
    name: str
    label: Label
    #: What is told of it besides.
    tooltip: str = ""
    #: The path of the call that it stands for; ``None`` for a text.
    path: str | None = None
    #: The places, among the items beside it, of those that it takes tensors from; -1 for what comes
    #: into the frame around them.
    sources: frozenset[int] = frozenset()
    #: The shape of what it makes, the batch included; empty for a text.
    makes: tuple[int | None, ...] = ()
    #: The paths of the calls that it stands for, those of each repetition.
    stands_for: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def size(self) -> tuple[float, float]:
        """About its width and height in points."""
        return label_size(self.label, _FONT_SIZE)


@dataclass(frozen=True)
class Exit:
    """A text at the lower end of a frame, where an output of what is inside leaves."""

    text: Box
    #: The names of the boxes that make the output.
    sources: tuple[str, ...]
    #: The path of the call that the frame is around.
    path: str


@dataclass(frozen=True)
class Frame:
    """A frame around the calls of an open block, of a repetition, or of a part drawn apart."""

    name: str
    #: The path of the call that is open.
    path: str
    #: How many frames there are around it.
    depth: int
    tooltip: str
    #: In the order of the data.
    items: tuple[Item, ...]
    #: Between what is inside, and from outside into it.
    wires: tuple[Wire, ...]
    #: The title, where it is written on the frame itself.
    title: Label | None = None
    #: The title, where it stands as a text beside the first item, which wires keep clear of.
    title_beside: Box | None = None
    #: The texts at which data enters a repetition, the first with the title; and where it leaves.
    entries: tuple[Box, ...] = ()
    exits: tuple[Exit, ...] = ()
    #: Whether nothing enters at `entries`, so that they are but a title above the first box.
    is_headed: bool = False
    sources: frozenset[int] = frozenset()
    makes: tuple[int | None, ...] = ()
    stands_for: tuple[tuple[str, ...], ...] = ()
    marks: Marks = UNMARKED

    @property
    def first_box(self) -> str:
        """The name of the first box inside."""
        return first_box(self.items[0])

    def texts(self) -> Iterator[Box]:
        """The texts of the frame itself."""
        yield from self.entries
        yield from (one.text for one in self.exits)
        if self.title_beside is not None:
            yield self.title_beside

    def names(self) -> Iterator[str]:
        """The names of all boxes and texts inside."""
        yield from (text.name for text in self.texts())
        for item in self.items:
            yield from names_in(item)


Item: TypeAlias = Box | Frame


@dataclass(frozen=True)
class Wire:
    """A tensor on its way from a box to another, or several."""

    #: The names of the boxes.
    source: str
    target: str
    #: The output that it is of, which tells it from other tensors of the same box; of several the
    #: first.
    port: Port
    #: What the tensor is to the call that takes it, its shape and dtype; of several a line each.
    tooltip: str
    #: The path of the call that takes it.
    path: str
    #: The name of the frame at which it ends, if not at the box.
    frame: str | None = None
    #: The input, where the inputs of the box have places of their own.
    input: int | None = None
    #: Whether it goes to the next step of a loop.
    recurrent: bool = False
    #: Whether it is on the longest way to its end, and is to be straight.
    on_spine: bool = False
    #: How many tensors it is for, and what is written beside it if these are several.
    count: int = 1
    text: str = ""
    marks: Marks = UNMARKED


@dataclass(frozen=True)
class Scene:
    """A drawing, not yet laid out."""

    #: The name of the model.
    name: str
    #: Whether boxes stand close.
    compact: bool
    items: tuple[Item, ...]
    wires: tuple[Wire, ...]
    #: How many wires go from before each item to it or beyond; and behind the last.
    crossing: tuple[int, ...]
    #: The frames of parts that are drawn apart.
    parts: tuple[Frame, ...] = ()
    #: Below the last item: what the drawing leaves out.
    note: Box | None = None
    #: Where the resolution changes of the images or sequences that the model works on.
    stages: tuple[Stage, ...] = ()
    #: Whether the items are models beside each other, between which nothing goes.
    is_several: bool = False
    #: The name of the theme in which it is drawn.
    theme: str = "default"

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all boxes and texts."""
        found = {name for item in (*self.items, *self.parts) for name in names_in(item)}
        if self.note is not None:
            found.add(self.note.name)
        return frozenset(found)


def names_in(item: Item) -> Iterator[str]:
    """The names of the boxes and texts in an item."""
    if isinstance(item, Box):
        yield item.name
    else:
        yield from item.names()


def first_box(item: Item) -> str:
    """The name of an item's first box."""
    return item.name if isinstance(item, Box) else first_box(item.items[0])


def last_box(item: Item) -> str:
    """The name of an item's last box."""
    return item.name if isinstance(item, Box) else last_box(item.items[-1])
