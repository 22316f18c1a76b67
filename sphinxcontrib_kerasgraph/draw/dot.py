"""A scene as DOT."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

import pydot

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.html_label import html_label, port_name
from sphinxcontrib_kerasgraph.scene.columns import GAP
from sphinxcontrib_kerasgraph.scene.layout import Below, Connector, Layout, Link, arrange
from sphinxcontrib_kerasgraph.scene.names import safe
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, Wire

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Marks
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged, Thing
    from sphinxcontrib_kerasgraph.scene.scene import Item, Scene


M = TypeVar("M", pydot.Edge, pydot.Cluster)

#: Around the drawing, in points.
PAD = 4
#: How much more the longest way is kept straight than what goes beside it.
_SPINE = 10
#: How wide lines are that have marks, in points.
_MARKED_WIDTH = 2
#: Marks nodes that are text, and no boxes.
_TEXT = {"class": "title"}
#: From which side wires come, by the direction of the drawing.
_SIDES = {"TB": "n", "BT": "s", "LR": "w", "RL": "e"}


def scene_to_dot(arranged: Arranged, options: LayoutOptions) -> pydot.Dot:
    """The scene as a ``digraph``: the same text for the same scene and options, always.

    Its name tells it from other drawings, since image maps and the ids of SVG derive from it.
    """
    scene = arranged.scene
    dot = pydot.Dot(
        "",
        graph_type="digraph",
        bgcolor=_quoted(theme.PAPER),
        fontname=theme.FONT,
        fontsize=theme.FONT_SIZE,
        fontcolor=_quoted(theme.INK),
        rankdir=options.rankdir,
        splines=options.splines,
        nodesep=0.13 if scene.compact else 0.25,
        ranksep=0.11 if scene.compact else 0.3,
        pad=PAD / 72,
        margin=0,  # of half an inch otherwise, in PDF
        compound="true",  # an edge may end at a frame
    )
    if options.layout != "dot":
        dot.set("layout", options.layout)
        dot.set("overlap", "false")
    if options.dpi is not None:
        dot.set("dpi", options.dpi)
    _Writer(scene, options).write(dot, arranged)
    if len(arranged.columns) > 1:
        dot.set("pack", GAP)
        dot.set("packmode", _quoted(f"array_tu{arranged.across}"))
    digest = hashlib.sha256(f"{scene.name}\n{dot.to_string()}".encode()).hexdigest()
    dot.set_name(_quoted(f"{safe(scene.name)}-{digest[:8]}"))
    return dot


def scene_to_cluster(scene: Scene, options: LayoutOptions) -> pydot.Cluster:
    """The scene as a ``cluster`` to be put into another graph."""
    cluster = _frame(safe(scene.name), depth=0, margin=10)
    cluster.set("label", _quoted(scene.name))
    _Writer(scene, options).write(cluster, arrange(scene, Layout()))
    return cluster


class _Writer:
    """Writes one scene, thing by thing, in their order."""

    def __init__(self, scene: Scene, options: LayoutOptions) -> None:
        self._compact = scene.compact
        self._side = _SIDES[options.rankdir]

    def write(self, target: pydot.Graph, arranged: Arranged) -> None:
        ink = _quoted(theme.INK)
        target.set_node_defaults(
            shape="plain", fontname=theme.FONT, fontsize=theme.FONT_SIZE, fontcolor=ink
        )
        target.set_edge_defaults(
            color=_quoted(theme.EDGE), arrowsize=0.6 if self._compact else 0.7, penwidth=1.2
        )
        if len(arranged.columns) == 1:
            self._add_all(target, arranged.columns[0])
            return
        for number, things in enumerate(arranged.columns):
            column = _column(number)
            self._add_all(column, things)
            target.add_subgraph(column)

    def _add_all(self, target: pydot.Graph, things: tuple[Thing, ...]) -> None:
        for thing in things:
            match thing:
                case Box() | Frame():
                    self._add_item(target, thing)
                case Wire():
                    target.add_edge(self._wire(thing))
                case Connector():
                    target.add_node(_connector(thing))
                case Link():
                    target.add_edge(_marked(_edge(thing.source, thing.target), thing.wire.marks))
                case Below():
                    target.add_edge(_edge(thing.above, thing.below, style="invis"))

    def _add_item(self, target: pydot.Graph, item: Item) -> None:
        if isinstance(item, Frame):
            target.add_subgraph(self._framed(item))
        elif item.path is None:
            _add_text(target, item)
        else:
            tooltip = _quoted(item.tooltip)
            target.add_node(
                pydot.Node(_quoted(item.name), label=html_label(item.label), tooltip=tooltip)
            )

    def _framed(self, frame: Frame) -> pydot.Cluster:
        cluster = _frame(frame.name, frame.depth, 5 if self._compact else 10)
        _marked(cluster, frame.marks)
        if frame.entries:
            cluster.set("label", _quoted(""))
        cluster.set("tooltip", _quoted(frame.tooltip))
        for text in frame.entries:
            _add_text(cluster, text)
        if frame.is_headed:
            cluster.add_edge(_edge(frame.entries[0].name, frame.first_box, style="invis"))
        for leaving in frame.exits:
            _add_text(cluster, leaving.text)
            for source in leaving.sources:
                cluster.add_edge(_edge(source, leaving.text.name, arrowhead="none"))
        for item in frame.items:
            self._add_item(cluster, item)
        if frame.title is not None:
            cluster.set("label", html_label(frame.title))
        elif frame.title_beside is not None:
            cluster.set("label", _quoted(""))
            cluster.add_subgraph(_title_row(frame, frame.title_beside))
        return cluster

    def _wire(self, wire: Wire) -> pydot.Edge:
        edge = _edge(wire.source, wire.target)
        if wire.input is not None:
            edge.set("headport", _quoted(f"{port_name(wire.input)}:{self._side}"))
        if wire.frame is not None:
            edge.set("lhead", _quoted(f"cluster_{wire.frame}"))
        if wire.recurrent:
            edge.set("style", "dashed")
            edge.set("constraint", "false")
        if wire.on_spine:
            edge.set("weight", _SPINE)
        _marked(edge, wire.marks)
        edge.set("tooltip", _quoted(wire.tooltip))
        return edge


def _add_text(target: pydot.Graph, text: Box) -> None:
    target.add_node(pydot.Node(_quoted(text.name), label=html_label(text.label), **_TEXT))


def _title_row(frame: Frame, title: Box) -> pydot.Subgraph:
    """The title of a frame as text beside the first box."""
    beside = pydot.Subgraph(rank="same")
    beside.set_name(_quoted(f"{frame.name}//row"))
    _add_text(beside, title)
    beside.add_edge(_edge(title.name, frame.first_box, style="invis"))
    return beside


def _connector(connector: Connector) -> pydot.Node:
    return pydot.Node(
        _quoted(connector.name),
        label=str(connector.number),
        shape="circle",
        width="0.22",
        fixedsize="true",
        fontsize=str(theme.COMPACT_FONT_SIZE),
        style="filled",
        fillcolor=_quoted(theme.TERMINAL_BORDER),
        color=_quoted(theme.TERMINAL_BORDER),
        fontcolor=_quoted(theme.PAPER),
        tooltip=_quoted(f"goes on at the other {connector.number}"),
        **{"class": "connector"},
    )


def _marked(drawn: M, marks: Marks) -> M:
    """An edge or frame with the colour, and the width, of its marks."""
    if color := theme.mark_color(marks):
        drawn.set("color", _quoted(color))
        drawn.set("penwidth", _MARKED_WIDTH)
    return drawn


def _edge(source: str, target: str, **attributes: str) -> pydot.Edge:
    return pydot.Edge(_quoted(source), _quoted(target), **attributes)


def _column(number: int) -> pydot.Cluster:
    """A frame that isn't seen.

    Graphviz keeps clusters in order when it packs them side by side; ``sortv`` is the attribute for
    that, which release 2.43 overlooks where only some of the parts have clusters inside.
    """
    column = pydot.Cluster(peripheries=0, margin=0, sortv=number + 1, label='""')
    column.set_name(_quoted(f"cluster_//column{number + 1}"))
    return column


def _frame(name: str, depth: int, margin: int) -> pydot.Cluster:
    """A frame that is inside of so many others."""
    cluster = pydot.Cluster(
        labeljust="l",
        style=_quoted("rounded,filled"),
        color=_quoted(theme.BORDER),
        fillcolor=_quoted(theme.FRAMES[depth % len(theme.FRAMES)]),
        margin=margin,
        peripheries=1,
    )
    cluster.set_name(_quoted(f"cluster_{name}"))  # the constructor can't take a quoted name
    return cluster


def _quoted(value: str) -> str:
    r"""A DOT string. Backslashes would start an escape sequence such as ``\N``."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
