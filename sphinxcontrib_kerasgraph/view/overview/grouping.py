"""Puts groups in the place of stretches of calls."""

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
    Group,
    Marks,
    Port,
)
from sphinxcontrib_kerasgraph.view.overview.repeats import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import GroupKind, Tensor
    from sphinxcontrib_kerasgraph.view.overview.repeats import Rule, Run


class Grouping:
    """Cuts the repetitions out of a graph, and puts a group in the place of each run."""

    def __init__(
        self,
        graph: CallGraph,
        runs: Sequence[Run],
        kind: GroupKind,
        *,
        names: Sequence[str] | None = None,
        depth: int = 0,
    ) -> None:
        """``depth`` is in how many groups the graph is: a group may start as one around it does."""
        self._graph = graph
        self._runs = runs
        self._kind = kind
        self._names = names
        self._suffix = f"{kind}{depth or ''}"
        self._places = graph.places
        self._number_at = {
            place: number for number, run in enumerate(runs) for place in range(run.start, run.stop)
        }
        #: For each run: where its group's inputs come from, the tensors, and how they are marked.
        self._entering: list[list[tuple[Port, Tensor, Marks]]] = []
        #: The output of the group that stands for a port of a call in it.
        self._left: dict[Port, tuple[int, int]] = {}
        leaving = self._leaving()
        #: For each run: its repetitions, each as the inside of a block.
        self.copies = [self._cut(number, leaving[number]) for number in range(len(runs))]

    def _leaving(self) -> list[list[Port]]:
        """For each run, the ports that something outside of it takes."""
        leaving: list[dict[Port, None]] = [{} for _ in self._runs]
        uses = [(edge.source, self._number(edge.target)) for edge in self._graph.edges]
        uses += [(port, None) for port in self._graph.outputs]
        for port, user in uses:
            number = self._number(port)
            if number is not None and number != user:
                leaving[number][port] = None
        return [list(ports) for ports in leaving]

    def _number(self, port: Port) -> int | None:
        """The run that the port's call is in."""
        return self._number_at.get(self._places.get(port.call, -1))

    def _port(self, place: int, index: int) -> Port:
        return Port(self._graph.calls[place].id if place >= 0 else BLOCK, index)

    def _cut(self, number: int, leaving: list[Port]) -> list[CallGraph]:
        run = self._runs[number]
        inputs: dict[Rule, int] = {state: at for at, state in enumerate(run.states)}
        for rule in (rule for row in run.rules for rule in row):
            if not isinstance(rule, State):
                inputs.setdefault(rule, len(inputs))
        # What a repetition hands on, then what else is taken from the last one.
        handed = [self._handed(state, inputs) for state in run.states]
        for port in leaving:
            repetition, place = divmod(self._places[port.call] - run.start, run.length)
            if repetition == run.count - 1:
                inner: State | Port = State(place, port.index, 0)
            else:
                inner = Port(BLOCK, inputs[State(place, port.index, 1)])
            if inner not in handed:
                handed.append(inner)
            self._left[port] = (number, handed.index(inner))
        tensors: dict[int, Tensor] = {}
        copies = []
        for start in range(run.start, run.stop, run.length):
            calls = self._graph.calls[start : start + run.length]
            edges = []
            for call, row in zip(calls, run.rules, strict=True):
                for edge, rule in zip(self._graph.edges_into.get(call.id, ()), row, strict=True):
                    if isinstance(rule, State) and not rule.delay:
                        edges.append(edge)
                        continue
                    edges.append(replace(edge, source=Port(BLOCK, inputs[rule])))
                    tensors.setdefault(inputs[rule], call.inputs[edge.target.index])
            outputs = [
                one if isinstance(one, Port) else self._port(start + one.place, one.port)
                for one in handed
            ]
            copies.append(CallGraph(calls, tuple(edges), (), tuple(outputs)))
        entering = []
        marks = self._marks(run, inputs)
        for rule, at in inputs.items():
            outside = run.states[rule] if isinstance(rule, State) else rule
            if at not in tensors and isinstance(rule, State):  # it is handed on, and not taken yet
                tensors[at] = self._made(run.start, rule)
            port = self._port(outside[0], outside[1])
            entering.append((port, tensors[at], Marks.of_all(marks.get(at, ()))))
        self._entering.append(entering)
        return copies

    def _marks(self, run: Run, inputs: dict[Rule, int]) -> Mapping[int, Sequence[Marks]]:
        """By input of the group, the marks of the edges that it stands for.

        Those of the first repetition: in the others they are alike.
        """
        found: dict[int, list[Marks]] = defaultdict(list)
        calls = self._graph.calls[run.start : run.start + run.length]
        for call, row in zip(calls, run.rules, strict=True):
            for edge, rule in zip(self._graph.edges_into.get(call.id, ()), row, strict=True):
                if rule in inputs:
                    found[inputs[rule]].append(edge.marks)
        return found

    def _made(self, start: int, state: State) -> Tensor:
        """The tensor that the repetition at that place makes of a state."""
        return self._graph.calls[start + state.place].outputs[state.port]

    def _handed(self, state: State, inputs: dict[Rule, int]) -> State | Port:
        """The output that becomes the state: a call's, or what was a younger state."""
        if state.delay == 1:
            return replace(state, delay=0)
        return Port(BLOCK, inputs[replace(state, delay=state.delay - 1)])

    def graph(self) -> CallGraph:
        """The graph with the groups."""
        groups = [self._group(number) for number in range(len(self._runs))]
        ids = [group.id for group in groups]

        def source(port: Port) -> Port:
            if port not in self._left:
                return port
            number, index = self._left[port]
            return Port(ids[number], index)

        calls: list[Call] = []
        edges: list[Edge] = []
        for place, call in enumerate(self._graph.calls):
            number = self._number_at.get(place)
            if number is None:
                calls.append(call)
                edges += [
                    replace(edge, source=source(edge.source))
                    for edge in self._graph.edges_into.get(call.id, ())
                ]
            elif place == self._runs[number].start:
                calls.append(groups[number])
                edges += [
                    Edge(source(port), Port(ids[number], index), marks=marks)
                    for index, (port, _, marks) in enumerate(self._entering[number])
                ]
        outputs = tuple(map(source, self._graph.outputs))
        return replace(self._graph, calls=tuple(calls), edges=tuple(edges), outputs=outputs)

    def _group(self, number: int) -> Call:
        run, copies = self._runs[number], tuple(self.copies[number])
        entering = tuple(tensor for _, tensor, _ in self._entering[number])
        states = list(run.states)
        handed_on = len(states)
        name = self._names[number] if self._names else ""
        id_ = name or f"{self._graph.calls[run.start].id} {self._suffix}"
        while id_ in self._places:
            id_ += "'"
        return Call(
            id=id_,
            name=name,
            module="",
            qualname="",
            kind=CallKind.GROUP,
            inputs=entering,
            outputs=tuple(
                # What entered the last repetition was made some repetitions before.
                self._made(
                    run.stop - (states[port.index].delay + 1) * run.length, states[port.index]
                )
                if port.call == BLOCK
                else copies[-1][port.call].outputs[port.index]
                for port in copies[-1].outputs
            ),
            layer=id_,
            body=copies[0],
            group=Group(
                self._kind,
                copies,
                (*range(handed_on), *[None] * (len(entering) - handed_on)),
            ),
            marks=Marks.of_all(call.marks for copy in copies for call in copy.calls),
        )
