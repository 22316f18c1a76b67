"""How large diagrams are on pages: what the options of images and figures say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.writers.latex import rstdim_to_latexdim

if TYPE_CHECKING:
    from docutils import nodes

#: Pixels of CSS for each unit; of those that depend on fonts, for fonts of 16 pixels.
_PIXELS = {
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "Q": 96 / 101.6,
    "pt": 96 / 72,
    "pc": 16.0,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
}


def pixels(node: nodes.Element, width: float, height: float) -> tuple[int, int]:
    """Width and height of a drawing that has these by itself; it keeps its proportions."""
    wanted = [
        _amount(node[name]) / natural
        for name, natural in (("width", width), ("height", height))
        if name in node and natural and not node[name].endswith("%")
    ]
    factor = min(wanted, default=1.0) * node.get("scale", 100) / 100
    return max(1, round(width * factor)), max(1, round(height * factor))


def share(node: nodes.Element) -> str | None:
    """The part of the text's width that a diagram may take; ``None`` for all of it."""
    width = node.get("width", "")
    if not width.endswith("%"):
        return None
    return f"{float(width[:-1]) * node.get('scale', 100) / 100:g}%"


def class_of_width(width: str) -> str:
    """The class of what is so wide, if the style sheet `rule` is on the page."""
    return f"kerasgraph-width-{re.sub('[^0-9A-Za-z]', '-', width.replace('%', 'percent'))}"


def rule(width: str) -> str:
    """The style sheet for `class_of_width`."""
    return f".{class_of_width(width)}{{width:{width};max-width:100%}}\n"


def latex_options(node: nodes.Element) -> str:
    """The options of LaTeX's command for images, which shrinks what is too large."""
    scale = node.get("scale", 100)
    told = [
        f"{name}={rstdim_to_latexdim(node[name], scale)}"
        for name in ("width", "height")
        if name in node
    ]
    if len(told) > 1:
        told.append("keepaspectratio")
    if not told and scale != 100:
        told.append(f"scale={scale / 100:g}")
    return ",".join(told)


def _amount(length: str) -> float:
    """The pixels of a length that isn't a percentage."""
    unit = length.lstrip("0123456789.")
    return float(length.removesuffix(unit)) * _PIXELS[unit]
