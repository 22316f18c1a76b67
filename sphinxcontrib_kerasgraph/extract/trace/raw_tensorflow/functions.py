"""The functions of TensorFlow and Keras that are calls, where code runs in a TensorFlow graph.

Control flow, with what is inside it; the functions of `keras.ops`, which run at once there and
leave no record of Keras's; and operators, which are such functions on symbolic tensors.
"""

from __future__ import annotations

import contextlib
import functools
from inspect import currentframe, isroutine
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation, class_name
from sphinxcontrib_kerasgraph.extract.read.variables import with_weights
from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS
from sphinxcontrib_kerasgraph.extract.trace.keras_functions import (
    keras_functions,
    modules_of,
    names_in,
)
from sphinxcontrib_kerasgraph.extract.trace.operators import operators_of
from sphinxcontrib_kerasgraph.extract.trace.patches import replaced
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.autograph import is_of_statements
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.stacked import stacked_arrays
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.twins import Twin
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph


class RecordedFunctions:
    """Records calls of functions while code runs in the graph."""

    def __init__(self, graph: SymbolicGraph, layer: keras.Layer) -> None:
        """``layer`` is the one whose code will run."""
        self._graph = graph
        self._layer = layer

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace the functions for the time being."""
        homes = [(module, "keras.ops") for module in modules_of("keras.ops")]
        wrapped: list[tuple[Any, str, Callable[[Any], Any]]] = [
            (module, name, self._wrapper(functools.partial(self._control, shown, opener, name)))
            for module, shown in ((self._graph.tf, "tf"), *homes)
            for name, opener in CONTROL_FUNCTIONS.items()
            if hasattr(module, name)
        ]
        wrapped += [
            (one.module, one.name, self._wrapper(functools.partial(_function, one.shown, one.name)))
            for one in keras_functions()
        ]
        wrapped += [
            (owner, name, self._wrapper(functools.partial(_function, one.shown, one.name)))
            for owner, name, one in names_in(history.layers_in(self._layer))
        ]
        wrapped += [
            (self._graph.tf.Tensor, method, functools.partial(self._operator, method, qualname))
            for method, qualname in operators_of(self._graph.tf.Tensor)
        ]
        with replaced(wrapped):
            yield

    def _wrapper(self, hook: Any) -> Callable[[Any], Any]:
        def wrap(original: Any) -> Any:
            @functools.wraps(original)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                frame = self._graph.tracer.frame
                if isinstance(frame, GraphFrame):
                    return hook(frame, original, args, kwargs)
                return original(*args, **kwargs)

            return wrapper

        return wrap

    def _control(
        self, shown: str, opener: Any, name: str, frame: GraphFrame, original: Any, *given: Any
    ) -> Any:
        args, kwargs = given
        graph = self._graph
        given_by_name = bound(original, args, kwargs)
        block, opaque = None, None
        try:
            stacked = stacked_arrays(graph.tf, given_by_name)
            stacked = with_weights(stacked, frame.weight)
            block, _ = opener(graph.tracer, keras.tree.map_structure(graph.symbolic, stacked))
        except Exception as error:
            opaque = why_opaque(error)
        shown_name = name if shown == "tf" else class_name(name)
        operation = PseudoOperation(shown, shown_name, CallKind.CONTROL)
        tensors = {name: value for name, value in given_by_name.items() if not isroutine(value)}
        run = functools.partial(original, *args, **kwargs)
        return frame.recorded(operation, (), tensors, run, block=block, opaque=opaque)

    def _operator(self, method: str, qualname: str, original: Any) -> Any:
        twin = Twin(original, getattr(keras.KerasTensor, method), "keras.ops", qualname)
        tracer = self._graph.tracer

        @functools.wraps(original)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            frame = tracer.frame
            # What TensorFlow does by operators is an operation of its own.
            if isinstance(frame, GraphFrame) and not _is_called_by_tensorflow(currentframe()):
                return twin.called(frame, args, kwargs)
            return original(*args, **kwargs)

        return wrapper


def _is_called_by_tensorflow(wrapper: FrameType | None) -> bool:
    """Whether the code that called the wrapper, which runs in this frame of Python, is its own."""
    caller = wrapper.f_back if wrapper is not None else None
    name = caller.f_globals.get("__name__", "") if caller is not None else ""
    return str(name).startswith("tensorflow.") and not is_of_statements(str(name))


def _function(shown: str, name: str, frame: GraphFrame, original: Any, *given: Any) -> Any:
    args, kwargs = given
    return Twin(original, original, shown, class_name(name)).called(frame, args, kwargs)
