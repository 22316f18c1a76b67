"""How large a label will be, about: to choose columns, not to lay out, which Graphviz does."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from sphinxcontrib_kerasgraph.label.tree import Form, Role

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.label.tree import Label, Line, Row

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
_WIDE = 1000
#: Bold text is so much wider.
_BOLD = 1.07
_LINE = 1.2
_ROW = 1.3
_BORDER = 1
#: What Graphviz adds to the width of a cell of more than a word, about.
_SLACK = 2
#: Forms without a border.
_BARE = {Form.PLAIN, Form.TITLE}
_BOLD_ROLES = {Role.CLASS, Role.TIMES, Role.CHANGE, Role.MARK}
#: Around the text of a cell, in points. The rows of a stack have none.
PADDING = {
    Form.FULL: 4,
    Form.STACK: 0,
    Form.SIGN: 2,
    Form.SOURCE: 3,
    Form.STUB: 3,
    Form.PART: 2,
    Form.PLAIN: 0,
    Form.TITLE: 0,
}
#: In a stack, in points: the width of stripes, the room on both sides of the text, and above the
#: first row and below the last.
STRIPE = 5
BESIDE = 4
AIR = 2
#: What the sign of a change stands in, in points; and what a highlight adds around a box that has
#: the border of a change, on each side.
GUTTER = 11
OUTLINE = 4
#: The width of a sample of a legend, in points, and how far what is told below the legend is.
SAMPLE = 9
BELOW_LEGEND = 6
#: By so many spaces rows stand further in below a heading.
INDENT = 4


def text_width(text: str, size: float) -> float:
    """The width of a text in points."""
    return sum(map(_width, text)) * size / 1000


@cache
def _width(character: str) -> int:
    """Those of Chinese, Japanese and Korean are as wide as the font's size."""
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    return _WIDE if east_asian_width(character) in {"W", "F"} else _USUAL_WIDTH


def row_height(size: float) -> int:
    """The height in points of a row of a stack with text of that size."""
    return math.ceil(size * _ROW)


def label_size(label: Label, size: float) -> tuple[float, float]:
    """About the width and height, in points, of a label with text of that size."""
    width, height = _size(label, size)
    outline = 2 * OUTLINE * is_outlined(label)
    return width + outline, height + outline


def is_outlined(label: Label) -> bool:
    """Whether a highlight is told by an outline, since the border tells a change."""
    return label.marks.highlighted and label.marks.change is not None and label.form not in _BARE


def _size(label: Label, size: float) -> tuple[float, float]:
    """The same without an outline."""
    width = max(_row_width(label, at, size) for at in range(len(label.rows)))
    if label.form is Form.STACK:
        return width, row_height(size) * len(label.rows) + 2 * (AIR + _BORDER)
    lines = sum(max(len(cell.lines) for cell in row.cells) for row in label.rows)
    padding = 2 * PADDING[label.form] * len(label.rows)
    border = 0 if label.form in _BARE else 2 * _BORDER
    return width, size * _LINE * lines + padding + border


def _row_width(label: Label, at: int, size: float) -> float:
    row = label.rows[at]
    wide = sum(max(_line_width(line, size) for line in cell.lines) for cell in row.cells)
    if label.form is Form.STACK:
        wide += BESIDE * any(_has_sign(other) for other in label.rows)
        is_indented = not row.is_heading and any(other.is_heading for other in label.rows)
        indent = INDENT if is_indented else 0
        return wide + text_width(" " * indent, size) + STRIPE + 2 * (BESIDE + 1 + _BORDER)
    cells = len(row.cells) + (row.stripe is not None)
    if row.cells[0].sample is not None:
        wide += (SAMPLE + 2 * BESIDE) * cells
    if label.form is Form.FULL and at == 1:  # the cell around the details
        cells += 1
    border = 0 if label.form in _BARE else 2 * _BORDER
    slack = 0 if label.form is Form.SIGN else _SLACK
    return wide + (2 * PADDING[label.form] + slack) * cells + border


def _has_sign(row: Row) -> bool:
    return row.cells[0].lines[0][0].role is Role.CHANGE


def _line_width(line: Line, size: float) -> float:
    return sum(
        text_width(" " * text.gap * (at > 0) + text.value, size)
        * (_BOLD if text.role in _BOLD_ROLES else 1)
        for at, text in enumerate(line)
    )
