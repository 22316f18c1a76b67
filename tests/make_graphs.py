"""Graphs without Keras: read from the text of `graph_text`, or random; and what holds for any."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    Call,
    CallGraph,
    CallKind,
    Edge,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.label.differences import differences
from sphinxcontrib_kerasgraph.label.facts import key_fact, merged_facts
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold

TENSOR = Tensor((None, 8), "float32")
NOTHING = CallGraph((), (), (), ())
KINDS = {
    "InputLayer": "input",
    "Constant": "constant",
    "Conv2D": "convolution",
    "Dense": "dense",
    "BatchNormalization": "normalization",
    "ReLU": "activation",
    "MaxPooling2D": "pooling",
    "ZeroPadding2D": "reshape",
    "Dropout": "regularization",
    "Add": "merge",
    "Multiply": "merge",
    "Subtract": "merge",
    "Concatenate": "merge",
}
_LINE = re.compile(r"( *)(\S+) (\w+)(?:/(\S+))?(?: <- (.+))?")


def model(text: str) -> ModelGraph:
    """The model that the text of `graph_text` tells.

    ``conv Conv2D/64`` has 64 in its configuration; a source that comes from the step before goes
    into the same input as the source before it, if there is one.
    """
    lines = [line for line in textwrap.dedent(text).splitlines() if line.strip()]
    return of_graph(_graph(lines, ""))


def of_graph(graph: CallGraph) -> ModelGraph:
    return ModelGraph("net", "keras", "Model", "Functional", Parameters(), 0, graph)


def _graph(lines: list[str], indent: str) -> CallGraph:
    """The graph of the lines, taken off their list, up to the one with the outputs."""
    calls: list[Call] = []
    edges: list[Edge] = []
    while not (line := lines.pop(0)).startswith(f"{indent}->"):
        spaces, id_, of_class, size, sources = _LINE.fullmatch(line).groups()
        assert spaces == indent
        into = _edges(id_, sources)
        deeper = f"{indent}    "
        body = _graph(lines, deeper) if lines and lines[0].startswith(deeper) else None
        calls.append(leaf(id_, of_class, size, 1 + max((e.target.index for e in into), default=-1)))
        if body is not None:
            calls[-1] = replace(calls[-1], body=body)
        edges += into
    outputs = tuple(map(_port, filter(None, line.strip()[2:].replace(" ", "").split(","))))
    used = Counter()
    for port in [*(edge.source for edge in edges), *outputs]:
        used[port.call] = max(used[port.call], port.index + 1)
    calls = [replace(call, outputs=(TENSOR,) * _outputs(call, used[call.id])) for call in calls]
    inputs = tuple(call.id for call in calls if call.kind == "input")
    return CallGraph(tuple(calls), tuple(edges), inputs, outputs)


def _outputs(call: Call, used: int) -> int:
    return max(used, 1) if call.body is None else len(call.body.outputs)


def _edges(id_: str, sources: str | None) -> list[Edge]:
    edges, index = [], -1
    for source in sources.split(", ") if sources else ():
        recurrent = source.startswith("~")
        index += not recurrent or index < 0
        edges.append(Edge(_port(source.lstrip("~")), Port(id_, index), recurrent=recurrent))
    return edges


def _port(text: str) -> Port:
    if text.startswith("^"):
        return Port(BLOCK, int(text[1:] or 0))
    name, _, index = text.partition(":")
    return Port(name, int(index or 0))


def leaf(id_: str, of_class: str, size: str | None = None, inputs: int = 0) -> Call:
    return Call(
        id=id_,
        name=id_,
        module="keras.layers",
        qualname=of_class,
        kind=CallKind(KINDS.get(of_class, "custom")),
        inputs=(TENSOR,) * inputs,
        outputs=(TENSOR,),
        layer=id_,
        config={"name": id_, "size": size},
    )


# Random graphs.


#: A layer whose output is taken twice, once by a block: what tests break in many ways.
NET = model("""
    x InputLayer
    dense Dense <- x
    block Block <- dense
        inner Dense <- ^
        -> inner
    add Add <- dense, block
    -> add
""")


class Draft:
    """A random graph in the making: stretches that are repeated, more or less, and single calls."""

    def __init__(self, draw, depth: int, entering: int) -> None:
        self.draw = draw
        self.depth = depth
        self.calls: list[Call] = []
        self.edges: list[Edge] = []
        self.ports = [Port(BLOCK, index) for index in range(entering)]
        self.bodies: list[tuple[int, CallGraph]] = []
        self.inputs: list[str] = []
        #: More outputs.
        self.left: list[Port] = []

    def chance(self, of_ten: int) -> bool:
        return self.draw(st.integers(0, 9)) >= 10 - of_ten

    def pick(self) -> Port:
        """A tensor: most likely the last one."""
        if self.chance(6):
            return self.ports[-1]
        return self.draw(st.sampled_from(self.ports))

    def what(self) -> dict:
        """What a call may be."""
        if self.depth and self.chance(2):
            if not self.bodies or self.chance(5):
                taken = self.draw(st.integers(1, 2))
                body = Draft(self.draw, self.depth - 1, taken).finished(is_body=True)
                self.bodies.append((taken, body))
            taken, body = self.draw(st.sampled_from(self.bodies))
            return {"of_class": "Block", "taken": taken, "made": len(body.outputs), "body": body}
        of_class = self.draw(
            st.sampled_from(
                [
                    "Dense",
                    "Dense",
                    "ReLU",
                    "Conv2D",
                    "Add",
                    "Split",
                    "Constant",
                    "BatchNormalization",
                ]
            )
        )
        return {
            "of_class": of_class,
            "taken": {"Add": 2, "Constant": 0}.get(of_class, 1),
            "made": 2 if of_class == "Split" else 1,
            "size": self.draw(st.sampled_from([None, None, "8"])),
        }

    def add(self, what: dict, sources: list[Port]) -> list[Port]:
        id_ = f"{what['of_class'].lower()}_{len(self.calls)}"
        call = leaf(id_, what["of_class"], what.get("size"), len(sources))
        self.calls.append(replace(call, outputs=(TENSOR,) * what["made"], body=what.get("body")))
        self.edges += [Edge(port, Port(id_, index)) for index, port in enumerate(sources)]
        made = [Port(id_, index) for index in range(what["made"])]
        self.ports += made
        return made

    def single(self) -> None:
        what = self.what()
        self.add(what, [self.pick() for _ in range(what["taken"])])

    def repeated(self) -> None:
        """A stretch of calls, several times: what each takes is from the same place in each."""
        stretch = [self.what() for _ in range(self.draw(st.integers(1, 4)))]
        made = [(at, port) for at, what in enumerate(stretch) for port in range(what["made"])]
        rules = [
            [self.rule(at, made) for _ in range(what["taken"])] for at, what in enumerate(stretch)
        ]
        before: list[dict[tuple[int, int], Port]] = [
            {place: self.pick() for place in made} for _ in range(2)
        ]
        count = self.draw(st.integers(2, 5))
        other = self.draw(st.integers(0, count * len(stretch) * 3))
        for number in range(count * len(stretch)):
            repetition, at = divmod(number, len(stretch))
            if at == 0:
                before.append({})
            what = stretch[at]
            sources = [
                from_ if isinstance(from_, Port) else before[-1 - delay][from_]
                for delay, from_ in rules[at]
            ]
            if number == other and sources and repetition:  # a small difference
                sources[-1] = self.pick()
            if number == other + 1:
                what = what | {"size": "16"}
            for index, port in enumerate(self.add(what, sources)):
                before[-1][at, index] = port

    def beside(self) -> None:
        """Branches side by side that one call joins, or all of whose outputs are left."""
        count = self.draw(st.integers(3, 5))
        stretch = [self.what() for _ in range(self.draw(st.integers(1, 3)))]
        way = self.draw(st.integers(0, 4))
        if way == 0:
            shared = [self.pick()] * count
        elif way == 1:
            shared = [self.pick() for _ in range(count)]
        elif way == 2:
            shared = self.add({"of_class": "Split", "made": count}, [self.pick()])
        else:
            shared = [port for port in self.ports if port.call in self.inputs] * count
        other = self.draw(st.integers(0, count * 3))
        ends = []
        for number in range(count):
            made, inside = [shared[number % len(shared)] if shared else self.pick()], []
            for what in stretch:
                taken = [made[0], *inside[: what["taken"] - 1], *made * what["taken"]]
                made = self.add(what, taken[: what["taken"]])
                inside.append(made[-1])
            if number == other:  # a small difference
                made = self.add({"of_class": "ReLU", "made": 1}, made[:1])
            ends.append(made)
        joined = [made[0] for made in ends]
        self.joined(joined)
        if self.chance(3):
            self.joined([made[-1] for made in ends])

    def joined(self, ends: list[Port]) -> None:
        """Have one call take all of them, in order more often than not; or let them be outputs."""
        if self.chance(2):
            ends = self.draw(st.permutations(ends))
        if self.chance(7):
            self.add({"of_class": "Concatenate", "made": 1}, list(ends))
        else:
            self.left += ends

    def collected(self) -> None:
        """Blocks in a row, each of which tells something aside that one call takes of all."""
        count = self.draw(st.integers(3, 6))
        skip = [self.what() for _ in range(self.draw(st.integers(0, 2)))]
        last, aside = self.pick(), []
        ends_early = self.chance(4)
        for number in range(count):
            (value,) = self.add({"of_class": "Dense", "made": 1}, [last])
            made = value
            for what in skip:
                made = self.add(what, [made] * what["taken"])[0]
            aside.append(made)
            if number < count - 1 or not ends_early:
                (last,) = self.add({"of_class": "Add", "made": 1}, [last, value])
        if ends_early:  # so that nothing else takes what the last block has made
            self.ports.remove(value)
        if self.chance(2):
            aside.pop(self.draw(st.integers(0, count - 1)))
        self.joined(aside)

    def rule(self, at: int, made: list[tuple[int, int]]) -> tuple[int, tuple[int, int] | Port]:
        """How many repetitions before, and from which place; or the same tensor for all."""
        here = [place for place in made if place[0] < at]
        way = self.draw(st.integers(0, 9))
        if here and way < 5:
            return 0, here[-1] if way < 3 else self.draw(st.sampled_from(here))
        if way < 6:
            return 0, self.pick()
        return (2 if way == 9 else 1), made[-1] if way < 8 else self.draw(st.sampled_from(made))

    def loop(self) -> None:
        """A tensor that goes to the next step, into an input of its own or one that there is."""
        source = self.draw(st.sampled_from([port for port in self.ports if port.call != BLOCK]))
        at = self.draw(st.integers(0, len(self.calls) - 1))
        call = self.calls[at]
        index = self.draw(st.integers(0, len(call.inputs)))
        if index == len(call.inputs):
            self.calls[at] = replace(call, inputs=(*call.inputs, TENSOR))
        self.edges.append(Edge(source, Port(call.id, index), recurrent=True))

    def finished(self, *, is_body: bool) -> CallGraph:
        if not is_body:
            for _ in range(self.draw(st.integers(1, 5))):
                (port,) = self.add({"of_class": "InputLayer", "made": 1}, [])
                self.inputs.append(port.call)
        for _ in range(self.draw(st.integers(1, 2 if is_body else 4))):
            ways = [self.repeated, self.repeated, self.single, self.beside, self.collected]
            self.draw(st.sampled_from(ways))()
        if is_body and self.chance(2):
            self.loop()
        outputs = [self.pick() for _ in range(self.draw(st.integers(1, 2)))] + self.left
        calls = self.mixed() if self.chance(3) else self.calls
        places = {call.id: at for at, call in enumerate(calls)}
        edges = sorted(self.edges, key=lambda edge: _place(edge, places))
        return CallGraph(tuple(calls), tuple(edges), tuple(self.inputs), tuple(outputs))

    def mixed(self) -> list[Call]:
        """The calls in another order that does, too."""
        waiting = list(self.calls)
        done: set[str] = {BLOCK}
        order = []
        while waiting:
            ready = [
                call
                for call in waiting
                if all(
                    edge.source.call in done
                    for edge in self.edges
                    if edge.target.call == call.id and not edge.recurrent
                )
            ]
            call = self.draw(st.sampled_from(ready))
            waiting.remove(call)
            order.append(call)
            done.add(call.id)
        return order


@st.composite
def random_models(draw) -> ModelGraph:
    return of_graph(Draft(draw, 2, 0).finished(is_body=False))


def _place(edge: Edge, places: dict[str, int]) -> tuple[int, int, bool]:
    return places[edge.target.call], edge.target.index, edge.recurrent


# What holds for any graph.


def check_graph(graph: CallGraph) -> None:
    """A graph as a view made it holds together; the copies of groups are alike."""
    graph.check(complete=False)
    check_groups(graph)


def check_view(graph: ModelGraph, view: ModelGraph) -> None:
    """The view is one of the graph, in no more boxes, and its repetitions are alike."""
    assert unfold(view) == graph
    check_graph(view.graph)
    check_told([view.graph])
    assert number_of_boxes(view.graph) <= number_of_boxes(graph.graph)


def check_told(graphs: Sequence[CallGraph]) -> None:
    """Of calls that are drawn as one, since these graphs are, it is told what differs."""
    for calls in zip(*(graph.calls for graph in graphs), strict=True):
        bodies = [body for call in calls for body in call.bodies]
        if bodies:
            check_told(bodies)
        if calls[0].group is None:
            # What is inside of open blocks is told there.
            own = [call if call.body is None else replace(call, body=NOTHING) for call in calls]
            similarity = Similarity(exact=True)  # for calls that live as long as it does
            if len({similarity.of_all([call], ()) for call in own}) > 1:
                assert differences(calls) or merged_facts(calls) != key_fact(calls[0])


def check_groups(graph: CallGraph) -> None:
    for call in graph.calls:
        if call.group:
            check_group(call)
        for body in call.bodies:
            check_groups(body)


def check_group(call: Call) -> None:
    """The copies are alike, and each can take what the one before it hands on."""
    group = call.group
    assert call.kind is CallKind.GROUP
    assert call.body is group.copies[0]
    assert len(group.carried) == call.arity_inside[0]
    shapes = [structure(copy) for copy in group.copies]
    assert shapes == shapes[:1] * len(shapes)
    assert all(at is None or at < len(call.body.outputs) for at in group.carried)


def structure(graph: CallGraph) -> tuple:
    """What is drawn of a graph whose repetitions may differ in configuration and number."""
    places = {call.id: at for at, call in enumerate(graph.calls)}
    calls = []
    for call in graph.calls:
        body = None if call.body is None else structure(call.body)
        group = call.group
        several = group and (group.carried, group.entering, group.leaving, group.repeats > 1)
        calls.append((call.qualname, call.kind, body, several))
    edges = [
        (places.get(edge.source.call), edge.source.index, _place(edge, places), edge.argument)
        for edge in graph.edges
    ]
    return calls, edges, [(places.get(port.call), port.index) for port in graph.outputs]


def what_repeats(graph: CallGraph) -> list[str]:
    """The groups, such as ``3 × conv bn relu``, those in others and in blocks after these."""
    found = []
    for _, call in graph.walk():
        if call.group:
            found.append(f"{call.group.repeats} × {' '.join(one.id for one in call.body.calls)}")
    return found


def dissolved(graph: CallGraph) -> tuple[dict[str, tuple], Counter[Edge], list[Port]]:
    """A graph without the groups that names made: calls and what is in them, edges, outputs."""
    calls: dict[str, tuple] = {}
    edges: list[Edge] = []
    #: What an output of a group stands for.
    aliases: dict[Port, Port] = {}

    def visit(graph: CallGraph, entering: dict[int, Port]) -> list[Port]:
        def source(port: Port) -> Port:
            return entering.get(port.index, port) if port.call == BLOCK else aliases.get(port, port)

        for call in graph.calls:
            into = [
                replace(edge, source=source(edge.source))
                for edge in graph.edges
                if edge.target.call == call.id
            ]
            if call.kind is CallKind.GROUP:
                inner = visit(call.body, {edge.target.index: edge.source for edge in into})
                for index, port in enumerate(inner):
                    aliases[Port(call.id, index)] = port
            else:
                calls[call.id] = () if call.body is None else dissolved(call.body)
                edges.extend(into)
        return [source(port) for port in graph.outputs]

    outputs = visit(graph, {})
    return calls, Counter(edges), outputs
