"""Which calls are alike: the same layer but for its name, or the same class of layer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph.configuration import own_config

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from sphinxcontrib_kerasgraph.graph.calls import Call, CallGraph, Group


class Similarity:
    """Numbers for calls: the same number for calls that are alike.

    ``exact`` compares class, configuration, constants and what is inside; otherwise the classes,
    the number of edges and the structure of what is inside are compared, and ``activations`` if
    asked for. What is inside counts to its full depth, whether it is drawn or not.
    """

    def __init__(self, *, exact: bool, activations: bool = False) -> None:
        self._exact = exact
        self._activations = activations
        self._numbers: dict[Hashable, int] = {}
        #: By the ids of calls, with the calls, so that no other one gets the id.
        self._known: dict[int, tuple[Call, int]] = {}

    def of_all(self, calls: Iterable[Call], edges: Hashable) -> int:
        """A number for calls at the same place of several graphs, and the edges into it."""
        return self._number((edges, *map(self._of_call, calls)))

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _of_call(self, call: Call) -> int:
        if id(call) not in self._known:
            self._known[id(call)] = call, self._number(self._facts(call))
        return self._known[id(call)][1]

    def _facts(self, call: Call) -> Hashable:
        group = call.group
        if group is not None:
            count = group.repeats if self._exact or group.repeats == 1 else 2
            wiring = (group.carried, group.entering, group.leaving, len(group.lacking))
            copies = map(self.of_graph, group.copies[:: self._step(group)])
            return (group.kind, count, wiring, *copies)
        graph = call.hidden if call.body is None else call.body
        inside = graph and self.of_graph(graph)
        facts = (
            call.kind,
            call.module,
            call.qualname,
            len(call.inputs),
            tuple(len(tensor.shape) for tensor in call.outputs),
            call.opaque is None,
            call.inside,
            call.marks.distinction,
            call.before and self._of_call(call.before),
            inside,
        )
        if not self._exact:
            return (*facts, call.activation) if self._activations else facts
        described = json.dumps(own_config(call), sort_keys=True)
        own = (call.constants, call.activation, call.trainable, call.shared)
        return (*facts, own, described)

    def _step(self, group: Group) -> int:
        """All repetitions are alike if folded exactly; else each may differ."""
        return 1 if self._exact else group.repeats

    def of_graph(self, graph: CallGraph) -> int:
        """A number for a graph: calls, edges and outputs."""
        places = graph.places
        edges = tuple(
            (
                places.get(edge.source.call),
                edge.source.index,
                places[edge.target.call],
                edge.target.index,
                edge.argument,
                edge.recurrent,
                edge.marks.distinction,
            )
            for edge in graph.edges
        )
        outputs = tuple((places.get(port.call), port.index) for port in graph.outputs)
        return self._number((*map(self._of_call, graph.calls), edges, outputs))
