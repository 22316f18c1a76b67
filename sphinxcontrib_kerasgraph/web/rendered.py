"""What Graphviz has drawn as SVG, read: its boxes, frames and lines with their shapes.

Lengths are in points from the upper left corner of the drawing; y goes downwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterator

_SVG = "{http://www.w3.org/2000/svg}"
_TITLE = "{http://www.w3.org/1999/xlink}title"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_MOVED = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")
_NOTHING = frozenset({"none", "transparent"})

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Paint:
    """How a shape is filled and outlined: colours as in the DOT, or nothing."""

    fill: str = ""
    stroke: str = ""
    width: float = 1
    is_dashed: bool = False


@dataclass(frozen=True)
class Rect:
    """A rectangle, with round corners if it has a radius."""

    left: float
    top: float
    width: float
    height: float
    radius: float
    paint: Paint


@dataclass(frozen=True)
class Polygon:
    """An arrowhead, or whatever has corners and is no rectangle."""

    points: tuple[Point, ...]
    paint: Paint


@dataclass(frozen=True)
class Curve:
    """A cubic spline: its start, then two control points and an end for each piece."""

    points: tuple[Point, ...]
    paint: Paint


@dataclass(frozen=True)
class Circle:
    """A circle around a number."""

    center: Point
    radius: float
    paint: Paint


@dataclass(frozen=True)
class Text:
    """A stretch of text in one style. It begins at ``x``, or has its middle there."""

    value: str
    x: float
    y: float
    color: str
    size: float
    is_bold: bool
    is_centered: bool


Shape: TypeAlias = Rect | Polygon | Curve | Circle | Text


@dataclass(frozen=True)
class Drawn:
    """A node, edge or cluster of Graphviz's, with what is drawn of it."""

    #: ``node``, ``edge`` or ``cluster``, and the classes that the DOT gives it.
    kind: str
    classes: frozenset[str]
    #: As in the DOT; of an edge both names.
    name: str
    tooltip: str
    shapes: tuple[Shape, ...]

    @property
    def ends(self) -> tuple[str, str]:
        """The names of the nodes at the ends of an edge, in neither of which there is a ``>``."""
        source, _, target = self.name.partition(">")
        return source.removesuffix("-"), target


@dataclass(frozen=True)
class Rendered:
    """A drawing as Graphviz has drawn it."""

    width: float
    height: float
    things: tuple[Drawn, ...]


def read(svg: bytes) -> Rendered:
    """Read an SVG that Graphviz has drawn of DOT of ours.

    Raises `ElementTree.ParseError` or `ValueError` for anything else.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 - Graphviz wrote it, of names that are escaped
    graph = root.find(f"{_SVG}g")
    if graph is None:
        raise ValueError("the SVG has no graph in it")
    *_, width, height = map(float, root.get("viewBox", "").split())
    moved = _MOVED.search(graph.get("transform", ""))
    right, down = (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
    reader = _Reader(right, down)
    return Rendered(width, height, tuple(map(reader.thing, graph.findall(f"{_SVG}g"))))


class _Reader:
    def __init__(self, right: float, down: float) -> None:
        self._right = right
        self._down = down

    def thing(self, group: ElementTree.Element) -> Drawn:
        kind, *classes = group.get("class", "").split()
        title = group.findtext(f"{_SVG}title", "")
        link = group.find(f".//{_SVG}a")
        shapes = tuple(_merged(list(self._shapes(group))))
        name = title.removeprefix("cluster_") if kind == "cluster" else title
        tooltip = "" if link is None else link.get(_TITLE, "")
        return Drawn(kind, frozenset(classes), name, tooltip, shapes)

    def _shapes(self, group: ElementTree.Element) -> Iterator[Shape]:
        for element in group.iter():
            match element.tag.removeprefix(_SVG):
                case "polygon":
                    yield self._polygon(element)
                case "path":
                    yield self._path(element)
                case "ellipse":
                    center = self._at(float(element.get("cx", 0)), float(element.get("cy", 0)))
                    yield Circle(center, float(element.get("rx", 0)), _paint(element))
                case "polyline":
                    points = tuple(self._points(element.get("points", "")))
                    yield Polygon(points, _paint(element))
                case "text":
                    if (element.text or "").strip():
                        yield self._text(element)

    def _at(self, x: float, y: float) -> Point:
        return x + self._right, y + self._down

    def _points(self, written: str) -> list[Point]:
        numbers = [float(number) for number in _NUMBER.findall(written)]
        return [self._at(*at) for at in zip(numbers[::2], numbers[1::2], strict=True)]

    def _polygon(self, element: ElementTree.Element) -> Shape:
        points = self._points(element.get("points", ""))
        xs, ys = {x for x, _ in points}, {y for _, y in points}
        if len(points) == 5 and len(xs) == len(ys) == 2:
            return _rect(points, 0, _paint(element))
        return Polygon(tuple(points), _paint(element))

    def _path(self, element: ElementTree.Element) -> Shape:
        points = self._points(element.get("d", ""))
        paint = _paint(element)
        if len(points) == _ROUNDED and points[0] == points[-1] == points[1]:
            left = min(x for x, _ in points)
            return _rect(points, points[0][0] - left, paint)
        return Curve(tuple(points), paint)

    def _text(self, element: ElementTree.Element) -> Text:
        x, y = self._at(float(element.get("x", 0)), float(element.get("y", 0)))
        return Text(
            " ".join((element.text or "").split()),
            x,
            y,
            element.get("fill", "#000000").lower(),
            float(element.get("font-size", 14)),
            element.get("font-weight") == "bold",
            element.get("text-anchor") == "middle",
        )


#: Graphviz writes a rectangle with round corners as so many points: four sides and four corners.
_ROUNDED = 25


def _rect(points: list[Point], radius: float, paint: Paint) -> Rect:
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    return Rect(left, top, right - left, bottom - top, radius, paint)


def _paint(element: ElementTree.Element) -> Paint:
    fill, stroke = (element.get(name, "none").lower() for name in ("fill", "stroke"))
    return Paint(
        "" if fill in _NOTHING else fill,
        "" if stroke in _NOTHING else stroke,
        float(element.get("stroke-width", 1)),
        "stroke-dasharray" in element.keys(),
    )


def _merged(shapes: list[Shape]) -> Iterator[Shape]:
    """The shapes, where the ground of a box and its outline are one, and grounds side by side."""
    made: list[Shape] = []
    for shape in shapes:
        for at, before in enumerate(made):
            if isinstance(shape, Rect) and isinstance(before, Rect):
                one = _outlined(before, shape) or _widened(before, shape)
                if one is not None:
                    made[at] = one
                    break
        else:
            made.append(shape)
    return iter(made)


def _outlined(ground: Rect, outline: Rect) -> Rect | None:
    """A ground with its outline, which is drawn last."""
    if ground.paint.stroke or outline.paint.fill:
        return None
    paint = replace(outline.paint, fill=ground.paint.fill)
    return replace(outline, paint=paint) if _is_at(ground, outline) else None


def _is_at(one: Rect, other: Rect) -> bool:
    return (one.left, one.top, one.width, one.height) == (
        other.left,
        other.top,
        other.width,
        other.height,
    )


def _widened(left: Rect, right: Rect) -> Rect | None:
    """The ground of two cells side by side."""
    if left.paint != right.paint or left.paint.stroke:
        return None
    if (left.top, left.height, left.left + left.width) != (right.top, right.height, right.left):
        return None
    return replace(left, width=left.width + right.width)
