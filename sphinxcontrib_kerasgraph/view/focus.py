"""Part of a model: between two layers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    Call,
    CallGraph,
    CallKind,
    Edge,
    ModelGraph,
    Port,
)
from sphinxcontrib_kerasgraph.view.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Tensor


def focus(graph: ModelGraph, first: Sequence[str] = (), last: Sequence[str] = ()) -> ModelGraph:
    """The part that leads from calls that ``first`` matches to those that ``last`` matches.

    Both are included; without patterns the part begins, or ends, where the model does. Where a
    tensor is cut off stands a call of the kind `STUB`, with the name of the call beyond.
    """
    if not first and not last:
        return graph
    return replace(graph, graph=_focused(graph.graph, "", first, last))


def _focused(graph: CallGraph, prefix: str, first: Sequence[str], last: Sequence[str]) -> CallGraph:
    after, before = defaultdict(list), defaultdict(list)
    for edge in graph.edges:
        if not edge.recurrent:
            after[edge.source.call].append(edge.target.call)
            before[edge.target.call].append(edge.source.call)
    kept = {call.id for call in graph.calls}
    #: Blocks in which the part begins or ends.
    opened: dict[str, tuple[Sequence[str], Sequence[str]]] = {}
    for patterns, ways in ((first, after), (last, before)):
        if not patterns:
            continue
        ends, within = _ends(graph, prefix, patterns)
        # A block that another match leads to is shown as a whole.
        beyond = _reached((id_ for end in ends for id_ in ways.get(end, ())), ways)
        for id_ in within - beyond:
            begins, stops = opened.get(id_, ((), ()))
            opened[id_] = (patterns, stops) if ways is after else (begins, patterns)
        kept &= _reached(ends, ways)
    calls = []
    for call in graph.calls:
        if call.id in kept and call.id in opened and call.body is not None:
            body = _focused(call.body, f"{prefix}{call.id}/", *opened[call.id])
            if body.calls:
                calls.append(replace(call, body=body))
        elif call.id in kept:
            calls.append(call)
    ending = {id_ for id_, (_, stops) in opened.items() if stops}
    # Of a block that the part leaves, each output must have a source.
    return _Section(graph, calls, ending).cut(all_outputs=bool(prefix) and not last)


def _ends(graph: CallGraph, prefix: str, patterns: Sequence[str]) -> tuple[list[str], set[str]]:
    """The calls that a pattern matches, or one inside matches; and these blocks alone."""
    ends, within = [], set()
    for call in graph.calls:
        path = prefix + call.id
        if matches(call, path, patterns):
            ends.append(call.id)
        elif call.body is not None and any(
            matches(one, its_path, patterns) for its_path, one in call.body.walk(f"{path}/")
        ):
            ends.append(call.id)
            within.add(call.id)
    return ends, within


def _reached(ends: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(ends)
    while waiting:
        id_ = waiting.pop()
        if id_ not in reached and id_ != BLOCK:
            reached.add(id_)
            waiting += ways.get(id_, ())
    return reached


class _Section:
    """Cuts some of its calls out of a graph, and puts a stub where a tensor is cut off."""

    def __init__(self, graph: CallGraph, calls: Sequence[Call], ending: set[str]) -> None:
        self._graph = graph
        self._calls = {call.id: call for call in calls}
        #: The blocks in which the part ends: the stubs are inside.
        self._ending = ending
        self._sources: dict[Port, Call] = {}
        self._targets: dict[Port, Call] = {}

    def cut(self, *, all_outputs: bool) -> CallGraph:
        """The part; its outputs that come from other calls have a stub too, or are left out."""
        edges = []
        for edge in self._graph.edges:
            if edge.target.call in self._calls:
                if self._enters(edge.target) and edge.source.call not in self._ending:
                    edges.append(replace(edge, source=self._source(edge.source)))
            elif self._leaves(edge) and edge.source not in self._targets:
                tensor = self._graph[edge.target.call].inputs[edge.target.index]
                stub = self._stub("to", edge.target.call, tensor)
                self._targets[edge.source] = stub
                edges.append(Edge(edge.source, Port(stub.id), marks=edge.marks))
        outputs = tuple(
            self._source(port)
            for port in self._graph.outputs
            if all_outputs or port.call == BLOCK or port.call in self._calls.keys() - self._ending
        )
        calls = (*self._sources.values(), *self._calls.values(), *self._targets.values())
        places = {call.id: at for at, call in enumerate(calls)}
        edges.sort(key=lambda edge: (places[edge.target.call], edge.target.index, edge.recurrent))
        inputs = tuple(id_ for id_ in self._graph.inputs if id_ in self._calls)
        return CallGraph(calls, tuple(edges), inputs, outputs)

    def _enters(self, port: Port) -> bool:
        """Whether what is shown takes the tensor: a block that is cut may not."""
        body, whole = self._calls[port.call].body, self._graph[port.call].body
        if body is whole or body is None:
            return True
        entering = Port(BLOCK, port.index)
        return entering in body.edges_from or entering in body.outputs

    def _leaves(self, edge: Edge) -> bool:
        source = edge.source.call
        return source in self._calls and source not in self._ending and not edge.recurrent

    def _source(self, port: Port) -> Port:
        if port.call == BLOCK or port.call in self._calls:
            return port
        if port not in self._sources:
            tensor = self._graph[port.call].outputs[port.index]
            self._sources[port] = self._stub("from", port.call, tensor)
        return Port(self._sources[port].id)

    def _stub(self, word: str, beyond: str, tensor: Tensor) -> Call:
        call = self._graph[beyond]
        taken = {one.id for stubs in (self._sources, self._targets) for one in stubs.values()}
        id_ = f"{word} {beyond}"
        while id_ in taken or id_ in self._calls:
            id_ += "'"
        enters, leaves = ((), (tensor,)) if word == "from" else ((tensor,), ())
        return Call(
            id=id_,
            name=call.name or call.class_name,
            module=call.module,
            qualname=call.qualname,
            kind=CallKind.STUB,
            inputs=enters,
            outputs=leaves,
            layer=id_,
        )
