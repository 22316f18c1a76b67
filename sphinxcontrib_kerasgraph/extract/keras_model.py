"""A Keras model, a layer, or several of them, as a ModelGraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from sphinxcontrib_kerasgraph.calling import CALL, Calling
from sphinxcontrib_kerasgraph.extract.construct.functions import FunctionLayer, method_of
from sphinxcontrib_kerasgraph.extract.construct.several import Several, named_parts
from sphinxcontrib_kerasgraph.extract.construct.training import TRAIN_STEP, step_of
from sphinxcontrib_kerasgraph.extract.legacy.imported import is_legacy_layer
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.alone import check, tracing_alone
from sphinxcontrib_kerasgraph.extract.read.layers import public_module
from sphinxcontrib_kerasgraph.extract.read.weights import dtypes, finished
from sphinxcontrib_kerasgraph.extract.root_graph import root_graph
from sphinxcontrib_kerasgraph.extract.several_graph import several_graph
from sphinxcontrib_kerasgraph.extract.trace.hooks import KerasHooks
from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer
from sphinxcontrib_kerasgraph.extract.trace.training.step import ways_with_step
from sphinxcontrib_kerasgraph.extract.trace.ways import ways_of
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.graph.depth import bounded
from sphinxcontrib_kerasgraph.graph.printed import printed

if TYPE_CHECKING:
    from typing import Any

    from sphinxcontrib_kerasgraph.extract.trace.protocol import WaysOf


def model_to_graph(model: Any, calling: Calling | None = None) -> ModelGraph:
    """The calls of a Keras model or layer, with all that is inside them, and its totals.

    Lists, tuples and dicts of models, and a model that only trains those that it holds, are drawn
    as several models side by side: see `several_graph`. ``calling`` tells what a model is called
    with that has no inputs of its own. Raises `Fault` ``build`` if the model isn't built and no
    shape is given, if it can't be called with the shape, or if it has inputs of its own already;
    ``internal`` if what was read doesn't hold together.
    """
    calling = calling or Calling()
    if is_legacy_layer(model):
        # It imports `tf_keras`, which only those have to have who have such a model.
        from sphinxcontrib_kerasgraph.extract import keras2_model  # noqa: PLC0415

        return keras2_model.model_to_graph(model, calling)
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
    elif calling.trace != CALL and isinstance(model, Several):
        raise Fault(
            "build",
            f"Models side by side have no method {calling.trace!r}.",
            f"Remove {{option trace={calling.trace}}}; name one of the models, or a method of "
            "theirs, behind the target.",
        )
    elif calling.trace != CALL:
        root = method_of(model, calling.trace)
    tracer = Tracer(ways, root, () if parts is None else parts.values(), calling.training)
    # What the model's code assigns to its weights is forgotten.
    with tracing_alone(), keras.StatelessScope(), KerasHooks(tracer).installed():
        if parts is None:
            graph, opaque = root_graph(root, tracer, calling)
        else:
            graph, opaque = several_graph(parts, tracer, calling), None
    graph, parameters = finished(graph, model, tracer.reader.book)
    check(graph, model.name)
    cls = model.cls if isinstance(model, Several) else type(model)
    return printed(
        ModelGraph(
            name=model.name,
            module=public_module(cls),
            qualname=cls.__qualname__,
            model_type=_model_type(model),
            parameters=parameters,
            layers=len(
                model.layers if isinstance(model, keras.Model) else history.sublayers(model)
            ),
            graph=bounded(graph),
            opaque=opaque,
            dtypes=dtypes(model.weights),
            made_with={"keras": keras.__version__, "backend": keras.config.backend()},
        )
    )


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
