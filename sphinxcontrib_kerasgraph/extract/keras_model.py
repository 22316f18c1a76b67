"""A Keras model, a layer, or several of them, as a ModelGraph."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

import keras

from sphinxcontrib_kerasgraph.calling import CALL, Calling
from sphinxcontrib_kerasgraph.extract.construct.functions import FunctionLayer, method_of
from sphinxcontrib_kerasgraph.extract.construct.several import Several, named_parts
from sphinxcontrib_kerasgraph.extract.construct.training import TRAIN_STEP, step_of
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.layers import public_module
from sphinxcontrib_kerasgraph.extract.read.weights import finished
from sphinxcontrib_kerasgraph.extract.root_graph import root_graph
from sphinxcontrib_kerasgraph.extract.several_graph import several_graph
from sphinxcontrib_kerasgraph.extract.trace.hooks import KerasHooks
from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer
from sphinxcontrib_kerasgraph.extract.trace.training.step import ways_with_step
from sphinxcontrib_kerasgraph.extract.trace.ways import ways_of
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sphinxcontrib_kerasgraph.extract.trace.protocol import WaysOf

#: Calls of Python in each other; each takes about a kilobyte of the stack, which has eight
#: megabytes.
_RECURSION = 4_000

#: Keras's methods are the process's: one model is traced at a time.
_lock = threading.RLock()


def model_to_graph(model: Any, calling: Calling | None = None) -> ModelGraph:
    """The calls of a Keras model or layer, with all that is inside them, and its totals.

    Lists, tuples and dicts of models, and a model that only trains those that it holds, are drawn
    as several models side by side: see `several_graph`. ``calling`` tells what a model is called
    with that has no inputs of its own. Raises `Fault` ``build`` if the model isn't built and no
    shape is given, if it can't be called with the shape, or if it has inputs of its own already;
    ``internal`` if what was read doesn't hold together.
    """
    calling = calling or Calling()
    parts = named_parts(model) if calling.trace == CALL else None
    if parts is not None and not isinstance(model, keras.Layer):
        model = Several(parts, type(model))
    if not isinstance(model, keras.Layer):
        raise Fault("build", f"An object of type {type(model).__name__} is no Keras model.")
    root: keras.Layer = model
    ways: WaysOf = ways_of
    if calling.trace == TRAIN_STEP:
        root, calling = step_of(model, calling)
        ways = ways_with_step(root, model, ways_of)
    elif calling.trace != CALL:
        root = method_of(model, calling.trace)
    tracer = Tracer(ways, root, () if parts is None else parts.values())
    # What the model's code assigns to its weights is forgotten.
    with _lock, _deep_recursion(), keras.StatelessScope(), KerasHooks(tracer).installed():
        if parts is None:
            graph, opaque = root_graph(root, tracer, calling)
        else:
            graph, opaque = several_graph(parts, tracer, calling), None
    graph, parameters = finished(graph, model, tracer.reader.book)
    _check(graph, model)
    cls = model.cls if isinstance(model, Several) else type(model)
    return ModelGraph(
        name=printable(model.name),
        module=public_module(cls),
        qualname=cls.__qualname__,
        model_type=_model_type(model),
        parameters=parameters,
        layers=len(model.layers if isinstance(model, keras.Model) else history.sublayers(model)),
        graph=graph,
        opaque=opaque,
        made_with={"keras": keras.__version__, "backend": keras.config.backend()},
    )


def _check(graph: CallGraph, model: keras.Layer) -> None:
    try:
        graph.check()
    except ValueError as error:
        raise Fault(
            "internal",
            f"What was read of the model {model.name!r} doesn't hold together: {error}.",
            "Please report this.",
        ) from error


@contextlib.contextmanager
def _deep_recursion() -> Iterator[None]:
    """Let layers be in layers as deep as Keras itself can call them: a trace takes more calls."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _model_type(model: keras.Layer) -> str:
    match model:
        case keras.Sequential():
            return "Sequential"
        case keras.Function():
            return "Functional"
        case keras.Model():
            return "Model"
        case FunctionLayer():
            return "Function"
        case Several():
            return "Several"
    return "Layer"
