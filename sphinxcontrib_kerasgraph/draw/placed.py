"""A drawing as Graphviz has laid it out: where boxes, frames and lines are.

Read from ``dot -Tjson0``. Lengths are in points, and y goes upwards, as Graphviz has it. What
finishes a drawing takes one of these and returns another; `draw.dot` writes it down.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sphinxcontrib_kerasgraph.scene.layout import Line

#: A place: x and y.
Point: TypeAlias = tuple[float, float]

#: The prefix of the names of clusters, which makes Graphviz draw frames.
CLUSTER = "cluster_"


@dataclass(frozen=True)
class Rect:
    """Where a box or a frame is."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    @property
    def center(self) -> Point:
        """The middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def moved(self, right: float, up: float) -> Rect:
        """The same, elsewhere."""
        return Rect(self.left + right, self.bottom + up, self.right + right, self.top + up)

    def overlaps(self, other: Rect, slack: float = 0) -> bool:
        """Whether another is partly in it, or nearer to it than that."""
        return (
            self.left < other.right + slack
            and other.left < self.right + slack
            and self.bottom < other.top + slack
            and other.bottom < self.top + slack
        )

    def holds(self, point: Point, slack: float = 0) -> bool:
        """Whether a place is in it, or no further outside than that."""
        x, y = point
        return (
            self.left - slack <= x <= self.right + slack
            and self.bottom - slack <= y <= self.top + slack
        )


@dataclass(frozen=True)
class Curve:
    """How a line runs: a cubic spline, from its start to the base of its arrowhead."""

    #: The start, then two control points and an end for each piece.
    points: tuple[Point, ...]
    #: The tip of the arrowhead at its end, and of one at its start; ``None`` where there is none.
    tip: Point | None = None
    start_tip: Point | None = None
    #: The middle of the text beside it.
    text: Point | None = None

    def moved(self, right: float, up: float) -> Curve:
        """The same, elsewhere."""

        def there(point: Point | None) -> Point | None:
            return point and (point[0] + right, point[1] + up)

        points = tuple((x + right, y + up) for x, y in self.points)
        return Curve(points, there(self.tip), there(self.start_tip), there(self.text))

    @property
    def end(self) -> Point:
        """Where it ends, with its arrowhead."""
        return self.tip or self.points[-1]

    @property
    def arrow(self) -> float:
        """The length of the arrowhead at its end."""
        return math.dist(self.points[-1], self.end)

    @property
    def length(self) -> float:
        """About how long it is, along its control points."""
        return sum(map(math.dist, self.points, self.points[1:]))

    @property
    def pos(self) -> str:
        """As Graphviz writes it."""
        ends = [f"e,{_written(self.tip)}"] if self.tip else []
        ends += [f"s,{_written(self.start_tip)}"] if self.start_tip else []
        return " ".join([*ends, *map(_written, self.points)])


@dataclass(frozen=True)
class Placed:
    """A drawing that is laid out."""

    width: float
    height: float
    #: Boxes, texts and connectors, by their names.
    boxes: Mapping[str, Rect] = field(default_factory=dict)
    #: Frames by theirs, and the middles of their titles.
    frames: Mapping[str, Rect] = field(default_factory=dict)
    titles: Mapping[str, Point] = field(default_factory=dict)
    curves: Mapping[Line, Curve] = field(default_factory=dict)

    def cropped(self) -> Placed:
        """All of it at the lower left corner, as large as it needs to be."""
        rects = [*self.boxes.values(), *self.frames.values()]
        xs = [x for rect in rects for x in (rect.left, rect.right)]
        ys = [y for rect in rects for y in (rect.bottom, rect.top)]
        for x, y in chain.from_iterable(curve.points for curve in self.curves.values()):
            xs.append(x)
            ys.append(y)
        left, bottom = min(xs), min(ys)
        size = max(xs) - left, max(ys) - bottom
        return replace(self.moved(-left, -bottom), width=size[0], height=size[1])

    def moved(self, right: float, up: float) -> Placed:
        """The same, elsewhere."""
        return replace(
            self,
            boxes={name: rect.moved(right, up) for name, rect in self.boxes.items()},
            frames={name: rect.moved(right, up) for name, rect in self.frames.items()},
            titles={name: (x + right, y + up) for name, (x, y) in self.titles.items()},
            curves={line: curve.moved(right, up) for line, curve in self.curves.items()},
        )


def placed(said: str, lines: Sequence[Line], boxes: Collection[str] = ()) -> Placed:
    """What ``dot -Tjson0`` said of a drawing, in which those lines are numbered in this order.

    Raises `Fault` ``graphviz`` if it said something else, or nothing of one of these ``boxes``.
    """
    try:
        found = _read(json.loads(said), lines)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Fault(
            "graphviz", f"Graphviz's JSON isn't as expected: {error!r}.", "Check {which_dot}."
        ) from error
    if lacking := sorted(set(boxes).difference(found.boxes)):
        raise Fault("graphviz", f"Graphviz's JSON has no {lacking[0]!r}.", "Check {which_dot}.")
    return found


def _read(told: dict[str, Any], lines: Sequence[Line]) -> Placed:
    boxes, frames, titles = {}, {}, {}
    for thing in told.get("objects", ()):
        name = thing["name"]
        if "pos" in thing:
            [(x, y)] = _points(thing["pos"])
            half, high = float(thing["width"]) * 36, float(thing["height"]) * 36
            boxes[name] = Rect(x - half, y - high, x + half, y + high)
        elif "bb" in thing and name.startswith(CLUSTER):
            frames[name.removeprefix(CLUSTER)] = _rect(thing["bb"])
            if "lp" in thing:
                [titles[name.removeprefix(CLUSTER)]] = _points(thing["lp"])
    curves = {
        lines[int(edge["line"])]: _curve(edge)
        for edge in told.get("edges", ())
        if "line" in edge and "pos" in edge
    }
    whole = _rect(told["bb"])
    return Placed(whole.width, whole.height, boxes, frames, titles, curves)


def _curve(edge: dict[str, Any]) -> Curve:
    tips: dict[str, Point] = {}
    points = []
    for word in edge["pos"].split():
        if word[0] in "es":
            [tips[word[0]]] = _points(word[2:])
        else:
            points += _points(word)
    text = None
    if "xlp" in edge:
        [text] = _points(edge["xlp"])
    if edge.get("dir") == "back":  # it was told from its target to its source
        return Curve(tuple(points[::-1]), tips.get("s"), tips.get("e"), text)
    return Curve(tuple(points), tips.get("e"), tips.get("s"), text)


def _points(words: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in (word.split(",")[:2] for word in words.split())]


def _rect(words: str) -> Rect:
    return Rect(*map(float, words.split(",")))


def _written(point: Point) -> str:
    return f"{point[0]:.5g},{point[1]:.5g}"
