"""Colours and fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, Change

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Marks

#: The colour of each kind of layer. Those of the first group were found by search for the largest
#: distance between any two as seen with normal, protan, deutan and tritan vision, and stand out
#: from paper by 3:1 (``tests/draw/test_theme.py`` measures both). The class name stands beside the
#: colour, so that none needs a legend.
KINDS: dict[CallKind, str] = {
    CallKind.CONVOLUTION: "#4036ca",
    CallKind.DENSE: "#577024",
    CallKind.NORMALIZATION: "#8a46ec",
    CallKind.ACTIVATION: "#e36e19",
    CallKind.POOLING: "#dd0005",
    CallKind.RECURRENT: "#206db0",
    CallKind.ATTENTION: "#aa3889",
    CallKind.EMBEDDING: "#859866",
    CallKind.MERGE: "#0b99fc",
    CallKind.RESHAPE: "#5890a1",
    CallKind.REGULARIZATION: "#936d66",
    CallKind.CUSTOM: "#72311a",
    CallKind.INPUT: "#334155",
    # Told by their form or their name alone.
    CallKind.MODEL: "#334155",
    CallKind.SUBMODEL: "#334155",
    CallKind.GROUP: "#334155",
    CallKind.STUB: "#334155",
    CallKind.CONTROL: "#334155",
    CallKind.FUNCTION: "#334155",
    CallKind.CONSTANT: "#334155",
    CallKind.WEIGHT: "#334155",
    CallKind.LOSS: "#64748b",
    CallKind.PREPROCESSING: "#64748b",
    CallKind.OPERATION: "#64748b",
    CallKind.OTHER: "#64748b",
}

#: The font that ``dot`` measures with. One name: the pip-installed port has no metrics for a list.
#: Not Helvetica, for which fontconfig offers the Type 1 fonts of LaTeX, which Pango replaces by
#: DejaVu Sans. Where there is no Arial there is Liberation Sans, which has the same widths.
FONT = "Arial"
#: What browsers draw with: fonts of the same widths first.
SVG_FONTS = "Arial,Helvetica,Liberation Sans,Arimo,sans-serif"

PAPER = "#ffffff"
INK = "#0f172a"
#: For what is said beside the main thing; 4.5:1 and more on paper and on a frame.
SOFT_INK = "#475569"
BORDER = "#94a3b8"
#: The outline of the calls where data enters and leaves.
TERMINAL_BORDER = "#334155"
EDGE = "#64748b"
#: How often something is repeated.
ACCENT = "#1d4ed8"
#: What differs between two models.
CHANGES: dict[Change, str] = {
    Change.ADDED: "#15803d",
    Change.REMOVED: "#b91c1c",
    Change.CHANGED: "#b45309",
}
#: The inside of a frame around a block, by turns.
FRAMES = ("#f8fafc", "#eef2f7")

FONT_SIZE = 10
SMALL_FONT_SIZE = 9
#: All that an overview says: one size, so that the smallest is as large as the page allows.
COMPACT_FONT_SIZE = 9


def mark_color(marks: Marks) -> str | None:
    """The colour of a mark, on boxes, frames and wires alike; ``None`` where there is none."""
    if marks.change is not None:
        return CHANGES[marks.change]
    return ACCENT if marks.highlighted else None


def tint(color: str, amount: float = 0.1) -> str:
    """The colour mixed into paper; ``amount`` is from 0, none of it, to 1."""
    mixed = (
        round(int(PAPER[i : i + 2], 16) * (1 - amount) + int(color[i : i + 2], 16) * amount)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
