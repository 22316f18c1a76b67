"""What is told of calls that are others in the second of two models: what was beside what is."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.graph.naming import known_as
from sphinxcontrib_kerasgraph.label.alike import Alike, places_of
from sphinxcontrib_kerasgraph.label.facts import merged_facts
from sphinxcontrib_kerasgraph.label.shapes import first_outputs, merged_shape
from sphinxcontrib_kerasgraph.label.tree import HIGHLIGHT, Role, Text, shortened
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Kind, Marks
    from sphinxcontrib_kerasgraph.label.tree import Line

#: Between the parts of a fact.
_DOT = " · "


def befores(calls: Sequence[Call]) -> Sequence[Call]:
    """What the calls were, each at its place; themselves where that isn't known, or the same."""
    if all(call.before is None for call in calls):
        return calls
    return Alike(tuple(call.before or call for call in calls), places_of(calls))


def frame_marks(call: Call) -> Marks:
    """Those of the frame around a call: something in it may have changed where itself hasn't."""
    is_inside = call.marks.change is None and any(body.differs for body in call.bodies)
    return replace(call.marks, change=Change.CHANGED) if is_inside else call.marks


def frame_highlight(call: Call) -> Line:
    """What in the title of the frame tells that it is highlighted, if the border tells a change."""
    marks = frame_marks(call)
    return (HIGHLIGHT,) if marks.highlighted and marks.change is not None else ()


def is_changed(calls: Sequence[Call]) -> bool:
    """Whether both of two models have the calls, and they differ."""
    return calls[0].marks.change is Change.CHANGED


def was_and_is(
    was: Sequence[str],
    now: Sequence[str],
    role: Role,
    *,
    gap: int = 2,
    kind: Kind | None = None,
) -> list[Text]:
    """Values, one after the other; what was another is struck through, and stands before it."""
    texts = []
    for before, after in zip_longest(was, now, fillvalue=""):
        if before == after:
            texts.append(Text(after, role, gap, kind))
            continue
        if before:
            texts.append(Text(before, role, gap, change=Change.REMOVED, is_struck=True))
        if after:
            texts.append(Text(after, role, 1 if before else gap, change=Change.ADDED))
    return texts


def renamed(was: Line, now: Line) -> list[Text]:
    """A line of which some texts were others."""
    if len(was) != len(now):
        return [*(replace(one, change=Change.REMOVED, is_struck=True) for one in was), *now]
    return [
        text
        for before, after in zip(was, now, strict=True)
        for text in (
            [after]
            if before == after
            else was_and_is([before.value], [after.value], after.role, gap=after.gap)
        )
    ]


def fact_texts(calls: Sequence[Call], *, gap: int = 2) -> list[Text]:
    """The facts of calls that are drawn as one: of one that changed, the parts of it that did."""
    fact, before = merged_facts(calls), merged_facts(befores(calls))
    now, was = fact.split(_DOT), before.split(_DOT)
    if fact == before or len(now) != len(was):
        return was_and_is([before] * bool(before), [fact] * bool(fact), Role.FACT, gap=gap)
    texts: list[Text] = []
    alike = ""
    for at, (one, other) in enumerate(zip(was, now, strict=True)):
        dot = _DOT.lstrip() * (at > 0)
        if one == other:
            alike = f"{alike}{_DOT if alike else dot}{other}"
            continue
        if alike:
            texts.append(Text(alike, Role.FACT, 1 if texts else gap))
            alike = ""
        if dot:
            texts.append(Text(dot.strip(), Role.FACT, 1))
        texts += was_and_is([one], [other], Role.FACT, gap=1 if texts else gap)
    return [*texts, Text(alike, Role.FACT, 1)] if alike else texts


def output_texts(calls: Sequence[Call]) -> list[Text]:
    """That what they make is an output now, or is none any more."""
    change = calls[0].marks.output
    if change is None:
        return []
    is_gone = change is Change.REMOVED
    return [Text(_("output"), Role.NOTE, change=change, is_struck=is_gone)]


def other_texts(calls: Sequence[Call]) -> list[Text]:
    """What is told of calls of which nothing else tells why they are marked as changed."""
    if not is_changed(calls):
        return []
    was = befores(calls)
    ways = (_names, lambda some: merged_shape(first_outputs(some)), _parameters)
    for told in ways:
        before, after = told(was), told(calls)
        if before != after:
            return was_and_is([before], [after], Role.FACT)
    return []


def _names(calls: Sequence[Call]) -> str:
    first, last = known_as(calls[0]) or calls[0].name, known_as(calls[-1]) or calls[-1].name
    return shortened(first) if first == last else f"{shortened(first, 24)} … {shortened(last, 24)}"


def _parameters(calls: Sequence[Call]) -> str:
    return f"{sum(call.parameters.total for call in calls):,}"
