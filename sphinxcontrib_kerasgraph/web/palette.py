"""Colours by the names that style sheets have for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import colors
from sphinxcontrib_kerasgraph.draw.theme import DEFAULT, Fill
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinxcontrib_kerasgraph.draw.theme import Theme
    from sphinxcontrib_kerasgraph.graph import OwnKind

#: What tells kinds of layers apart: those that have a colour of their own.
KINDS: dict[str, CallKind] = {
    "conv": CallKind.CONVOLUTION,
    "dense": CallKind.DENSE,
    "norm": CallKind.NORMALIZATION,
    "act": CallKind.ACTIVATION,
    "pool": CallKind.POOLING,
    "rnn": CallKind.RECURRENT,
    "attn": CallKind.ATTENTION,
    "emb": CallKind.EMBEDDING,
    "merge": CallKind.MERGE,
    "reshape": CallKind.RESHAPE,
    "reg": CallKind.REGULARIZATION,
    "own": CallKind.CUSTOM,
    "io": CallKind.INPUT,
    "other": CallKind.OTHER,
}
#: On paper and in frames, the outline of most needs no class, and `BARE` says that there is none;
#: on colours it is `EDGE`, that in the colour of the ground is `LINED`, and none needs nothing.
BARE, EDGE, LINED = "bare", "edge", "lined"
#: What has a colour of its author's, which its element tells; and text that is in just that.
MINE, SAID = "mine", "said"

_HEX = re.compile("#[0-9a-f]{6}")
_OTHER = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class Palette:
    """The classes of the colours, and of the widths of lines, of a drawing."""

    theme: Theme
    #: Of what is filled, of outlines, and of texts.
    grounds: Mapping[str, str]
    outlines: Mapping[str, str]
    texts: Mapping[str, str]
    widths: Mapping[float, str]
    #: Authors' colours, by what is made of them; as attributes have them.
    own: Mapping[str, str]
    #: Whether other colours are let through, which someone has put into the drawing.
    is_open: bool = False

    def ground(self, color: str) -> str:
        """The classes of what is filled. Raises `ValueError`, as all do, where it is unknown."""
        return self._known(self.grounds, color, f"full {MINE}")

    def outline(self, color: str) -> str:
        """The class of an outline."""
        return self._known(self.outlines, color, f"edge-{MINE}")

    def text(self, color: str) -> str:
        """The class of text."""
        return self._known(self.texts, color, SAID)

    def width(self, width: float) -> str:
        """The class of a line of that width, in points."""
        if width not in self.widths and not self.is_open:
            raise ValueError(f"{width} is none of the widths of the page")
        return self.widths.get(width, "")

    def attribute(self, *used: str) -> str:
        """What an element tells that uses these colours: nothing if none is its author's."""
        for color in used:
            if color in self.own:
                return f' color="{self.own[color]}"'
            if self.is_open and not self._is_known(color):
                return f' color="{day_and_night(color)}"'
        return ""

    def _is_known(self, color: str) -> bool:
        return any(color in known for known in (self.grounds, self.outlines, self.texts))

    def _known(self, classes: Mapping[str, str], color: str, otherwise: str) -> str:
        if color not in classes:
            if self.is_open and _HEX.fullmatch(color):
                return otherwise
            raise ValueError(f"{color} is none of the colours of the page")
        return classes[color]


def day_and_night(color: str) -> str:
    """A colour in the words of style sheets, with what becomes of it on a dark page."""
    return f"light-dark({color},{colors.by_night(color)})"


def palette_of(theme: Theme, own: Iterable[OwnKind] = (), *, is_open: bool = False) -> Palette:
    """The palette of a drawing in that theme, with kinds that its author has made."""
    grounds = {"": "hollow", theme.paper: ""}
    outlines = {"": "", theme.border: ""}
    outlines.setdefault(theme.terminal, "edge-io")
    outlines.setdefault(theme.accent, "edge-accent")
    texts = {theme.ink: ""}
    texts.setdefault(theme.soft, "soft")
    for color, name in zip(theme.frames, ("even", "odd"), strict=True):
        grounds.setdefault(color, name)
    for name, kind in KINDS.items():
        called = "ink" if theme.color(kind) == theme.ink else name
        grounds.setdefault(theme.tint(kind), f"tint {called}")
        grounds.setdefault(theme.color(kind), f"full {called}")
        texts.setdefault(theme.text(kind), called)
        if theme.fill is Fill.GROUND:
            outlines.setdefault(theme.color(kind), f"{LINED} {called}")
    grounds.setdefault(theme.accent, "full accent")
    texts.setdefault(theme.accent, "accent")
    texts.setdefault(theme.paper, "light")
    outlines.setdefault(theme.frozen, "edge-frozen")
    for change, color in theme.changes.items():
        outlines.setdefault(color, f"edge-{change.value}")
        texts.setdefault(color, change.value)
        grounds.setdefault(color, f"full {change.value}")
    told: dict[str, str] = {}
    for mine in own:
        color = theme.color(mine)
        if not mine.color or color != mine.color:  # it has none, or the theme has none
            continue
        value = day_and_night(color)
        if name := _OTHER.sub("-", mine.name.lower()).strip("-"):
            value = f"var(--kerasgraph-{name},{value})"
        head, ground = theme.text(mine), theme.tint(mine)
        for one, known, classes in (
            (color, grounds, f"full {MINE}"),
            (ground, grounds, f"tint {MINE}"),
            (head, grounds, f"head {MINE}"),
            (color, outlines, f"edge-{MINE}"),
            (head, texts, MINE),
        ):
            if one not in known:
                known[one] = classes
                told.setdefault(one, value)
    if theme is not DEFAULT:
        # Such as that of a wire in black, which is that of all.
        outlines.setdefault(theme.edge, "")
    return Palette(
        theme, grounds, outlines, texts, {theme.line: "", 2: "marked", 2.4: "wide"}, told, is_open
    )


#: Of drawings without a style.
PLAIN = palette_of(DEFAULT)
GROUNDS, OUTLINES, TEXTS = PLAIN.grounds, PLAIN.outlines, PLAIN.texts
