"""Random subclassed models: the graph is the program that each of them runs.

A program is plain data. One reader of it is the layer that runs it, another tells what is to be
drawn: the terms of which the outputs are made, and those of each call of a layer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers, ops

from recorder import BATCH
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind, Port
from truth import Truth

#: All tensors have the shape (None, 4); an array is for as many samples as there are in a run.
WIDTH = 4
#: The names of arguments, in the order of which Keras takes those of a dict.
NAMES = "abc"


class Step(NamedTuple):
    """One line of a program; its result is one more tensor, or as many as a block returns."""

    kind: str
    #: Which part is called, or which weight is taken.
    part: int
    #: Which tensors it takes.
    sources: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Program:
    """What a block does, or a model."""

    name: str
    #: Programs of blocks, and names of Dense layers; some of them other programs have, too.
    parts: tuple[Program | str, ...]
    #: How the block keeps its parts.
    held: str
    #: How it takes its inputs, and how many they are.
    takes: str
    inputs: int
    steps: tuple[Step, ...]
    #: Which of the tensors are its outputs, and in what they are returned.
    outputs: tuple[int, ...]
    returns: str


# The first reader: the code of a model.


class Running:
    """What a block and a model have in common."""

    def set_up(self, program: Program, made: dict[int | str, Any]) -> None:
        """Make the parts, or take those that others have made."""
        self.program = program
        parts = [_part(one, made) for one in program.parts]
        match program.held:
            case "list":
                self.parts = parts
            case "dict":
                self.parts = {str(at): part for at, part in enumerate(parts)}
            case _:
                for at, part in enumerate(parts):
                    setattr(self, f"part_{at}", part)
        self.join = layers.Add(name=f"{program.name}_join")
        self.own = [
            self.add_weight(shape=(WIDTH,), initializer="ones", name=f"own_{at}") for at in range(2)
        ]

    def part(self, at: int) -> Any:
        """One of the parts."""
        if self.program.held == "attributes":
            return getattr(self, f"part_{at}")
        return self.parts[str(at) if self.program.held == "dict" else at]

    def perform(self, tensors: list[Any]) -> Any:  # noqa: C901, PLR0912 - a case for each kind
        """Run the program."""
        for kind, at, sources in self.program.steps:
            taken = [tensors[source] for source in sources]
            match kind:
                case "layer":
                    tensors.append(self.part(at)(taken[0]))
                case "loop":
                    x = taken[0]
                    for _ in range(3):
                        x = x + self.part(at)(x)
                    tensors.append(x)
                case "join":
                    tensors.append(self.join(taken))
                    taken[:] = taken[:1] * len(taken)
                case "pile":
                    for _ in range(2):
                        taken.append(self.part(at)(self.join(taken)))
                    tensors.append(self.join(taken))
                case "own":
                    tensors.append(taken[0] + self.own[at])
                case "kernel":
                    tensors.append(ops.matmul(taken[0], self.part(at).kernel))
                case "array":
                    tensors.append(self.join([taken[0], np.ones((BATCH, WIDTH), "float32")]))
                case "operation":
                    tensors.append(ops.tanh(taken[0]))
                case _:
                    tensors += self.given_to(self.part(at), taken)
        made = [tensors[output] for output in self.program.outputs]
        match self.program.returns:
            case "tuple":
                return tuple(made)
            case "dict":
                return dict(zip(NAMES, made, strict=False))
        return made[0] if len(made) == 1 else made

    def given_to(self, block: Any, taken: list[Any]) -> list[Any]:
        """Call a block, and change afterwards what it was given."""
        match block.program.takes:
            case "keywords":
                first, *others = taken
                made = block(first, **dict(zip(NAMES[1:], others, strict=False)))
            case "dict":
                given = dict(zip(NAMES, taken, strict=False))
                made = block(given)
                given["a"] = given["later"] = keras.tree.flatten(made)[0]
            case _:
                made = block(taken)
                taken.append(taken.pop(0))
        return keras.tree.flatten(made)


class Keywords(Running):
    """Takes each input by a name."""

    def call(self, a: Any, b: Any = None, c: Any = None) -> Any:
        """Run the program on as many as there are."""
        return self.perform([one for one in (a, b, c) if one is not None])


class Structure(Running):
    """Takes all inputs in a list or a dict."""

    def call(self, inputs: Any) -> Any:
        """Run the program."""
        return self.perform(keras.tree.flatten(inputs))


class KeywordBlock(Keywords, layers.Layer):
    """A block."""


class StructureBlock(Structure, layers.Layer):
    """A block."""


class KeywordModel(Keywords, keras.Model):
    """A model."""


class StructureModel(Structure, keras.Model):
    """A model."""


def _part(one: Program | str, made: dict[int | str, Any]) -> Any:
    key = one if isinstance(one, str) else id(one)
    if key not in made:
        if isinstance(one, str):
            made[key] = layers.Dense(WIDTH, name=one)
            made[key].build((None, WIDTH))
        else:
            made[key] = (KeywordBlock if one.takes == "keywords" else StructureBlock)(name=one.name)
            made[key].set_up(one, made)
    return made[key]


def model_of(program: Program) -> keras.Model:
    """The model that runs the program."""
    model = (KeywordModel if program.takes == "keywords" else StructureModel)(name=program.name)
    model.set_up(program, {})
    return model


# The second reader: what is to be drawn.


class Terms(dict):
    """A number for each term: what was called, on what."""

    def of(self, *term: Any) -> int:
        """The number; the same for the same term."""
        return self.setdefault(term, len(self))


class Drawn(NamedTuple):
    """What a body is made of."""

    #: How many times each call of a layer is there.
    calls: Counter
    outputs: list[int]


def is_leaf(program: Program) -> bool:
    """Whether the block calls operations alone."""
    return all(kind in {"own", "kernel", "operation"} for kind, *_ in program.steps)


def expected(program: Program, terms: Terms) -> Drawn:  # noqa: C901 - a case for each kind
    """What the program's calls are, of which each is a term."""
    calls: Counter = Counter()
    tensors = [terms.of("input", at) for at in range(program.inputs)]

    def call(of_class: str, name: str, taken: list[int]) -> int:
        made = terms.of(of_class, name, *taken)
        calls[made] += 1
        return made

    def dense(at: int, source: int) -> int:
        return call("Dense", str(program.parts[at]), [source])

    def join(taken: list[int]) -> int:
        return call("Add", f"{program.name}_join", taken)

    for kind, at, sources in program.steps:
        taken = [tensors[source] for source in sources]
        match kind:
            case "layer":
                tensors.append(dense(at, taken[0]))
            case "loop":
                [x] = taken
                for _ in range(3):
                    x = terms.of("Add", "", x, dense(at, x))
                tensors.append(x)
            case "join":
                tensors.append(join(taken))
            case "pile":
                first = dense(at, join(taken))
                second = dense(at, join([*taken, first]))
                tensors.append(join([*taken, first, second]))
            case "own":
                tensors.append(terms.of("Add", "", taken[0], terms.of("Weight", f"own_{at}")))
            case "kernel":
                kernel = terms.of("Weight", f"{program.parts[at]}/kernel")
                tensors.append(terms.of("Matmul", "", taken[0], kernel))
            case "array":
                tensors.append(join([taken[0], terms.of("Constant")]))
            case "operation":
                tensors.append(terms.of("Tanh", "", taken[0]))
            case _:
                block = program.parts[at]
                of_class = "KeywordBlock" if block.takes == "keywords" else "StructureBlock"
                made = call(of_class, block.name, taken)
                tensors += [terms.of(made, place) for place in range(len(block.outputs))]
    return Drawn(calls, [tensors[output] for output in program.outputs])


def drawn(graph: CallGraph, terms: Terms) -> Drawn:
    """What the graph's calls are, in the same terms."""
    calls: Counter = Counter()
    made: dict[Port, int] = {
        edge.source: terms.of("input", edge.source.index)
        for edge in graph.edges
        if edge.source.call == BLOCK
    }
    made |= {port: terms.of("input", port.index) for port in graph.outputs if port.call == BLOCK}
    made |= {Port(id_): terms.of("input", at) for at, id_ in enumerate(graph.inputs)}
    for call in graph.calls:
        taken = [made[edge.source] for edge in graph.edges_into.get(call.id, ())]
        match call.kind:
            case CallKind.INPUT:
                continue
            case CallKind.WEIGHT:
                term = terms.of("Weight", call.name)
            case CallKind.CONSTANT:
                term = terms.of("Constant")
            case _:
                name = "" if call.is_operation else call.name
                term = terms.of(call.class_name, name, *taken)
                if not call.is_operation:
                    calls[term] += 1
        is_block = call.class_name in {"KeywordBlock", "StructureBlock"}
        for place in range(len(call.outputs)):
            made[Port(call.id, place)] = terms.of(term, place) if is_block else term
    return Drawn(calls, [made[port] for port in graph.outputs])


def check(graph: CallGraph, program: Program, terms: Terms) -> None:
    """The body, and all that is inside, is what the program says."""
    assert drawn(graph, terms) == expected(program, terms)
    blocks = {one.name: one for one in program.parts if isinstance(one, Program)}
    for call in graph.calls:
        if call.name in blocks and not call.is_operation:
            if is_leaf(blocks[call.name]):
                assert call.body is None
            else:
                check(call.body, blocks[call.name], terms)
        else:
            assert call.body is None


# Programs.


@st.composite
def programs(draw, pool: tuple[Program | str, ...] = (), depth: int = 2, name: str = "net"):
    """A program of blocks that are programs; ``pool`` are parts that others have."""
    dense = tuple(f"{name}_dense_{at}" for at in range(draw(st.integers(1, 2))))
    blocks: tuple[Program, ...] = ()
    if depth:
        for at in range(draw(st.integers(0, 2))):
            inner = draw(programs((*pool, *dense), depth - 1, f"{name}_{at}"))
            blocks = (*blocks, inner)
    shared = draw(st.lists(st.sampled_from(pool), max_size=1)) if pool else []
    parts = (*dense, *blocks, *shared)
    inputs = draw(st.integers(1, 3))
    tensors, steps = inputs, []
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(parts) - 1))
        part = parts[at]

        def pick(times: int, below: int) -> tuple[int, ...]:
            return tuple(draw(st.integers(0, below - 1)) for _ in range(times))

        if isinstance(part, Program):
            steps.append(Step("block", at, pick(part.inputs, tensors)))
            tensors += len(part.outputs)
            continue
        kinds = ["layer", "loop", "join", "pile", "own", "kernel", "array", "operation"]
        kind = draw(st.sampled_from(kinds))
        if kind == "own":
            at = draw(st.integers(0, 1))
        steps.append(Step(kind, at, pick(2 if kind in {"join", "pile"} else 1, tensors)))
        tensors += 1
    last = tensors - 1
    outputs = [last, *draw(st.lists(st.integers(inputs, last), max_size=2))]
    return Program(
        name=name,
        parts=parts,
        held=draw(st.sampled_from(["attributes", "list", "dict"])),
        takes=draw(st.sampled_from(["keywords", "list", "dict"])),
        inputs=inputs,
        steps=tuple(steps),
        outputs=tuple(outputs),
        returns=draw(st.sampled_from(["list", "tuple", "dict"])),
    )


@pytest.mark.slow
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(programs())
def test_graph_is_the_program_that_is_run(program):
    keras.utils.clear_session()
    model = model_of(program)
    names = NAMES[: program.inputs]
    is_list = program.takes == "list"
    shapes = [(WIDTH,)] * program.inputs if is_list else dict.fromkeys(names, (WIDTH,))
    graph = model_to_graph(model, shapes)
    check(graph.graph, program, Terms())
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=(BATCH, WIDTH)).astype("float32") for _ in names]
    if program.takes == "keywords":
        args, kwargs = (), dict(zip(names, arrays, strict=True))
    else:
        args, kwargs = ([arrays] if is_list else [dict(zip(names, arrays, strict=True))]), {}
    assert Truth(model, graph, args, kwargs).faults == []
