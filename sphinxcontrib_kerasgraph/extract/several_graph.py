"""Several models in one graph, side by side, each a block with inputs of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.construct.inputs import has_known_inputs
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.extract.construct.training import has_own_step
from sphinxcontrib_kerasgraph.extract.root_graph import root_graph
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, CallKind
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer

_UNKNOWN = "the shapes of its inputs aren't known; the input shape may give them by its name"


def several_graph(parts: Mapping[str, keras.Layer], tracer: Tracer, calling: Calling) -> CallGraph:
    """The graph of models that aren't called by each other: a block for each, without edges.

    A shape and dtype may be given for each by its name; other arguments are for those that take
    them. One whose shapes aren't known is a box that says so; raises `Fault` ``build`` if there are
    no others.
    """
    taken = [Parameters.of_layer(part) for part in parts.values()]
    for key in calling.call:
        if not any(one.takes(key) for one in taken):
            raise taken[0].unknown(key)
    _check_names(parts, calling)
    wanted = {name: _calling_of(name, parts, calling) for name in parts}
    known = {
        name: wanted[name].input_shape is not None or has_known_inputs(part)
        for name, part in parts.items()
    }
    if not any(known.values()):
        names = ", ".join(f'"{name}": (…)' for name in parts)
        raise Fault(
            "build",
            f"The input shapes of {', '.join(parts)} aren't known.",
            f"Give them by their names, without the batch dimension: "
            f"{{option input-shape={{{names}}}}}.{_or_step(tracer.root)}",
        )
    return CallGraph(
        tuple(
            _block(name, part, tracer, wanted[name] if known[name] else None)
            for name, part in parts.items()
        ),
        (),
        (),
        (),
    )


def _check_names(parts: Mapping[str, keras.Layer], calling: Calling) -> None:
    """Raise `Fault` if some of the shapes are given by the names of models, others by no such."""
    shapes = calling.input_shape
    if not isinstance(shapes, dict):
        return
    others = [name for name in shapes if name not in parts]
    if others and len(others) < len(shapes):
        raise Fault(
            "build",
            f"There is no model {', '.join(map(repr, others))}, which is given a shape.",
            f"Write the names of models into {{option input-shape}}: {', '.join(parts)}.",
        )


def _or_step(owner: keras.Layer) -> str:
    """What else there is to be drawn of a model that trains those that it holds."""
    step = " Or draw the step of its training, with the shapes of its data: "
    return step + "{option trace=train_step}." if has_own_step(owner) else ""


def _calling_of(name: str, parts: Mapping[str, Any], calling: Calling) -> Calling:
    """What is said of one of the parts."""
    shape, dtype = calling.input_shape, calling.input_dtype
    if isinstance(shape, dict) and set(shape) <= set(parts):
        shape = shape.get(name)
    if isinstance(dtype, dict) and set(dtype) <= set(parts):
        dtype = dtype.get(name)
    arguments = Parameters.of_layer(parts[name])
    call = {key: value for key, value in calling.call.items() if arguments.takes(key)}
    return replace(calling, input_shape=shape, input_dtype=dtype, call=call)


def _block(name: str, part: keras.Layer, tracer: Tracer, calling: Calling | None) -> Call:
    facts = tracer.reader.book.facts(part)
    call = Call(
        id=name,
        name=printable(name),
        kind=CallKind.SUBMODEL,
        inputs=(),
        outputs=(),
        opaque=_UNKNOWN,
        **{key: value for key, value in facts.items() if key != "activation"},
    )
    if calling is None:
        return call
    graph, opaque = root_graph(part, tracer, calling)
    outputs = tuple(graph[port.call].outputs[port.index] for port in graph.outputs)
    return replace(call, outputs=outputs, body=None if opaque else graph, opaque=opaque)
