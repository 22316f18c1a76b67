"""What Graphviz has drawn as SVG, read: its boxes, frames and lines with their shapes.

Lengths are in points from the upper left corner of the drawing; y goes downwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

from sphinxcontrib_kerasgraph.draw.theme import FONT, SVG_FONTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SVG = "{http://www.w3.org/2000/svg}"
_TITLE = "{http://www.w3.org/1999/xlink}title"
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_MOVED = re.compile(
    r"scale\((?P<across>[\d.]+)[ ,]+(?P<down>[\d.]+)\) rotate\(0\) "
    r"translate\((?P<x>[-\d.]+)[ ,]+(?P<y>[-\d.]+)\)"
)
_NOTHING = frozenset({"none", "transparent"})
#: What a drawing of ours is made of, and the attributes that change how it looks.
_GROUPS = frozenset({"g", "a", "title"})
_LOOKS = {
    "polygon": {"points", "fill", "stroke", "stroke-width", "stroke-dasharray"},
    "path": {"d", "fill", "stroke", "stroke-width", "stroke-dasharray"},
    "ellipse": {"cx", "cy", "rx", "ry", "fill", "stroke", "stroke-width", "stroke-dasharray"},
    "text": {
        "x",
        "y",
        "text-anchor",
        "font-family",
        "font-size",
        "font-weight",
        "text-decoration",
        "fill",
    },
}
_FONTS = frozenset({FONT, SVG_FONTS})
_DASHES = "5,2"
#: What is nearer than this is at the same place: numbers have two decimals.
_NEAR = 0.011

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
    is_struck: bool = False


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

    Raises `ValueError` for anything else, so that nothing in it is lost or looks otherwise.
    """
    try:
        root = ET.fromstring(svg)  # noqa: S314 - Graphviz wrote it, of escaped names
    except ET.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error
    graph = root.find(f"{_SVG}g")
    if graph is None:
        raise ValueError("there is no graph in it")
    moved = _MOVED.search(graph.get("transform", ""))
    size = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    if moved is None or len(size) != 4:
        raise ValueError("it doesn't tell where the graph is")
    across, down, x, y = (float(moved[name]) for name in ("across", "down", "x", "y"))
    reader = _Reader(x, y)
    things = tuple(map(reader.thing, graph.findall(f"{_SVG}g")))
    return Rendered(size[2] / across, size[3] / down, things)


class _Reader:
    def __init__(self, right: float, down: float) -> None:
        self._right = right
        self._down = down

    def thing(self, group: ET.Element) -> Drawn:
        kind, *classes = group.get("class", "").split() or [""]
        title = group.findtext(f"{_SVG}title", "")
        link = group.find(f".//{_SVG}a")
        shapes = tuple(_merged(list(self._shapes(group))))
        name = title.removeprefix("cluster_") if kind == "cluster" else title
        tooltip = "" if link is None else link.get(_TITLE, "")
        return Drawn(kind, frozenset(classes), name, tooltip, shapes)

    def _shapes(self, group: ET.Element) -> Iterator[Shape]:
        for element in group.iter():
            kind = element.tag.removeprefix(_SVG)
            if kind in _GROUPS:
                continue
            looks = {name for name in element.attrib if "}" not in name}
            if unknown := looks - _LOOKS.get(kind, set()):
                raise ValueError(f"{kind} with {', '.join(sorted(unknown))}")
            match kind:
                case "polygon":
                    yield self._polygon(element)
                case "path":
                    yield self._path(element)
                case "ellipse":
                    yield self._circle(element)
                case "text":
                    if (element.text or "").strip():
                        yield self._text(element)
                case _:
                    raise ValueError(f"there is a {kind} in it")

    def _at(self, x: float, y: float) -> Point:
        return x + self._right, y + self._down

    def _points(self, written: str) -> list[Point]:
        numbers = [float(number) for number in _NUMBER.findall(written)]
        return [self._at(*at) for at in zip(numbers[::2], numbers[1::2], strict=True)]

    def _polygon(self, element: ET.Element) -> Shape:
        points = self._points(element.get("points", ""))
        xs, ys = {x for x, _ in points}, {y for _, y in points}
        if len(points) == 5 and len(xs) == len(ys) == 2:
            return _rect(points, 0, _paint(element))
        return Polygon(tuple(points), _paint(element))

    def _path(self, element: ET.Element) -> Shape:
        written = element.get("d", "")
        points = self._points(written)
        if set(filter(str.isalpha, written)) - set("MCe") or len(points) % 3 != 1:
            raise ValueError(f"it has the path {written}")
        paint = _paint(element)
        if len(points) == _ROUNDED and points[0] == points[-1] == points[1]:
            left = min(x for x, _ in points)
            return _rect(points, points[0][0] - left, paint)
        return Curve(tuple(points), paint)

    def _circle(self, element: ET.Element) -> Shape:
        x, y, wide, high = (float(element.get(name, 0)) for name in ("cx", "cy", "rx", "ry"))
        if wide != high:
            raise ValueError("there is an ellipse in it")
        return Circle(self._at(x, y), wide, _paint(element))

    def _text(self, element: ET.Element) -> Text:
        anchor, weight = element.get("text-anchor", "start"), element.get("font-weight", "")
        if anchor not in {"start", "middle"} or weight not in {"", "bold"}:
            raise ValueError(f"it has text that is {anchor} {weight}")
        struck = element.get("text-decoration", "")
        if struck not in {"", "line-through"}:
            raise ValueError(f"it has text that is {struck}")
        font = element.get("font-family", "")
        if font not in _FONTS:
            raise ValueError(f"the font {font} isn't that of the page")
        x, y = self._at(float(element.get("x", 0)), float(element.get("y", 0)))
        return Text(
            " ".join((element.text or "").split()),
            x,
            y,
            element.get("fill", "black").lower(),
            float(element.get("font-size", 14)),
            weight == "bold",
            anchor == "middle",
            struck == "line-through",
        )


#: Graphviz writes a rectangle with round corners as so many points: four sides and four corners.
_ROUNDED = 25


def _rect(points: list[Point], radius: float, paint: Paint) -> Rect:
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    return Rect(left, top, right - left, bottom - top, radius, paint)


def _paint(element: ET.Element) -> Paint:
    fill, stroke = (element.get(name, "none").lower() for name in ("fill", "stroke"))
    dashes = element.get("stroke-dasharray", "")
    if dashes not in {"", _DASHES}:
        raise ValueError(f"it has lines with dashes of {dashes}")
    return Paint(
        "" if fill in _NOTHING else fill,
        "" if stroke in _NOTHING else stroke,
        float(element.get("stroke-width", 1)),
        bool(dashes),
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
    return (
        _near(one.left, other.left)
        and _near(one.top, other.top)
        and _near(one.width, other.width)
        and _near(one.height, other.height)
    )


def _widened(left: Rect, right: Rect) -> Rect | None:
    """The ground of two cells side by side."""
    if left.paint != right.paint or left.paint.stroke or left.radius or right.radius:
        return None
    if not (
        _near(left.top, right.top)
        and _near(left.height, right.height)
        and _near(left.left + left.width, right.left)
    ):
        return None
    return replace(left, width=right.left + right.width - left.left)


def _near(one: float, other: float) -> bool:
    return abs(one - other) < _NEAR
