"""The last repetition may lack what it would hand on: it is completed, so that it is one of them.

The blocks of a WaveNet tell something aside, which one call takes of all. What the last block would
hand on leads nowhere, so that it is no part of the model. The fold is drawn with it, and says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Port
from sphinxcontrib_kerasgraph.view.overview.wiring import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph
    from sphinxcontrib_kerasgraph.view.overview.repeats import Run
    from sphinxcontrib_kerasgraph.view.overview.sequence import Incoming
    from sphinxcontrib_kerasgraph.view.overview.wiring import Rule


def incomplete(
    run: Run, keys: Sequence[int], incoming: Sequence[Sequence[Incoming]]
) -> tuple[int | None, ...]:
    """Where the calls of one more repetition are behind a run, ``None`` for those that lack.

    Empty where none follows of which what lacks isn't needed, or where it is no more than before.
    """
    found: dict[int, int] = {}
    at = run.stop
    for place, rules in enumerate(run.rules):
        here = at < len(keys) and keys[at] == keys[run.start + place]
        if here and all(
            _holds(run, rule, edge, found) for rule, edge in zip(rules, incoming[at], strict=True)
        ):
            found[place] = at
            at += 1
    lacking = [place for place in range(run.length) if place not in found]
    if not run.gathered or not lacking or any(place in lacking for place, _ in run.gathered):
        return ()
    # What is there further on doesn't lack.
    keys_lacking = {keys[run.start + place] for place in lacking}
    made = set(found.values())
    for place in range(at, len(keys)):
        if keys[place] in keys_lacking and any(edge.position in made for edge in incoming[place]):
            return ()
    return tuple(map(found.get, range(run.length)))


def _holds(run: Run, rule: Rule, edge: Incoming, found: Mapping[int, int]) -> bool:
    """Whether an edge into the repetition behind a run is as the rule has it."""
    source = edge.position, edge.port
    if not isinstance(rule, State):
        return source == rule
    if not rule.delay:
        return source == (found.get(rule.place), rule.port)
    return source == (run.stop - rule.delay * run.length + rule.place, rule.port)


def completed(
    graph: CallGraph, run: Run, places: Sequence[int | None]
) -> tuple[CallGraph, frozenset[str]]:
    """The graph with the calls that lack, made like those of the last repetition; and their ids."""
    last = graph.calls[run.stop - run.length : run.stop]
    there = [graph.calls[at] for at in places if at is not None]
    added: dict[int, Call] = {}
    for place, at in enumerate(places):
        if at is None:
            id_ = f"{last[place].id} lacking"
            while id_ in graph.places:
                id_ += "'"
            added[place] = replace(last[place], id=id_)
    whole = [added[place] if at is None else graph.calls[at] for place, at in enumerate(places)]

    def source(rule: Rule, port: Port) -> Port:
        if not isinstance(rule, State):
            return port
        if not rule.delay:
            return Port(whole[rule.place].id, rule.port)
        repetition = run.stop - rule.delay * run.length
        return Port(graph.calls[repetition + rule.place].id, rule.port)

    edges = {
        call.id: [
            replace(edge, source=source(rule, edge.source), target=Port(call.id, edge.target.index))
            for edge, rule in zip(
                graph.edges_into.get(last[place].id, ()), run.rules[place], strict=True
            )
        ]
        for place, call in added.items()
    }
    behind = graph.calls[run.stop + len(there) :]
    calls = (*graph.calls[: run.stop], *whole, *behind)
    into = {**graph.edges_into, **edges}
    made = tuple(edge for call in calls for edge in into.get(call.id, ()))
    return replace(graph, calls=calls, edges=made), frozenset(call.id for call in added.values())
