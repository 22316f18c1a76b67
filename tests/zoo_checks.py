"""What holds for every model of the zoo, whatever is in it."""

from __future__ import annotations

import inspect

import keras
import numpy as np

from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations

__all__ = [
    "Case",
    "check_nothing_is_hidden",
    "check_parameters",
    "check_real_call",
    "expected",
    "made",
    "outline",
    "shown",
    "text",
]

#: What makes the model, the shapes and dtypes of its inputs, and maybe how else it is called.
Case = tuple


#: What was made before, by the case's own id: cases are kept by the modules that have them.
_made: dict[int, tuple[keras.Model, ModelGraph]] = {}


def made(case: Case) -> tuple[keras.Model, ModelGraph]:
    """The model, in a fresh session, and its graph; made once."""
    if id(case) not in _made:
        keras.utils.clear_session()
        function, shape, dtype, *calling = case
        model = function()
        _made[id(case)] = model, model_to_graph(model, shape, dtype, **_joined(calling))
    return _made[id(case)]


def text(case: Case) -> str:
    """The graph of the model as text."""
    return graph_text(made(case)[1].graph)


def shown(case: Case) -> str:
    """As `text`, of what is drawn by default where code uses TensorFlow itself."""
    return graph_text(with_raw_operations(made(case)[1]).graph)


def outline(graph: CallGraph) -> str:
    """The calls of the model itself, without what is inside them."""
    lines = graph_text(graph).splitlines()
    return "\n".join(line for line in lines if not line.startswith(" "))


def check_parameters(case: Case) -> None:
    """Every weight is counted once."""
    model, graph = made(case)
    own = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
    assert sum(own.values()) + graph.parameters.own == graph.parameters.total
    assert graph.parameters.total == model.count_params()


def check_nothing_is_hidden(case: Case) -> None:
    """No block is opaque, and the JSON form keeps all."""
    _, graph = made(case)
    assert graph.opaque is None
    assert {path: call.opaque for path, call in graph.graph.walk() if call.opaque} == {}
    assert ModelGraph.from_json(graph.to_json()) == graph


def check_real_call(case: Case) -> None:
    """The outputs have the shapes and dtypes of those that the model makes of arrays."""
    model, graph = made(case)
    _, shape, dtype, *calling = case
    given = _arrays(shape, dtype)
    named = _joined(calling)
    more = {name: named[name] for name in ("training",) if name in named} | named.get("call", {})
    if isinstance(given, dict) and given.keys() <= inspect.signature(model.call).parameters.keys():
        returned = model(**given, **more)
    else:
        returned = model(*given, **more) if isinstance(given, list) else model(given, **more)
    outputs = keras.tree.flatten(returned)
    sources = [graph.graph[port.call].outputs[port.index] for port in graph.graph.outputs]
    assert len(sources) == len(outputs)
    for source, output in zip(sources, outputs, strict=True):
        assert source.dtype == keras.backend.standardize_dtype(output.dtype)
        assert len(source.shape) == len(output.shape)
        sizes = zip(source.shape, output.shape, strict=True)
        assert all(size in {None, real} for size, real in sizes)


def _joined(calling):
    return calling[0] if calling else {}


def _arrays(shape, dtype):
    match shape:
        case tuple():
            sizes = (2, *(8 if size is None else size for size in shape))
            return np.ones(sizes, dtype or "float32")
        case list():
            return [_arrays(one, dtype) for one in shape]
    return {
        key: _arrays(one, dtype[key] if isinstance(dtype, dict) else dtype)
        for key, one in shape.items()
    }
