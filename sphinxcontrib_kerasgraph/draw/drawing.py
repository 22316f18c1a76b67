"""Boxes, frames and edges of one drawing."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pydot

from sphinxcontrib_kerasgraph.draw import compact, theme
from sphinxcontrib_kerasgraph.draw.columns import ways_to_break
from sphinxcontrib_kerasgraph.draw.ends import Ends, end_of, entry_of, first_box, last_box
from sphinxcontrib_kerasgraph.draw.frames import column_frame, frame, quoted, safe
from sphinxcontrib_kerasgraph.draw.label import call_label, edge_tooltip, frame_label, tooltip
from sphinxcontrib_kerasgraph.draw.scope import Scope
from sphinxcontrib_kerasgraph.draw.sizes import Sizes
from sphinxcontrib_kerasgraph.graph import BLOCK, Port
from sphinxcontrib_kerasgraph.view.blocks import FOLD, PART, Group, flat_calls
from sphinxcontrib_kerasgraph.view.fuse import is_row
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
#: From which side edges come, by the direction of the drawing.
_SIDES = {"TB": "n", "BT": "s", "LR": "w", "RL": "e"}
#: One column, which starts at the first call.
_ONE_COLUMN = (0,)


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
        self._ends = Ends(shown.compact)
        #: The column of each node, and the one that is drawn.
        self._column_of: dict[str, int] = {}
        self._at = 0
        #: The numbers of tensors that go from column to column, by their nodes.
        self._crossing: dict[tuple[str, Port], int] = {}
        #: The calls that columns start with, and what these are drawn in.
        self._starts: tuple[int, ...] = _ONE_COLUMN
        self._targets: list[pydot.Graph] = []
        # A chain is broken where it is narrow, for which what belongs together stands together.
        graph = arrange(shown.graph.graph) if shown.compact else shown.graph.graph
        self._scope = scope = Scope(graph, (graph,))
        self._parts = list(parts_of(graph).values())
        for path, _ in self._paths(scope):
            self._name(path)
        #: The nodes where data enters the model, and where it leaves.
        self._terminals = {self._name(id_) for id_ in graph.inputs}
        self._terminals |= {
            self._name(path) for port in graph.outputs for path in self._ends.exits(scope, port)
        }

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
        number = len(starts) + len(self._parts)
        self._targets = [column_frame(at) for at in range(number)] if number > 1 else [target]
        scopes = [scope]
        for at, groups in enumerate(self._parts, len(starts)):
            self._at = at
            scopes.append(self._add_part(groups))
        self._add_boxes(target, scope)
        # When all nodes are there, and it is known in which columns.
        for one in scopes:
            self._add_edges(one)
        self._add_note(scope)
        if number > 1:
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

    def _add_boxes(self, target: pydot.Graph, scope: Scope) -> None:
        for at, call in enumerate(scope.graph.calls):
            if scope is self._scope:
                self._at = bisect_right(self._starts, at) - 1
                target = self._targets[self._at]
            inner = scope.within(call)
            if inner is None:
                label = self.box(scope, at)
                tip = self._tooltip(scope, at)
                self._add_node(target, self._name(scope.path(call)), label, tooltip=quoted(tip))
            else:
                self._add_frame(target, scope, at, inner)

    def _add_edges(self, scope: Scope) -> None:
        """Draw the edges of a graph, and of what is in its frames."""
        if self._widest:
            self._add_rows(scope)
        for edge in scope.graph.edges:
            # What comes from outside of a block is drawn as part of what enters the block.
            if edge.source.call != BLOCK or scope.hands_on(edge.source.index):
                self._add_edge(scope, edge)
        for call in scope.graph.calls:
            inner = scope.within(call)
            if inner is not None:
                self._add_edges(inner)

    def _add_rows(self, scope: Scope) -> None:
        """Have boxes that would make a row too wide stand in the next."""
        ends = [0, len(scope.graph.calls)]
        if scope is self._scope:
            ends = [*self._starts, len(scope.graph.calls)]
        for start, stop in pairwise(ends):
            for above, below in self._sizes.rows(scope, start, stop).lowered:
                upper, lower = scope.graph[above], scope.graph[below]
                inner, within = scope.within(upper), scope.within(lower)
                self._add_invisible(
                    last_box(inner) if inner else scope.path(upper),
                    first_box(within) if within else scope.path(lower),
                )

    def _add_invisible(self, above: str, below: str) -> None:
        """Have a node stand below another of its column."""
        upper, lower = self._name(above), self._name(below)
        edge = pydot.Edge(quoted(upper), quoted(lower), style="invis")
        self._targets[self._column_of[upper]].add_edge(edge)

    def _add_node(self, target: pydot.Graph, name: str, label: str, **attributes: str) -> None:
        self._column_of[name] = self._at
        target.add_node(pydot.Node(quoted(name), label=label, **attributes))

    def box(self, scope: Scope, at: int) -> str:
        """The label of a box."""
        calls = scope.alike(at)
        call = calls[0]
        if call.kind == STUB:
            return compact.stub_label(call)
        terminal = self._name(scope.path(call)) in self._terminals
        edges = scope.graph.edges_into.get(call.id, ())
        groups = [one for one in calls if isinstance(one, Group)]
        if groups and groups[0].kind == PART:
            return compact.part_label(groups)
        times, leaves = "", calls
        if groups and groups[0].kind == FOLD:
            leaves = [copy.calls[0] for group in groups for copy in group.copies]
            times = compact.times_text([group.repeats for group in groups])
        leaf = leaves[0]
        if self._shown.compact and leaf.kind in {"input", "constant"}:
            return compact.source_label(leaves, times, terminal=terminal)
        if isinstance(leaf, Group) or (self._shown.compact and is_row(leaf)):
            return compact.box_label(
                calls,
                self._options,
                joins=len(edges) > 1,
                terminal=terminal,
                ends=isinstance(scope.block, Group) and Port(call.id) in scope.graph.outputs,
            )
        arguments = {edge.target.index: edge.argument for edge in edges if edge.argument}
        if groups:
            leaves = [replace(leaf, name=compact.fold_names(groups[0])), *leaves[1:]]
        return call_label(leaves, self._options, arguments, terminal=terminal, repeated=times)

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
            self._add_ends(drawn, inner, groups, self._ports_taken(scope, call, inner))
        else:
            drawn.set("tooltip", quoted(tooltip(call, path)))
        self._add_boxes(drawn, inner)
        if not isinstance(call, Group):
            self._add_title(drawn, call, inner, path)
        target.add_subgraph(drawn)

    def _add_part(self, groups: Sequence[Group]) -> Scope:
        """A part that is drawn apart, for all places where it is."""
        inner = Scope.of_part(groups)
        drawn = frame(self._name(inner.name), 0, 5)
        self._add_ends(drawn, inner, groups, range(len(groups[0].outputs)))
        self._add_boxes(drawn, inner)
        self._targets[self._at].add_subgraph(drawn)
        return inner

    def _ports_taken(self, scope: Scope, call: Group, inner: Scope) -> list[int]:
        """The outputs of a group that have an end: those that something takes."""
        graph = scope.graph
        handed_on = {index for index in call.carried if index is not None}
        return [
            index
            for index in range(len(call.outputs))
            if (port := Port(call.id, index)) in graph.edges_from
            or port in graph.outputs
            or (inner.numbered and index in handed_on)
        ]

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
            label = compact.entry_label(groups, index, numbered=inner.numbered)
            self._add_node(target, self._name(entry_of(inner, index)), label, **_TEXT)
        if not entries:  # nothing is handed on: the title stands above the first box
            above, below = entry_of(inner, 0), first_box(inner)
            edge = pydot.Edge(quoted(self._name(above)), quoted(self._name(below)), style="invis")
            target.add_edge(edge)
        for index in taken:
            output = group.copies[0].outputs[index]
            if not self._ends.tells_shape(inner, output):
                label = compact.exit_label(groups, index, numbered=inner.numbered)
                name = self._name(end_of(inner, index))
                self._add_node(target, name, label, **_TEXT)
                for path in self._ends.exits(inner, output):
                    source = self._name(path)
                    target.add_edge(pydot.Edge(quoted(source), quoted(name), arrowhead="none"))

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

    def _add_note(self, scope: Scope) -> None:
        """Say below the last box what the drawing leaves out."""
        if not self._shown.notes:
            return
        above = last_box(scope)
        self._at = self._column_of[self._name(above)]
        label = compact.note_label(self._shown.notes)
        self._add_node(self._targets[self._at], self._name("//note"), label, **_TEXT)
        self._add_invisible(above, "//note")

    # -- edges

    def _add_edge(self, scope: Scope, edge: Edge) -> None:
        """Draw an edge in the column that it is in, by connectors if it is in two."""
        tensor = scope.graph[edge.target.call].inputs[edge.target.index]
        for entry in self._ends.entries(scope, edge.target):
            for path in self._ends.exits(scope, edge.source):
                source, target = self._name(path), self._name(entry.path)
                column = self._column_of[target]
                if self._column_of[source] != column:
                    source = self._connector(source, edge.source, column)
                drawn = pydot.Edge(quoted(source), quoted(target))
                if entry.part_input is not None:
                    side = _SIDES[self._options.rankdir]
                    drawn.set("headport", quoted(f"in{entry.part_input}:{side}"))
                if entry.frame is not None:
                    drawn.set("lhead", quoted(f"cluster_{self._name(entry.frame)}"))
                if edge.recurrent:
                    drawn.set("style", "dashed")
                    drawn.set("constraint", "false")
                if self._shown.compact and scope.on_spine(edge):
                    drawn.set("weight", _SPINE)
                drawn.set("tooltip", quoted(edge_tooltip(tensor, edge.argument)))
                self._targets[column].add_edge(drawn)

    def _connector(self, source: str, port: Port, column: int) -> str:
        """The node that a tensor comes from in another column than that of its source."""
        number = self._crossing.setdefault((source, port), len(self._crossing) + 1)
        leaving = self._name(f"//{number} out")
        if leaving not in self._column_of:
            self._add_connector(self._column_of[source], leaving, number)
            edge = pydot.Edge(quoted(source), quoted(leaving))
            self._targets[self._column_of[source]].add_edge(edge)
        entering = self._name(f"//{number} in {column}")
        if entering not in self._column_of:
            self._add_connector(column, entering, number)
        return entering

    def _add_connector(self, column: int, name: str, number: int) -> None:
        self._at = column
        self._add_node(
            self._targets[column],
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
