"""What is drawn, and where, in an SVG of Graphviz's and in a compact one: to be compared.

Lengths are in points from the upper left corner. Each SVG is read in its own way, and neither by
what is tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import dist
from xml.etree import ElementTree as ET

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.web import palette

SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_SHIFTED = re.compile(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)")

Point = tuple[float, float]


@dataclass
class Seen:
    """What is seen in a drawing."""

    #: Texts with where they are, and in which style: class of the colour, size, bold, centred,
    #: struck through.
    texts: list[tuple[str, float, float, tuple[str, float, bool, bool, bool]]] = field(
        default_factory=list
    )
    #: Corners of what is filled, by the class of the colour: left, top, right, bottom.
    grounds: list[tuple[str, tuple[float, ...]]] = field(default_factory=list)
    #: Corners of outlines, with the colour, and whether they are dashed.
    outlines: list[tuple[str, bool, tuple[float, ...]]] = field(default_factory=list)
    #: Points along each line, with its colour, width and whether it is dashed.
    lines: list[tuple[str, float, bool, list[Point]]] = field(default_factory=list)
    #: The corners of each arrowhead, with its colour.
    heads: list[tuple[str, tuple[Point, ...]]] = field(default_factory=list)
    circles: list[tuple[float, float, float]] = field(default_factory=list)


def path_points(path: str) -> list[Point]:
    """Points along a path, eight for each curve. Raises `ValueError` for unknown commands."""
    points: list[Point] = []
    x = y = 0.0
    for command, written in _COMMAND.findall(path):
        numbers = [float(one) for one in _NUMBER.findall(written)]
        if command in "zZ":
            continue
        if command in "hHvV":
            [number] = numbers
            is_across, is_relative = command in "hH", command.islower()
            x = number + x * is_relative if is_across else x
            y = y if is_across else number + y * is_relative
            points.append((x, y))
            continue
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        step = {"M": 1, "L": 1, "l": 1, "C": 3, "c": 3}[command]
        for at in range(0, len(pairs), step):
            piece = pairs[at : at + step]
            if command.islower():
                piece = [(x + right, y + down) for right, down in piece]
            points += [piece[0]] if step == 1 else _curve((x, y), *piece)
            x, y = piece[-1]
    return points


def _curve(*corners: Point) -> Iterator[Point]:
    for number in range(1, 9):
        t = number / 8
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        x, y = (
            sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True))
            for axis in (0, 1)
        )
        yield x, y


def _corners(points: list[Point]) -> tuple[float, ...]:
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def of_graphviz(svg: str | bytes) -> Seen:
    """What is seen in an SVG of Graphviz's."""
    root = ET.fromstring(svg)
    graph = root.find(f"{SVG}g")
    right, down = map(float, _SHIFTED.search(graph.get("transform", "")).groups())
    seen = Seen()
    for group in graph.iterfind(f"{SVG}g"):
        is_edge = group.get("class", "").startswith("edge")
        if group.findtext(f"{SVG}title", "").startswith("cluster_//"):  # isn't seen
            continue
        for element in group.iter():
            kind = element.tag.removeprefix(SVG)
            if kind in ("g", "a", "title"):
                continue
            fill, stroke = element.get("fill", ""), element.get("stroke", "")
            dashed = "stroke-dasharray" in element.attrib
            if kind == "text":
                if value := " ".join((element.text or "").split()):
                    style = (
                        palette.TEXTS[fill],
                        float(element.get("font-size")),
                        element.get("font-weight") == "bold",
                        element.get("text-anchor") == "middle",
                        element.get("text-decoration") == "line-through",
                    )
                    place = float(element.get("x")) + right, float(element.get("y")) + down
                    seen.texts.append((value, *place, style))
                continue
            if kind == "ellipse":
                x, y, r = (float(element.get(name)) for name in ("cx", "cy", "rx"))
                seen.circles.append((x + right, y + down, r))
                continue
            points = path_points(element.get("d") or "M" + element.get("points"))
            points = [(x + right, y + down) for x, y in points]
            if is_edge and kind == "path":
                width = float(element.get("stroke-width", 1))
                seen.lines.append((stroke, width, dashed, points))
            elif is_edge:
                seen.heads.append((stroke, tuple(points[:3])))
            else:
                if fill not in ("none", "transparent"):
                    seen.grounds.append((palette.GROUNDS[fill], _corners(points)))
                if stroke not in ("none", "transparent"):
                    seen.outlines.append((stroke, dashed, _corners(points)))
    return seen


_EDGES = {
    "edge-io": theme.TERMINAL_BORDER,
    "edge-accent": theme.ACCENT,
    **{f"edge-{change.value}": color for change, color in theme.CHANGES.items()},
}
_LOOKS = {"lined", "edge", "bare", "dashed", "marked", "wide", *_EDGES}


def of_compact(svg: str) -> Seen:
    """What is seen in a compact SVG, as its classes say."""
    root = ET.fromstring(svg)
    seen = Seen()
    markers = {
        f"url(#{marker.get('id')})": path_points(marker.find(f"{SVG}path").get("d"))
        for marker in root.iter(f"{SVG}marker")
    }
    for group in root.iterfind(f"{SVG}g"):
        name = group.get("class")
        for element in group.iter():
            classes = (element.get("class") or "").split()
            match element.tag.removeprefix(SVG):
                case "text":
                    seen.texts += _texts(element)
                case "circle":
                    seen.circles.append(tuple(float(element.get(at)) for at in ("cx", "cy", "r")))
                case "path" if name == "lines":
                    points = path_points(element.get("d"))
                    color = _outline(classes) or theme.EDGE
                    width = {"marked": 2, "wide": 2.4}
                    [width] = [width[one] for one in classes if one in width] or [1.2]
                    if marker := markers.get(group.get("marker-end")):
                        corners, points = _headed(marker, points)
                        seen.heads.append((color, corners))
                    seen.lines.append((color, width, "dashed" in classes, points))
                case "path" | "rect":
                    corners = _rect(element)
                    ground = " ".join(one for one in classes if one not in _LOOKS)
                    if ground != "hollow":
                        seen.grounds.append((ground, corners))
                    color = _outline(classes)
                    if "lined" in classes:
                        color = theme.KINDS[palette.KINDS[classes[1]]]
                    elif name == "frames" or "edge" in classes or not ground:
                        color = color or theme.BORDER
                    if color and "bare" not in classes:
                        seen.outlines.append((color, "dashed" in classes, corners))
    return seen


def _outline(classes: list[str]) -> str:
    return "".join(_EDGES.get(one, "") for one in classes)


def _texts(element: ET.Element) -> Iterator[tuple]:
    for one in [element, *element]:
        if one.text and one.text.strip():
            most = "soft" if one.tag == f"{SVG}tspan" else "bold large"
            classes = one.get("class", most).replace("plain", "").split()
            size = 10.0 if "large" in classes else 9.0
            color = " ".join(
                one for one in classes if one not in ("bold", "large", "middle", "struck")
            )
            style = color, size, "bold" in classes, "middle" in classes, "struck" in classes
            yield (
                one.text.strip(),
                float(one.get("x")),
                float(one.get("y", element.get("y"))),
                style,
            )


def _rect(element: ET.Element) -> tuple[float, ...]:
    if path := element.get("d"):
        return _corners(path_points(path))
    x, y, wide, high = (float(element.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def _headed(marker: list[Point], points: list[Point]) -> tuple[tuple[Point, ...], list[Point]]:
    """The corners of the head at the end of a line, and the line up to its middle."""
    x, y = points[-1]
    before = next(one for one in reversed(points) if dist(one, points[-1]) > 0.01)
    length = dist(before, points[-1])
    across, down = (x - before[0]) / length, (y - before[1]) / length
    corners = tuple((x + a * across - b * down, y + a * down + b * across) for a, b in marker)
    return corners, points
