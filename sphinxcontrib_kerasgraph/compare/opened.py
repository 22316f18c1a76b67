"""Blocks in which there is what the other of two models has without the block."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.keys import leaves
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind, Change, Edge, Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.compare.keys import Contents
    from sphinxcontrib_kerasgraph.compare.order import Pairs
    from sphinxcontrib_kerasgraph.graph import Call

#: So many of the calls of a block have to be in the other graph.
_INSIDE = 0.5
#: What is a step of the program, and no layers that are put together.
_CLOSED = frozenset({CallKind.CONTROL, CallKind.FUNCTION, CallKind.SUBMODEL})


@dataclass(frozen=True)
class Wrapping:
    """A block that only one of two graphs has around calls of both."""

    #: `Change.ADDED` if the new graph has it, `Change.REMOVED` if the old one has.
    change: Change
    block: Call


@dataclass(frozen=True)
class Unwrapped:
    """Two graphs in which some blocks are no more, but their calls."""

    old: CallGraph
    new: CallGraph
    wrappings: tuple[Wrapping, ...]


def unwrapped(old: CallGraph, new: CallGraph, pairs: Pairs, contents: Contents) -> Unwrapped | None:
    """The graphs with the calls of blocks whose inside the other has without the block.

    ``None`` if there are none such. Blocks that are paired stay.
    """
    taken = set(pairs.values())
    alone_old = [call for at, call in enumerate(old.calls) if at not in pairs]
    alone_new = [call for at, call in enumerate(new.calls) if at not in taken]
    removed = _wrapping(alone_old, alone_new, contents)
    added = _wrapping(alone_new, alone_old, contents)
    if not removed and not added:
        return None
    wrappings = [Wrapping(Change.REMOVED, one) for one in removed]
    wrappings += [Wrapping(Change.ADDED, one) for one in added]
    for one in removed:
        old = opened(old, one.id)
    for one in added:
        new = opened(new, one.id)
    return Unwrapped(old, new, tuple(wrappings))


def _wrapping(blocks: Sequence[Call], others: Sequence[Call], contents: Contents) -> list[Call]:
    """Those of the blocks whose calls are among the others."""
    there = Counter(contents.of(call) for call in others if call.body is None)
    found = []
    for block in blocks:
        if not _can_open(block):
            continue
        inside = contents.inside(block)
        if inside and (inside & there).total() >= _INSIDE * inside.total():
            there -= inside
            found.append(block)
    return found


def _can_open(block: Call) -> bool:
    body = block.body
    if body is None or block.kind in _CLOSED or len(body.outputs) != len(block.outputs):
        return False
    return not any(edge.recurrent for edge in body.edges) and next(leaves(body), None) is not None


def opened(graph: CallGraph, id_: str) -> CallGraph:
    """The graph with the calls of a block in its place, each with its path from here as its id.

    What stands for the inputs of a model inside is no call any more.
    """
    block = graph[id_]
    body = block.body
    if body is None:
        return graph
    given = {edge.target.index: edge for edge in graph.edges_into.get(id_, ())}
    #: What stands for an input, and which of the block's inputs it is.
    inputs = {
        call.id: into[0].source.index
        for call in body.calls
        if call.kind is CallKind.INPUT
        and len(into := body.edges_into.get(call.id, ())) == 1
        and into[0].source.call == BLOCK
    }

    def inner(port: Port) -> Port | None:
        """A port of the body as one of the graph."""
        if port.call == BLOCK or port.call in inputs:
            edge = given.get(port.index if port.call == BLOCK else inputs[port.call])
            return None if edge is None else edge.source
        return Port(f"{id_}/{port.call}", port.index)

    def outer(port: Port) -> Port | None:
        return inner(body.outputs[port.index]) if port.call == id_ else port

    calls: list[Call] = []
    for call in graph.calls:
        if call.id != id_:
            calls.append(call)
            continue
        calls += [replace(one, id=f"{id_}/{one.id}") for one in body.calls if one.id not in inputs]
    edges: list[Edge] = []
    for call in graph.calls:
        if call.id != id_:
            edges += [
                replace(edge, source=source)
                for edge in graph.edges_into.get(call.id, ())
                if (source := outer(edge.source)) is not None
            ]
            continue
        edges += [
            replace(
                edge, source=source, target=Port(f"{id_}/{edge.target.call}", edge.target.index)
            )
            for edge in body.edges
            if edge.target.call not in inputs and (source := inner(edge.source)) is not None
        ]
    outputs = tuple(outer(port) or port for port in graph.outputs)
    return CallGraph(tuple(calls), tuple(edges), graph.inputs, outputs)
