"""What must hold for every model of the zoo that has code to be traced, to full depth."""

from __future__ import annotations

import importlib

import keras
import pytest

from effort import slow_but
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph
from zoo_checks import check_nothing_is_hidden, check_parameters, made

MODULES = [
    *("nets", "sequences", "control", "llama", "nested"),
    *("folds", "weights", "changing", "recurrent", "sizes"),
]
if keras.config.backend() == "tensorflow":
    MODULES += ["raw_tensorflow", "raw_flow", "raw_weights"]

ZOO = {
    f"{module}.{name}": case
    for module in MODULES
    for cases in ("SUBCLASSED", "FUNCTIONAL")
    for name, case in getattr(importlib.import_module(f"zoo.{module}"), cases, {}).items()
}
#: Models whose code can't be followed: opaque, and said to be so.
OPAQUE = {"raw_tensorflow.raw_fold", "raw_tensorflow.raw_case", "raw_tensorflow.looking_at_values"}
#: Raw code is followed through graphs of TensorFlow, which takes a second each.
NAMES = slow_but({one for one in ZOO if "raw_" not in one}, sorted(ZOO.keys() - OPAQUE))


def test_zoo_is_large_enough():
    assert len(ZOO) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_appears_and_its_weights_are_counted_once(name):
    model, graph = made(ZOO[name])
    check_parameters(ZOO[name])
    check_nothing_is_hidden(ZOO[name])
    drawn = {call.name for _, call in graph.graph.walk()}
    # Of a layer that isn't called, what is taken of it: second/kernel.
    drawn |= {call.name.partition("/")[0] for _, call in graph.graph.walk()}
    # The layers with weights that no leaf, such as a GRU with its cell, has inside.
    leaves = {call.name for _, call in graph.graph.walk() if call.body is None}
    leaves |= called_as_they_are(model, graph.graph)
    for layer in model._flatten_layers(include_self=False):
        inside_a_leaf = any(
            layer is not leaf and layer in leaf._flatten_layers()
            for leaf in model._flatten_layers(include_self=False)
            if leaf.name in leaves
        )
        if layer.weights and not inside_a_leaf:
            assert layer.name in drawn


def called_as_they_are(model: keras.Model, graph: CallGraph) -> set[str]:
    """The names of layers that call what they are: a leaf of their base class, by ``super()``."""
    bases = {
        layer.name: {cls.__name__ for cls in type(layer).__mro__[1:]}
        for layer in model._flatten_layers(include_self=False)
    }
    return {
        call.name
        for _, call in graph.walk()
        if call.body and not call.is_operation
        for inside in call.body.calls
        if inside.body is None and inside.class_name in bases.get(call.name, ())
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_box_is_unreachable(name):
    _, graph = made(ZOO[name])
    assert unreachable(graph.graph) == set()


def unreachable(graph: CallGraph) -> set[str]:
    """The paths of the calls to which no way leads from an input, a constant or a weight.

    Data goes from a port to a port: ``("in", path, 1)`` is the second input of a call.
    """
    ways: dict[tuple, set[tuple]] = {}
    starts = []

    def visit(graph: CallGraph, prefix: str, block: str) -> None:
        for edge in graph.edges:
            source = ("in", block, edge.source.index)
            if edge.source.call != BLOCK:
                source = ("out", prefix + edge.source.call, edge.source.index)
            target = ("in", prefix + edge.target.call, edge.target.index)
            ways.setdefault(source, set()).add(target)
        for place, port in enumerate(graph.outputs):
            source = ("in", block, port.index)
            if port.call != BLOCK:
                source = ("out", prefix + port.call, port.index)
            ways.setdefault(source, set()).add(("out", block, place))
        for call in graph.calls:
            path = prefix + call.id
            for place in range(len(call.inputs)):
                ways.setdefault(("in", path, place), set()).add(("call", path))
            if call.kind in {"constant", "weight"} or (call.kind == "input" and not block):
                starts.append(("call", path))
            if call.body is not None:
                visit(call.body, f"{path}/", path)
            else:
                outputs = {("out", path, place) for place in range(len(call.outputs))}
                ways.setdefault(("call", path), set()).update(outputs)

    visit(graph, "", "")
    reached, stack = set(), starts
    while stack:
        port = stack.pop()
        if port not in reached:
            reached.add(port)
            stack.extend(ways.get(port, ()))
    return {path for path, call in graph.walk() if ("call", path) not in reached}
