"""From which node to which node an edge is drawn, where it goes into frames and out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import compact
from sphinxcontrib_kerasgraph.graph import BLOCK, Port
from sphinxcontrib_kerasgraph.view.blocks import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.draw.scope import Scope
    from sphinxcontrib_kerasgraph.graph import Call


@dataclass(frozen=True)
class Entry:
    """Where an edge ends."""

    #: The path of the node.
    path: str
    #: The path of the frame at which the edge ends, if not at the node.
    frame: str | None = None
    #: The input of a part's box.
    part_input: int | None = None


@dataclass(frozen=True)
class Ends:
    """The ends of edges, by the paths of nodes; in an overview signs tell shapes."""

    compact: bool

    def entries(self, scope: Scope, port: Port) -> Iterator[Entry]:
        """The nodes that take what goes into a call.

        An edge ends at a frame if no call inside takes the tensor, as for a mask, which is for the
        whole block.
        """
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is None:
            numbered = isinstance(call, Group) and call.letter and len(call.inputs) > 1
            yield Entry(scope.path(call), None, port.index if numbered else None)
            return
        if inner.hands_on(port.index):
            yield Entry(entry_of(inner, port.index))
            return
        entering = Port(BLOCK, port.index)
        taken = [edge.target for edge in inner.graph.edges_from.get(entering, ())]
        for target in dict.fromkeys(taken):
            yield from self.entries(inner, target)
        if not taken and entering not in inner.graph.outputs:
            yield Entry(first_box(inner), scope.path(call))

    def exits(self, scope: Scope, port: Port) -> list[str]:
        """The paths of the nodes that make what comes out of a call.

        None if a loop makes it itself; several if a call is hidden that joined their tensors.
        """
        if port.call == BLOCK:
            if scope.hands_on(port.index):
                return [entry_of(scope, port.index)]
            if scope.outer is None or scope.block is None:
                return []
            edges = scope.outer.graph.edges_into.get(scope.block.id, ())
            sources = [
                edge.source
                for edge in edges
                if edge.target.index == port.index and not edge.recurrent
            ]
            return [path for one in sources for path in self.exits(scope.outer, one)]
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is None:
            return [scope.path(call)]
        output = inner.graph.outputs[port.index]
        if isinstance(call, Group) and not self.tells_shape(inner, output):
            return [end_of(inner, port.index)]
        return self.exits(inner, output)

    def tells_shape(self, scope: Scope, port: Port) -> bool:
        """Whether the node that a tensor comes from tells its shape already.

        So do those at which it enters the frame, the ends of a frame inside, and signs. Where
        several tensors are handed on, each has an end, by whose number it is told from the others.
        """
        if scope.numbered:
            return False
        if port.call == BLOCK:
            return True
        call = scope.graph[port.call]
        if scope.within(call) is not None:
            return isinstance(call, Group)
        joins = len(scope.graph.edges_into.get(call.id, ())) > 1
        return self.compact and not port.index and compact.is_sign([call], joins=joins)


def first_box(scope: Scope) -> str:
    """The path of the first box in a frame."""
    return _box(scope, scope.graph.calls[0], first_box)


def last_box(scope: Scope) -> str:
    """The path of the last box in a frame."""
    return _box(scope, scope.graph.calls[-1], last_box)


def _box(scope: Scope, call: Call, inside: Callable[[Scope], str]) -> str:
    inner = scope.within(call)
    return inside(inner) if inner else scope.path(call)


def entry_of(scope: Scope, index: int) -> str:
    """The path of the node at which an input enters a frame."""
    return f"{scope.name}//in{index}"


def end_of(scope: Scope, index: int) -> str:
    """The path of the node at which an output leaves a frame."""
    return f"{scope.name}//out{index}"
