"""Where a call stands in the drawing: in which frames, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, GroupKind, Port
from sphinxcontrib_kerasgraph.label.alike import Alike, places_inside
from sphinxcontrib_kerasgraph.label.in_order import FEW
from sphinxcontrib_kerasgraph.scene.names import NO_CALL
from sphinxcontrib_kerasgraph.view.boxes import is_box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, Group
    from sphinxcontrib_kerasgraph.label.alike import Place


@dataclass(frozen=True)
class Scope:
    """A graph that is drawn, and the frame that it is the inside of."""

    graph: CallGraph
    #: The graphs that it stands for: itself, and those of other repetitions.
    peers: tuple[CallGraph, ...]
    #: What the paths of the calls of each of them begin with.
    prefixes: tuple[str, ...] = ("",)
    outer: Scope | None = None
    #: The call that the frame is drawn for.
    block: Call | None = None
    #: The path of the frame.
    name: str = ""
    #: How many frames there are around it.
    depth: int = 0
    #: In which repetitions these are.
    places: tuple[Place, ...] = ((),)

    def path(self, call: Call) -> str:
        """The path of one of its calls; that of a group is none that a call may have."""
        return f"{self.prefix}{call.id}{NO_CALL if call.group else ''}"

    @property
    def prefix(self) -> str:
        """What the paths of its calls begin with."""
        return self.prefixes[0]

    def stood_for(self, at: int) -> tuple[tuple[str, ...], ...]:
        """The paths of the calls that a place stands for, those of a repetition each."""
        return tuple(
            paths
            for graph, prefix in zip(self.peers, self.prefixes, strict=True)
            for paths in _repetitions(graph.calls[at], prefix)
        )

    def alike(self, at: int) -> Alike:
        """The call at that place, and those at the same place of other repetitions."""
        return Alike(tuple(graph.calls[at] for graph in self.peers), self.places)

    def within(self, call: Call) -> Scope | None:
        """The inside of a call that is drawn as a frame."""
        if call.body is None or is_box(call):
            return None
        alike = self.alike(self.graph.places[call.id])
        peers = tuple(body for one in alike for body in one.bodies)
        prefixes = tuple(_prefixes_inside(alike, self.prefixes))
        places = places_inside(alike)
        name = self.path(call)
        return Scope(call.body, peers, prefixes, self, call, name, self.depth + 1, places)

    @classmethod
    def of_part(cls, calls: Sequence[Call]) -> Scope:
        """The inside of a part that is drawn apart, for all places where it is: in no block.

        Of many places no order is told, but what is so at each of them.
        """
        peers = tuple(body for call in calls for body in call.bodies)
        letter = calls[0].group.letter if calls[0].group else ""
        places = places_inside(calls) if len(calls) <= FEW else ((),) * len(peers)
        name = f"part {letter}{NO_CALL}"
        prefixes = ("",) * len(peers)
        return cls(peers[0], peers, prefixes, block=calls[0], name=name, depth=1, places=places)

    @cached_property
    def _depths(self) -> dict[str, int]:
        """The length of the longest way to each call."""
        depths = {BLOCK: -1}
        for call in self.graph.calls:
            edges = self.graph.edges_into.get(call.id, ())
            depths[call.id] = 1 + max(
                (depths[edge.source.call] for edge in edges if not edge.recurrent), default=-1
            )
        return depths

    def on_spine(self, edge: Edge) -> bool:
        """Whether the longest way to the edge's target goes along it."""
        return self._depths[edge.source.call] + 1 == self._depths[edge.target.call]

    @property
    def _group(self) -> Group | None:
        return None if self.block is None else self.block.group

    @cached_property
    def numbered(self) -> bool:
        """Whether a repetition hands several tensors on, which numbers tell apart."""
        group = self._group
        if group is None or group.kind is not GroupKind.FOLD:
            return False
        outputs = group.copies[0].outputs
        made = [index for index in group.carried if index is not None]
        return sum(outputs[index].call != BLOCK for index in made) > 1

    def is_around(self, call: Call) -> bool:
        """Whether it is a repetition of nothing but that block, which is open."""
        group = self._group
        if group is None or group.kind is not GroupKind.FOLD or len(self.graph.calls) > 1:
            return False
        is_block = call.group is None and self.within(call) is not None
        return is_block and not any(edge.recurrent for edge in self.graph.edges)

    def ends_with(self, call: Call) -> bool:
        """Whether a group hands on what the call makes, if it is in a block alone in the group."""
        if self._group is not None:
            return Port(call.id) in self.graph.outputs
        if self.block is None or self.outer is None or not self.outer.is_around(self.block):
            return False
        return self.graph.outputs[:1] == (Port(call.id),) and self.outer.ends_with(self.block)

    @property
    def inputs_handed_on(self) -> list[int]:
        """The inputs of its block that are texts of the frame, see `hands_on`."""
        number = 0 if self.block is None else self.block.arity_inside[0]
        return [index for index in range(number) if self.hands_on(index)]

    def hands_on(self, index: int) -> bool:
        """Whether that input of its block is a text of the frame.

        So are those of a part, what a repetition takes from the one before, and the only one of
        what stands side by side.
        """
        group = self._group
        if group is None:
            return False
        if group.kind is GroupKind.BESIDE:
            return len(group.carried) == 1
        return group.kind is GroupKind.PART or group.carried[index] is not None


def _prefixes_inside(calls: Sequence[Call], prefixes: Sequence[str]) -> Iterator[str]:
    """What paths begin with in each of the graphs inside of these calls, in their order."""
    for call, prefix in zip(calls, prefixes, strict=True):
        # The calls of a group keep the paths that they have in the model.
        yield from [prefix if call.group else f"{prefix}{call.id}/"] * len(call.bodies)


def _repetitions(call: Call, prefix: str) -> Iterator[tuple[str, ...]]:
    if call.group is None:
        yield (f"{prefix}{call.id}",)
        return
    for copy in call.group.copies:
        yield tuple(_paths(copy, prefix))


def _paths(graph: CallGraph, prefix: str) -> Iterator[str]:
    for call in graph.calls:
        for paths in _repetitions(call, prefix):
            yield from paths
