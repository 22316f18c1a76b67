"""A straight chain, such as Conv2D → BatchNormalization → ReLU, is drawn as one stacked box."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import FOLLOWERS, CallKind, GroupKind
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Joint, Run
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace, in_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Marks, ModelGraph

#: What is a box of its own.
_NEVER_A_ROW = {CallKind.CONSTANT, CallKind.WEIGHT, CallKind.LOSS, CallKind.CONTROL, CallKind.STUB}
#: The rows of a stack, at most, where a chain can be broken.
_MOST_ROWS = 10
#: A stack that has pooled ends there, once it has so many rows.
_LEAST_ROWS = 3
#: How often a chain of stages pools, at least.
_STAGES = 2


def fuse(graph: ModelGraph) -> ModelGraph:
    """The graph with straight chains of leaves as groups of one copy, at any depth."""
    return replace(graph, graph=_fused(in_sequence(graph.graph)))


def chained(graph: CallGraph, by_place: EdgesByPlace) -> list[bool]:
    """For each call, whether it alone takes all that the call before it makes, and nothing else.

    Never between calls that can't be rows of one box, nor if one of two models has but one of them.
    """
    uses = Counter(edge.position for edges in by_place.incoming for edge in edges)
    uses.update(position for position, _ in by_place.outgoing)
    row = [is_row(call) and at not in by_place.alone for at, call in enumerate(graph.calls)]
    return [
        at > 0
        and row[at - 1]
        and row[at]
        and len(edges) == 1 == uses[at - 1]
        and edges[0].position == at - 1
        and _stand_together(graph.calls[at - 1].marks, graph.calls[at].marks)
        for at, edges in enumerate(by_place.incoming)
    ]


def joints(graph: CallGraph, by_place: EdgesByPlace) -> list[Joint]:
    """How each call hangs together with the one before it."""
    found = []
    joins: Call | None = None
    for at, linked in enumerate(chained(graph, by_place)):
        call = graph.calls[at]
        begins = not linked or _begins(call, graph.calls[at - 1])
        if not begins:
            found.append(Joint.SAME_UNIT)
            continue
        # A sum is the end of a block; but where branches are put together it may go on, and where
        # a gate is applied it does.
        if joins is not None and not (linked and joins.class_name == "Concatenate"):
            found.append(Joint.BLOCK)
        else:
            found.append(Joint.CHAIN if linked else Joint.FORK)
        joins = call if len(by_place.incoming[at]) > 1 and call.class_name != "Multiply" else None
    return found


def is_row(call: Call) -> bool:
    """Whether a call can be told in a row of a box: it is a leaf, or a leaf several times."""
    group = call.group
    if group is not None:  # one layer, several times
        calls = group.copies[0].calls
        return (
            group.kind is GroupKind.FOLD and group.is_chain and len(calls) == 1 and is_row(calls[0])
        )
    return (
        call.body is None and not call.inside and not call.opaque and call.kind not in _NEVER_A_ROW
    )


def _stand_together(one: Marks, other: Marks) -> bool:
    """Whether both are in the same of two models; a row tells what changed in it."""
    return one.change is other.change or not (one.is_alone or other.is_alone)


def _begins(call: Call, before: Call) -> bool:
    return call.kind not in FOLLOWERS and not before.class_name.startswith("ZeroPadding")


def _fused(graph: CallGraph) -> CallGraph:
    calls = tuple(map(_fused_inside, graph.calls))
    graph = replace(graph, calls=calls)
    by_place = EdgesByPlace(graph)
    runs = [
        Run.once(by_place.incoming, start, stop)
        for start, stop in _stacks(graph, by_place)
        if stop - start > 1
    ]
    return Grouping(graph, runs, GroupKind.STACK).graph() if runs else graph


def _fused_inside(call: Call) -> Call:
    # Of groups the calls are in order already, and fused in the same places, being alike.
    ordered = call.bodies if call.group else map(in_sequence, call.bodies)
    return call.with_bodies(map(_fused, ordered))


def _stacks(graph: CallGraph, by_place: EdgesByPlace) -> Iterator[tuple[int, int]]:
    """Where each box starts and stops."""
    found = joints(graph, by_place)
    ends = [at for at, joint in enumerate(found) if joint in {Joint.FORK, Joint.BLOCK}]
    ends.append(len(graph.calls))
    for start, stop in pairwise(ends):
        units = [at for at in range(start, stop) if found[at] is not Joint.SAME_UNIT]
        yield from _broken(graph, [*units, stop])


def _broken(graph: CallGraph, units: list[int]) -> Iterator[tuple[int, int]]:
    """A chain in boxes of no more than so many rows, each ending at a unit's end."""
    calls = graph.calls
    start, end = units[0], units[-1]
    # A chain that pools again and again is one of stages, as papers tell them.
    pools = sum(call.kind is CallKind.POOLING for call in calls[start:end])
    whole = _rows(calls[start:end]) <= _MOST_ROWS and pools < _STAGES
    for unit, stop in pairwise(units):
        rows = _rows(calls[start:unit])
        pooled = any(call.kind is CallKind.POOLING for call in calls[start:unit])
        full = rows + _rows(calls[unit:stop]) > _MOST_ROWS
        if not whole and rows and (full or (pooled and rows >= _LEAST_ROWS)):
            yield start, unit
            start = unit
    yield start, end


def _rows(calls: Sequence[Call]) -> int:
    """How many rows the calls take: an activation stands beside a normalization."""
    beside = sum(
        call.kind is CallKind.ACTIVATION and before.kind is CallKind.NORMALIZATION
        for before, call in pairwise(calls)
    )
    return len(calls) - beside
