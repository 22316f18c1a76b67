"""A model without what is hidden: what a call took goes on to who took it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph, Port
from sphinxcontrib_kerasgraph.view.expand import closed
from sphinxcontrib_kerasgraph.view.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.graph import Call


def hide(graph: ModelGraph, patterns: Sequence[str]) -> ModelGraph:
    """The graph without the calls that a pattern matches: what they took goes on to who took it.

    Inside a block, what makes an output stays if it takes more than one tensor, or none.
    """
    if not patterns:
        return graph
    left = hide_if(graph, lambda call, path: matches(call, path, patterns))
    return replace(left, graph=_without_empty(left.graph))


def hide_if(graph: ModelGraph, is_hidden: Callable[[Call, str], bool]) -> ModelGraph:
    """As `hide`, for the calls of which this holds, given the call and its path."""
    return replace(graph, graph=_without(graph.graph, "", is_hidden))


def _without_empty(graph: CallGraph) -> CallGraph:
    """The graph with blocks closed, as `expand` has it, in which nothing is left."""
    calls = tuple(
        closed(call, call.body)
        if call.body is not None and not call.body.calls
        else call.with_bodies(map(_without_empty, call.bodies))
        for call in graph.calls
    )
    return replace(graph, calls=calls)


def _without(graph: CallGraph, prefix: str, is_hidden: Callable[[Call, str], bool]) -> CallGraph:
    hidden = {call.id for call in graph.calls if is_hidden(call, prefix + call.id)}
    makers = {port.call for port in graph.outputs} if prefix else set()
    #: What goes on in the place of what a hidden call makes, and whether it is of the step before.
    behind: dict[str, tuple[tuple[Port, bool], ...]] = {}

    def origins(port: Port) -> tuple[tuple[Port, bool], ...]:
        """The tensors that go on, those of a later call not yet looked up."""
        return behind.get(port.call, ((port, False),))

    for call in graph.calls:  # each comes after those whose outputs it takes
        if call.id in hidden:
            taken = dict.fromkeys(
                (port, late or edge.recurrent)
                for edge in graph.edges_into.get(call.id, ())
                for port, late in (
                    ((edge.source, True),) if edge.recurrent else origins(edge.source)
                )
            )
            if call.id in makers and len(taken) != 1:
                hidden.remove(call.id)
            else:
                behind[call.id] = tuple(taken)

    def sources(port: Port) -> list[tuple[Port, bool]]:
        """The tensors that go on, of calls that are shown."""
        found: dict[tuple[Port, bool], None] = {}
        waiting, seen = [(port, False)], {(port, False)}
        while waiting:
            one, late = waiting.pop(0)
            if one.call not in hidden:
                found[one, late] = None
                continue
            steps = [(origin, late or its) for origin, its in behind[one.call]]
            waiting += [step for step in steps if step not in seen]
            seen.update(steps)
        return list(found)

    calls = tuple(
        call.with_bodies(_without(body, f"{prefix}{call.id}/", is_hidden) for body in call.bodies)
        for call in graph.calls
        if call.id not in hidden
    )
    edges = tuple(
        replace(edge, source=port, recurrent=edge.recurrent or late)
        for edge in graph.edges
        if edge.target.call not in hidden
        for port, late in sources(edge.source)
    )
    outputs = tuple(port for output in graph.outputs for port, _ in sources(output))
    inputs = tuple(id_ for id_ in graph.inputs if id_ not in hidden)
    return CallGraph(calls, edges, inputs, outputs)
