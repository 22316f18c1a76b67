"""What a picture of two models says beside it: how much differs, and what is to be known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.difference import (
    ArgumentChanged,
    CallRenamed,
    InputsReordered,
    ModelChanged,
    PolicyChanged,
    TensorAdded,
    TensorRemoved,
)
from sphinxcontrib_kerasgraph.graph import SOURCES, Change
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph


def notes(differences: Sequence[Difference], graph: CallGraph) -> tuple[str, ...]:
    """A line or two about two models, of which the graph has both: signs are told, too."""
    if not differences:
        return (_("No differences"),)
    # The class and the type of a model are how it is written.
    if all(isinstance(one, CallRenamed | ModelChanged) for one in differences):
        number = sum(isinstance(one, CallRenamed) for one in differences)
        if not number:
            return (_("the model itself changed"),)
        renamed = ngettext("{number} renamed", "{number} renamed", number)
        return (_("Equal but for names: {renamed}.", renamed=f"± {renamed}"),)
    calls = tuple(_calls(graph))
    told = [*_calls_told(calls), *_connections_told(differences), *_policies_told(differences)]
    counted = " · ".join(told or [_("the model itself changed")])
    changes = {call.marks.change for call in calls if call.kind not in SOURCES}
    if changes == {Change.ADDED, Change.REMOVED}:
        return _("Nothing in common: both are drawn."), counted
    return (counted,)


def _calls(graph: CallGraph) -> Iterator[Call]:
    """The calls at any depth, but for those in blocks that only one of the models has."""
    for call in graph.calls:
        yield call
        if call.body is not None and not call.marks.is_alone:
            yield from _calls(call.body)


def _calls_told(calls: Sequence[Call]) -> Iterator[str]:
    found = Counter(call.marks.change for call in calls if not call.marks.moved)
    # Which is drawn twice.
    moved = sum(call.marks.moved and call.marks.change is Change.ADDED for call in calls)
    if number := found[Change.ADDED]:
        yield "+ " + ngettext("{number} added", "{number} added", number)
    if number := found[Change.REMOVED]:
        yield "− " + ngettext("{number} removed", "{number} removed", number)
    if moved:
        yield "⇄ " + ngettext("{number} moved", "{number} moved", moved)
    if number := found[Change.CHANGED]:
        yield "± " + ngettext("{number} changed", "{number} changed", number)


def _policies_told(differences: Sequence[Difference]) -> Iterator[str]:
    for one in differences:
        if isinstance(one, PolicyChanged):
            yield _("The dtype policy is {new}, was {old}", new=one.after, old=one.before)


def _connections_told(differences: Sequence[Difference]) -> Iterator[str]:
    targets = {
        (one.route.block, one.route.target)
        for one in differences
        if isinstance(one, TensorAdded | TensorRemoved | ArgumentChanged)
    }
    number = len(targets) + sum(isinstance(one, InputsReordered) for one in differences)
    if number:
        yield ngettext("{number} connection changed", "{number} connections changed", number)
