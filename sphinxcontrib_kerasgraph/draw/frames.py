"""Frames of DOT, and texts made safe for it."""

from __future__ import annotations

import re

import pydot

from sphinxcontrib_kerasgraph.draw import theme

_UNSAFE = re.compile(r"[^\w/.#~-]")


def column_frame(number: int) -> pydot.Cluster:
    """A frame that isn't seen.

    Graphviz keeps clusters in order when it packs them side by side; ``sortv`` is the attribute for
    that, which release 2.43 overlooks where only some of the parts have clusters inside.
    """
    column = pydot.Cluster(peripheries=0, margin=0, sortv=number + 1, label='""')
    column.set_name(quoted(f"cluster_//column{number + 1}"))
    return column


def frame(name: str, depth: int, margin: int) -> pydot.Cluster:
    """A frame that is inside of so many others."""
    cluster = pydot.Cluster(
        labeljust="l",
        style=quoted("rounded,filled"),
        color=quoted(theme.BORDER),
        fillcolor=quoted(theme.FRAMES[depth % len(theme.FRAMES)]),
        margin=margin,
        peripheries=1,
    )
    cluster.set_name(quoted(f"cluster_{name}"))  # the constructor can't take a quoted name
    return cluster


def safe(name: str) -> str:
    """The name without characters that need care in names of nodes."""
    return _UNSAFE.sub("_", name)


def quoted(value: str) -> str:
    r"""A DOT string. Backslashes would start an escape sequence such as ``\N``."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
