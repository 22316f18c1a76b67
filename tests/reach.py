"""Which outputs a graph says depend on what, by the ways that its edges make.

A source is anything that can be changed: an input of the model, a weight. What depends on it may
do so along any way of edges; and has to, along a way of numbers that nothing on it can stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, CallKind, Port

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

#: Operations that take no numbers of a tensor, but its sizes.
_SIZES = {
    "Shape",
    "Size",
    "Rank",
    "ZerosLike",
    "OnesLike",
    "FullLike",
    "EmptyLike",
}


@dataclass(frozen=True)
class Reach:
    """The sources that a tensor is reached from."""

    #: By any way.
    may: frozenset[Hashable] = frozenset()
    #: By a way on which nothing but numbers is handed on, through what always takes all of them.
    must: frozenset[Hashable] = frozenset()

    def __or__(self, other: Reach) -> Reach:
        return Reach(self.may | other.may, self.must | other.must)


class Ways:
    """All ways of a graph, from its inputs and weights to the outputs of every call."""

    def __init__(
        self,
        graph: CallGraph,
        weights: Callable[[str, Call], Iterable[Hashable]],
        sizes: Iterable[str] = (),
    ) -> None:
        """``weights`` tells for a call, by its path, which weights its box stands for.

        ``sizes`` are classes of layers that take but the sizes of a tensor.
        """
        self._weights = weights
        self._sizes = _SIZES.union(sizes)
        #: By the path of a call: what each of its outputs is reached from.
        self.calls: dict[str, list[Reach]] = {}
        self._inputs = {
            id_: Reach(frozenset([place]), frozenset([place]))
            for place, id_ in enumerate(graph.inputs)
        }
        #: The same for the outputs of the model.
        self.outputs = self._body(graph, "", [])

    def _body(self, graph: CallGraph, prefix: str, given: list[Reach]) -> list[Reach]:
        """What the outputs of a body are reached from, whose block is given tensors."""
        made: dict[Port, Reach] = {Port(BLOCK, at): one for at, one in enumerate(given)}
        again = True
        while again:  # until what comes from the step before is all there
            before = dict(made)
            for call in graph.calls:
                into: list[Reach] = [Reach() for _ in call.inputs]
                for edge in graph.edges_into.get(call.id, ()):
                    reached = made.get(edge.source, Reach())
                    if edge.recurrent:
                        reached = Reach(reached.may)
                    into[edge.target.index] |= reached
                outputs = self._call(call, prefix, into)
                self.calls[prefix + call.id] = outputs
                made |= {Port(call.id, at): one for at, one in enumerate(outputs)}
            again = made != before and any(edge.recurrent for edge in graph.edges)
        return [made.get(port, Reach()) for port in graph.outputs]

    def _call(self, call: Call, prefix: str, into: list[Reach]) -> list[Reach]:
        path = prefix + call.id
        if not prefix and call.id in self._inputs:
            return [self._inputs[call.id]]
        own = Reach(frozenset(self._weights(path, call)))
        if call.body is not None:
            outputs = self._body(call.body, f"{path}/", into)
            stops = self._may_stop(call)
            return [
                _stopped(one) if stops or _is_size(call, at) else one
                for at, one in enumerate(outputs)
            ]
        whole = Reach().__or__(own)
        for one in into:
            whole |= one
        unsure = self._may_stop(call) or (len(call.outputs) > 1 and len(into) > 1)
        return [
            whole if not unsure and "float" in tensor.dtype else _stopped(whole)
            for tensor in call.outputs
        ]

    def _may_stop(self, call: Call) -> bool:
        """Whether numbers that the call takes may change nothing.

        Sizes are taken, or a branch isn't; what is inside of an opaque box isn't known.
        """
        control = call.kind == CallKind.CONTROL or call.class_name == "Select"
        return call.class_name in self._sizes or control or call.opaque is not None


def _is_size(call: Call, at: int) -> bool:
    """Whether an output of a block is a size of the tensor that is led there, not the tensor.

    A size in raw TensorFlow is a whole number, which comes from the tensor that has it.
    """
    port = call.body.outputs[at]
    if port.call == BLOCK:
        source = call.inputs[port.index]
    else:
        source = call.body[port.call].outputs[port.index]
    return "int" in call.outputs[at].dtype and source != call.outputs[at]


def _stopped(reach: Reach) -> Reach:
    return Reach(reach.may)


def flat(graph: CallGraph, prefix: str = "", loop: bool = False) -> list[tuple[str, Call, bool]]:
    """The calls of layers that the code of a body makes: path, call, whether any number of times.

    Those that branches, loops and functions make are the code's own, too.
    """
    found: list[tuple[str, Call, bool]] = []
    for call in graph.calls:
        path = prefix + call.id
        if not call.is_operation:
            found.append((path, call, loop))
        elif call.body is not None:
            found += flat(call.body, f"{path}/", loop or call.kind == CallKind.CONTROL)
    return found


def label(call: Any) -> tuple[str, str]:
    """By what a call's layer is known in the graph: its name, and its class."""
    return call.name, call.qualname
