"""A ModelGraph as a DOT graph."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pydot

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.label import call_label, edge_tooltip, frame_label, tooltip
from sphinxcontrib_kerasgraph.graph import BLOCK, Port
from sphinxcontrib_kerasgraph.view.expand import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions

_UNSAFE = re.compile(r"[^\w/.#~-]")


def graph_to_dot(graph: ModelGraph, options: DrawOptions) -> pydot.Dot:
    """The drawing as a ``digraph``, with the blocks open that the options open.

    The same text for the same graph and options, always.

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
    shown = expand(graph, options)
    _Drawing(shown, options).draw(dot, shown.graph)
    digest = hashlib.sha256(f"{graph.name}\n{dot.to_string()}".encode()).hexdigest()
    dot.set_name(_quoted(f"{_safe(graph.name)}-{digest[:8]}"))
    return dot


def graph_to_cluster(graph: ModelGraph, options: DrawOptions) -> pydot.Cluster:
    """The drawing as a ``cluster`` to be put into another graph."""
    cluster = _frame(_safe(graph.name), depth=0)
    cluster.set("label", _quoted(graph.name))
    _set_defaults(cluster)
    shown = expand(graph, options)
    _Drawing(shown, options, prefix=f"{_safe(graph.name)}/").draw(cluster, shown.graph)
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


@dataclass(frozen=True)
class _Scope:
    """A graph that is drawn, and the open block that it is the body of."""

    graph: CallGraph
    #: What the paths of its calls begin with.
    prefix: str = ""
    outer: _Scope | None = None
    block: str = ""

    def within(self, call: Call) -> _Scope | None:
        """The inside of a call that is drawn as a frame."""
        if call.body is None:
            return None
        return _Scope(call.body, f"{self.prefix}{call.id}/", self, call.id)

    @property
    def depth(self) -> int:
        """How many frames there are around it."""
        return self.prefix.count("/")


class _Drawing:
    """Draws one graph: boxes for leaves and closed blocks, frames around open ones.

    Blocks that have a body are open. An edge to an open block goes on to the calls inside that
    take the tensor, and one from it comes from the call inside that makes it.
    """

    def __init__(self, graph: ModelGraph, options: DrawOptions, prefix: str = "") -> None:
        self._options = options
        self._prefix = prefix
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        #: The nodes where data enters the model, and where it leaves.
        self._terminals: set[str] = set()
        for path, _ in graph.graph.walk():
            self._name(path)

    def draw(self, target: pydot.Graph, graph: CallGraph) -> None:
        """Add the boxes, frames and edges of ``graph`` to ``target``."""
        scope = _Scope(graph)
        self._terminals = {self._name(id_) for id_ in graph.inputs}
        self._terminals |= {name for port in graph.outputs if (name := self._exit(scope, port))}
        self._draw(target, scope)

    def _draw(self, target: pydot.Graph, scope: _Scope) -> None:
        graph = scope.graph
        arguments: dict[str, dict[int, str]] = {}
        for edge in graph.edges:
            if edge.argument:
                arguments.setdefault(edge.target.call, {})[edge.target.index] = edge.argument
        for call in graph.calls:
            path = scope.prefix + call.id
            inner = scope.within(call)
            if inner is not None:
                frame = _frame(self._name(path), scope.depth)
                frame.set("tooltip", _quoted(tooltip(call, path)))
                self._draw(frame, inner)
                self._add_title(frame, call, inner, path)
                target.add_subgraph(frame)
                continue
            label = call_label(
                call,
                self._options,
                arguments.get(call.id),
                terminal=self._name(path) in self._terminals,
            )
            node = pydot.Node(_quoted(self._name(path)), label=label)
            node.set("tooltip", _quoted(tooltip(call, path)))
            target.add_node(node)
        for edge in graph.edges:
            if edge.source.call != BLOCK:  # else it is drawn as part of those that enter the block
                self._add_edge(target, scope, edge)

    def _add_edge(self, target: pydot.Graph, scope: _Scope, edge: Edge) -> None:
        source = self._exit(scope, edge.source)
        if source is None:
            return
        tensor = scope.graph[edge.target.call].inputs[edge.target.index]
        for entry, frame in self._entries(scope, edge.target):
            drawn = pydot.Edge(_quoted(source), _quoted(entry))
            if frame is not None:
                drawn.set("lhead", _quoted(f"cluster_{frame}"))
            if edge.recurrent:
                drawn.set("style", "dashed")
                drawn.set("constraint", "false")
            drawn.set("tooltip", _quoted(edge_tooltip(tensor, edge.argument)))
            target.add_edge(drawn)

    def _add_title(self, frame: pydot.Cluster, call: Call, inner: _Scope, path: str) -> None:
        """Write the block's class and name on its frame.

        Where edges enter from above or below they would cross Graphviz's own label of the
        frame; there the title stands as text beside the first call, which edges keep clear of.
        """
        label = frame_label(call, self._options)
        first = inner.graph.calls[0]
        if (
            self._options.rankdir in {"LR", "RL"}
            or self._options.layout != "dot"
            or first.body is not None
        ):
            frame.set("label", label)
            return
        frame.set("label", _quoted(""))
        title = _quoted(self._name(f"{path}//title"))
        beside = pydot.Subgraph(rank="same")
        beside.set_name(_quoted(f"{self._name(path)}//row"))
        beside.add_node(pydot.Node(title, label=label, **{"class": "title"}))
        entry = _quoted(self._name(f"{path}/{first.id}"))
        beside.add_edge(pydot.Edge(title, entry, style="invis"))
        frame.add_subgraph(beside)

    def _entries(self, scope: _Scope, port: Port) -> Iterator[tuple[str, str | None]]:
        """The nodes that take what goes into a call; and the frame at which the edge ends.

        It ends at a frame if no call inside takes the tensor, as for a mask, which is for the
        whole block.
        """
        path = scope.prefix + port.call
        inner = scope.within(scope.graph[port.call])
        if inner is None:
            yield self._name(path), None
            return
        entering = Port(BLOCK, port.index)
        taken = [edge.target for edge in inner.graph.edges if edge.source == entering]
        for target in dict.fromkeys(taken):
            yield from self._entries(inner, target)
        if not taken and entering not in inner.graph.outputs:
            yield self._name(_first_box(inner)), self._name(path)

    def _exit(self, scope: _Scope, port: Port) -> str | None:
        """The node that makes what comes out of a call; ``None`` if a loop makes it itself."""
        if port.call == BLOCK:
            if scope.outer is None:
                return None
            entering = Port(scope.block, port.index)
            edges = scope.outer.graph.edges
            sources = [e.source for e in edges if e.target == entering and not e.recurrent]
            return self._exit(scope.outer, sources[0]) if sources else None
        inner = scope.within(scope.graph[port.call])
        if inner is None:
            return self._name(scope.prefix + port.call)
        return self._exit(inner, inner.graph.outputs[port.index])

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


def _first_box(scope: _Scope) -> str:
    """The path of the first box in a frame."""
    first = scope.graph.calls[0]
    inner = scope.within(first)
    return _first_box(inner) if inner else scope.prefix + first.id


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)


def _quoted(value: str) -> str:
    r"""A DOT string. Backslashes would start an escape sequence such as ``\N``."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
