"""Colours and fonts."""

from __future__ import annotations

#: The colour of each kind of layer. Found by search for the largest distances between any two as
#: seen with normal, protan, deutan and tritan vision (``tests/draw/test_theme.py`` measures them).
#: The class name stands beside each colour, so that none needs a legend.
KINDS: dict[str, str] = {
    "input": "#334155",
    "convolution": "#2563eb",
    "dense": "#059669",
    "normalization": "#8b5cf6",
    "activation": "#f59e0b",
    "pooling": "#dc2626",
    "recurrent": "#0e7490",
    "attention": "#db2777",
    "embedding": "#65a30d",
    "merge": "#0ea5e9",
    "reshape": "#14b8a6",
    "regularization": "#a8a29e",
    "custom": "#78350f",
    "preprocessing": "#94a3b8",
    "operation": "#64748b",
    "model": "#1e293b",
    "other": "#cbd5e1",
}

#: Metric-compatible, so that text measured with one of them fits when shown with another.
FONTS = "Helvetica,Arial,Liberation Sans,sans-serif"

PAPER = "#ffffff"
INK = "#0f172a"
#: For what is said beside the main thing; 4.5:1 and more on paper and on a frame.
SOFT_INK = "#475569"
BORDER = "#94a3b8"
#: The outline of the calls where data enters and leaves.
TERMINAL_BORDER = "#334155"
EDGE = "#64748b"
#: The inside of a frame around a block, by turns.
FRAMES = ("#f8fafc", "#eef2f7")

FONT_SIZE = 10
SMALL_FONT_SIZE = 9


def tint(color: str, share: float = 0.1) -> str:
    """The colour mixed into paper; ``share`` is its part, from 0 to 1."""
    mixed = (
        round(int(PAPER[i : i + 2], 16) * (1 - share) + int(color[i : i + 2], 16) * share)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
