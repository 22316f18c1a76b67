"""The graph of one model or layer: from what it is given to what it returns."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.inputs import Inputs, known_inputs
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.extract.errors import (
    is_of_shapes,
    message_of,
    needs_values,
    why_opaque,
)
from sphinxcontrib_kerasgraph.extract.failed_call import (
    check_inputs,
    failed_call_fault,
    other_form,
)
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.ids import first_free
from sphinxcontrib_kerasgraph.extract.read.output_names import with_output_names
from sphinxcontrib_kerasgraph.extract.read.recorded import recorded, tensors_in
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind, Port

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer


def root_graph(
    model: keras.Layer, tracer: Tracer, calling: Calling
) -> tuple[CallGraph, str | None]:
    """The graph of a root of the tracer; and why it is a single box, if it is.

    Raises `Fault` ``build`` as `keras_model.model_to_graph` does.
    """
    shape, dtype = calling.input_shape, calling.input_dtype
    if history.is_recorded(model):
        check_inputs(model, calling)
        parameters = Parameters.of_layer(model)
        for name in calling.call:
            # What a function of tensors was given is in the model already.
            if name not in parameters.names and shape is None:
                raise parameters.unknown(name)
        return _recorded(model, tracer), None
    choices = known_inputs(model, calling)
    if choices is None:
        return _single_box(model, tracer), "the shapes of its inputs aren't known"
    if isinstance(model, keras.Sequential) and isinstance(shape, tuple):
        if dtype is None:
            model.build((None, *shape))
            if history.is_recorded(model):
                return _recorded(model, tracer), None
        elif not model.built:  # Keras would take the dtype of the first layer
            entry = keras.Input(shape=shape, dtype=dtype)
            model = keras.Sequential([entry, *model.layers], name=model.name)
            return _recorded(model, tracer), None
    return _called(model, choices, tracer, calling)


def _called(
    model: keras.Layer, choices: list[Inputs], tracer: Tracer, calling: Calling
) -> tuple[CallGraph, str | None]:
    """The graph of a call of the model with the first of the inputs that it takes."""
    errors: list[tuple[Exception, bool, Inputs]] = []
    for inputs in choices:
        tracer.forget_error()
        try:
            calls, outputs = tracer.record(model, inputs.args, inputs.kwargs)
        except Exception as caught:
            # What the trace met says more than what Keras met when it tried in its own way.
            error = tracer.root_error or caught
            if isinstance(error, Fault):
                raise error from caught
            errors.append((error, needs_values(error) or needs_values(caught), inputs))
        else:
            failed = tracer.root_error
            if failed is None or inputs is choices[-1]:
                graph, opaque = _unwrapped(model, inputs, calls, outputs, tracer)
                return with_output_names(graph, outputs), opaque
            errors.append((failed, needs_values(failed), inputs))
    # Where there are several choices, the one that shapes are in the way of was meant.
    error, of_values, inputs = next((one for one in errors if is_of_shapes(one[0])), errors[-1])
    if of_values and (calling.input_shape is None or not other_form(model, calling)):
        return _single_box(model, tracer, inputs), why_opaque(error)
    if calling.input_shape is None:  # a shape that Keras kept, not one that the author gave
        return _single_box(model, tracer), why_opaque(error)
    # The first way is that on symbolic tensors, whose sizes are the author's.
    first = tracer.first_error
    if len(choices) == 1 and first is not None and not _is_of_the_way(first):
        error = first
    raise failed_call_fault(model, calling, error) from error


def _recorded(model: Any, tracer: Tracer) -> CallGraph:
    """The graph of a model whose calls Keras has recorded."""
    outputs = model.output if isinstance(model, keras.Function) else model.outputs
    return with_output_names(tracer.reader.read(model.inputs, model.outputs), outputs)


def _unwrapped(
    model: keras.Layer, inputs: Inputs, calls: Any, outputs: Any, tracer: Tracer
) -> tuple[CallGraph, str | None]:
    """The graph of a model that was called once: what is inside the call, and inputs."""
    entries = [call for tensor in inputs.tensors if (call := history.producer(tensor))]
    whole, captured = tracer.read_body([*entries, *calls], (), tensors_in(outputs))
    if captured:
        return _single_box(model, tracer, inputs), "it takes a tensor that none of its calls made"
    ends = tuple(one.id for one in whole.calls if one.kind == CallKind.INPUT)
    block = whole.calls[-1]
    body = block.body
    if body is None or [call.operation for call in calls] != [model]:
        # Opaque; or its `__call__` does something else beside.
        return replace(whole, inputs=ends), block.opaque
    sources = {edge.target.index: edge.source for edge in whole.edges}
    taken = {one.id for one in body.calls}
    names = {}
    for name in ends:  # a layer inside may have the name of an argument
        longer = (name + "_input" * times for times in itertools.count())
        names[name] = first_free(longer, taken)

    def outside(port: Port) -> Port:
        if port.call != BLOCK:
            return port
        source = sources[port.index]
        return Port(names[source.call], source.index)

    return CallGraph(
        calls=(
            *(replace(one, id=names[one.id]) for one in whole.calls if one.id in names),
            *body.calls,
        ),
        edges=tuple(replace(edge, source=outside(edge.source)) for edge in body.edges),
        inputs=tuple(names.values()),
        outputs=tuple(map(outside, body.outputs)),
    ), None


def _is_of_the_way(error: Exception) -> bool:
    """Whether code failed only because its tensors are symbolic, or a size of them unknown."""
    return needs_values(error) or re.search("NoneType|KerasTensor", message_of(error)) is not None


def _single_box(model: keras.Layer, tracer: Tracer, inputs: Inputs | None = None) -> CallGraph:
    """The model as one box that takes the inputs, if they are known; its outputs aren't."""
    call = recorded(model, inputs.args if inputs else (), inputs.kwargs if inputs else {}, None)
    entries = [made for tensor in call.inputs if (made := history.producer(tensor))]
    graph, _ = tracer.read_body([*entries, call], (), ())
    return replace(graph, inputs=tuple(one.id for one in graph.calls[:-1]))
