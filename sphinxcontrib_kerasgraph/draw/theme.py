"""Colours and fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, Change

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Marks

#: The colour of each kind of layer. Those of the first group were found by search for the largest
#: distance between any two as seen with normal, protan, deutan and tritan vision, and stand out
#: from paper, frames and their own tints by 3:1 (``tests/draw/test_theme.py`` measures all). The
#: class name stands beside the colour, so that none needs a legend.
KINDS: dict[CallKind, str] = {
    CallKind.CONVOLUTION: "#3e35c4",
    CallKind.DENSE: "#4b6b1d",
    CallKind.NORMALIZATION: "#8634ed",
    CallKind.ACTIVATION: "#dc6912",
    CallKind.POOLING: "#d20011",
    CallKind.RECURRENT: "#226cad",
    CallKind.ATTENTION: "#a63485",
    CallKind.EMBEDDING: "#8f8d62",
    CallKind.MERGE: "#008ef2",
    CallKind.RESHAPE: "#668995",
    CallKind.REGULARIZATION: "#8f675e",
    CallKind.CUSTOM: "#722c12",
    CallKind.INPUT: "#334155",
    # Told by their form or their name alone.
    CallKind.MODEL: "#334155",
    CallKind.SUBMODEL: "#334155",
    CallKind.GROUP: "#334155",
    CallKind.STUB: "#334155",
    CallKind.CONTEXT: "#334155",
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
#: Of boxes and frames; 3:1 on all that they stand on.
BORDER = "#7888a0"
#: The outline of the calls where data enters and leaves.
TERMINAL_BORDER = "#334155"
EDGE = "#64748b"
#: How often something is repeated.
ACCENT = "#1d4ed8"
#: What differs between two models.
CHANGES: dict[Change, str] = {
    Change.ADDED: "#126b35",
    Change.REMOVED: "#b91c1c",
    Change.CHANGED: "#9f4a07",
}
#: The inside of a frame around a block, by turns.
FRAMES = ("#f8fafc", "#eef2f7")

#: How much of a kind's colour is in its grounds, and in its text.
TINT, TEXT = 0.1, 0.65

FONT_SIZE = 10
SMALL_FONT_SIZE = 9
#: All that an overview says: one size, so that the smallest is as large as the page allows.
COMPACT_FONT_SIZE = 9


def mark_color(marks: Marks) -> str | None:
    """The colour of a mark, on boxes, frames and wires alike; ``None`` where there is none."""
    if marks.change is not None:
        return CHANGES[marks.change]
    return ACCENT if marks.highlighted else None


def tint(color: str) -> str:
    """The colour of a ground: so much of it mixed into paper that text stands out from it."""
    return _mixed(color, PAPER, TINT)


def text(color: str) -> str:
    """The colour of text: so much of it mixed into ink that it stands out by 4.5:1 from grounds."""
    return _mixed(color, INK, TEXT)


def _mixed(color: str, other: str, amount: float) -> str:
    """``amount`` is from 0, none of the colour, to 1."""
    channels = (
        round(int(color[at : at + 2], 16) * amount + int(other[at : at + 2], 16) * (1 - amount))
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
