"""What is drawn as a box, and how many boxes that makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, GroupKind
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph


def number_of_boxes(graph: CallGraph) -> int:
    """How many boxes are drawn, those of parts that are drawn apart included.

    Frames are none, nor is what stands for calls beyond the part that is shown.
    """
    apart = [calls[0].bodies[0] for calls in parts_of(graph).values()]
    return sum(map(_boxes, (graph, *apart)))


def _boxes(graph: CallGraph) -> int:
    return sum(
        call.kind is not CallKind.STUB if is_box(call) or call.body is None else _boxes(call.body)
        for call in graph.calls
    )


def is_box(call: Call) -> bool:
    """Whether it is drawn as one box, and not as a frame around what is inside."""
    group = call.group
    if group is None:
        return call.body is None
    if group.kind in {GroupKind.STACK, GroupKind.PART}:
        return True
    calls = group.copies[0].calls
    alone = len(calls) == 1 and (calls[0].body is None or calls[0].is_group(GroupKind.STACK))
    return alone and group.is_chain
