"""Colours and fonts: themes, each a value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.colors import INK, PAPER, TEXT, TINT, mixed, text, tint
from sphinxcontrib_kerasgraph.graph import CallKind, Change, OwnKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.graph import Kind, Marks

__all__ = ["INK", "PAPER", "TEXT", "TINT", "mixed", "text", "tint"]

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

#: For what is said beside the main thing; 4.5:1 and more on paper and on a frame.
SOFT_INK = "#475569"
#: Of boxes and frames; 3:1 on all that they stand on.
BORDER = "#7888a0"
#: The outline of the calls where data enters and leaves.
TERMINAL_BORDER = "#334155"
EDGE = "#64748b"
#: How often something is repeated, and what is highlighted.
ACCENT = "#1d4ed8"
#: What training leaves alone.
FROZEN = "#0e6a85"
#: What differs between two models: told apart as the kinds are, and from lines and `ACCENT`.
CHANGES: dict[Change, str] = {
    Change.ADDED: "#146c42",
    Change.REMOVED: "#b52915",
    Change.CHANGED: "#5b2e05",
}
#: The inside of a frame around a block, by turns.
FRAMES = ("#f8fafc", "#eef2f7")

FONT_SIZE = 10
SMALL_FONT_SIZE = 9
#: All that an overview says: one size, so that the smallest is as large as the page allows.
COMPACT_FONT_SIZE = 9

#: Of the themes that draw in black on white.
_BLACK = "#000000"


class Fill(Enum):
    """Where a box has the colour of its kind."""

    #: In a stripe, and in the ground of its title.
    STRIPE = auto()
    #: In its ground.
    GROUND = auto()
    #: In its title, whose text is light.
    HEAD = auto()
    #: Nowhere.
    NONE = auto()


@dataclass(frozen=True)
class Theme:
    """How drawings look."""

    #: As the option has it, and the class of style sheets.
    name: str = "default"
    fill: Fill = Fill.STRIPE
    kinds: Mapping[CallKind, str] = field(default_factory=lambda: KINDS)
    ink: str = INK
    soft: str = SOFT_INK
    border: str = BORDER
    terminal: str = TERMINAL_BORDER
    edge: str = EDGE
    accent: str = ACCENT
    frozen: str = FROZEN
    changes: Mapping[Change, str] = field(default_factory=lambda: CHANGES)
    frames: tuple[str, str] = FRAMES
    #: How wide lines are, in points.
    line: float = 1.2
    #: Of frames: as Graphviz's ``style``.
    frame: str = "rounded,filled"
    paper: str = PAPER

    def color(self, kind: Kind) -> str:
        """The colour of a kind."""
        if isinstance(kind, OwnKind):
            return (
                self.kinds[kind.of] if self.fill is Fill.NONE else kind.color or self.kinds[kind.of]
            )
        return self.kinds[kind]

    def tint(self, kind: Kind) -> str:
        """The colour of a ground that is of that kind; black has none."""
        color = self.color(kind)
        return self.paper if color == _BLACK else colors.tint(color)

    def text(self, kind: Kind) -> str:
        """The colour of text that is of that kind."""
        color = self.color(kind)
        return color if color == _BLACK else colors.text(color)

    def mark(self, marks: Marks) -> str | None:
        """The colour of a mark, on boxes, frames and wires alike; ``None`` where there is none."""
        if marks.change is not None:
            return self.changes[marks.change]
        if marks.highlighted:
            return self.accent
        return self.frozen if marks.frozen else None


DEFAULT = Theme()
#: Black on white, where there are only lines and their styles to tell things apart.
_PRINT = Theme(
    "mono",
    Fill.NONE,
    dict.fromkeys(CallKind, _BLACK),
    ink=_BLACK,
    soft=_BLACK,
    border=_BLACK,
    terminal=_BLACK,
    edge=_BLACK,
    accent=_BLACK,
    frozen=_BLACK,
    changes=dict.fromkeys(Change, _BLACK),
    frames=(PAPER, PAPER),
)
#: As `keras.utils.plot_model` draws: titles on black, and all else in white cells.
_KERAS = replace(
    _PRINT,
    name="keras",
    fill=Fill.HEAD,
    accent=ACCENT,
    frozen=FROZEN,
    changes=CHANGES,
    frame="filled,dashed",
)
_PAPER = Theme("paper", Fill.GROUND, line=0.8, frames=(PAPER, FRAMES[0]))
#: By their names.
THEMES = {one.name: one for one in (DEFAULT, _KERAS, _PRINT, _PAPER)}
