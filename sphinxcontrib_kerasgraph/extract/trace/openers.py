"""Which calls have an inside, and how each kind is traced.

An `Opener` runs what is inside a call under a tracer. Keras's own layers are leaves, except
wrappers and RNN over cells, which call layers of the author's.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.recorded import Block
from sphinxcontrib_kerasgraph.extract.trace import control
from sphinxcontrib_kerasgraph.extract.trace.control import without_axis
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.extract.trace.protocol import Opener, Tracing
    from sphinxcontrib_kerasgraph.graph import CallGraph


def opener_of(operation: keras.Operation) -> Opener | None:
    """How the inside of a call of the operation is traced; ``None`` for a leaf.

    And for a model whose calls Keras has recorded: they need no trace.
    """
    if not isinstance(operation, keras.Layer):
        return control.opener_of(operation)
    if history.is_recorded(operation):
        return None
    call = type(operation).call
    for layer, opener in _WRAPPERS.items():
        if call is layer.call:
            return opener
    containers = (
        keras.layers.Wrapper | keras.Model | keras.layers.StackedRNNCells | keras.layers.Lambda
    )
    if isinstance(operation, containers) or not call.__module__.startswith("keras."):
        return open_call
    return None


def why_closed(operation: keras.Operation, error: Exception) -> str | None:
    """Why it isn't known what is inside a call; ``None`` for a layer that has no others."""
    is_alone = isinstance(operation, keras.Layer) and len(history.layers_in(operation)) == 1
    return None if is_alone else why_opaque(error)


def is_worth_opening(operation: keras.Operation, body: CallGraph) -> bool:
    """Whether what is inside a call is drawn.

    Of a layer that is no model, if a layer is called there, at any depth; or a loss is added, or
    control flows.
    """
    if not isinstance(operation, keras.Layer) or isinstance(operation, keras.Model):
        return True
    return shows_layers(body)


def shows_layers(body: CallGraph) -> bool:
    """Whether more is inside than operations, at any depth: layers, losses or control flow."""
    return any(
        not call.is_operation or call.body is not None or call.opaque or call.kind == CallKind.LOSS
        for _, call in body.walk()
    )


def open_call(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
    """What the author's own ``call`` does."""
    return tracer.block(tracer.code_of(layer), args, kwargs)


def _open_time_distributed(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> Any:
    """The wrapped layer, on one step."""
    sequence = bound(layer.call, args, kwargs)["inputs"]
    block, made = tracer.block(layer.layer, (without_axis(tracer, sequence, 1),))
    # Not by `compute_output_spec`, which asks the wrapped layer for its `compute_output_shape`.
    steps = sequence.shape[1]
    outputs = keras.tree.map_structure(
        lambda value: tracer.new((value.shape[0], steps, *value.shape[1:]), value.dtype), made
    )
    return Block(block.body, (sequence, *block.sources[1:])), outputs


def _open_rnn(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
    """The cell, on one step; its states go from step to step."""
    given = bound(layer.call, args, kwargs)
    sequence = next(iter(given.values()))
    initial = [
        tensor
        for tensor in keras.tree.flatten(given.get("initial_state"))
        if isinstance(tensor, keras.KerasTensor)
    ]
    step = without_axis(tracer, sequence, 1)
    begun = tracer.suspended(layer.get_initial_state, batch_size=step.shape[0] or 1)
    nested = keras.tree.map_structure(
        lambda state: tracer.new((step.shape[0], *state.shape[1:]), layer.compute_dtype), begun
    )
    if not isinstance(nested, list | tuple):
        nested = [nested]
    states = keras.tree.flatten(nested)
    calls, outputs = tracer.record(
        layer.cell, (step, nested), _context(layer.cell, given.get("training"))
    )
    output, *changed = keras.tree.flatten(outputs)
    carried = dict(zip(map(history.tensor_key, states), changed, strict=True))
    shown = [output, *changed] if layer.return_state else [output]
    inputs = [step, *states[: len(initial)]]
    body, captured = tracer.read_body(calls, inputs, shown, carried)
    outputs = tracer.suspended(layer.compute_output_spec, *args, **kwargs)
    return Block(body, (sequence, *initial, *captured)), outputs


def _open_bidirectional(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> Any:
    """Both layers, and how their outputs are joined; not as one fused operation."""

    def both(
        sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None
    ) -> Any:
        outputs = []
        half = len(initial_state) // 2 if initial_state is not None else 0
        for place, inner in enumerate((layer.forward_layer, layer.backward_layer)):
            given: dict[str, Any] = _context(inner, training)
            if mask is not None and "mask" in inspect.signature(inner.call).parameters:
                given["mask"] = mask
            if initial_state is not None:
                given["initial_state"] = initial_state[place * half : (place + 1) * half]
            outputs.append(inner(sequences, **given))
        states: tuple[Any, ...] = ()
        if layer.return_state:
            states = tuple(state for made in outputs for state in made[1:])
            outputs = [made[0] for made in outputs]
        forward, backward = outputs
        if layer.return_sequences:
            backward = keras.ops.flip(backward, axis=1)
        joined = _JOINS[layer.merge_mode](forward, backward)
        return (*joined, *states) if states or layer.merge_mode is None else joined[0]

    return tracer.block(both, args, kwargs)


_JOINS: dict[str | None, Callable[[Any, Any], tuple[Any, ...]]] = {
    "concat": lambda forward, backward: (keras.ops.concatenate([forward, backward], axis=-1),),
    "sum": lambda forward, backward: (forward + backward,),
    "ave": lambda forward, backward: ((forward + backward) / 2,),
    "mul": lambda forward, backward: (forward * backward,),
    None: lambda forward, backward: (forward, backward),
}

_WRAPPERS: dict[type[keras.Layer], Opener] = {
    keras.layers.TimeDistributed: _open_time_distributed,
    keras.layers.Bidirectional: _open_bidirectional,
    keras.layers.RNN: _open_rnn,
}


def _context(layer: Any, training: Any) -> dict[str, Any]:
    """The keyword ``training`` for a layer that takes it."""
    takes = "training" in inspect.signature(layer.call).parameters
    return {"training": training} if takes and training is not None else {}
