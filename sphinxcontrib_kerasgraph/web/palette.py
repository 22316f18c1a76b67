"""Colours by the names that style sheets have for them."""

from __future__ import annotations

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.graph import CallKind

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
#: The classes of what is filled, by colour.
GROUNDS: dict[str, str] = {
    "": "hollow",
    theme.PAPER: "",
    theme.FRAMES[0]: "even",
    theme.FRAMES[1]: "odd",
    **{theme.tint(theme.KINDS[kind]): f"tint {name}" for name, kind in KINDS.items()},
    **{theme.KINDS[kind]: f"full {name}" for name, kind in KINDS.items()},
    theme.ACCENT: "full accent",
    **{color: f"full {change.value}" for change, color in theme.CHANGES.items()},
}
#: The classes of outlines: on paper and in frames, that of most needs none, and `BARE` says that
#: there is none; on colours it is `EDGE`, that in the colour of the ground is `LINED`, and none
#: needs nothing.
BARE, EDGE, LINED = "bare", "edge", "lined"
OUTLINES: dict[str, str] = {
    "": "",
    theme.BORDER: "",
    theme.TERMINAL_BORDER: "edge-io",
    theme.ACCENT: "edge-accent",
    **{color: f"edge-{change.value}" for change, color in theme.CHANGES.items()},
}
#: The classes of texts.
TEXTS: dict[str, str] = {
    theme.INK: "",
    theme.SOFT_INK: "soft",
    theme.ACCENT: "accent",
    theme.PAPER: "light",
    **{theme.text(theme.KINDS[kind]): name for name, kind in KINDS.items()},
    **{color: change.value for change, color in theme.CHANGES.items()},
}
