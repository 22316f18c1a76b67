"""How large a box will be, about: to choose columns, not to lay out, which Graphviz does."""

from __future__ import annotations

import html
import re

#: The widths of characters in thousandths of the font's size: those of Helvetica, Arial and
#: Liberation Sans, as in the font metrics of Adobe's core fonts.
_WIDTHS = {
    **dict.fromkeys("ijl", 222),
    **dict.fromkeys(" !,./:;I[]ft", 278),
    **dict.fromkeys("()r-`", 333),
    **dict.fromkeys("Jcksvxyz", 500),
    **dict.fromkeys("+<=>~×−", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("Mm", 833),
    "W": 944,
    "…": 1000,
    "@": 1015,
}
_USUAL_WIDTH = 556
#: Bold text is so much wider.
_BOLD = 1.07
_LINE = 1.25

_ROW = re.compile(r"<tr>.*?</tr>|<br", re.DOTALL)
_CELL = re.compile(r"<td[ >]")
_TAG = re.compile(r"<[^<>]*>")
_PADDING = re.compile(r'cellpadding="(\d+)"')


def text_width(text: str, size: float) -> float:
    """The width of a text in points."""
    return sum(_WIDTHS.get(character, _USUAL_WIDTH) for character in text) * size / 1000


def label_size(label: str, size: float) -> tuple[float, float]:
    """About the width and height, in points, of an HTML-like label with text of that size."""
    padding = max(map(int, _PADDING.findall(label)), default=2)
    width = height = 0.0
    for row in _ROW.findall(label[1:-1]):
        text = html.unescape(_TAG.sub("", row))
        wide = text_width(text, size) * (_BOLD if "<b>" in row else 1)
        width = max(width, wide + (2 * padding + 2) * len(_CELL.findall(row)))
        height += size * _LINE + 2 * padding
    return width, height
