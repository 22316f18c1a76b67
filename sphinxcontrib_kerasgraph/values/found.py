"""Which layer of a model a name on the page means, and which calls of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph

#: Tells the first call of a layer from the layer.
FIRST = "#1"

#: So many paths are told.
_TOLD = 4


def calls_of(graph: ModelGraph, name: str) -> dict[str, Call]:
    """The calls of a layer by their paths, the first one first; or one call of it alone.

    The name is the path of a call, where that of the first means the layer, and with ``#1`` after
    it that call; else what a layer, or the attribute that holds it, is called. Raises `Fault`
    ``value`` where there is none, or several layers are called so.
    """
    calls = dict(graph.graph.walk())
    is_first = name not in calls and name.endswith(FIRST)
    asked = name.removesuffix(FIRST) if is_first else name
    path = asked if asked in calls else _named(graph, calls, asked)
    found = {at: call for at, call in calls.items() if call.layer == calls[path].layer}
    is_later = path == asked and path != next(iter(found))
    return {path: calls[path]} if is_first or is_later else found


def _named(graph: ModelGraph, calls: Mapping[str, Call], name: str) -> str:
    """The path of the first call of the layer that is called so. Raises the same."""
    named: dict[str, str] = {}
    for path, call in calls.items():
        if name in {call.name, call.attribute}:
            named.setdefault(call.layer, path)
    if len(named) == 1:
        return next(iter(named.values()))
    if named:
        paths = [*named.values()]
        told = ", ".join(paths[:_TOLD]) + (" and others" if len(paths) > _TOLD else "")
        raise Fault("value", f"Several layers are called {name!r}.", f"Write the path: {told}.")
    raise Fault(
        "value",
        f"There is no layer {name!r} in {graph.name!r}.",
        did_you_mean(name, calls, "Diagrams tell the paths of layers."),
    )
