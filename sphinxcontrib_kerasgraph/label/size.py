"""How large a label will be, about: to choose columns, not to lay out, which Graphviz does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.label.text import line_text
from sphinxcontrib_kerasgraph.label.tree import Form, Role

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.label.tree import Label

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
_BOLD_ROLES = {Role.CLASS, Role.TIMES, Role.CHANGE}
#: Around the text of a cell, in points.
PADDING = {
    Form.FULL: 4,
    Form.STACK: 1,
    Form.SIGN: 2,
    Form.SOURCE: 3,
    Form.STUB: 3,
    Form.PART: 2,
    Form.PLAIN: 0,
    Form.TITLE: 0,
}


def text_width(text: str, size: float) -> float:
    """The width of a text in points."""
    return sum(_WIDTHS.get(character, _USUAL_WIDTH) for character in text) * size / 1000


def label_size(label: Label, size: float) -> tuple[float, float]:
    """About the width and height, in points, of a label with text of that size.

    As if each row were one line, which nearly all are.
    """
    padding = PADDING[label.form]
    width = max(_row_width(label, at, size) for at in range(len(label.rows)))
    return width, (size * _LINE + 2 * padding) * len(label.rows)


def _row_width(label: Label, at: int, size: float) -> float:
    row = label.rows[at]
    lines = [line for cell in row.cells for line in cell.lines]
    said = "".join(map(line_text, lines))
    if label.form is Form.STACK and not row.is_heading:
        said += " "
    wide = text_width(said, size)
    if any(text.role in _BOLD_ROLES for line in lines for text in line):
        wide *= _BOLD
    cells = len(row.cells) + (row.stripe is not None or row.is_heading)
    if label.form is Form.FULL and at == 1:  # the cell around the details
        cells += 1
    return wide + (2 * PADDING[label.form] + 2) * cells
