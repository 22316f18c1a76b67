"""A ModelGraph as a DOT graph."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pydot

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.label import call_label, frame_label, tooltip
from sphinxcontrib_kerasgraph.graph import Port

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions

_UNSAFE = re.compile(r"[^\w/.#~-]")


def graph_to_dot(graph: ModelGraph, options: DrawOptions) -> pydot.Dot:
    """The drawing as a ``digraph``; the same text for the same graph and options, always.

    Its name tells it from other drawings, since image maps and the ids of SVG derive from it.
    """
    dot = pydot.Dot(
        "",
        graph_type="digraph",
        bgcolor=_quoted(theme.PAPER),
        fontname=theme.FONT,
        fontsize=theme.FONT_SIZE,
        fontcolor=_quoted(theme.INK),
        rankdir=options.rankdir,
        splines=options.splines,
        nodesep=0.25,
        ranksep=0.3,
        pad=0.1,
        compound="true",  # an edge may end at a frame
    )
    if options.layout != "dot":
        dot.set("layout", options.layout)
        dot.set("overlap", "false")
    if options.dpi is not None:
        dot.set("dpi", options.dpi)
    _set_defaults(dot)
    _Drawing(graph, options).draw(dot, graph.graph)
    digest = hashlib.sha256(f"{graph.name}\n{dot.to_string()}".encode()).hexdigest()
    dot.set_name(_quoted(f"{_safe(graph.name)}-{digest[:8]}"))
    return dot


def graph_to_cluster(graph: ModelGraph, options: DrawOptions) -> pydot.Cluster:
    """The drawing as a ``cluster`` to be put into another graph."""
    cluster = _frame(_safe(graph.name), depth=0)
    cluster.set("label", _quoted(graph.name))
    _set_defaults(cluster)
    _Drawing(graph, options, prefix=f"{_safe(graph.name)}/").draw(cluster, graph.graph)
    return cluster


def _set_defaults(graph: pydot.Graph) -> None:
    font = theme.FONT
    ink = _quoted(theme.INK)
    graph.set_node_defaults(shape="plain", fontname=font, fontsize=theme.FONT_SIZE, fontcolor=ink)
    graph.set_edge_defaults(color=_quoted(theme.EDGE), arrowsize=0.7, penwidth=1.2)


def _frame(name: str, depth: int) -> pydot.Cluster:
    cluster = pydot.Cluster(
        labeljust="l",
        style=_quoted("rounded,filled"),
        color=_quoted(theme.BORDER),
        fillcolor=_quoted(theme.FRAMES[depth % len(theme.FRAMES)]),
        margin=10,
    )
    cluster.set_name(_quoted(f"cluster_{name}"))  # the constructor can't take a quoted name
    return cluster


class _Drawing:
    """Draws one graph: boxes for leaves and closed blocks, frames around open ones.

    With ``expand_nested`` every block is open. An edge to an open block goes on to the call
    inside that takes the tensor, and one from it comes from the call inside that makes it.
    """

    def __init__(self, graph: ModelGraph, options: DrawOptions, prefix: str = "") -> None:
        self._options = options
        self._prefix = prefix
        self._shared = graph.graph.shared_layers()
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        for path, _ in graph.graph.walk():
            self._name(path)

    def draw(self, target: pydot.Graph, graph: CallGraph, path: str = "", depth: int = 0) -> None:
        """Add the boxes, frames and edges of ``graph``, which ``path`` leads to, to ``target``."""
        terminals = {*graph.inputs, *(port.call for port in graph.outputs)}
        for call in graph.calls:
            call_path = path + call.id
            body = self._open_body(graph, call.id)
            if body is not None:
                frame = _frame(self._name(call_path), depth)
                frame.set("tooltip", _quoted(tooltip(call, call_path)))
                self.draw(frame, body, f"{call_path}/", depth + 1)
                self._add_title(frame, call, body, call_path)
                target.add_subgraph(frame)
                continue
            label = call_label(
                call,
                self._options,
                shared=call.layer in self._shared,
                terminal=depth == 0 and call.id in terminals,
            )
            node = pydot.Node(_quoted(self._name(call_path)), label=label)
            node.set("tooltip", _quoted(tooltip(call, call_path)))
            target.add_node(node)
        for edge in graph.edges:
            source = self._exit(graph, edge.source, path)
            entry, frame = self._entry(graph, edge.target, path)
            drawn = pydot.Edge(_quoted(source), _quoted(entry))
            if frame is not None:
                drawn.set("lhead", _quoted(f"cluster_{frame}"))
            target.add_edge(drawn)

    def _add_title(self, frame: pydot.Cluster, call: Call, body: CallGraph, path: str) -> None:
        """Write the block's class and name on its frame.

        Where edges enter from above or below they would cross Graphviz's own label of the
        frame; there the title stands as text beside the input, which edges keep clear of.
        """
        label = frame_label(call, self._options)
        if self._options.rankdir in {"LR", "RL"} or self._options.layout != "dot":
            frame.set("label", label)
            return
        frame.set("label", _quoted(""))
        title = _quoted(self._name(f"{path}//title"))
        beside = pydot.Subgraph(rank="same")
        beside.set_name(_quoted(f"{self._name(path)}//row"))
        beside.add_node(pydot.Node(title, label=label, **{"class": "title"}))
        entry = _quoted(self._name(f"{path}/{body.inputs[0]}"))
        beside.add_edge(pydot.Edge(title, entry, style="invis"))
        frame.add_subgraph(beside)

    def _entry(self, graph: CallGraph, port: Port, path: str) -> tuple[str, str | None]:
        """The node that takes what goes into a call; and the frame at which the edge ends.

        It ends at a frame if no call inside takes the tensor, as for a mask, which is for the
        whole block.
        """
        path += port.call
        body = self._open_body(graph, port.call)
        if body is None:
            return self._name(path), None
        if port.index >= len(body.inputs):
            return self._name(f"{path}/{body.calls[0].id}"), self._name(path)
        return self._entry(body, Port(body.inputs[port.index]), f"{path}/")

    def _exit(self, graph: CallGraph, port: Port, path: str) -> str:
        """The node that makes what comes out of a call."""
        path += port.call
        body = self._open_body(graph, port.call)
        if body is None:
            return self._name(path)
        return self._exit(body, body.outputs[port.index], f"{path}/")

    def _open_body(self, graph: CallGraph, id_: str) -> CallGraph | None:
        """The inside of a call that is drawn as a frame."""
        return graph[id_].body if self._options.expand_nested else None

    def _name(self, path: str) -> str:
        """The node's name in DOT: the path, safe, and unique where that made two the same."""
        if path not in self._names:
            base = name = self._prefix + _safe(path)
            number = 1
            while name in self._taken:
                number += 1
                name = f"{base}~{number}"
            self._taken.add(name)
            self._names[path] = name
        return self._names[path]


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)


def _quoted(value: str) -> str:
    r"""A DOT string. Backslashes would start an escape sequence such as ``\N``."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
