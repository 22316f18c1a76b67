"""A ModelGraph as a DOT graph."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pydot

from sphinxcontrib_kerasgraph.draw import columns, theme
from sphinxcontrib_kerasgraph.draw.drawing import Drawing
from sphinxcontrib_kerasgraph.draw.frames import frame, quoted, safe

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.shown import Shown


#: Around the drawing, in points.
PAD = 4


@dataclass(frozen=True)
class Layout:
    """How boxes are put in columns and rows."""

    #: The calls that columns start with.
    starts: tuple[int, ...] = (0,)
    #: How wide, about, a row of boxes may be, in points.
    widest: float | None = None
    #: How many columns stand side by side, those of parts that are drawn apart included.
    across: int | None = None


def graph_to_dot(
    shown: Shown,
    options: DrawOptions,
    layout: Layout | None = None,
) -> pydot.Dot:
    """The drawing as a ``digraph``, laid out in columns and rows if that is given.

    The same text for the same graph and options, always.

    Its name tells it from other drawings, since image maps and the ids of SVG derive from it.
    """
    name = shown.graph.name
    dot = pydot.Dot(
        "",
        graph_type="digraph",
        bgcolor=quoted(theme.PAPER),
        fontname=theme.FONT,
        fontsize=theme.FONT_SIZE,
        fontcolor=quoted(theme.INK),
        rankdir=options.rankdir,
        splines=options.splines,
        nodesep=0.13 if shown.compact else 0.25,
        ranksep=0.11 if shown.compact else 0.3,
        pad=PAD / 72,
        margin=0,  # of half an inch otherwise, in PDF
        compound="true",  # an edge may end at a frame
    )
    if options.layout != "dot":
        dot.set("layout", options.layout)
        dot.set("overlap", "false")
    if options.dpi is not None:
        dot.set("dpi", options.dpi)
    _set_defaults(dot, compact=shown.compact)
    layout = layout or Layout()
    drawing = Drawing(shown, options, widest=layout.widest)
    drawing.draw(dot, layout.starts)
    if len(layout.starts) + drawing.parts > 1:
        dot.set("pack", columns.GAP)
        across = layout.across or len(layout.starts) + drawing.parts
        dot.set("packmode", quoted(f"array_tu{across}"))
    digest = hashlib.sha256(f"{name}\n{dot.to_string()}".encode()).hexdigest()
    dot.set_name(quoted(f"{safe(name)}-{digest[:8]}"))
    return dot


def graph_to_cluster(shown: Shown, options: DrawOptions) -> pydot.Cluster:
    """The drawing as a ``cluster`` to be put into another graph."""
    name = shown.graph.name
    cluster = frame(safe(name), depth=0, margin=10)
    cluster.set("label", quoted(name))
    _set_defaults(cluster, compact=shown.compact)
    Drawing(shown, options, prefix=f"{safe(name)}/").draw(cluster)
    return cluster


def _set_defaults(graph: pydot.Graph, *, compact: bool) -> None:
    font = theme.FONT
    ink = quoted(theme.INK)
    graph.set_node_defaults(shape="plain", fontname=font, fontsize=theme.FONT_SIZE, fontcolor=ink)
    graph.set_edge_defaults(
        color=quoted(theme.EDGE), arrowsize=0.6 if compact else 0.7, penwidth=1.2
    )
