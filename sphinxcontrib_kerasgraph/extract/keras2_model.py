"""A model or layer of Keras 2 as a ModelGraph."""

from __future__ import annotations

import contextlib
from typing import Any

import tensorflow as tf

from sphinxcontrib_kerasgraph.calling import CALL, Calling
from sphinxcontrib_kerasgraph.extract.construct.inputs import Inputs, built_shapes, described
from sphinxcontrib_kerasgraph.extract.construct.missing import unbuilt_fault
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.extract.errors import is_of_shapes
from sphinxcontrib_kerasgraph.extract.failed_call import check_inputs, failed_call_fault
from sphinxcontrib_kerasgraph.extract.legacy import history
from sphinxcontrib_kerasgraph.extract.legacy.imported import is_legacy_model, keras2
from sphinxcontrib_kerasgraph.extract.legacy.inputs import input_of, new_input
from sphinxcontrib_kerasgraph.extract.legacy.layers import LegacyLayer, public_legacy_module
from sphinxcontrib_kerasgraph.extract.legacy.tracer import LegacyTracer, why_closed
from sphinxcontrib_kerasgraph.extract.read.alone import check, tracing_alone
from sphinxcontrib_kerasgraph.extract.read.weights import dtypes, finished
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
from sphinxcontrib_kerasgraph.graph.depth import bounded
from sphinxcontrib_kerasgraph.graph.printed import printed


def model_to_graph(model: Any, calling: Calling) -> ModelGraph:
    """The calls of a model or layer of Keras 2, with all that is inside them, and its totals.

    Faults are those of `keras_model.model_to_graph`, and another if a method is to be traced.
    """
    if calling.trace != CALL:
        raise Fault(
            "build",
            f"{model.name!r} is of Keras 2, of which only calls are drawn.",
            "Remove {option trace}.",
        )
    tracer = LegacyTracer(calling.training)
    with tracing_alone(), tracer.installed():
        graph, opaque = _graph(model, tracer, calling)
        graph, parameters = finished(graph, LegacyLayer(model, 1), tracer.reader.book)
    check(graph, model.name)
    cls = type(model)
    return printed(
        ModelGraph(
            name=model.name,
            module=public_legacy_module(cls),
            qualname=cls.__qualname__,
            model_type=_model_type(model),
            parameters=parameters,
            layers=len(model.layers if is_legacy_model(model) else history.sublayers(model)),
            graph=bounded(graph),
            opaque=opaque,
            dtypes=dtypes(LegacyLayer(model, 1).weights),
            made_with={"tf_keras": keras2().__version__, "backend": "tensorflow"},
        )
    )


def _model_type(model: Any) -> str:
    if isinstance(model, keras2().Sequential):
        return "Sequential"
    if not is_legacy_model(model):
        return "Layer"
    return "Functional" if history.is_functional(model) else "Model"


def _graph(model: Any, tracer: LegacyTracer, calling: Calling) -> tuple[CallGraph, str | None]:
    """The graph; and why it is a single box, if it is."""
    shape, dtype = calling.input_shape, calling.input_dtype
    if history.is_recorded(model):
        check_inputs(model, calling)
        return tracer.recorded_graph(model), None
    if isinstance(shape, tuple) and dtype is None and isinstance(model, keras2().Sequential):
        with contextlib.suppress(Exception):  # what the call below tells, too
            model.build((None, *shape))
        if history.is_recorded(model):
            return tracer.recorded_graph(model), None
    if is_legacy_model(model) and type(model).call is keras2().Model.call:
        raise _no_call_fault(model)
    choices = _inputs(model, calling)
    if choices is None:
        return tracer.single_call(model, (), {}), "the shapes of its inputs aren't known"
    errors: list[Exception] = []
    for inputs in choices:
        try:
            tracer.build(model, inputs.args, inputs.kwargs)
        except Exception as error:
            errors.append(error)
        else:
            return _called(model, inputs, tracer)
    # Where there are several choices, the one that shapes are in the way of was meant.
    raised = next(filter(is_of_shapes, errors), errors[-1])
    if shape is None:  # a shape that Keras kept, not one that the author gave
        return tracer.single_call(model, (), {}), why_closed(raised)
    raise failed_call_fault(model, calling, raised) from raised


def _no_call_fault(model: Any) -> Fault:
    """That a model only trains those that it holds; and which these are."""
    parts = [f".{name}" for name, one in vars(model).items() if is_legacy_model(one)]
    which = f", by its attribute behind the target: {', '.join(parts)}" if parts else ""
    return Fault(
        "build",
        f"The model {model.name!r} of Keras 2 has no 'call'.",
        f"Draw each model that it holds{which}.",
    )


def _called(model: Any, inputs: Inputs, tracer: LegacyTracer) -> tuple[CallGraph, str | None]:
    """The graph of a model that Keras has called with these inputs."""
    if history.is_recorded(model):  # a Sequential model, now that it knows its input
        return tracer.recorded_graph(model), None
    try:
        return tracer.traced_graph(model, inputs.args, inputs.kwargs), None
    except Exception as error:
        return tracer.single_call(model, inputs.args, inputs.kwargs), why_closed(error)


def _inputs(model: Any, calling: Calling) -> list[Inputs] | None:
    """What to call the model with, the first of them that it takes.

    ``None`` where it can't be known, although the model is built.
    """
    shapes = calling.input_shape
    if shapes is None:
        if history.is_functional(model):
            return [Inputs((tf.nest.map_structure(new_input, model.input),), {})]
        if isinstance(model, keras2().Sequential) and not model.layers:
            raise Fault("build", f"The model {model.name!r} has no layers.", "Add one to it.")
        if not model.built:
            raise unbuilt_fault(model, calling)
        specs = model.save_spec() if is_legacy_model(model) else None
        if specs is not None:
            args, kwargs = tf.nest.map_structure(input_of, specs)
            return [Inputs(tuple(args), dict(kwargs))]
        shapes = built_shapes(model)
    if shapes is None:
        return None
    parameters = Parameters.of_layer(model)
    literals = parameters.literals(calling, of_keras=False)
    return described(parameters, shapes, calling.input_dtype, literals, keras2().Input)
