"""What is far from any change is put away, as a diff of texts shows a few lines around changes."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    Amount,
    Call,
    CallGraph,
    CallKind,
    Edge,
    Marks,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.view.expand import closed
from sphinxcontrib_kerasgraph.view.listing import listed
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: Fewer are not put away: the box would say no less than they do.
_LEAST = 3


def with_context(graph: ModelGraph, asked: Sequence[str] = ()) -> ModelGraph:
    """Two models in one graph, as `merged` makes them, with what is far from any change put away.

    That are calls more than ``graph.context`` tensors away from all that has the mark of a change,
    in either direction; a row of repetitions counts as one call. They stand in closed boxes of the
    kind `CallKind.CONTEXT`. In any case stay the inputs of the model, what makes its outputs,
    stubs, and what the patterns that are ``asked`` match; and all of it where nothing differs, or
    if there is no ``graph.context``.
    """
    if graph.context is None or not graph.graph.differs:
        return graph
    terminals = {*graph.graph.inputs, *(port.call for port in graph.graph.outputs)}
    return replace(graph, graph=_Near(graph, asked, graph.context).of(graph.graph, "", terminals))


class _Near:
    def __init__(self, model: ModelGraph, asked: Sequence[str], context: int) -> None:
        self._model = model
        self._asked = asked
        self._context = context

    def of(self, graph: CallGraph, prefix: str, kept: set[str]) -> CallGraph:
        """The graph of the model, or of a block in it, without what is far from its changes."""
        calls = tuple(
            replace(call, body=self.of(call.body, f"{prefix}{call.id}/", set()))
            if call.body is not None and call.marks.change is None and call.body.differs
            else call
            for call in graph.calls
        )
        graph = replace(graph, calls=calls)
        kept |= {call.id for call in calls if self._stays(call, prefix + call.id)}
        return _contracted(graph, _stretches(graph, _far(self._model, graph, self._context) - kept))

    def _stays(self, call: Call, path: str) -> bool:
        if call.kind is CallKind.STUB or not self._asked:
            return call.kind is CallKind.STUB
        inside = () if call.body is None else call.body.walk(f"{path}/")
        return any(matches(one, at, self._asked) for at, one in ((path, call), *inside))


def _far(model: ModelGraph, graph: CallGraph, context: int) -> set[str]:
    """The ids of the calls that are further away from any change."""
    units = fold(replace(model, graph=graph)).graph.calls
    unit_of = {id_: at for at, unit in enumerate(units) for id_ in _members(unit)}
    beside: dict[int, set[int]] = defaultdict(set)
    near = {unit_of[call.id] for call in graph.calls if _differs(call)}
    for edge in graph.edges:
        ends = {unit_of[port.call] for port in (edge.source, edge.target) if port.call != BLOCK}
        for end in ends:
            beside[end] |= ends
        if edge.marks.change is not None:
            near |= ends
    added = near
    for _ in range(context):
        added = {other for unit in added for other in beside[unit]} - near
        if not added:  # which any number of steps may come after
            break
        near |= added
    return {id_ for id_ in graph.places if unit_of[id_] not in near}


def _differs(call: Call) -> bool:
    bodies = call.bodies if call.hidden is None else (call.hidden,)
    return call.marks.change is not None or any(body.differs for body in bodies)


def _members(unit: Call) -> Iterator[str]:
    """The ids of the calls that stand in a call of a folded graph: of all its repetitions."""
    if unit.group is None:
        yield unit.id
        return
    for copy in unit.group.copies:
        for call in copy.calls:
            yield from _members(call)


def _stretches(graph: CallGraph, far: set[str]) -> list[list[str]]:
    """What of the calls can stand in one box each.

    These hang together, and come after the same of the calls that are shown. So no way leads from
    a box out to others and back: what it passes comes after one of the calls in the box, and before
    another, so that it would be in the box, or would tell the two apart.
    """
    # Sets as the bits of numbers: of thousands of calls each comes after thousands.
    after: dict[str, int] = {BLOCK: 0}
    bits = {BLOCK: 0} | dict.fromkeys(far, 0)
    for call in graph.calls:
        bits.setdefault(call.id, 1 << len(bits))
        told = 0
        for edge in graph.edges_into.get(call.id, ()):
            if not edge.recurrent:
                told |= after[edge.source.call] | bits[edge.source.call]
        after[call.id] = told
    whole: dict[str, list[str]] = {id_: [id_] for id_ in graph.places if id_ in far}
    for edge in graph.edges:
        ends = edge.source.call, edge.target.call
        if far.issuperset(ends) and after[ends[0]] == after[ends[1]]:
            one, other = (whole[end] for end in ends)
            if one is not other:
                one += other
                whole |= dict.fromkeys(other, one)
    found = {id(stretch): stretch for stretch in whole.values() if len(stretch) >= _LEAST}
    return [sorted(stretch, key=graph.places.__getitem__) for stretch in found.values()]


def _contracted(graph: CallGraph, stretches: Iterable[list[str]]) -> CallGraph:
    """The graph with a box for each stretch."""
    boxes = [_Box(graph, stretch) for stretch in stretches]
    if not boxes:
        return graph
    made = {port: told for box in boxes for port, told in box.made.items()}
    within = {id_ for box in boxes for id_ in box.members}

    def source(port: Port) -> Port:
        return made.get(port, port)

    edges = [
        replace(edge, source=source(edge.source))
        for edge in graph.edges
        if edge.target.call not in within
    ]
    edges += [
        Edge(source(port), Port(box.call.id, at), recurrent=recurrent)
        for box in boxes
        for at, (port, recurrent) in enumerate(box.taken)
    ]
    calls = [call for call in graph.calls if call.id not in within]
    first = {box.call.id: graph.places[box.members[0]] for box in boxes}
    calls = _in_order([*calls, *(box.call for box in boxes)], edges, {**graph.places, **first})
    places = {call.id: at for at, call in enumerate(calls)}
    edges.sort(key=lambda edge: (places[edge.target.call], edge.target.index, edge.recurrent))
    return CallGraph(
        tuple(calls), tuple(edges), graph.inputs, tuple(source(port) for port in graph.outputs)
    )


class _Box:
    """What stands for a stretch of calls."""

    def __init__(self, graph: CallGraph, members: list[str]) -> None:
        self.members = members
        inside = set(members)
        into = [edge for id_ in members for edge in graph.edges_into.get(id_, ())]
        tensors: dict[tuple[Port, bool], Tensor] = {}
        for edge in into:
            if edge.source.call not in inside:
                tensor = graph[edge.target.call].inputs[edge.target.index]
                tensors.setdefault((edge.source, edge.recurrent), tensor)
        #: The tensors that go in, and whether each comes from the step before.
        self.taken = tuple(tensors)
        leaving = [edge.source for edge in graph.edges if edge.target.call not in inside]
        ports = dict.fromkeys(port for port in (*leaving, *graph.outputs) if port.call in inside)
        outputs = sorted(ports, key=lambda port: (graph.places[port.call], port.index))
        id_ = f"{members[0]} … {members[-1]}"
        #: What goes out, as outputs of the box.
        self.made = {port: Port(id_, at) for at, port in enumerate(outputs)}
        numbers = {key: at for at, key in enumerate(self.taken)}
        edges = (
            edge
            if edge.source.call in inside
            else replace(edge, source=Port(BLOCK, numbers[edge.source, edge.recurrent]))
            for edge in into
        )
        calls = tuple(graph[one] for one in members)
        body = CallGraph(calls, tuple(edges), (), tuple(outputs))
        own = {one.call.layer: one.call.parameters.own for one in listed(body)}
        trained = {one.layer: one.parameters.trainable for one in body.calls}
        total = sum(own.values())
        flops = [one.marks.flops for one in calls if one.marks.flops is not None]
        box = Call(
            id=id_,
            name=id_,
            module="",
            qualname="Context",
            kind=CallKind.CONTEXT,
            inputs=tuple(tensors.values()),
            outputs=tuple(graph[port.call].outputs[port.index] for port in outputs),
            layer=id_,
            parameters=Parameters(total, min(total, sum(trained.values()))),
            marks=Marks(flops=Amount.sum(flops) if flops else None),
        )
        self.call = closed(box, body)


def _in_order(calls: list[Call], edges: Iterable[Edge], places: Mapping[str, int]) -> list[Call]:
    """The calls, each after those whose outputs it takes, else in the order of their places.

    Raises `ValueError` where there is no such order, which `_stretches` sees to.
    """
    by_id = {call.id: call for call in calls}
    waits_for: dict[str, set[str]] = {call.id: set() for call in calls}
    goes_to: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        source, target = edge.source.call, edge.target.call
        if source != BLOCK and not edge.recurrent:
            waits_for[target].add(source)
            goes_to[source].add(target)
    ready = [(places[id_], id_) for id_, sources in waits_for.items() if not sources]
    heapq.heapify(ready)
    found = []
    while ready:
        _, id_ = heapq.heappop(ready)
        found.append(by_id[id_])
        for target in goes_to[id_]:
            waits_for[target].discard(id_)
            if not waits_for[target]:
                heapq.heappush(ready, (places[target], target))
    if len(found) < len(calls):
        missing = ", ".join(sorted(by_id.keys() - {call.id for call in found}))
        raise ValueError(f"each of these calls comes after another one: {missing}")
    return found
