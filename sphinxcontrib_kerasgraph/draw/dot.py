"""A scene as DOT: to be laid out by Graphviz, or, when it has been, to be drawn."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import pydot

from sphinxcontrib_kerasgraph.draw.elements import (
    column_cluster,
    connector_node,
    edge_of,
    frame_cluster,
    lane_cluster,
    marked,
    plain_label,
    quoted,
    reversed_edge,
    tag_node,
    told,
    unquoted,
)
from sphinxcontrib_kerasgraph.draw.hooks import NONE, Hooks
from sphinxcontrib_kerasgraph.draw.html_label import html_label, port_name
from sphinxcontrib_kerasgraph.draw.placed import CLUSTER
from sphinxcontrib_kerasgraph.draw.theme import COMPACT_FONT_SIZE, FONT, FONT_SIZE, THEMES
from sphinxcontrib_kerasgraph.scene.layout import (
    Below,
    Beside,
    Connector,
    Lanes,
    Layout,
    Line,
    Link,
    Tag,
    arrange,
)
from sphinxcontrib_kerasgraph.scene.names import safe
from sphinxcontrib_kerasgraph.scene.packing import GAP
from sphinxcontrib_kerasgraph.scene.ranks import BELOW, BESIDE, MARGIN
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, Wire
from sphinxcontrib_kerasgraph.scene.spans import passed_by, too_long

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.draw.theme import Theme
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged, Thing
    from sphinxcontrib_kerasgraph.scene.scene import Item, Scene


#: Around the drawing, in points.
PAD = 4
#: How much more the longest way is kept straight than what goes beside it.
_SPINE = 10
#: How many ranks all lines together may pass by in a layout without limits, which takes a second or
#: two; and in any.
_EASY = 1500
_MOST_PASSED = 2000
#: Of Graphviz's search for the best layout.
_LIMITS = {"nslimit": 0.5, "nslimit1": 0.5, "mclimit": 0.1}
#: Between the arms of a U, across which lines go; in inches.
_BESIDE_ARMS = 0.3
#: How wide lines are that stand for several tensors, in points; and their arrowheads.
_SEVERAL_WIDTH = 2.4
_SEVERAL_ARROW = 0.55
#: Graphviz reads texts of some 16,000 bytes.
_LONGEST_URL = 8_000
#: Marks nodes that are text, and no boxes.
_TEXT = {"class": "title"}
#: From which side wires come, by the direction of the drawing.
_SIDES = {"TB": "n", "BT": "s", "LR": "w", "RL": "e"}


def scene_to_dot(arranged: Arranged, options: LayoutOptions) -> pydot.Dot:
    """The scene as a ``digraph``: the same text for the same scene and options, always.

    Its name tells it from other drawings, since image maps and the ids of SVG derive from it.
    """
    dot = _to_lay_out(arranged, options)
    dot.set("margin", 0)  # of half an inch otherwise, in PDF
    _Writer(arranged, options).write(dot)
    dot.set_name(_name(dot.to_string(), arranged.scene))
    return dot


def dot_to_lay_out(arranged: Arranged, options: LayoutOptions) -> tuple[str, tuple[Line, ...]]:
    """As `scene_to_dot`, with a number at each line; and the lines by their numbers.

    Without a margin, by which Graphviz would set frames side by side apart, so that they touch.
    Where there are so many lines that Graphviz would take minutes, it has limits, and the longest
    lines are left out.
    """
    dot = _to_lay_out(arranged, options)
    passed = passed_by(arranged)
    if sum(passed.values()) > _EASY:
        for name, limit in _LIMITS.items():
            dot.set(name, limit)
    writer = _Writer(arranged, options, left_out=too_long(passed, _MOST_PASSED))
    writer.write(dot)
    return dot.to_string(), tuple(writer.lines)


def placed_to_dot(
    arranged: Arranged,
    placed: Placed,
    options: LayoutOptions,
    urls: Mapping[str, str] | None = None,
    hooks: Hooks = NONE,
) -> str:
    """The scene as a ``digraph``, in text, that says where all is, and that Graphviz but draws.

    ``urls`` are where boxes and frames lead, by their names.
    Its layout is ``nop2``, which any of Graphviz's programs understands, ``neato -n2`` before all.
    """
    dot = _digraph(options, THEMES[arranged.scene.theme])
    dot.set("layout", "nop2")
    dot.set("margin", 0)  # of half an inch otherwise, in PDF
    dot.set("bb", quoted(f"0,0,{placed.width:.5g},{placed.height:.5g}"))
    _Writer(arranged, options, placed, urls=urls).write(dot)
    text = hooks.dot(dot).to_string()
    head, brace, body = text.partition("{")  # pydot takes a second to write thousands of boxes
    return f"{head.rstrip()} {_name(text, arranged.scene)} {brace}{body}"


def _digraph(options: LayoutOptions, theme: Theme) -> pydot.Dot:
    dot = pydot.Dot(
        "",
        graph_type="digraph",
        bgcolor=quoted(theme.paper),
        fontname=FONT,
        fontsize=FONT_SIZE,
        fontcolor=quoted(theme.ink),
        pad=PAD / 72,
    )
    if options.dpi is not None:
        dot.set("dpi", options.dpi)
    return dot


def _to_lay_out(arranged: Arranged, options: LayoutOptions) -> pydot.Dot:
    compact = arranged.scene.compact
    dot = _digraph(options, THEMES[arranged.scene.theme])
    dot.set("rankdir", options.rankdir)
    dot.set("splines", options.splines)
    dot.set("nodesep", _BESIDE_ARMS if arranged.upwards else BESIDE / 72 if compact else 0.25)
    dot.set("ranksep", BELOW / 72 if compact else 0.3)
    dot.set("compound", "true")  # an edge may end at a frame
    if any(
        isinstance(thing, Lanes) or (isinstance(thing, Beside) and thing.in_frames)
        for thing in arranged.things
    ):
        dot.set("newrank", "true")
    if options.layout != "dot":
        dot.set("layout", options.layout)
        dot.set("overlap", "false")
    if len(arranged.columns) > 1:
        dot.set("pack", GAP)
        dot.set("packmode", quoted(f"array_tu{arranged.across}"))
    return dot


def _name(text: str, scene: Scene) -> str:
    digest = hashlib.sha256(f"{scene.name}\n{text}".encode()).hexdigest()
    return quoted(f"{safe(scene.name)}-{digest[:8]}")


def scene_to_cluster(scene: Scene, options: LayoutOptions) -> pydot.Cluster:
    """The scene as a ``cluster`` to be put into another graph."""
    cluster = frame_cluster(safe(scene.name), depth=0, margin=10, theme=THEMES[scene.theme])
    cluster.set("label", plain_label(scene.name))
    _Writer(arrange(scene, Layout()), options).write(cluster)
    return cluster


class _Writer:
    """Writes one scene, thing by thing, in their order; where they are, if that is known."""

    def __init__(
        self,
        arranged: Arranged,
        options: LayoutOptions,
        placed: Placed | None = None,
        *,
        left_out: frozenset[Line] | None = None,
        urls: Mapping[str, str] | None = None,
    ) -> None:
        """``left_out`` are lines that aren't written; if given, the others have numbers."""
        self._arranged = arranged
        self._compact = arranged.scene.compact
        self._theme = THEMES[arranged.scene.theme]
        rows = (thing for thing in arranged.things if isinstance(thing, Beside))
        self._in_rows = {name for row in rows for name in row.names}
        self._side = _SIDES[options.rankdir]
        self._placed = placed
        self._left_out = left_out
        self._urls = urls or {}
        #: Those that were written, by their numbers.
        self.lines: list[Line] = []

    def write(self, target: pydot.Graph) -> None:
        columns, theme = self._arranged.columns, self._theme
        ink = quoted(theme.ink)
        target.set_node_defaults(shape="plain", fontname=FONT, fontsize=FONT_SIZE, fontcolor=ink)
        target.set_edge_defaults(
            color=quoted(theme.edge),
            arrowsize=0.5 if self._compact else 0.6,
            penwidth=theme.line,
            fontname=FONT,
            fontsize=COMPACT_FONT_SIZE,
            fontcolor=quoted(theme.accent),
        )
        if self._placed is not None or len(columns) == 1:
            for things in columns:
                self._add_all(target, things)
            return
        for number, things in enumerate(columns):
            column = column_cluster(number)
            self._add_all(column, things)
            target.add_subgraph(column)

    def _add_all(self, target: pydot.Graph, things: tuple[Thing, ...]) -> None:
        for thing in things:
            match thing:
                case Box() | Frame():
                    self._add_item(target, thing)
                case Wire():
                    self._add_line(target, self._wire(thing), Line.of(thing))
                case Connector():
                    self._add_node(target, connector_node(thing, self._theme))
                case Link():
                    edge = edge_of(thing.source, thing.target)
                    link = marked(edge, thing.wire.marks, self._theme)
                    self._add_line(target, link, Line(thing.source, thing.target))
                case Tag():
                    self._add_node(target, tag_node(thing, self._theme))
                case Below():
                    self._add_order(target, thing.above, thing.below)
                case Beside():
                    self._add_row(target, thing.names)
                case Lanes():
                    self._add_lanes(target, thing)

    def _add_item(self, target: pydot.Graph, item: Item) -> None:
        if isinstance(item, Frame):
            target.add_subgraph(self._framed(item))
        elif item.path is None:
            self._add_text(target, item)
        else:
            tooltip = told(item.tooltip)
            node = pydot.Node(
                quoted(item.name), label=html_label(item.label, self._theme), tooltip=tooltip
            )
            self._link(node, item.name)
            self._add_node(target, node)

    def _add_text(self, target: pydot.Graph, text: Box) -> None:
        node = pydot.Node(quoted(text.name), label=html_label(text.label, self._theme), **_TEXT)
        self._add_node(target, node)

    def _add_node(self, target: pydot.Graph, node: pydot.Node) -> None:
        if self._placed is not None:
            x, y = self._placed.boxes[unquoted(node.get_name())].center
            node.set("pos", quoted(f"{x:.5g},{y:.5g}"))
        target.add_node(node)

    def _link(self, drawn: pydot.Node | pydot.Cluster, name: str) -> None:
        url = quote(self._urls.get(name, ""), safe=":/#")
        if 0 < len(url) <= _LONGEST_URL:  # no class with such a name is documented
            drawn.set("URL", quoted(url))

    def _add_line(self, target: pydot.Graph, edge: pydot.Edge, line: Line) -> None:
        if self._placed is None:
            edge = self._constrained(edge, line)
        if self._placed is not None:
            curve = self._placed.curves[line]
            edge.set("pos", quoted(curve.pos))
            if curve.text is not None:
                edge.set("xlp", quoted(f"{curve.text[0]:.5g},{curve.text[1]:.5g}"))
        elif self._left_out is not None:
            if line in self._left_out:
                return
            edge.set("line", len(self.lines))
            self.lines.append(line)
        target.add_edge(edge)

    def _constrained(self, edge: pydot.Edge, line: Line) -> pydot.Edge:
        """The edge as it has its ends stand: one that goes up is told as one from head to tail."""
        if self._arranged.rises(line):
            return reversed_edge(edge)
        if line in self._arranged.level and not {line.source, line.target} <= self._in_rows:
            edge.set("constraint", "false")
        return edge

    def _add_order(self, target: pydot.Graph, above: str, below: str) -> None:
        """Have a box stand below another, or beside it in a row of its own."""
        if self._placed is None:
            target.add_edge(edge_of(above, below, style="invis"))

    def _add_row(self, target: pydot.Graph, names: tuple[str, ...]) -> None:
        """Have boxes stand side by side."""
        if self._placed is None:
            row = pydot.Subgraph(rank="same")
            for name in names:
                row.add_node(pydot.Node(quoted(name)))
            target.add_subgraph(row)

    def _add_lanes(self, target: pydot.Graph, lanes: Lanes) -> None:
        """Have boxes stand in lanes, each in a frame that isn't seen."""
        titles = [title.name for title, _ in lanes.lanes]
        for number, (title, names) in enumerate(lanes.lanes):
            cluster = target
            if self._placed is None:
                cluster = lane_cluster(number, names)
                target.add_subgraph(cluster)
            self._add_text(cluster, title)
            self._add_order(cluster, title.name, names[0])
            if lanes.above is not None:
                self._add_order(target, lanes.above, title.name)
        for one, other in pairwise(titles):
            self._add_order(target, one, other)
        self._add_row(target, tuple(titles))

    def _framed(self, frame: Frame) -> pydot.Cluster:
        cluster = frame_cluster(
            frame.name, frame.depth, MARGIN if self._compact else 10, self._theme
        )
        if self._placed is not None:
            rect = self._placed.frames[frame.name]
            corners = (rect.left, rect.bottom, rect.right, rect.top)
            cluster.set("bb", quoted(",".join(f"{at:.5g}" for at in corners)))
            if title := self._placed.titles.get(frame.name):
                cluster.set("lp", quoted(f"{title[0]:.5g},{title[1]:.5g}"))
        marked(cluster, frame.marks, self._theme)
        self._link(cluster, frame.name)
        if frame.entries:
            cluster.set("label", quoted(""))
        cluster.set("tooltip", told(frame.tooltip))
        for text in frame.entries:
            self._add_text(cluster, text)
        if frame.is_headed:
            ends = [frame.entries[0].name, frame.first_box]
            if frame.name in self._arranged.upwards:
                ends.reverse()
            self._add_order(cluster, *ends)
        for leaving in frame.exits:
            name = leaving.text.name
            self._add_text(cluster, leaving.text)
            for source in leaving.sources:
                self._add_line(cluster, edge_of(source, name, arrowhead="none"), Line(source, name))
        for item in frame.items:
            self._add_item(cluster, item)
        if frame.title is not None:
            cluster.set("label", html_label(frame.title, self._theme))
        elif frame.title_beside is not None:
            cluster.set("label", quoted(""))
            cluster.add_subgraph(self._title_row(frame, frame.title_beside))
        return cluster

    def _wire(self, wire: Wire) -> pydot.Edge:
        edge = edge_of(wire.source, wire.target)
        if wire.input is not None and self._placed is None:
            side = self._side
            if Line.of(wire) in self._arranged.level:
                side = "w"
            elif self._arranged.rises(Line.of(wire)):
                side = "s"
            edge.set("headport", quoted(f"{port_name(wire.input)}:{side}"))
        if wire.frame is not None and self._placed is None:
            edge.set("lhead", quoted(f"{CLUSTER}{wire.frame}"))
        if wire.recurrent:
            edge.set("style", "dashed")
            edge.set("constraint", "false")
        if wire.on_spine and self._placed is None:
            edge.set("weight", _SPINE)
        if wire.count > 1:
            edge.set("penwidth", _SEVERAL_WIDTH)
            edge.set("arrowsize", _SEVERAL_ARROW)
        if wire.text:
            edge.set("xlabel", plain_label(wire.text))
            if self._compact:
                edge.set("minlen", 2)  # room for the text
        marked(edge, wire.marks, self._theme)
        edge.set("tooltip", told(wire.tooltip))
        return edge

    def _title_row(self, frame: Frame, title: Box) -> pydot.Subgraph:
        """The title of a frame as text beside the first box."""
        beside = pydot.Subgraph(rank="same")
        beside.set_name(quoted(f"{frame.name}//row"))
        self._add_text(beside, title)
        self._add_order(beside, title.name, frame.first_box)
        return beside
