"""The drawing of a page as SVG that needs no style sheet, for books."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.web import palette

if TYPE_CHECKING:
    from collections.abc import Mapping

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_GROUNDS = {classes: color for color, classes in palette.GROUNDS.items()}
_OUTLINES = {name: color for color, name in palette.OUTLINES.items()}
_TEXTS = {name: color for color, name in palette.TEXTS.items()}
#: Those that a ground can have.
_COLORS = frozenset({*palette.KINDS, "accent", *theme.CHANGES})
_FILLED = ("tint", "full")
#: The widths of lines in points, by their classes.
_WIDTHS = {"": "1.2", "marked": "2", "wide": "2.4"}


def plain(svg: str, prefix: str) -> str:
    """The drawing with colours for what `web.svg` has classes for; its ids begin with ``prefix``.

    Links are those of SVG 1.1, which books are held to.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(svg)  # noqa: S314 - ours
    root.set("font-family", theme.SVG_FONTS)
    root.set("font-size", str(theme.SMALL_FONT_SIZE))
    for group in root:
        _paint(group, prefix, group.get("class", ""))
    return ET.tostring(root, encoding="unicode")


def _paint(element: ET.Element, prefix: str, part: str) -> None:
    kind = element.tag.rpartition("}")[2]
    names = element.attrib.pop("class", "").split()
    element.attrib.pop("data-e", None)
    if "id" in element.attrib:
        element.set("id", prefix + element.attrib["id"])
    if "marker-end" in element.attrib:
        element.set("marker-end", element.attrib["marker-end"].replace("#", f"#{prefix}"))
    if kind == "a":
        href = element.attrib.pop("href", None)
        if href is None:
            element.tag = f"{{{_SVG}}}g"
        else:
            element.set(f"{{{_XLINK}}}href", href)
    elif kind in {"text", "tspan"}:
        element.attrib.update(_written(names))
    elif kind in {"path", "rect", "circle"}:
        in_lines = part == "lines" or (kind == "path" and not part)
        element.attrib.update(_line(names, part) if in_lines else _box(names))
        if "dashed" in names:
            element.set("stroke-dasharray", "5 2")
    for child in element:
        _paint(child, prefix, part)


def _box(names: list[str]) -> Mapping[str, str]:
    kinds = [name for name in names if name in _COLORS]
    filled = [name for name in names if name in _FILLED]
    ground = " ".join([*filled, *kinds]) if filled else _first(names, _GROUNDS)
    outline = _first(names, _OUTLINES)
    stroke = _OUTLINES[outline]
    if palette.BARE in names or (filled and not outline and palette.EDGE not in names):
        stroke = "none"
    if "lined" in names:
        stroke = _GROUNDS[" ".join(["full", *kinds])]
    return {"fill": _GROUNDS.get(ground) or "none", "stroke": stroke}


def _line(names: list[str], part: str) -> Mapping[str, str]:
    """Of a line, or of the head of one."""
    outline = _first(names, _OUTLINES)
    color = _OUTLINES[outline] if outline else theme.EDGE
    if not part or "head" in names:
        return {"fill": color}
    return {"fill": "none", "stroke": color, "stroke-width": _WIDTHS[_first(names, _WIDTHS)]}


def _written(names: list[str]) -> Mapping[str, str]:
    told = {"fill": _TEXTS[_first(names, _TEXTS)]}
    if "bold" in names:
        told["font-weight"] = "bold"
    if "struck" in names:
        told["text-decoration"] = "line-through"
    if "large" in names:
        told["font-size"] = str(theme.FONT_SIZE)
    if "middle" in names:
        told["text-anchor"] = "middle"
    return told


def _first(names: list[str], known: Mapping[str, str]) -> str:
    """The first of the classes that says something here; most say nothing."""
    return next((name for name in names if name in known), "")
