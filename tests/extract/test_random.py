"""Random Functional models: the graph is the one that was built."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import keras
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, ModelGraph

pytestmark = pytest.mark.slow

#: A tensor: the call that made it, and which of its outputs.
Made = tuple[str, int]


@dataclass
class Expected:
    """What was built: the calls with their classes, the edges, and what is inside of blocks."""

    calls: dict[str, str] = field(default_factory=dict)
    edges: Counter[tuple[Made, Made]] = field(default_factory=Counter)
    constants: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, Expected] = field(default_factory=dict)
    #: By call, the layer that it is a call of.
    layers: dict[str, str] = field(default_factory=dict)
    outputs: list[Made] = field(default_factory=list)


@dataclass
class Built:
    """A model that can be called inside another."""

    model: keras.Model
    expected: Expected
    keys: list[str] | None
    #: How the model was called so far.
    times: int = 0


class Builder:
    """Builds one model, with all tensors of the shape (None, 4), and notes what it does."""

    def __init__(self, data, names: Counter, depth: int) -> None:
        self.draw = data.draw
        self.data = data
        #: Keras's own counters of the names of operations, over all models.
        self.names = names
        self.depth = depth
        self.expected = Expected()
        self.tensors: list[tuple[Any, Made]] = []
        self.unused: set[Made] = set()
        self.layers: list[tuple[Any, int]] = []
        self.nested: list[Built] = []

    def add(self, id_: str, of_class: str, layer: str, tensors: Any, sources: list[Made]) -> None:
        self.expected.calls[id_] = of_class
        self.expected.layers[id_] = layer
        for place, source in enumerate(sources):
            self.expected.edges[source, (id_, place)] += 1
            self.unused.discard(source)
        for place, tensor in enumerate(tensors):
            self.tensors.append((tensor, (id_, place)))
            self.unused.add((id_, place))

    def pick(self) -> tuple[Any, Made]:
        return self.draw(st.sampled_from(self.tensors))

    def name(self, of: str) -> str:
        self.names[of] += 1
        return f"{of}_{self.names[of]}"

    def operation_name(self, of: str) -> str:
        number = self.names[f"operation {of}"]
        self.names[f"operation {of}"] += 1
        return f"{of}_{number}" if number else of

    def new_layer(self) -> None:
        cls = self.draw(st.sampled_from([layers.Dense, layers.ReLU]))
        name = self.name("layer")
        layer = layers.Dense(4, name=name) if cls is layers.Dense else layers.ReLU(name=name)
        tensor, source = self.pick()
        self.layers.append((layer, 1))
        self.add(name, cls.__name__, name, [layer(tensor)], [source])

    def again(self) -> None:
        if not self.layers:
            self.new_layer()
            return
        at = self.draw(st.integers(0, len(self.layers) - 1))
        layer, times = self.layers[at]
        self.layers[at] = (layer, times + 1)
        tensor, source = self.pick()
        id_ = f"{layer.name}#{times + 1}"
        self.add(id_, type(layer).__name__, layer.name, [layer(tensor)], [source])

    def merge(self) -> None:
        pairs = [self.pick() for _ in range(self.draw(st.integers(2, 3)))]
        cls = self.draw(st.sampled_from([layers.Add, layers.Maximum]))
        name = self.name("merge")
        made = cls(name=name)([tensor for tensor, _ in pairs])
        self.add(name, cls.__name__, name, [made], [source for _, source in pairs])

    def operation(self) -> None:
        tensor, source = self.pick()
        number = self.draw(st.integers(1, 9))
        match self.draw(st.sampled_from(["multiply", "subtract", "flip"])):
            case "multiply":
                made, of, constants = tensor * number, "multiply", {"x2": str(number)}
            case "subtract":
                made, of, constants = number - tensor, "subtract", {"x1": str(number)}
            case _:
                made = keras.ops.flip(tensor, axis=-1)
                of, constants = "flip", {"axis": "-1"}
        id_ = self.operation_name(of)
        self.expected.constants[id_] = constants
        self.add(id_, of.capitalize(), id_, [made], [source])

    def model(self) -> None:
        """Call a model inside: one that was called before, or a new one."""
        if self.depth == 0:
            self.merge()
            return
        if not self.nested or self.draw(st.booleans()):
            self.nested.append(Builder(self.data, self.names, self.depth - 1).build())
        inner = self.draw(st.sampled_from(self.nested))
        pairs = [self.pick() for _ in inner.model.inputs]
        tensors = [tensor for tensor, _ in pairs]
        if inner.keys is not None:
            made = inner.model(dict(zip(inner.keys, tensors, strict=True)))
        else:
            made = inner.model(tensors if len(tensors) > 1 else tensors[0])
        inner.times += 1
        name = inner.model.name
        id_ = name if inner.times == 1 else f"{name}#{inner.times}"
        self.expected.bodies[id_] = inner.expected
        outputs = list(made) if isinstance(made, list | tuple) else [made]
        self.add(id_, "Functional", name, outputs, [source for _, source in pairs])

    def build(self) -> Built:
        name = self.name("model")
        as_dict = self.draw(st.booleans())
        inputs = []
        for _ in range(self.draw(st.integers(1, 3))):
            of = self.name("input")
            inputs.append(keras.Input(shape=(4,), name=of))
            self.add(of, "InputLayer", of, inputs[-1:], [])
        steps = [self.new_layer, self.again, self.merge, self.operation, self.model]
        for step in self.draw(st.lists(st.sampled_from(steps), min_size=1, max_size=7)):
            step()
        for tensor, made in list(self.tensors):  # an input that leads nowhere is none of the graph
            if made in self.unused and made[0].startswith("input"):
                layer = self.name("layer")
                self.add(layer, "ReLU", layer, [layers.ReLU(name=layer)(tensor)], [made])
        ends = [(tensor, made) for tensor, made in self.tensors if made in self.unused]
        self.expected.outputs = [made for _, made in ends]
        # Names that sort as the inputs do: Keras takes the values of a dict in their order.
        keys = [tensor.name for tensor in inputs] if as_dict else None
        given = dict(zip(keys, inputs, strict=True)) if keys else inputs
        model = keras.Model(given, [tensor for tensor, _ in ends], name=name)
        if keys:
            keys = sorted(keys)
        return Built(model, self.expected, keys)


def check(graph: CallGraph, expected: Expected, prefix: str = "") -> None:
    assert {call.id: call.class_name for call in graph.calls} == expected.calls
    edges = Counter(
        ((edge.source.call, edge.source.index), (edge.target.call, edge.target.index))
        for edge in graph.edges
        if edge.source.call != BLOCK
    )
    assert edges == expected.edges
    assert [(port.call, port.index) for port in graph.outputs] == expected.outputs
    for call in graph.calls:
        assert dict(call.constants) == expected.constants.get(call.id, {})
        if call.id in expected.bodies:
            assert call.body is not None
            check(call.body, expected.bodies[call.id], f"{prefix}{call.id}/")
        else:
            assert call.body is None


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_graph_is_the_one_that_was_built(data):
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        built = Builder(data, Counter(), depth=2).build()
        graph = model_to_graph(built.model)
    check(graph.graph, built.expected)
    assert ModelGraph.from_json(graph.to_json()) == graph
    assert graph.parameters.total == built.model.count_params()
    owned = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
    assert sum(owned.values()) == graph.parameters.total
    # All calls of a layer name the same one: the first.
    first = {}
    for path, call in graph.graph.walk():
        assert first.setdefault(call.layer, path) == call.layer
