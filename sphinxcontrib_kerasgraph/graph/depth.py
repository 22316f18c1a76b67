"""How deep blocks lie in each other, at most: what is deeper stays closed.

Python walks through what lies in itself by calls in calls, of which it makes about a thousand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph.calls import Call, CallGraph

#: So many blocks lie in each other.
DEEPEST = 64

_WHY = f"it lies in {DEEPEST} blocks, and no more are opened in each other"


def bounded(graph: CallGraph, deeper: int = DEEPEST) -> CallGraph:
    """The graph, in which blocks that lie too deep are closed, with the reason."""
    if all(call.body is None for call in graph.calls):
        return graph
    return replace(graph, calls=tuple(_bounded(call, deeper) for call in graph.calls))


def _bounded(call: Call, deeper: int) -> Call:
    if call.body is None:
        return call
    if deeper:
        return replace(call, body=bounded(call.body, deeper - 1))
    own = call.parameters.own + _own_of(call.body)
    return replace(call, body=None, opaque=_WHY, parameters=replace(call.parameters, own=own))


def _own_of(graph: CallGraph) -> int:
    """What the calls at all depths have of their own, each layer once."""
    own: dict[str, int] = {}
    ahead = [graph]
    while ahead:
        for call in ahead.pop().calls:
            own.setdefault(call.layer, call.parameters.own)
            if call.body is not None:
                ahead.append(call.body)
    return sum(own.values())
