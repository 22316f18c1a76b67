"""Runs a training step in a graph of TensorFlow, on symbolic data."""

from __future__ import annotations

import contextlib
import functools
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.errors import described, message_of, own_traceback
from sphinxcontrib_kerasgraph.extract.trace.patches import replaced
from sphinxcontrib_kerasgraph.extract.trace.protocol import Way
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.runner import graph_runner
from sphinxcontrib_kerasgraph.extract.trace.training.added import (
    AddedLosses,
    with_added_losses,
)
from sphinxcontrib_kerasgraph.extract.trace.training.losses import Losses
from sphinxcontrib_kerasgraph.extract.trace.training.randoms import Randoms
from sphinxcontrib_kerasgraph.extract.trace.training.tapes import Tapes
from sphinxcontrib_kerasgraph.extract.trace.training.undrawn import (
    Absent,
    UncompiledError,
    Undrawn,
)
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    import keras

    from sphinxcontrib_kerasgraph.extract.read.recorded import Block
    from sphinxcontrib_kerasgraph.extract.trace.protocol import Tracing, WaysOf


def ways_with_step(step: keras.Layer, owner: keras.Layer, others: WaysOf) -> WaysOf:
    """The ways of others, but for the layer that does what the ``train_step`` of its owner does."""

    def opener(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
        return _open_step(tracer, layer, owner, args, kwargs)

    way = Way(opener, is_hopeless=lambda error: isinstance(error, Fault))

    def ways_of(operation: keras.Operation) -> tuple[Way, ...]:
        return (way,) if operation is step else others(operation)

    return ways_of


def _open_step(
    tracer: Tracing, step: keras.Layer, owner: keras.Layer, args: Any, kwargs: Any
) -> tuple[Block, Any]:
    """What the step does; its outputs are the losses.

    Attributes that ``compile`` would have set are missing from a model that wasn't compiled. It is
    run again with what stands for them, as long as the step uses them for nothing that is drawn.
    """
    absent: list[str] = []
    while True:
        try:
            with contextlib.ExitStack() as stack:
                stands_in = [
                    (type(owner), name, functools.partial(_absent, name)) for name in absent
                ]
                stack.enter_context(replaced(stands_in))
                return _run(tracer, step, args, kwargs)
        except AttributeError as error:
            # Python tells since 3.10 which attribute of which object it was.
            name = error.name if error.obj is owner else None
            is_compiled = getattr(owner, "compiled", False)
            if name is None or name in absent or is_compiled:
                if not absent:
                    raise
                raise _uncompiled(owner, absent, error) from error
            absent.append(name)
        except Exception as error:
            if _calls_no_loss(owner, error):
                lacking = UncompiledError("uses self.loss, which isn't set")
                raise _uncompiled(owner, absent, lacking) from error
            if not absent:
                raise
            raise _uncompiled(owner, absent, error) from error


def _calls_no_loss(owner: Any, error: Exception) -> bool:
    """Whether it calls the loss that Keras itself has as ``None`` before ``compile``."""
    if owner.compiled or owner.loss is not None or not isinstance(error, TypeError):
        return False
    line = traceback.extract_tb(error.__traceback__)[-1].line or ""
    return "NoneType" in message_of(error) and ".loss(" in line


def _run(tracer: Tracing, step: keras.Layer, args: Any, kwargs: Any) -> tuple[Block, Any]:
    with contextlib.ExitStack() as stack:
        runner = stack.enter_context(graph_runner(tracer, step))
        losses = Losses(runner.graph)
        stack.enter_context(losses.installed(step))
        stack.enter_context(Tapes(runner.graph, losses).installed())
        stack.enter_context(AddedLosses(runner.graph).installed())
        stack.enter_context(Randoms(runner.graph).installed())
        stack.enter_context(Undrawn(runner.graph, losses).installed())
        code = tracer.code_of(step)

        def run(*given: Any, **named: Any) -> Any:
            losses.begin()
            made = code(*given, **named)
            return losses.outputs(made)

        block, outputs = runner.block(run, args, kwargs)
    return replace(block, body=with_added_losses(block.body, tracer.operation_of)), outputs


def _absent(name: str, _missing: Any) -> Absent:
    return Absent(name)


def _uncompiled(owner: keras.Layer, absent: list[str], error: Exception) -> Fault:
    if isinstance(error, UncompiledError):
        why = f"{error}, since the model isn't compiled"
    else:
        names = ", ".join(f"self.{name}" for name in absent)
        why = f"lacks {names}, and raised {described(error)}"
    return Fault(
        "build",
        f"The 'train_step' of {owner.name!r} {why}.",
        "Compile the model in the function that makes it, with its losses: name that function as "
        "the model.",
        own_traceback(error),
    )
