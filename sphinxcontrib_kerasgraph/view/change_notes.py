"""What a picture of two models says beside it: how much differs, and what is to be known."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import SOURCES, Change, Marks
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge

_OTHER: dict[Change | None, Change] = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}


def change_notes(graph: CallGraph) -> tuple[str, ...]:
    """A line or two about two models in one graph."""
    calls = tuple(_calls(graph))
    edges = tuple(_edges(graph))
    marked = [call for call in calls if call.marks.change is not None]
    if not marked and not edges:
        return (_("No differences"),)
    if not edges and all(is_renamed(call) for call in marked):
        number = len(marked)
        renamed = ngettext("{number} renamed", "{number} renamed", number)
        return (_("Equal but for names: {renamed}.", renamed=f"± {renamed}"),)
    notes = [_counted(marked, edges)]
    changes = {call.marks.change for call in calls if call.kind not in SOURCES}
    if changes == {Change.ADDED, Change.REMOVED}:
        notes.insert(0, _("Nothing in common: both are drawn."))
    return tuple(notes)


def is_renamed(call: Call) -> bool:
    """Whether the call differs from what it was before in its name alone."""
    before = call.before
    if before is None or before.name == call.name:
        return False
    alike = replace(
        before,
        id=call.id,
        name=call.name,
        layer=call.layer,
        config={**before.config, "name": call.config.get("name")},
        body=call.body,
        marks=Marks(Change.CHANGED),
        attribute=call.attribute,
    )
    now = replace(call, before=None, config={**call.config, "name": call.config.get("name")})
    return alike == now


def _calls(graph: CallGraph) -> Iterator[Call]:
    """The calls at any depth, but for those in blocks that only one of the models has."""
    for call in graph.calls:
        yield call
        if call.body is not None and not call.marks.is_alone:
            yield from _calls(call.body)


def _edges(graph: CallGraph) -> Iterator[Edge]:
    """The tensors of which one model has none, at any depth.

    But for those that calls account for that one model alone has: such a call is at an end of the
    tensor, or the other model leads the tensor through it.
    """
    alone = {call.id for call in graph.calls if call.marks.is_alone}
    edges = [edge for edge in graph.edges if edge.marks.is_alone]
    left = {(edge.source, edge.marks.change) for edge in edges if edge.target.call in alone}
    entered = {(edge.target, edge.marks.change) for edge in edges if edge.source.call in alone}
    for edge in edges:
        other = _OTHER[edge.marks.change]
        is_explained = (edge.source, other) in left or (edge.target, other) in entered
        if not is_explained and alone.isdisjoint({edge.source.call, edge.target.call}):
            yield edge
    for call in graph.calls:
        if call.body is not None and call.id not in alone:
            yield from _edges(call.body)


def _counted(calls: list[Call], edges: tuple[Edge, ...]) -> str:
    """How much there is of each kind of change, and with which signs."""
    moved = [call for call in calls if call.marks.moved]
    found = Counter(call.marks.change for call in calls if not call.marks.moved)
    told = []
    if number := found[Change.ADDED]:
        told.append("+ " + ngettext("{number} added", "{number} added", number))
    if number := found[Change.REMOVED]:
        told.append("− " + ngettext("{number} removed", "{number} removed", number))
    if number := sum(call.marks.change is Change.ADDED for call in moved):
        told.append("↕ " + ngettext("{number} moved", "{number} moved", number))
    if number := found[Change.CHANGED]:
        told.append("± " + ngettext("{number} changed", "{number} changed", number))
    if number := len({edge.target for edge in edges}):
        told.append(ngettext("{number} connection changed", "{number} connections changed", number))
    return " · ".join(told)
