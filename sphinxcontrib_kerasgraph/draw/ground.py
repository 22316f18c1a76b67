"""What lines have to keep clear of: boxes, and frames in which they have no end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.paths import meets
from sphinxcontrib_kerasgraph.draw.placed import Rect
from sphinxcontrib_kerasgraph.draw.ways import slices
from sphinxcontrib_kerasgraph.label.size import label_size
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sphinxcontrib_kerasgraph.draw.paths import Segment
    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.scene.layout import Arranged, Line
    from sphinxcontrib_kerasgraph.scene.scene import Item

#: A frame grows by that at most, and has that space around it, in points.
_MOST_GROWN = 18.0
_OFF = 5
#: Of the text of titles, in points.
_TITLE_FONT = 10


@dataclass(frozen=True)
class Thing:
    """A box, a text or a connector; a title of a frame; or a frame."""

    name: str
    rect: Rect


class Ground:
    """The boxes and frames of a drawing in which data goes downwards."""

    def __init__(
        self,
        placed: Placed,
        around: Mapping[str, tuple[str, ...]],
        texts: Collection[str] = frozenset(),
    ) -> None:
        """``around`` are the frames around each box, text and frame, the outermost first."""
        self.placed = placed
        self._texts = texts
        self._around = around
        self._things: list[Thing] = [
            *(Thing(name, rect) for name, rect in placed.boxes.items()),
            *(Thing(name, rect) for name, rect in placed.frames.items() if name in around),
        ]
        self._number_of = {thing.name: number for number, thing in enumerate(self._things)}
        self._slices: dict[int, list[int]] = defaultdict(list)
        for number, thing in enumerate(self._things):
            for at in slices(thing.rect.bottom, thing.rect.top):
                self._slices[at].append(number)

    def add_text(self, frame: str, rect: Rect) -> None:
        """Keep lines off the title of a frame."""
        for at in slices(rect.bottom, rect.top):
            self._slices[at].append(len(self._things))
        self._things.append(Thing(f"{frame}//title", rect))

    def around(self, name: str) -> tuple[str, ...]:
        """The frames around what has that name, the outermost first."""
        return self._around.get(name, ())

    def inside(self, frame: str) -> Iterator[Rect]:
        """The boxes, texts and frames in a frame."""
        for name, around in self._around.items():
            if frame in around:
                rect = self.placed.boxes.get(name) or self.placed.frames.get(name)
                if rect is not None:
                    yield rect

    def is_text(self, name: str) -> bool:
        """Whether that isn't a box, but a text that stands alone."""
        return name in self._texts

    def source(self, line: Line) -> Rect:
        """What a line comes from."""
        return self.placed.boxes[line.source]

    def target(self, line: Line) -> Rect:
        """What a line ends at."""
        if line.frame is not None:
            return self.placed.frames[line.frame]
        return self.placed.boxes[line.target]

    def around_both(self, line: Line) -> tuple[str, ...]:
        """The frames around both ends of a line, the outermost first."""
        target = self.around(line.frame if line.frame is not None else line.target)
        common = []
        for one, other in zip(self.around(line.source), target, strict=False):
            if one != other:
                break
            common.append(one)
        return tuple(common)

    def room(self, line: Line) -> Rect | None:
        """The inside of the frame that both ends of a line are in."""
        around = self.around_both(line)
        return self.placed.frames[around[-1]] if around else None

    def room_beside(self, frame: str, *, right: bool) -> float:
        """How much a frame may grow to the right or left, in points."""
        rect, around = self.placed.frames[frame], self.around(frame)
        free = _MOST_GROWN
        for thing in self._between(rect.bottom, rect.top):
            beyond = thing.rect.left - rect.right if right else rect.left - thing.rect.right
            if thing.name not in around and beyond > -1:
                free = min(free, beyond - _OFF)
        if around:
            outer = self.placed.frames[around[-1]]
            inside = outer.right - rect.right if right else rect.left - outer.left
            free = min(free, inside - _OFF + self.room_beside(around[-1], right=right))
        return max(0, free)

    def grow(self, frame: str, left: float, right: float) -> None:
        """Have a frame reach so far to both sides, and those around it so much further."""
        for name in (frame, *reversed(self.around(frame))):
            rect = self.placed.frames[name]
            grown = replace(rect, left=min(rect.left, left), right=max(rect.right, right))
            left, right = left - _OFF, right + _OFF
            if grown != rect:
                self.placed = replace(self.placed, frames={**self.placed.frames, name: grown})
                number = self._number_of[name]
                self._things[number] = Thing(name, grown)

    def in_the_way(self, line: Line, bottom: float, top: float) -> Iterator[Rect]:
        """What a line has to keep clear of, from one height to another."""
        passed = {line.source, line.target, line.frame}
        passed.update(self.around(line.source), self.around(line.target))
        for thing in self._between(bottom, top):
            if thing.name not in passed:
                yield thing.rect

    def entered(self, line: Line) -> list[Rect]:
        """The frames that a line has one end in."""
        both = set(self.around_both(line))
        names = dict.fromkeys([*self.around(line.source), *self.around(line.target)])
        return [self.placed.frames[name] for name in names if name not in both]

    def is_clear(self, line: Line, pieces: Iterable[Segment], slack: float = 0) -> bool:
        """Whether a way of a line is off all boxes, and in the frame that both ends are in."""
        room = self.room(line)
        for piece in pieces:
            (x, y), (to_x, to_y) = piece
            if room and not (room.holds((x, y)) and room.holds((to_x, to_y))):
                return False
            low, high = min(y, to_y) - slack, max(y, to_y) + slack
            if any(meets(piece, rect, slack) for rect in self.in_the_way(line, low, high)):
                return False
        return True

    def _between(self, bottom: float, top: float) -> Iterator[Thing]:
        numbers = dict.fromkeys(
            number for at in slices(bottom, top) for number in self._slices.get(at, ())
        )
        for number in numbers:
            thing = self._things[number]
            if thing.rect.bottom < top and thing.rect.top > bottom:
                yield thing


def ground_of(arranged: Arranged, placed: Placed) -> Ground:
    """The ground of a scene, the titles of its frames included."""
    around: dict[str, tuple[str, ...]] = {}
    titled: list[Frame] = []
    texts: set[str] = set()

    def add(item: Item, frames: tuple[str, ...]) -> None:
        around[item.name] = frames
        if isinstance(item, Frame):
            inside = (*frames, item.name)
            around.update({text.name: inside for text in item.texts()})
            texts.update(text.name for text in item.texts())
            if item.title is not None:
                titled.append(item)
            for inner in item.items:
                add(inner, inside)

    for thing in arranged.things:
        if isinstance(thing, Box | Frame):
            add(thing, ())
    ground = Ground(placed, around, texts)
    for frame in titled:
        if frame.title is not None and frame.name in placed.titles:
            width, height = label_size(frame.title, _TITLE_FONT)
            x, y = placed.titles[frame.name]
            rect = Rect(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            ground.add_text(frame.name, rect)
    return ground
