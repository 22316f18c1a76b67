"""From which box to which box a wire goes, where it goes into frames and out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, GroupKind, Port
from sphinxcontrib_kerasgraph.label.compact import is_sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call
    from sphinxcontrib_kerasgraph.scene.scope import Scope


@dataclass(frozen=True)
class Arrival:
    """Where a wire ends."""

    #: The path of the box.
    path: str
    #: The path of the frame at which the wire ends, if not at the box.
    frame: str | None = None
    #: The input of a part's box.
    part_input: int | None = None


@dataclass(frozen=True)
class Endpoints:
    """The ends of wires, by the paths of boxes; in an overview signs tell shapes."""

    compact: bool

    def entries(self, scope: Scope, port: Port) -> Iterator[Arrival]:
        """The boxes that take what goes into a call.

        A wire ends at a frame if no call inside takes the tensor, as for a mask, which is for the
        whole block.
        """
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is None:
            numbered = call.group is not None and call.group.letter and len(call.inputs) > 1
            yield Arrival(scope.path(call), None, port.index if numbered else None)
            return
        index = port.index if call.group is None else call.group.input_inside(port.index)
        if inner.hands_on(index):
            yield Arrival(entry_path(inner, index))
            return
        entering = Port(BLOCK, index)
        taken = [edge.target for edge in inner.graph.edges_from.get(entering, ())]
        for target in dict.fromkeys(taken):
            yield from self.entries(inner, target)
        if not taken and entering not in inner.graph.outputs:
            yield Arrival(_first_box(inner), scope.path(call))

    def exits(self, scope: Scope, port: Port) -> list[str]:
        """The paths of the boxes that make what comes out of a call.

        None if a loop makes it itself; several if a call is hidden that joined their tensors.
        """
        if port.call == BLOCK:
            if scope.hands_on(port.index):
                return [entry_path(scope, port.index)]
            if scope.outer is None or scope.block is None:
                return []
            edges = scope.outer.graph.edges_into.get(scope.block.id, ())
            group = scope.block.group
            inputs = [port.index] if group is None else group.inputs_of(port.index)
            sources = [
                edge.source for edge in edges if edge.target.index in inputs and not edge.recurrent
            ]
            return [path for one in sources for path in self.exits(scope.outer, one)]
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is None:
            return [scope.path(call)]
        index = port.index if call.group is None else call.group.output_inside(port.index)
        if call.group is not None and self.has_end(inner, index):
            return [exit_path(inner, index)]
        return self.exits(inner, inner.graph.outputs[index])

    def has_end(self, inner: Scope, index: int) -> bool:
        """Whether an output of what is repeated leaves the frame at a text of its own.

        What each repetition gives to calls beyond comes from the box that makes it, unless numbers
        tell it from what else is handed on.
        """
        group = inner.block.group if inner.block is not None else None
        if group is None or group.kind is GroupKind.BESIDE:
            return False
        if group.is_gathered(index) and not (inner.numbered and index in group.carried):
            return False
        return not self.tells_shape(inner, inner.graph.outputs[index])

    def tells_shape(self, scope: Scope, port: Port) -> bool:
        """Whether the box that a tensor comes from tells its shape already.

        So do those at which it enters the frame, the ends of a frame inside, and signs. Where
        several tensors are handed on, each has an end, by whose number it is told from the others.
        """
        if scope.numbered:
            return False
        if port.call == BLOCK:
            return True
        call = scope.graph[port.call]
        inner = scope.within(call)
        if inner is not None:
            if call.group is not None:
                return call.group.kind is not GroupKind.BESIDE
            # The frame of the block is that of the repetition, and the last box tells of both.
            return not port.index and scope.is_around(call) and self._ends_in_sign(inner)
        return not port.index and self._is_sign(scope, call)

    def _ends_in_sign(self, scope: Scope) -> bool:
        port = scope.graph.outputs[0]
        if port.call == BLOCK or port.index:
            return False
        return self._is_sign(scope, scope.graph[port.call])

    def _is_sign(self, scope: Scope, call: Call) -> bool:
        joins = len(scope.graph.edges_into.get(call.id, ())) > 1
        return self.compact and scope.within(call) is None and is_sign([call], joins=joins)

    def shares_frame(self, scope: Scope) -> bool:
        """Whether a block has its frame in common with the repetition that it alone makes.

        All that goes into the block goes to a call inside, since no wire can end at a frame that
        it begins in.
        """
        [call, *others] = scope.graph.calls
        if others or not scope.is_around(call):
            return False
        arrivals = (
            arrival for edge in scope.graph.edges for arrival in self.entries(scope, edge.target)
        )
        return all(arrival.frame is None for arrival in arrivals)


def _first_box(scope: Scope) -> str:
    call = scope.graph.calls[0]
    inner = scope.within(call)
    return _first_box(inner) if inner else scope.path(call)


def entry_path(scope: Scope, index: int) -> str:
    """The path of the text at which an input enters a frame."""
    return f"{scope.name}//in{index}"


def exit_path(scope: Scope, index: int) -> str:
    """The path of the text at which an output leaves a frame."""
    return f"{scope.name}//out{index}"
