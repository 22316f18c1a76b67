"""Blocks that a view makes of calls of one graph: a fold, drawn once with ×N, or a fused stack."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, Edge, ModelGraph, Port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


#: Kinds of groups: what is repeated, a straight chain, and what is there elsewhere, too.
FOLD = "fold"
STACK = "stack"
PART = "part"


@dataclass(frozen=True)
class Group(Call):
    """Calls that a view drew together. They were calls of the graph that the group is in now.

    Its ``body`` is the first of its `copies`.
    """

    #: The repetitions, in order; each as the inside of a block, and all of the same structure. One
    #: in a group that repeats nothing.
    copies: tuple[CallGraph, ...] = ()
    #: For each input of the group: which output of a repetition the next one takes there; ``None``
    #: where all take the same tensor.
    carried: tuple[int | None, ...] = ()
    #: The letter by which a part is known that is drawn apart.
    letter: str = ""

    @property
    def repeats(self) -> int:
        """How many times what is drawn is there."""
        return len(self.copies)

    @property
    def is_chain(self) -> bool:
        """Whether a repetition takes one tensor of the one before, once, and no other of it."""
        handed_on = [index for index, output in enumerate(self.carried) if output is not None]
        taken = self.copies[0].edges_from
        edges = sum(len(taken.get(Port(BLOCK, index), ())) for index in handed_on)
        return len(handed_on) <= 1 and edges <= 1


@dataclass(frozen=True)
class Arranged(CallGraph):
    """A graph whose calls a view has put into another order."""

    #: The ids of the calls, those in groups included, in the order in which they stood.
    order: tuple[str, ...] = ()


def unfold(graph: ModelGraph) -> ModelGraph:
    """The graph that `fold` and `fuse` were given: every call of every group, in its place."""
    return replace(graph, graph=_unfolded(graph.graph))


def _unfolded(graph: CallGraph) -> CallGraph:
    """The graph without groups, at any depth."""
    if isinstance(graph, Arranged):
        flat = _Flat()
        outputs = flat.add(graph, {})
        return flat.in_order(graph.order, graph.inputs, outputs)
    calls = tuple(map(_opened, graph.calls))
    return graph if calls == graph.calls else replace(graph, calls=calls)


def _opened(call: Call) -> Call:
    return call if call.body is None else replace(call, body=_unfolded(call.body))


class _Flat:
    """Calls and edges of a graph, those in its groups included."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._edges: list[Edge] = []

    def add(self, graph: CallGraph, entering: Mapping[int, Port]) -> tuple[Port, ...]:
        """Take in a graph whose inputs come from there; return where its outputs come from."""
        made: dict[Port, Port] = {}

        def source(port: Port) -> Port:
            if port.call == BLOCK:
                return entering.get(port.index, port)
            return made.get(port, port)

        for call in graph.calls:
            edges = [
                replace(edge, source=source(edge.source))
                for edge in graph.edges_into.get(call.id, ())
            ]
            if not isinstance(call, Group):
                self._calls.append(_opened(call))
                self._edges += edges
                continue
            taken = {edge.target.index: edge.source for edge in edges}
            for copy in call.copies:
                left = self.add(copy, taken)
                taken = {
                    index: taken[index] if output is None else left[output]
                    for index, output in enumerate(call.carried)
                }
            for index, port in enumerate(left):
                made[Port(call.id, index)] = port
        return tuple(map(source, graph.outputs))

    def in_order(
        self, order: Iterable[str], inputs: tuple[str, ...], outputs: tuple[Port, ...]
    ) -> CallGraph:
        places = {id_: at for at, id_ in enumerate(order)}
        calls = sorted(self._calls, key=lambda call: places[call.id])
        edges = sorted(
            self._edges,
            key=lambda edge: (places[edge.target.call], edge.target.index, edge.recurrent),
        )
        return CallGraph(tuple(calls), tuple(edges), inputs, outputs)


def flat_calls(graph: CallGraph) -> Iterator[Call]:
    """The calls of a graph, those in the first repetition of its groups in place of the group."""
    for call in graph.calls:
        if isinstance(call, Group):
            yield from flat_calls(call.copies[0])
        else:
            yield call
