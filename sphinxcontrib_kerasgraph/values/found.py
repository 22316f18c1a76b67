"""Which layer of a model a name on the page means."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph

#: So many paths are told.
_TOLD = 4


def layer_of(graph: ModelGraph, name: str) -> tuple[str, Call]:
    """The call of that path; else that whose layer, or the attribute that holds it, is called so.

    Raises `Fault` ``value`` where there is none, or several layers are called so.
    """
    calls = dict(graph.graph.walk())
    if name in calls:
        return name, calls[name]
    named: dict[str, str] = {}
    for path, call in calls.items():
        if name in {call.name, call.attribute}:
            named.setdefault(call.layer, path)
    if len(named) == 1:
        [path] = named.values()
        return path, calls[path]
    if named:
        paths = [*named.values()]
        told = ", ".join(paths[:_TOLD]) + (" and others" if len(paths) > _TOLD else "")
        raise Fault("value", f"Several layers are called {name!r}.", f"Write the path: {told}.")
    near = difflib.get_close_matches(name, calls, n=1)
    raise Fault(
        "value",
        f"There is no layer {name!r} in {graph.name!r}.",
        f"Did you mean {near[0]!r}?" if near else "Diagrams tell the paths of layers.",
    )
