"""The drawing of a page as SVG that needs no style sheet, for books."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.draw.theme import FONT_SIZE, SMALL_FONT_SIZE, SVG_FONTS, THEMES
from sphinxcontrib_kerasgraph.web.palette import BARE, EDGE, LINED, MINE, SAID, palette_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.draw.theme import Theme

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FILLED = ("tint", "full", "head")
#: An author's colour, by day.
_OWN = re.compile(r"light-dark\((#\w+)")


def plain(svg: str, prefix: str) -> str:
    """The drawing with colours for what `web.svg` has classes for; its ids begin with ``prefix``.

    Links are those of SVG 1.1, which books are held to.
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(svg)  # noqa: S314 - ours
    root.set("font-family", SVG_FONTS)
    root.set("font-size", str(SMALL_FONT_SIZE))
    painter = _Painter(THEMES[root.attrib.pop("class", "default")], prefix)
    for group in root:
        painter.paint(group, group.get("class", ""))
    return ET.tostring(root, encoding="unicode")


class _Painter:
    def __init__(self, theme: Theme, prefix: str) -> None:
        palette = palette_of(theme)
        self._theme = theme
        self._prefix = prefix
        self._grounds = _by_class(palette.grounds)
        self._outlines = _by_class(palette.outlines)
        self._texts = _by_class(palette.texts)
        self._widths = {name: f"{width:g}" for width, name in palette.widths.items()}

    def paint(self, element: ET.Element, part: str) -> None:
        """Colour the element, and all in it; ``part`` is the group of the drawing that it is in."""
        kind = element.tag.rpartition("}")[2]
        names = element.attrib.pop("class", "").split()
        own = _OWN.search(element.attrib.pop("color", ""))
        mine = own[1] if own else ""
        element.attrib.pop("data-e", None)
        if "id" in element.attrib:
            element.set("id", self._prefix + element.attrib["id"])
        if "marker-end" in element.attrib:
            marker = element.attrib["marker-end"].replace("#", f"#{self._prefix}")
            element.set("marker-end", marker)
        if kind == "a":
            href = element.attrib.pop("href", None)
            if href is None:
                element.tag = f"{{{_SVG}}}g"
            else:
                element.set(f"{{{_XLINK}}}href", href)
        elif kind in {"text", "tspan"}:
            element.attrib.update(self._written(names, mine))
        elif kind in {"path", "rect", "circle"}:
            in_lines = part == "lines" or (kind == "path" and not part)
            painted = self._line(names, part, mine) if in_lines else self._box(names, mine)
            element.attrib.update(painted)
            if "dashed" in names:
                element.set("stroke-dasharray", "5 2")
        for child in element:
            self.paint(child, part)

    def _box(self, names: list[str], mine: str) -> dict[str, str]:
        filled = [name for name in names if name in _FILLED]
        of = next((name for name in names if name == MINE or f"full {name}" in self._grounds), "")
        if filled:
            [how] = filled
            fill = self._grounds.get(f"{how} {of}", "")
            if of == MINE:
                made = {"full": mine, "tint": colors.tint(mine), "head": colors.text(mine)}
                fill = made[how]
        else:
            fill = self._grounds[_first(names, self._grounds)]
        outline = _first(names, self._outlines)
        stroke = self._outlines[outline]
        if BARE in names or (filled and not outline and EDGE not in names):
            stroke = "none"
        if LINED in names:
            stroke = mine if of == MINE else self._grounds[f"full {of}"]
        if _EDGE_MINE in names:
            stroke = mine
        painted = {"fill": fill or "none", "stroke": stroke}
        if "marked" in names:
            painted["stroke-width"] = self._widths["marked"]
        return painted

    def _line(self, names: list[str], part: str, mine: str) -> dict[str, str]:
        """Of a line, or of the head of one."""
        outline = _first(names, self._outlines)
        color = self._outlines[outline] if outline else self._theme.edge
        if _EDGE_MINE in names:
            color = mine
        if not part or "head" in names:
            return {"fill": color}
        width = self._widths[_first(names, self._widths)]
        return {"fill": "none", "stroke": color, "stroke-width": width}

    def _written(self, names: list[str], mine: str) -> dict[str, str]:
        told = {"fill": self._texts[_first(names, self._texts)]}
        if MINE in names:
            told["fill"] = colors.text(mine)
        if SAID in names:
            told["fill"] = mine
        if "bold" in names:
            told["font-weight"] = "bold"
        if "struck" in names:
            told["text-decoration"] = "line-through"
        if "large" in names:
            told["font-size"] = str(FONT_SIZE)
        if "middle" in names:
            told["text-anchor"] = "middle"
        return told


#: The class of an outline in the author's colour.
_EDGE_MINE = f"edge-{MINE}"


def _by_class(classes: Mapping[str, str]) -> dict[str, str]:
    """The colours by their classes; of several the first that is one."""
    known = reversed(list(classes.items()))
    return {name: color for color, name in known if color or name}


def _first(names: list[str], known: Mapping[str, str]) -> str:
    """The first of the classes that says something here; most say nothing."""
    return next((name for name in names if name in known), "")
