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


def change_notes(graph: CallGraph) -> tuple[str, ...]:
    """A line or two about two models in one graph."""
    calls = tuple(_calls(graph))
    edges = tuple(_edges(graph))
    marked = [call for call in calls if call.marks.change is not None]
    if not marked and not edges:
        return (_("Nothing differs."),)
    if not edges and all(is_renamed(call) for call in marked):
        number = len(marked)
        told = ngettext("{number} name differs", "{number} names differ", number)
        return (_("Equal but for names: {names}.", names=told),)
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
        if call.body is not None and call.marks.change not in {Change.ADDED, Change.REMOVED}:
            yield from _calls(call.body)


def _edges(graph: CallGraph) -> Iterator[Edge]:
    """The tensors of which one model has none, between calls that both have, at any depth."""
    alone = {call.id for call in graph.calls if call.marks.change in {Change.ADDED, Change.REMOVED}}
    for edge in graph.edges:
        if edge.marks.change is not None and alone.isdisjoint({edge.source.call, edge.target.call}):
            yield edge
    for call in graph.calls:
        if call.body is not None and call.id not in alone:
            yield from _edges(call.body)


def _counted(calls: list[Call], edges: tuple[Edge, ...]) -> str:
    """How much of each kind of change there is: what the signs on the picture mean, too."""
    of_calls = Counter(call.marks.change for call in calls)
    of_edges = Counter(edge.marks.change for edge in edges)
    told = []
    if number := of_calls[Change.ADDED]:
        told.append("+ " + ngettext("{number} call added", "{number} calls added", number))
    if number := of_calls[Change.REMOVED]:
        told.append("− " + ngettext("{number} call removed", "{number} calls removed", number))
    if number := of_calls[Change.CHANGED]:
        told.append("± " + ngettext("{number} call changed", "{number} calls changed", number))
    if number := of_edges[Change.ADDED]:
        told.append(ngettext("{number} tensor added", "{number} tensors added", number))
    if number := of_edges[Change.REMOVED]:
        told.append(ngettext("{number} tensor removed", "{number} tensors removed", number))
    return " · ".join(told)
