"""Which calls of Keras 2 have an inside, and how it is run.

As for Keras 3: Keras's own layers are leaves, except models, wrappers and RNN over cells.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import tensorflow as tf
import tf_keras

from sphinxcontrib_kerasgraph.extract.legacy import history
from sphinxcontrib_kerasgraph.extract.legacy.inputs import (
    from_keras,
    input_of,
    new_input,
    symbolic_in,
    with_tensors,
)
from sphinxcontrib_kerasgraph.extract.legacy.stand_ins import ClosedError
from sphinxcontrib_kerasgraph.extract.read.recorded import Block, RecordedCall

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sphinxcontrib_kerasgraph.extract.legacy.stand_ins import StandIns
    from sphinxcontrib_kerasgraph.extract.read.call_reader import CallReader


class Running(Protocol):
    """What runs code, and reads the calls that it makes."""

    reader: CallReader
    stand_ins: StandIns
    #: Whether the model is drawn as in training; ``None`` where nothing is said of it.
    training: bool | None

    def training_as(self, value: Any) -> AbstractContextManager[None]:
        """Have layers be called as in training meanwhile, or not; ``None`` changes nothing."""

    def run(
        self, layer: Any, function: Any, args: Any, kwargs: Any
    ) -> tuple[list[RecordedCall], list[Any]]:
        """The calls that code of the layer makes, and what stands for what it returns."""


#: What is inside a call, of which Keras has this record. Raises what the code raises.
Opener = Callable[[Running, Any], Block]


def opener_of(layer: Any) -> Opener | None:
    """How the inside of a call of the layer is run; ``None`` for a leaf."""
    if history.is_internal(layer):
        return None
    call = type(layer).call
    if call is tf_keras.layers.TimeDistributed.call:
        return _open_time_distributed
    if call is tf_keras.layers.RNN.call:
        return _open_rnn
    containers = (
        tf_keras.Model, tf_keras.layers.Wrapper, tf_keras.layers.Lambda,
        tf_keras.layers.StackedRNNCells,
    )  # fmt: skip
    if isinstance(layer, containers) or not call.__module__.startswith("tf_keras."):
        return _open_call
    return None


def _open_call(running: Running, node: Any) -> Block:
    """What ``call`` does, of the author's or of a wrapper."""
    outer: list[Any] = []
    inner: list[Any] = []

    def made(tensor: Any, dtype: str | None = None) -> Any:
        outer.append(running.stand_ins.tensor(tensor))
        new = new_input(tensor, dtype)
        inner.append(running.stand_ins.tensor(new))
        return new

    cast = functools.partial(made, dtype=history.cast_dtype(node.layer))
    first = with_tensors(node.call_args[:1], cast)
    rest, kwargs = with_tensors((node.call_args[1:], node.call_kwargs), made)
    args = (*first, *rest)
    kwargs |= from_keras(node.layer, args, kwargs, running.training)
    with running.training_as(kwargs.get("training")):
        calls, outputs = running.run(node.layer, node.layer.call, args, kwargs)
    body, captured = running.reader.body(calls, inner, outputs)
    if len(outputs) != len(tf.nest.flatten(node.outputs)):
        raise ClosedError("its code returns something else than tensors")
    return Block(body, (*outer, *captured))


def _open_time_distributed(running: Running, node: Any) -> Block:
    """The wrapped layer, on one step."""
    [sequence] = symbolic_in(node.call_args[0])
    step = _step(sequence, 1)
    calls, outputs = running.run(node.layer, node.layer.layer, (step,), {})
    body, captured = running.reader.body(calls, [running.stand_ins.tensor(step)], outputs)
    return Block(body, (running.stand_ins.tensor(sequence), *captured))


def _open_rnn(running: Running, node: Any) -> Block:
    """The cell, on one step; its states go from step to step."""
    layer = node.layer
    stand_in = running.stand_ins.tensor
    sequence, *initial = symbolic_in((node.call_args, node.call_kwargs))
    step = _step(sequence, 0 if layer.time_major else 1)
    sizes = layer.cell.state_size
    batch = step.shape[:1]
    nested = tf.nest.map_structure(
        lambda size: input_of(tf.TensorSpec(batch + tf.TensorShape(size), layer.compute_dtype)),
        list(sizes) if isinstance(sizes, list | tuple) else [sizes],
    )
    states = list(map(stand_in, symbolic_in(nested)))
    if len(initial) > len(states):
        raise ClosedError("its cell takes constants beside its states")
    calls, (output, *changed) = running.run(layer, layer.cell, (step, nested), {})
    carried = {
        running.reader.key(state): following
        for state, following in zip(states, changed, strict=True)
    }
    shown = [output, *changed] if layer.return_state else [output]
    inputs = [stand_in(step), *states[: len(initial)]]
    body, captured = running.reader.body(calls, inputs, shown, carried)
    return Block(body, (stand_in(sequence), *map(stand_in, initial), *captured))


def _step(sequence: Any, axis: int) -> Any:
    """An input of the shape of one step of the sequence."""
    sizes = sequence.shape.as_list()
    del sizes[axis]
    return input_of(tf.TensorSpec(sizes, sequence.dtype))
