"""Several tensors that go from one box to another are one wire."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, UNMARKED, Change, GroupKind
from sphinxcontrib_kerasgraph.view.overview.sequence import (
    EdgesByPlace,
    Incoming,
    crossing,
    last_uses,
)
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from sphinxcontrib_kerasgraph.graph import CallGraph, Edge
    from sphinxcontrib_kerasgraph.scene.scene import Wire

#: So many tensors are told of a wire, at most.
_MOST_TOLD = 12


def bundled(wires: Iterable[tuple[Wire, str | None]]) -> tuple[Wire, ...]:
    """The wires, of those between the same two ends one for all, where the first was.

    Beside each stands what is said of it together with others (``all 16``): ``None`` for no more
    than how many they are. Not together go wires to inputs that have places of their own, to the
    next step, or with other marks.
    """
    found: dict[Hashable, list[tuple[Wire, str | None]]] = {}
    for wire, said in wires:
        key = _ends(wire), wire.marks.distinction
        found.setdefault(key, []).append((wire, said))
    return _to_other_inputs(tuple(map(_one_for_all, found.values())))


def _ends(wire: Wire) -> Hashable:
    return wire.source, wire.target, wire.frame, wire.input, wire.recurrent


def _to_other_inputs(wires: tuple[Wire, ...]) -> tuple[Wire, ...]:
    """The wires, of which what goes to the same box in both of two models is there once.

    It goes to another of the box's inputs than it did, as where their order is another.
    """
    both = [
        {(_ends(wire), wire.port) for wire in wires if wire.marks.change is change}
        for change in (Change.ADDED, Change.REMOVED)
    ]
    twice = both[0] & both[1]
    if not twice:
        return wires
    return tuple(
        replace(wire, marks=replace(wire.marks, change=Change.CHANGED))
        if wire.marks.change is Change.ADDED and (_ends(wire), wire.port) in twice
        else wire
        for wire in wires
        if wire.marks.change is not Change.REMOVED or (_ends(wire), wire.port) not in twice
    )


def _one_for_all(several: Sequence[tuple[Wire, str | None]]) -> Wire:
    first = several[0][0]
    count = len(several)
    if count == 1:
        return first
    said = {words for _, words in several}
    words = said.pop() if len(said) == 1 else None
    tooltips = list(dict.fromkeys(wire.tooltip for wire, _ in several))
    if len(tooltips) > _MOST_TOLD:
        tooltips = [*tooltips[: _MOST_TOLD - 1], f"and {len(tooltips) - _MOST_TOLD + 1} more"]
    return replace(
        first,
        tooltip="\n".join(tooltips),
        on_spine=any(wire.on_spine for wire, _ in several),
        count=count,
        text=f"×{count}" if words is None else words,
    )


def said_together(graph: CallGraph, edge: Edge) -> str | None:
    """What is said of an edge that goes together with others, as `bundled` takes it.

    The inputs and outputs of what stands side by side need no words.
    """
    source = None if edge.source.call == BLOCK else graph[edge.source.call].group
    if source is not None and source.is_gathered(source.output_inside(edge.source.index)):
        return (
            "" if source.kind is GroupKind.BESIDE else _("all {number}", number=str(source.repeats))
        )
    target = graph[edge.target.call].group
    if target is not None and len(target.inputs_of(target.input_inside(edge.target.index))) > 1:
        return ""
    return None


def bundled_crossing(graph: CallGraph) -> tuple[int, ...]:
    """How many wires go from before each call to it or beyond; and behind the last call.

    What is taken of all repetitions of a group is one; a tensor that goes two ways in two models,
    with other marks, is two.
    """
    edges = EdgesByPlace(graph)
    wires: dict[Hashable, int] = {}

    def outside(place: int, port: int, distinction: Hashable) -> tuple[int, int]:
        group = graph.calls[place].group if place >= 0 else None
        output = port if group is None else group.output_inside(port)
        return place, wires.setdefault((output, distinction), len(wires))

    incoming = [
        [
            Incoming(*outside(edge.position, edge.port, role[-1]))
            for edge, role in zip(row, roles, strict=True)
        ]
        for row, roles in zip(edges.incoming, edges.roles, strict=True)
    ]
    outgoing = [outside(*source, UNMARKED.distinction) for source in edges.outgoing]
    return tuple(crossing(last_uses(incoming, outgoing), len(graph.calls)))
