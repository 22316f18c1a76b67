"""The functions of TensorFlow and Keras that are calls, where code runs in a TensorFlow graph.

Control flow, with what is inside it; and the functions of `keras.ops`, which run at once there and
leave no record of Keras's.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import (
    PlainOperation,
    PseudoOperation,
    class_name,
)
from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS
from sphinxcontrib_kerasgraph.extract.trace.patches import replaced
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph

#: The functions of Keras that are recorded as the operations they are, and how their home is shown.
_FUNCTIONS = (
    (keras.ops, "keras.ops"),
    (keras.ops.image, "keras.ops"),
    (keras.activations, "keras.activations"),
)

#: Those that make no data, or whose result is what they are given; and those of `control`.
_NOT_DRAWN = {
    "convert_to_numpy",
    "convert_to_tensor",
    "custom_gradient",
    "dtype",
    "is_tensor",
    "ndim",
    "shape",
    "size",
    "vectorize",
    *CONTROL_FUNCTIONS,
}


class RecordedFunctions:
    """Records calls of functions while code runs in the graph."""

    def __init__(self, graph: SymbolicGraph) -> None:
        self._graph = graph

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Replace the functions for the time being."""
        wrapped = [
            (module, name, functools.partial(self._control, shown, opener))
            for module, shown in ((self._graph.tf, "tf"), (keras.ops, "keras.ops"))
            for name, opener in CONTROL_FUNCTIONS.items()
            if hasattr(module, name)
        ]
        wrapped += [
            (module, name, functools.partial(self._plain, shown))
            for module, shown in _FUNCTIONS
            for name, function in vars(module).items()
            if inspect.isfunction(function) and name not in _NOT_DRAWN
        ]
        with contextlib.ExitStack() as stack:
            for module, name, hook in wrapped:
                stack.enter_context(replaced(module, name, self._wrapper(hook, name)))
            yield

    def _wrapper(self, hook: Any, name: str) -> Callable[[Any], Any]:
        def wrap(original: Any) -> Any:
            @functools.wraps(original)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                frame = self._graph.tracer.frame
                if isinstance(frame, GraphFrame):
                    return hook(frame, name, original, args, kwargs)
                return original(*args, **kwargs)

            return wrapper

        return wrap

    def _control(
        self, shown: str, opener: Any, frame: GraphFrame, name: str, original: Any, *given: Any
    ) -> Any:
        args, kwargs = given
        graph = self._graph
        given_by_name = bound(original, args, kwargs)
        block, opaque = None, None
        try:
            block, _ = opener(graph.tracer, keras.tree.map_structure(graph.symbolic, given_by_name))
        except Exception as error:
            opaque = why_opaque(error)
        shown_name = name if shown == "tf" else class_name(name)
        operation = PseudoOperation(shown, shown_name, CallKind.CONTROL)
        tensors = {name: value for name, value in given_by_name.items() if not callable(value)}
        run = functools.partial(original, *args, **kwargs)
        return frame.recorded(operation, (), tensors, run, block=block, opaque=opaque)

    def _plain(self, shown: str, frame: GraphFrame, name: str, original: Any, *given: Any) -> Any:
        args, kwargs = given
        leaves = keras.tree.flatten((args, kwargs))
        is_tensor = self._graph.tf.is_tensor
        if not any(is_tensor(leaf) and self._graph.has(leaf) for leaf in leaves):
            return original(*args, **kwargs)
        kind = CallKind.MERGE if sum(map(is_tensor, leaves)) > 1 else CallKind.OPERATION
        operation = PlainOperation(shown, class_name(name), kind)
        given_by_name = bound(original, args, kwargs)
        return frame.recorded(
            operation, (), given_by_name, functools.partial(original, *args, **kwargs)
        )
