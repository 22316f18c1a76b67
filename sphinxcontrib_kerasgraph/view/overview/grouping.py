"""Puts groups in the place of stretches of calls."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
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
from sphinxcontrib_kerasgraph.view.overview.wiring import Own, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import GroupKind, Tensor
    from sphinxcontrib_kerasgraph.view.overview.repeats import Run
    from sphinxcontrib_kerasgraph.view.overview.wiring import Rule


@dataclass(frozen=True)
class _Input:
    """One input of a group's call."""

    #: Where it comes from.
    source: Port
    tensor: Tensor
    #: How the edges are marked that it stands for.
    marks: Marks
    #: Which input of the repetitions it is.
    inside: int


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
        #: For each run, the inputs of its group.
        self._entering: list[list[_Input]] = []
        #: For each run, which output of which repetition each output of its group is.
        self._leaving: list[list[tuple[int, int]]] = []
        #: The output of the group that stands for a port of a call in it.
        self._left: dict[Port, tuple[int, int]] = {}
        leaving = self._taken_outside()
        #: For each run: its repetitions, each as the inside of a block.
        self.copies = [self._cut(number, leaving[number]) for number in range(len(runs))]

    def _taken_outside(self) -> list[list[Port]]:
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
        handed = self._hand_on(number, leaving, inputs)
        copies = []
        for start in range(run.start, run.stop, run.length):
            calls = self._graph.calls[start : start + run.length]
            edges = []
            for call, row in zip(calls, run.rules, strict=True):
                for edge, rule in zip(self._graph.edges_into.get(call.id, ()), row, strict=True):
                    inside = isinstance(rule, State) and not rule.delay
                    edges.append(
                        edge if inside else replace(edge, source=Port(BLOCK, inputs[rule]))
                    )
            outputs = [
                one if isinstance(one, Port) else self._port(start + one.place, one.port)
                for one in handed
            ]
            copies.append(CallGraph(calls, tuple(edges), (), tuple(outputs)))
        self._entering.append(list(self._inputs(run, inputs)))
        return copies

    def _hand_on(
        self, number: int, leaving: list[Port], inputs: Mapping[Rule, int]
    ) -> list[State | Port]:
        """What a repetition hands on, then what else is taken from the last one, or from each."""
        run = self._runs[number]
        handed = [self._handed(state, inputs) for state in run.states]
        taken: list[tuple[Port, int, int]] = []
        for port in leaving:
            repetition, place = divmod(self._places[port.call] - run.start, run.length)
            gathered = (place, port.index) in run.gathered
            if gathered or repetition == run.count - 1:
                inner: State | Port = State(place, port.index, 0)
            else:
                inner = Port(BLOCK, inputs[State(place, port.index, 1)])
            if inner not in handed:
                handed.append(inner)
            taken.append((port, handed.index(inner), repetition if gathered else run.count - 1))
        outputs = [
            (index, repetition)
            for index, one in enumerate(handed)
            for repetition in (
                range(run.count)
                if isinstance(one, State) and (one.place, one.port) in run.gathered
                else (run.count - 1,)
            )
        ]
        for port, index, repetition in taken:
            self._left[port] = (number, outputs.index((index, repetition)))
        self._leaving.append(outputs)
        return handed

    def _inputs(self, run: Run, inputs: Mapping[Rule, int]) -> Iterator[_Input]:
        """The inputs of a run's group: of what each repetition has for itself, one for each."""
        edges = self._edges_by_rule(run)
        for rule, inside in inputs.items():
            sources: Sequence[tuple[int, ...]]
            if isinstance(rule, Own):
                sources = rule.sources
            else:
                sources = [run.states[rule] if isinstance(rule, State) else rule]
            for repetition, source in enumerate(sources):
                found = edges.get((rule, repetition), [])
                if not found and isinstance(rule, State):  # it is handed on, and not taken yet
                    tensor = self._made(run.start, rule)
                else:
                    tensor = found[0][1]
                marks = Marks.of_all(marks for marks, _ in found)
                yield _Input(self._port(source[0], source[1]), tensor, marks, inside)

    def _edges_by_rule(self, run: Run) -> Mapping[tuple[Rule, int], list[tuple[Marks, Tensor]]]:
        """The marks and tensors of what enters repetitions, by the rule and the repetition.

        Of the first repetition alone where they are alike in the others.
        """
        found: dict[tuple[Rule, int], list[tuple[Marks, Tensor]]] = defaultdict(list)
        for at, call in enumerate(self._graph.calls[run.start : run.stop]):
            repetition, place = divmod(at, run.length)
            into = self._graph.edges_into.get(call.id, ())
            for edge, rule in zip(into, run.rules[place], strict=True):
                inside = isinstance(rule, State) and not rule.delay
                if isinstance(rule, Own) or not (inside or repetition):
                    tensor = call.inputs[edge.target.index]
                    found[rule, repetition].append((edge.marks, tensor))
        return found

    def _made(self, start: int, state: State) -> Tensor:
        """The tensor that the repetition at that place makes of a state."""
        return self._graph.calls[start + state.place].outputs[state.port]

    def _handed(self, state: State, inputs: Mapping[Rule, int]) -> State | Port:
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
                    Edge(source(one.source), Port(ids[number], index), marks=one.marks)
                    for index, one in enumerate(self._entering[number])
                ]
        outputs = tuple(map(source, self._graph.outputs))
        return replace(self._graph, calls=tuple(calls), edges=tuple(edges), outputs=outputs)

    def _group(self, number: int) -> Call:
        run, copies = self._runs[number], tuple(self.copies[number])
        entering, leaving = self._entering[number], self._leaving[number]
        handed_on = len(run.states)
        inside = [one.inside for one in entering]
        made = [index for index, _ in leaving]
        name = self._names[number] if self._names else ""
        id_ = name or f"{self._graph.calls[run.start].id} {self._suffix}"
        while id_ in self._places:
            id_ += "'"
        group = Group(
            self._kind,
            copies,
            (*range(handed_on), *[None] * (len(set(inside)) - handed_on)),
            entering=tuple(inside) if len(set(inside)) < len(inside) else (),
            leaving=tuple(made) if len(set(made)) < len(made) else (),
            lacking=run.lacking,
        )
        return Call(
            id=id_,
            name=name,
            module="",
            qualname="",
            kind=CallKind.GROUP,
            inputs=tuple(one.tensor for one in entering),
            outputs=tuple(self._output(run, copies, *one) for one in leaving),
            layer=id_,
            body=copies[0],
            group=group,
            marks=Marks.of_all(
                call.marks for copy in copies for call in copy.calls if call.id not in run.lacking
            ),
        )

    def _output(self, run: Run, copies: Sequence[CallGraph], index: int, repetition: int) -> Tensor:
        """The tensor that a repetition hands on."""
        port = copies[repetition].outputs[index]
        if port.call == BLOCK:  # it was made some repetitions before
            state = list(run.states)[port.index]
            return self._made(run.stop - (state.delay + 1) * run.length, state)
        return copies[repetition][port.call].outputs[port.index]
