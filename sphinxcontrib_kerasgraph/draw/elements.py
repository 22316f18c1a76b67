"""The nodes, edges and clusters that a drawing is written of, in DOT."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pydot

from sphinxcontrib_kerasgraph.draw.html_label import tag_label
from sphinxcontrib_kerasgraph.draw.placed import CLUSTER
from sphinxcontrib_kerasgraph.draw.theme import COMPACT_FONT_SIZE, DEFAULT
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.label.tree import shortened
from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.draw.theme import Theme
    from sphinxcontrib_kerasgraph.graph import Marks
    from sphinxcontrib_kerasgraph.scene.layout import Connector, Tag

M = TypeVar("M", pydot.Edge, pydot.Cluster)

#: How wide lines are that have marks, in points.
_MARKED_WIDTH = 2


def connector_node(connector: Connector, theme: Theme = DEFAULT) -> pydot.Node:
    """The numbered circle at which a line goes on elsewhere."""
    return pydot.Node(
        quoted(connector.name),
        label=str(connector.number),
        shape="circle",
        width="0.22",
        fixedsize="true",
        fontsize=str(COMPACT_FONT_SIZE),
        style="filled",
        fillcolor=quoted(theme.terminal),
        color=quoted(theme.terminal),
        fontcolor=quoted(theme.paper),
        tooltip=told(_("goes on at the other {number}", number=str(connector.number))),
        **{"class": "connector"},
    )


def tag_node(tag: Tag, theme: Theme = DEFAULT) -> pydot.Node:
    """The letter of a tensor that many take."""
    return pydot.Node(
        quoted(tag.name),
        label=tag_label(tag.letter, theme),
        tooltip=told(tag.tooltip),
        **{"class": "net"},
    )


#: What an end of an edge has, and what the other end has.
_ENDS = {"headport": "tailport", "lhead": "ltail", "arrowhead": "arrowtail"}


def reversed_edge(edge: pydot.Edge) -> pydot.Edge:
    """The edge from its target to its source, with its arrowhead where it was."""
    attributes = {_ENDS.get(name, name): value for name, value in edge.get_attributes().items()}
    return pydot.Edge(edge.get_destination(), edge.get_source(), dir="back", **attributes)


def marked(drawn: M, marks: Marks, theme: Theme = DEFAULT) -> M:
    """An edge or frame with the colour, and the width, of its marks."""
    if color := theme.mark(marks):
        drawn.set("color", quoted(color))
        drawn.set("penwidth", _MARKED_WIDTH)
        if marks.change is Change.REMOVED:
            style = drawn.get("style")
            drawn.set("style", quoted(f"{unquoted(style)},dashed") if style else "dashed")
    return drawn


def edge_of(source: str, target: str, **attributes: str) -> pydot.Edge:
    """The edge between boxes of these names."""
    return pydot.Edge(quoted(source), quoted(target), **attributes)


def column_cluster(number: int) -> pydot.Cluster:
    """A frame that isn't seen.

    Graphviz keeps clusters in order when it packs them side by side; ``sortv`` is the attribute for
    that, which release 2.43 overlooks where only some of the parts have clusters inside.
    """
    column = pydot.Cluster(peripheries=0, margin=0, sortv=number + 1, label='""')
    column.set_name(quoted(f"cluster_//column{number + 1}"))
    return column


def lane_cluster(number: int, names: Iterable[str]) -> pydot.Cluster:
    """A frame that isn't seen, which keeps the boxes of a lane one below the other."""
    lane = pydot.Cluster(peripheries=0, margin=0, label='""')
    lane.set_name(quoted(f"cluster_//lane{number + 1}"))
    for name in names:
        lane.add_node(pydot.Node(quoted(name)))
    return lane


def frame_cluster(name: str, depth: int, margin: int, theme: Theme = DEFAULT) -> pydot.Cluster:
    """A frame that is inside of so many others."""
    cluster = pydot.Cluster(
        labeljust="l",
        style=quoted(theme.frame),
        color=quoted(theme.border),
        fillcolor=quoted(theme.frames[depth % len(theme.frames)]),
        margin=margin,
        peripheries=1,
    )
    cluster.set_name(quoted(f"{CLUSTER}{name}"))  # the constructor can't take a quoted name
    return cluster


def unquoted(name: str) -> str:
    """A name that `quoted` made a DOT string."""
    return name[1:-1]  # names are safe: nothing in them is escaped


def quoted(value: str) -> str:
    r"""A DOT string. Backslashes would start an escape sequence such as ``\N``."""
    escaped = value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'"{escaped}"'


#: So many bytes of a text Graphviz reads, and no more.
_LONGEST_TEXT = 16_000
#: How texts have ``&``: Graphviz knows entities in them, and writes what they stand for.
_AMPERSAND = "&#38;"


def plain_label(text: str) -> str:
    """A label without looks as a DOT string."""
    return quoted(printable(shortened(text)).replace("&", _AMPERSAND))


def told(tooltip: str) -> str:
    r"""A tooltip as a DOT string, cut where Graphviz would fail.

    Graphviz takes escape sequences out of it twice: first such as ``\n``, where it drops the
    backslash of all others; then such as ``\N``.
    """
    while True:
        text = quoted(tooltip.replace("\\", r"\\").replace("&", _AMPERSAND))
        size = len(for_map(text).encode())
        if size <= _LONGEST_TEXT:
            return text
        tooltip = f"{tooltip[: len(tooltip) * _LONGEST_TEXT // size - 1]}…"


def for_map(code: str) -> str:
    """DOT with tooltips for an image map, in which Graphviz leaves entities as they are."""
    return code.replace(_AMPERSAND, f"{_AMPERSAND}amp;")
