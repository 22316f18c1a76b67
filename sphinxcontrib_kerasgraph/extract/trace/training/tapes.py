"""Gradients: of losses, by which weights change, and such as are data themselves."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.pseudo import Gradient
from sphinxcontrib_kerasgraph.extract.read.variables import is_weight
from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement, replaced
from sphinxcontrib_kerasgraph.extract.trace.training.callers import frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame
    from sphinxcontrib_kerasgraph.extract.trace.training.losses import Losses

Shape = tuple[int | None, ...]


class Tapes:
    """Has a ``tf.GradientTape`` tell which gradients are taken; none is computed.

    Each is a call, of what it is taken of and by. Those that only change weights are used by
    nothing that is drawn, and so aren't drawn themselves: the loss leaves the step in their place.
    """

    def __init__(self, graph: SymbolicGraph, losses: Losses) -> None:
        self._graph = graph
        self._losses = losses

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace the tape's methods for the time being."""
        tape = self._graph.tf.GradientTape
        hooks: list[Replacement] = [
            (tape, "gradient", functools.partial(self._method, "Gradient", _of_source)),
            (tape, "jacobian", functools.partial(self._method, "Jacobian", _of_both)),
            (tape, "batch_jacobian", functools.partial(self._method, "BatchJacobian", _of_batch)),
            (tape, "watch", self._watch),
            (self._graph.tf, "gradients", self._function),
        ]
        with replaced(hooks):
            yield

    def _method(self, name: str, shape: Callable[[Shape, Shape], Shape], original: Any) -> Any:
        @functools.wraps(original)
        def method(tape: Any, target: Any, sources: Any = None, *args: Any, **kwargs: Any) -> Any:
            frame = frame_of(self._graph)
            sources = kwargs.pop("source", sources)  # as `batch_jacobian` has it
            if frame is None:
                return original(tape, target, sources, *args, **kwargs)
            return self._gradient(frame, name, shape, target, sources)

        return method

    def _function(self, original: Any) -> Any:
        @functools.wraps(original)
        def gradients(ys: Any, xs: Any, *args: Any, **kwargs: Any) -> Any:
            frame = frame_of(self._graph)
            if frame is None:
                return original(ys, xs, *args, **kwargs)
            return keras.tree.flatten(self._gradient(frame, "Gradient", _of_source, ys, xs))

        return gradients

    def _watch(self, original: Any) -> Any:
        @functools.wraps(original)
        def watch(tape: Any, tensor: Any) -> None:
            if frame_of(self._graph) is None:
                original(tape, tensor)

        return watch

    def _gradient(
        self,
        frame: GraphFrame,
        name: str,
        shape: Callable[[Shape, Shape], Shape],
        target: Any,
        sources: Any,
    ) -> Any:
        graph, tracer = self._graph, self._graph.tracer
        targets = keras.tree.flatten(target)
        by = keras.tree.flatten(sources)
        if all(is_weight(one) or isinstance(one, graph.tf.Variable) for one in by):
            for one in targets:
                self._losses.note_target(one)
        of = tuple(graph.symbolic(targets[0]).shape)

        def made(source: Any) -> Any:
            like = graph.symbolic(source)
            return graph.placeholder(tracer.new(shape(of, tuple(like.shape)), like.dtype))

        gradients = keras.tree.map_structure(made, sources)
        outputs = frame.recorded(Gradient(name), (target, sources), {}, lambda: gradients)
        for one in keras.tree.flatten(outputs):
            self._losses.note_gradient(one, [value for value in targets if graph.has(value)])
        return outputs


def _of_source(_target: Shape, source: Shape) -> Shape:
    return source


def _of_both(target: Shape, source: Shape) -> Shape:
    return (*target, *source)


def _of_batch(target: Shape, source: Shape) -> Shape:
    return (*target, *source[1:])
