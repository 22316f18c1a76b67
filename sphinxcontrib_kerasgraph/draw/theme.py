"""Colours and fonts."""

from __future__ import annotations

#: The colour of each kind of layer. Those of the first group were found by search for the largest
#: distance between any two as seen with normal, protan, deutan and tritan vision, and stand out
#: from paper by 3:1 (``tests/draw/test_theme.py`` measures both). The class name stands beside the
#: colour, so that none needs a legend.
KINDS: dict[str, str] = {
    "convolution": "#4036ca",
    "dense": "#577024",
    "normalization": "#8a46ec",
    "activation": "#e36e19",
    "pooling": "#dd0005",
    "recurrent": "#206db0",
    "attention": "#aa3889",
    "embedding": "#859866",
    "merge": "#0b99fc",
    "reshape": "#5890a1",
    "regularization": "#936d66",
    "custom": "#72311a",
    "input": "#334155",
    # Told by their form or their name alone.
    "model": "#334155",
    "group": "#334155",
    "stub": "#334155",
    "control": "#334155",
    "function": "#334155",
    "constant": "#334155",
    "loss": "#64748b",
    "preprocessing": "#64748b",
    "operation": "#64748b",
    "other": "#64748b",
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
#: The inside of a frame around a block, by turns.
FRAMES = ("#f8fafc", "#eef2f7")

FONT_SIZE = 10
SMALL_FONT_SIZE = 9
#: All that an overview says: one size, so that the smallest is as large as the page allows.
COMPACT_FONT_SIZE = 9


def tint(color: str, share: float = 0.1) -> str:
    """The colour mixed into paper; ``share`` is its part, from 0 to 1."""
    mixed = (
        round(int(PAPER[i : i + 2], 16) * (1 - share) + int(color[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
