"""The ways of lines that have their places: what others would cross, or come too near to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.paths import RADIUS, cross

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinxcontrib_kerasgraph.draw.paths import Segment
    from sphinxcontrib_kerasgraph.draw.placed import Rect
    from sphinxcontrib_kerasgraph.scene.layout import Line

#: Between two lanes side by side, and the ends of two at the same side of a box, in points.
OFF_LANE = 5
OFF_END = 4
#: What is near is looked up by slices of the drawing of that height, in points.
_SLICE = 40
#: How far beside a frame lines are looked for.
_MOST_BESIDE = 30.0
#: What isn't further from level, or from upright, is level, in points.
_LEVEL = 0.1


class Ways:
    """The lines that have their places."""

    def __init__(self) -> None:
        #: Their straight pieces, with the number of the line, by slices of the drawing.
        self._pieces: dict[int, list[tuple[int, Segment]]] = defaultdict(list)
        self._sources: list[str] = []
        self._xs: set[float] = set()

    def add(self, line: Line, parts: Iterable[Segment]) -> None:
        """Keep the way of a line."""
        number = len(self._sources)
        self._sources.append(line.source)
        for piece in parts:
            (x, y), (to_x, to_y) = piece
            for at in slices(min(y, to_y), max(y, to_y)):
                self._pieces[at].append((number, piece))
            if abs(x - to_x) < _LEVEL and abs(y - to_y) > 2 * RADIUS:
                self._xs.add(x)

    def lanes(self) -> set[float]:
        """Where upright lines are."""
        return self._xs

    def crossings(self, parts: Iterable[Segment]) -> int:
        """How many lines a way would cross."""
        crossed: set[int] = set()
        for piece in parts:
            for number, other in self._near(piece, 0):
                if number not in crossed and cross(piece, other):
                    crossed.add(number)
        return len(crossed)

    def is_taken(self, line: Line, piece: Segment) -> bool:
        """Whether another line is so near beside a piece that they would be taken for one."""
        (x, _), (to_x, _) = piece
        if x == to_x:
            for _, ((there, y), (to_there, to_y)) in self._near(piece, OFF_LANE - 0.1):
                if abs(there - to_there) < _LEVEL and abs(y - to_y) > 2 * RADIUS:
                    return True
            return False
        for number, ((there, y), (to_there, to_y)) in self._near(piece, OFF_END - 0.1):
            if (
                abs(y - to_y) < _LEVEL
                and abs(there - to_there) > 2 * RADIUS
                and self._sources[number] != line.source
            ):
                return True
        return False

    def free_beside(self, rect: Rect, *, right: bool) -> float:
        """How far beside a frame the next line is, as far as that matters."""
        far = _MOST_BESIDE
        side = rect.right if right else rect.left
        end = side + far if right else side - far
        for _, ((x, _), (to_x, _)) in self._near(((side, rect.bottom), (end, rect.top)), 0):
            beyond = min(x, to_x) - side if right else side - max(x, to_x)
            if beyond > 0:
                far = min(far, beyond)
        return far

    def _near(self, piece: Segment, slack: float) -> Iterator[tuple[int, Segment]]:
        """The pieces in the rectangle around a piece, or no further from it than that."""
        (x, y), (to_x, to_y) = piece
        left, right = (x, to_x) if x < to_x else (to_x, x)
        low, high = (y, to_y) if y < to_y else (to_y, y)
        left, right, low, high = left - slack, right + slack, low - slack, high + slack
        for at in slices(low, high):
            for number, other in self._pieces.get(at, ()):
                (there, up), (to_there, to_up) = other
                if (
                    (there <= right or to_there <= right)
                    and (there >= left or to_there >= left)
                    and (up <= high or to_up <= high)
                    and (up >= low or to_up >= low)
                ):
                    yield number, other


def slices(bottom: float, top: float) -> range:
    """The numbers of the slices of a drawing from one height to another."""
    return range(int(bottom // _SLICE), int(top // _SLICE) + 1)
