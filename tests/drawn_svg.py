"""The geometry of a drawing read from the SVG that Graphviz writes, however it was laid out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from drawn import Drawing, Edge, Line, Point, Rectangle, is_near

SVG = "{http://www.w3.org/2000/svg}"
#: Straight pieces for each part of a curve.
_PIECES = 16
_STRAIGHT = 0.05
#: The width of a character, in fractions of the size of its font, at least.
_CHARACTER = 0.45
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_COMMANDS = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_SHIFTED = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")


def drawing_of(svg: str | bytes) -> Drawing:
    """The drawing in an SVG that Graphviz wrote. Raises `ValueError` for one that isn't."""
    root = ET.fromstring(svg)
    graph = root.find(f"{SVG}g")
    if graph is None or root.get("viewBox") is None:
        raise ValueError("no drawing of Graphviz")
    shift = _SHIFTED.search(graph.get("transform", ""))
    right, down = (float(shift[1]), float(shift[2])) if shift else (0, 0)
    left, top, width, height = map(float, _NUMBER.findall(root.attrib["viewBox"]))
    # The paper in the coordinates of what is drawn on it.
    paper = Rectangle(left - right, top - down, left + width - right, top + height - down)
    kinds: dict[str, dict[str, Rectangle]] = defaultdict(dict)
    drawn = []
    numbers = set()
    for group in root.iter(f"{SVG}g"):
        classes = group.get("class", "").split()
        name = group.findtext(f"{SVG}title", "")
        if classes[:1] == ["edge"]:
            drawn.append((name, tuple(_lines(group))))
        elif classes[:1] == ["cluster"]:
            frame = name.removeprefix("cluster_")
            if not frame.startswith("//"):  # columns
                kinds["frame"][frame] = _place(group)
        elif classes[:1] == ["node"]:
            kinds[classes[-1]][name] = _place(group)
            if classes[-1] == "connector":
                numbers.add("".join(text.text or "" for text in group.iter(f"{SVG}text")))
    kinds["title"] |= kinds.pop("net", {})  # letters in place of lines
    nodes = kinds["node"] | kinds["title"] | kinds["connector"]
    edges = tuple(Edge(*_ends(name, nodes), lines) for name, lines in drawn if any(map(len, lines)))
    return Drawing(
        *(width, height, paper),
        *(kinds[kind] for kind in ("node", "title", "connector")),
        frozenset(numbers),
        kinds["frame"],
        edges,
        min(_sizes(root), default=0),
    )


def _sizes(root: ET.Element) -> Iterator[float]:
    for text in root.iter(f"{SVG}text"):
        if "".join(text.itertext()).strip():
            yield float(text.get("font-size", "14"))


def _ends(title: str, nodes: dict[str, Rectangle]) -> tuple[str, str]:
    """The two nodes of an edge, whose title may name ports, too."""
    found = []
    for end in title.split("->"):
        name = end
        while name not in nodes and ":" in name:
            name = name.rpartition(":")[0]
        if name not in nodes:
            raise ValueError(f"the edge {title} ends at nothing that is drawn")
        found.append(name)
    source, target = found
    return source, target


def _place(group: ET.Element) -> Rectangle:
    """Where a node or a frame is: all its shapes, or its words where it has none."""
    shapes = [
        shape.grown(0)
        for element in group.iter()
        if element.tag in {f"{SVG}{kind}" for kind in ("polygon", "polyline", "path", "ellipse")}
        for shape in [_shape(element)]
    ]
    places = shapes or [_words(text) for text in group.iter(f"{SVG}text")]
    if not places:
        return Rectangle(0, 0, 0, 0)
    corners = [((one.left, one.top), (one.right, one.bottom)) for one in places]
    return Rectangle.around(corner for pair in corners for corner in pair)


def _shape(element: ET.Element) -> Rectangle:
    if element.tag == f"{SVG}ellipse":
        x, y, wide, high = (float(element.attrib[name]) for name in ("cx", "cy", "rx", "ry"))
        return Rectangle(x - wide, y - high, x + wide, y + high)
    if element.tag == f"{SVG}path":
        return Rectangle.around(_line(element.attrib["d"]))
    return Rectangle.around(_pairs(element.attrib["points"]))


def _words(text: ET.Element) -> Rectangle:
    """About where a text is."""
    size = float(text.get("font-size", "14"))
    width = len("".join(text.itertext())) * size * _CHARACTER
    left = float(text.attrib["x"])
    left -= {"middle": width / 2, "end": width}.get(text.get("text-anchor", "start"), 0)
    bottom = float(text.attrib["y"])
    return Rectangle(left, bottom - size * 0.8, left + width, bottom + size * 0.2)


def _lines(group: ET.Element) -> Iterator[Line]:
    for path in group.iter(f"{SVG}path"):
        yield _line(path.attrib["d"])
    for line in group.iter(f"{SVG}polyline"):
        yield tuple(_pairs(line.attrib["points"]))


def _pairs(numbers: str) -> list[Point]:
    values = list(map(float, _NUMBER.findall(numbers)))
    return list(zip(values[::2], values[1::2], strict=True))


def _line(path: str) -> Line:
    """A path as straight pieces. Raises `ValueError` for commands that Graphviz doesn't write."""
    points: list[Point] = []
    for command, numbers in _COMMANDS.findall(path):
        if command in ("M", "L"):
            points += _pairs(numbers)
        elif command == "C":
            pairs = _pairs(numbers)
            for at in range(0, len(pairs), 3):
                points += _curve(points[-1], *pairs[at : at + 3])
        elif command not in ("Z", "z"):
            raise ValueError(f"a path with {command}: {path}")
    return tuple(points)


def _curve(start: Point, one: Point, other: Point, end: Point) -> Iterator[Point]:
    """Points on a cubic Bezier curve, its start aside."""
    if all(is_near(at, start, end, _STRAIGHT) for at in (one, other)):
        yield end
        return
    for number in range(1, _PIECES + 1):
        t = number / _PIECES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        corners = (start, one, other, end)
        x, y = (
            sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True))
            for axis in (0, 1)
        )
        yield x, y
