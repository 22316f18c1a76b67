"""Every call of a model in a list, what is inside of a block after it, drawn or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph


@dataclass(frozen=True)
class Listed:
    """A call among all of a model."""

    path: str
    call: Call
    #: What its inputs are called, if there are several.
    arguments: tuple[str | None, ...]
    #: How many closed blocks it is in, itself counted; zero where it is drawn and open.
    level: int


def listed(graph: CallGraph, prefix: str = "", level: int = 0) -> Iterator[Listed]:
    """The calls of a graph, and of all that is inside; but for what stands for calls beyond."""
    for call in graph.calls:
        if call.kind is CallKind.STUB:
            continue
        edges = graph.edges_into.get(call.id, ())
        named = {edge.target.index: edge.argument for edge in edges}
        arguments = tuple(named.get(at) for at in range(len(call.inputs)))
        body = call.body or call.hidden
        is_closed = call.hidden is not None or (level > 0 and body is not None)
        path, of_call = prefix + call.id, level + is_closed
        yield Listed(path, call, arguments, of_call)
        if body is not None:
            yield from listed(body, f"{path}/", of_call)
