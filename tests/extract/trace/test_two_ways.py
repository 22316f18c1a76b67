"""Both ways of tracing give one picture: on symbolic tensors, and in a graph of TensorFlow."""

from __future__ import annotations

import importlib

import keras
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.extract import keras_model
from sphinxcontrib_kerasgraph.extract.trace import ways
from sphinxcontrib_kerasgraph.extract.trace.openers import open_call, opener_of
from sphinxcontrib_kerasgraph.extract.trace.protocol import Way
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.runner import (
    open_converted,
    open_in_graph,
)
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, CallKind, Port

pytestmark = pytest.mark.slow

MODULES = [
    *("nets", "sequences", "control", "llama", "nested"),
    *("weights", "changing", "recurrent", "sizes"),
]
#: A size that code hands on is a number in the one way, a tensor in the other.
SIZES = {"sizes.pyramid"}
ZOO = {
    f"{module}.{name}": case
    for module in MODULES
    for name, case in importlib.import_module(f"zoo.{module}").SUBCLASSED.items()
    if f"{module}.{name}" not in SIZES
}


def symbolic_alone(operation):
    others = (open_in_graph, open_converted)
    return tuple(way for way in ways.ways_of(operation) if way.opener not in others)


def graph_alone(operation):
    if opener_of(operation) is open_call:
        return (Way(open_in_graph),)
    return ways.ways_of(operation)


@pytest.mark.parametrize("name", ZOO)
def test_one_picture(name, monkeypatch):
    symbolic = drawn(name, symbolic_alone, monkeypatch)
    if "OPAQUE" in symbolic:
        return  # it can't be traced so
    assert drawn(name, graph_alone, monkeypatch) == symbolic


def drawn(name, ways_of, monkeypatch) -> str:
    """The graph as text, with all that is the same whatever the way is."""
    monkeypatch.setattr(keras_model, "ways_of", ways_of)
    keras.utils.clear_session()
    function, shape, dtype = ZOO[name]
    graph = model_to_graph(function(), shape, dtype)
    return "\n".join([f"OPAQUE {graph.opaque}"] * bool(graph.opaque) + list(lines(graph.graph)))


def lines(graph: CallGraph, indent: str = ""):
    names = {"": "^"} | {call.id: call.id for call in graph.calls}
    sizes = [call.id for call in graph.calls if is_of_sizes(call)]
    names |= {id_: f"sizes_{place}" for place, id_ in enumerate(sizes)}

    def port(one: Port) -> str:
        return f"{names[one.call]}:{one.index}"

    for call in graph.calls:
        constants = ", ".join(f"{name}: {text}" for name, text in call.constants)
        if call.id in sizes:
            yield f"{indent}{names[call.id]} ({constants})"
            continue
        yield f"{indent}{call.id} {call.module}.{call.qualname} {call.kind} ({constants})"
        yield f"{indent}  {kinds(call.inputs)} -> {kinds(call.outputs)}"
        for edge in graph.edges_into.get(call.id, ()):
            late = "~" * edge.recurrent
            yield f"{indent}  {late}{port(edge.source)} = {edge.argument} {edge.target.index}"
        if call.opaque:
            yield f"{indent}  OPAQUE {call.opaque}"
        if call.body is not None:
            yield from lines(call.body, f"{indent}    ")
    yield f"{indent}-> {', '.join(map(port, graph.outputs))}"


def is_of_sizes(call: Call) -> bool:
    """Whether only sizes that aren't known decide it.

    In a graph it is known of which tensor; on symbolic ones, if there is one alone.
    """
    text = dict(call.constants).get("value", "")
    return call.qualname == "Shape" or (call.kind == CallKind.CONSTANT and "None" in text)


def kinds(tensors) -> list[str]:
    """Ranks and dtypes: Keras knows less sizes on symbolic tensors than in a graph."""
    return [f"{tensor.dtype}[{len(tensor.shape)}]" for tensor in tensors]
