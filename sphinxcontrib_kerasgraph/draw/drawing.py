"""Boxes, frames and edges of one drawing."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pydot

from sphinxcontrib_kerasgraph.draw import compact, theme
from sphinxcontrib_kerasgraph.draw.columns import ways_to_break
from sphinxcontrib_kerasgraph.draw.label import call_label, edge_tooltip, frame_label, tooltip
from sphinxcontrib_kerasgraph.draw.scope import Scope
from sphinxcontrib_kerasgraph.draw.sizes import Sizes
from sphinxcontrib_kerasgraph.graph import BLOCK, Port
from sphinxcontrib_kerasgraph.view.blocks import FOLD, PART, Group, flat_calls
from sphinxcontrib_kerasgraph.view.parts import parts_of
from sphinxcontrib_kerasgraph.view.select import STUB
from sphinxcontrib_kerasgraph.view.sequence import Wires, arrange, crossing, last_uses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.draw.columns import Space
    from sphinxcontrib_kerasgraph.graph import Call, Edge
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.shown import Shown

#: How much more the longest way is kept straight than what goes beside it.
_SPINE = 10
#: Marks nodes that are text, and no boxes.
_TEXT = {"class": "title"}
#: One column, which starts at the first call.
_ONE_COLUMN = (0,)
_UNSAFE = re.compile(r"[^\w/.#~-]")


class Drawing:
    """Draws one graph: boxes for leaves and closed blocks, frames around open ones.

    Blocks that have a body are open. An edge to an open block goes on to the calls inside that
    take the tensor, and one from it comes from the call inside that makes it. A frame around what
    is repeated has nodes of its own where a repetition takes what the one before it made, and
    where the last one's outputs leave.
    """

    def __init__(
        self,
        shown: Shown,
        options: DrawOptions,
        prefix: str = "",
        widest: float | None = None,
    ) -> None:
        self._shown = shown
        self._sizes = Sizes(self, widest)
        self._widest = widest
        self._options = options
        self._prefix = prefix
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        #: The nodes where data enters the model, and where it leaves.
        self._terminals: set[str] = set()
        #: The column of each call of the whole graph.
        self._columns: dict[str, int] = {}
        #: The calls that columns start with, and what these are drawn in.
        self._starts: tuple[int, ...] = _ONE_COLUMN
        self._targets: list[pydot.Graph] = []
        # A chain is broken where it is narrow, for which what belongs together stands together.
        graph = arrange(shown.graph.graph) if shown.compact else shown.graph.graph
        self._scope = scope = Scope(graph, (graph,))
        self._parts = list(parts_of(graph).values())
        for path, _ in self._paths(scope):
            self._name(path)
        self._terminals = {self._name(id_) for id_ in graph.inputs}
        self._terminals |= {self._maker(scope, port) for port in graph.outputs}
        #: The numbers of tensors that go from column to column.
        self._crossing: dict[Port, int] = {}
        #: The connectors, by their names.
        self._connected: set[str] = set()

    def ways(self, space: Space) -> list[tuple[int, ...]]:
        """Where columns may begin so that the drawing fits the space; the best guess first."""
        options, calls = self._options, self._scope.graph.calls
        vertical = options.rankdir in {"TB", "BT"} and options.layout == "dot"
        if options.columns == 1 or len(calls) < 3 or not vertical:
            return [_ONE_COLUMN]
        wires = Wires(self._scope.graph)
        return ways_to_break(
            crossing(last_uses(wires.incoming, wires.outgoing), len(calls)),
            partial(self._sizes.of_calls, self._scope),
            space,
            options.columns,
        )

    def draw(self, target: pydot.Graph, starts: tuple[int, ...] = _ONE_COLUMN) -> None:
        """Add everything to ``target``, in columns that start at these calls."""
        scope = self._scope
        self._starts = starts
        for at, call in enumerate(scope.graph.calls):
            self._columns[call.id] = sum(start <= at for start in starts) - 1
        self._targets = [target]
        number = len(starts) + len(self._parts)
        if number > 1:
            self._targets = [_column(at) for at in range(number)]
        self._draw(target, scope)
        self._add_note(scope)
        if number > 1:
            for column, part in zip(self._targets[len(starts) :], self._parts, strict=True):
                self._add_part(column, part)
            for column in self._targets:
                target.add_subgraph(column)

    @property
    def parts(self) -> int:
        """How many parts are drawn apart, each in a column."""
        return len(self._parts)

    # -- what is where

    def _paths(self, scope: Scope) -> Iterator[tuple[str, Call]]:
        """Every call that is drawn, as box or frame, with its path."""
        for call in scope.graph.calls:
            yield scope.path(call), call
            if (inner := scope.within(call)) is not None:
                yield from self._paths(inner)

    def _name(self, path: str) -> str:
        """The node's name in DOT: the path, safe, and unique where that made two the same."""
        if path not in self._names:
            base = name = self._prefix + safe(path)
            number = 1
            while name in self._taken:
                number += 1
                name = f"{base}~{number}"
            self._taken.add(name)
            self._names[path] = name
        return self._names[path]

    # -- boxes and frames

    def _draw(self, target: pydot.Graph, scope: Scope) -> None:
        graph = scope.graph
        for at, call in enumerate(graph.calls):
            if scope is self._scope:
                target = self._column_of(call.id)
            inner = scope.within(call)
            if inner is None:
                label = self.box(scope, at)
                tip = self._tooltip(scope, at)
                self._add_node(target, self._name(scope.path(call)), label, tooltip=quoted(tip))
            else:
                self._add_frame(target, scope, at, inner)
        if self._widest:
            self._add_rows(target, scope)
        for edge in graph.edges:
            # What comes from outside of a block is drawn as part of what enters the block.
            if edge.source.call != BLOCK or scope.hands_on(edge.source.index):
                if scope is self._scope:
                    target = self._column_of(edge.target.call)
                self._add_edge(target, scope, edge)

    def _add_rows(self, target: pydot.Graph, scope: Scope) -> None:
        """Have boxes that would make a row too wide stand in the next."""
        ends = [0, len(scope.graph.calls)]
        if scope is self._scope:
            ends = [*self._starts, len(scope.graph.calls)]
        for start, stop in pairwise(ends):
            for above, below in self._sizes.rows(scope, start, stop).lowered:
                upper, lower = scope.graph[above], scope.graph[below]
                if scope is self._scope:
                    target = self._column_of(below)
                inner = scope.within(upper)
                name = (
                    self._maker(inner, inner.graph.outputs[0])
                    if inner
                    else self._name(scope.path(upper))
                )
                within = scope.within(lower)
                entry = self._first_box(within) if within else scope.path(lower)
                edge = pydot.Edge(quoted(name), quoted(self._name(entry)), style="invis")
                target.add_edge(edge)

    def _column_of(self, id_: str) -> pydot.Graph:
        """What a call of the whole graph is drawn in."""
        return self._targets[self._columns[id_]]

    def _add_node(self, target: pydot.Graph, name: str, label: str, **attributes: str) -> None:
        target.add_node(pydot.Node(quoted(name), label=label, **attributes))

    def box(self, scope: Scope, at: int) -> str:
        """The label of a box."""
        calls = scope.alike(at)
        call = calls[0]
        if call.kind == STUB:
            return compact.stub_label(call)
        terminal = self._name(scope.path(call)) in self._terminals
        edges = scope.graph.edges_into.get(call.id, ())
        times, leaf = "", call
        if isinstance(call, Group) and call.kind == FOLD:
            leaf = call.copies[0].calls[0]
            times = compact.times_text([one.repeats for one in calls if isinstance(one, Group)])
        if not isinstance(leaf, Group) and (
            not self._shown.compact or leaf.inside or leaf.opaque or leaf.kind == "loss"
        ):
            arguments = {edge.target.index: edge.argument for edge in edges if edge.argument}
            if isinstance(call, Group):
                leaf = replace(leaf, name=compact.fold_names(call))
            return call_label(leaf, self._options, arguments, terminal=terminal, repeated=times)
        if isinstance(call, Group) and call.kind == PART:
            return compact.part_label([one for one in calls if isinstance(one, Group)])
        if leaf.kind in {"input", "constant"}:
            return compact.source_label(leaf, terminal=terminal)
        return compact.box_label(
            calls,
            self._options,
            joins=len(edges) > 1,
            terminal=terminal,
            ends=isinstance(scope.block, Group) and Port(call.id) in scope.graph.outputs,
        )

    def _tooltip(self, scope: Scope, at: int) -> str:
        """What the pointer shows over a box: for a stack, a line for each of its parts."""
        call = scope.graph.calls[at]
        if not isinstance(call, Group):
            return tooltip(call, scope.path(call))
        parts = [tooltip(one, scope.prefix + one.id) for one in flat_calls(call.copies[0])]
        if call.letter:
            parts = [f"{call.letter} again: {compact.fold_names(call)}"]
        elif call.repeats > 1:
            parts.insert(0, f"×{call.repeats}: {compact.fold_names(call)}")
        elif len(parts) > 1:
            parts = [part.partition("\n")[0] for part in parts]
        return "\n".join(parts)

    def _add_frame(self, target: pydot.Graph, scope: Scope, at: int, inner: Scope) -> None:
        call = scope.graph.calls[at]
        path = scope.path(call)
        drawn = frame(self._name(path), scope.depth, 5 if self._shown.compact else 10)
        if isinstance(call, Group):
            groups = [one for one in scope.alike(at) if isinstance(one, Group)]
            self._add_ends(drawn, inner, groups, self._ports_taken(scope, call))
        else:
            drawn.set("tooltip", quoted(tooltip(call, path)))
        self._draw(drawn, inner)
        if not isinstance(call, Group):
            self._add_title(drawn, call, inner, path)
        target.add_subgraph(drawn)

    def _add_part(self, target: pydot.Graph, groups: Sequence[Group]) -> None:
        """A part that is drawn apart, for all places where it is."""
        inner = Scope.of_part(groups)
        drawn = frame(self._name(inner.name), 0, 5)
        self._add_ends(drawn, inner, groups, range(len(groups[0].outputs)))
        self._draw(drawn, inner)
        target.add_subgraph(drawn)

    def _ports_taken(self, scope: Scope, call: Call) -> list[int]:
        """The outputs of a call that something takes."""
        ports = [Port(call.id, index) for index in range(len(call.outputs))]
        graph = scope.graph
        return [one.index for one in ports if one in graph.edges_from or one in graph.outputs]

    def _add_ends(
        self, target: pydot.Cluster, inner: Scope, groups: Sequence[Group], taken: Sequence[int]
    ) -> None:
        """The nodes of a frame around a group, at which data enters and leaves."""
        group = groups[0]
        target.set("label", quoted(""))
        mark = group.letter or f"×{group.repeats}"
        target.set("tooltip", quoted(f"{mark}: {compact.fold_names(group)}"))
        entries = [index for index in range(len(group.inputs)) if inner.hands_on(index)]
        for index in entries or [0]:
            name = self._name(_entry(inner, index))
            self._add_node(target, name, compact.entry_label(groups, index), **_TEXT)
        if not entries:
            # Nothing is handed on: the title stands above the first box.
            name = self._name(_entry(inner, 0))
            first = self._name(self._first_box(inner))
            target.add_edge(pydot.Edge(quoted(name), quoted(first), style="invis"))
        for index in taken:
            output = group.copies[0].outputs[index]
            if not self._is_end(inner, output):
                name = self._name(_end(inner, index))
                self._add_node(target, name, compact.exit_label(groups, index), **_TEXT)
                source = self._maker(inner, output)
                target.add_edge(pydot.Edge(quoted(source), quoted(name), arrowhead="none"))

    def _is_end(self, scope: Scope, port: Port) -> bool:
        """Whether the node that the tensor comes from tells its shape already.

        So do those at which it enters the frame, the ends of a frame inside, and signs.
        """
        if port.call == BLOCK:
            return True
        call = scope.graph[port.call]
        if scope.within(call) is not None:
            return isinstance(call, Group)
        joins = len(scope.graph.edges_into.get(call.id, ())) > 1
        return self._shown.compact and not port.index and compact.is_sign([call], joins=joins)

    def _add_title(self, target: pydot.Cluster, call: Call, inner: Scope, path: str) -> None:
        """Write the block's class and name on its frame.

        Where edges enter from above or below they would cross Graphviz's own label of the
        frame; there the title stands as text beside the first call, which edges keep clear of.
        """
        label = frame_label(call, self._options)
        first = inner.graph.calls[0]
        if (
            self._options.rankdir in {"LR", "RL"}
            or self._options.layout != "dot"
            or inner.within(first) is not None
        ):
            target.set("label", label)
            return
        target.set("label", quoted(""))
        title = self._name(f"{path}//title")
        beside = pydot.Subgraph(rank="same")
        beside.set_name(quoted(f"{self._name(path)}//row"))
        self._add_node(beside, title, label, **_TEXT)
        entry = quoted(self._name(inner.path(first)))
        beside.add_edge(pydot.Edge(quoted(title), entry, style="invis"))
        target.add_subgraph(beside)

    def _first_box(self, scope: Scope) -> str:
        """The path of the first box in a frame."""
        first = scope.graph.calls[0]
        inner = scope.within(first)
        return self._first_box(inner) if inner else scope.path(first)

    def _add_note(self, scope: Scope) -> None:
        """Say below the last box what the drawing leaves out."""
        if not self._shown.notes:
            return
        last = scope.graph.calls[-1]
        target = self._column_of(last.id)
        name = self._name("//note")
        self._add_node(target, name, compact.note_label(self._shown.notes), **_TEXT)
        inner = scope.within(last)
        above = self._maker(inner, inner.graph.outputs[0]) if inner else self._name(last.id)
        target.add_edge(pydot.Edge(quoted(above), quoted(name), style="invis"))

    # -- edges

    def _add_edge(self, target: pydot.Graph, scope: Scope, edge: Edge) -> None:
        source = self._exit(scope, edge.source)
        if source is None:
            return
        if scope is self._scope and self._crosses(edge):
            source = self._connector(source, edge)
        tensor = scope.graph[edge.target.call].inputs[edge.target.index]
        for entry, head in self._entries(scope, edge.target):
            drawn = pydot.Edge(quoted(source), quoted(entry))
            called = scope.graph[edge.target.call]
            if isinstance(called, Group) and called.letter and len(called.inputs) > 1:
                drawn.set("headport", quoted(f"in{edge.target.index}:n"))
            if head is not None:
                drawn.set("lhead", quoted(f"cluster_{head}"))
            if edge.recurrent:
                drawn.set("style", "dashed")
                drawn.set("constraint", "false")
            if self._shown.compact and scope.on_spine(edge):
                drawn.set("weight", _SPINE)
            drawn.set("tooltip", quoted(edge_tooltip(tensor, edge.argument)))
            target.add_edge(drawn)

    def _crosses(self, edge: Edge) -> bool:
        return self._columns[edge.source.call] != self._columns[edge.target.call]

    def _connector(self, source: str, edge: Edge) -> str:
        """The node in the column of the edge's target that its tensor comes from."""
        number = self._crossing.setdefault(edge.source, len(self._crossing) + 1)
        leaving = self._name(f"//{number} out")
        if leaving not in self._connected:
            self._connected.add(leaving)
            column = self._column_of(edge.source.call)
            self._add_connector(column, leaving, number)
            column.add_edge(pydot.Edge(quoted(source), quoted(leaving)))
        entering = self._name(f"//{number} in {self._columns[edge.target.call]}")
        if entering not in self._connected:
            self._connected.add(entering)
            self._add_connector(self._column_of(edge.target.call), entering, number)
        return entering

    def _add_connector(self, target: pydot.Graph, name: str, number: int) -> None:
        self._add_node(
            target,
            name,
            str(number),
            shape="circle",
            width="0.22",
            fixedsize="true",
            fontsize=str(theme.COMPACT_FONT_SIZE),
            style="filled",
            fillcolor=quoted(theme.TERMINAL_BORDER),
            color=quoted(theme.TERMINAL_BORDER),
            fontcolor=quoted(theme.PAPER),
            tooltip=quoted(f"goes on at the other {number}"),
            **{"class": "connector"},
        )

    def _entries(self, scope: Scope, port: Port) -> Iterator[tuple[str, str | None]]:
        """The nodes that take what goes into a call; and the frame at which the edge ends.

        It ends at a frame if no call inside takes the tensor, as for a mask, which is for the
        whole block.
        """
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is None:
            yield self._name(scope.path(call)), None
            return
        if isinstance(call, Group) and inner.hands_on(port.index):
            yield self._name(_entry(inner, port.index)), None
            return
        entering = Port(BLOCK, port.index)
        taken = [edge.target for edge in inner.graph.edges_from.get(entering, ())]
        for target in dict.fromkeys(taken):
            yield from self._entries(inner, target)
        if not taken and entering not in inner.graph.outputs:
            yield self._name(self._first_box(inner)), self._name(scope.path(call))

    def _exit(self, scope: Scope, port: Port) -> str | None:
        """The node that makes what comes out of a call; ``None`` if a loop makes it itself."""
        if port.call == BLOCK:
            if scope.hands_on(port.index):
                return self._name(_entry(scope, port.index))
            if scope.outer is None or scope.block is None:
                return None
            edges = scope.outer.graph.edges_into.get(scope.block.id, ())
            sources = [
                edge.source
                for edge in edges
                if edge.target.index == port.index and not edge.recurrent
            ]
            return self._exit(scope.outer, sources[0]) if sources else None
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is None:
            return self._name(scope.path(call))
        output = inner.graph.outputs[port.index]
        if isinstance(call, Group) and not self._is_end(inner, output):
            return self._name(_end(inner, port.index))
        return self._exit(inner, output)

    def _maker(self, scope: Scope, port: Port) -> str:
        """The node that makes what comes out of a call, which is no loop's own."""
        return self._exit(scope, port) or ""


def _entry(scope: Scope, index: int) -> str:
    """The path of the node at which an input enters a frame."""
    return f"{scope.name}//in{index}"


def _end(scope: Scope, index: int) -> str:
    """The path of the node at which an output leaves a frame."""
    return f"{scope.name}//out{index}"


def _column(number: int) -> pydot.Cluster:
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
