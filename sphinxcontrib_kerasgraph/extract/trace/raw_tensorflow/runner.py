"""Blocks whose code uses raw TensorFlow: run in a ``FuncGraph``, and followed back through it.

Keras's symbolic tensors can't enter ``tf.concat`` and its like; the placeholders of a TensorFlow
graph can, and this is how Keras itself infers shapes. Layers that are called meanwhile are
recorded; `wiring.Wiring` finds out what leads from one to the other.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import message_of, note_place
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.recorded import Block, tensors_in
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.autograph import Autograph, author_line
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.functions import RecordedFunctions
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import UNKNOWN, GraphFrame
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.statements import RecordedStatements
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.protocol import Tracing

#: What TensorFlow says of a tensor by which Python is to decide.
_DECIDES = re.compile(
    "symbolic `tf.Tensor` as a Python `bool`|Iterating over a symbolic `tf.Tensor`"
    "|len is not well defined for a symbolic Tensor"
    "|'SymbolicTensor' object cannot be interpreted as an integer"
    f"|{UNKNOWN}"
)


def is_usable() -> bool:
    """Whether Keras runs on TensorFlow."""
    return str(keras.config.backend()) == "tensorflow"


def needs_conversion(error: Exception) -> bool:
    """Whether code has Python decide by a tensor: in ``if`` and ``while``, or how often to loop.

    Functions made by ``tf.function`` may be converted already, and call layers in what they became.
    """
    return _DECIDES.search(message_of(error)) is not None


def needs_graph(error: Exception) -> bool:
    """Whether code gave a symbolic tensor to TensorFlow: no other size would help."""
    return "KerasTensor" in message_of(error) and "TensorFlow" in message_of(error)


def open_in_graph(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
    """What the author's own ``call`` does. Raises what the code raises."""
    with graph_runner(tracer, layer) as runner:
        return runner.block(tracer.code_of(layer), args, kwargs)


def open_converted(tracer: Tracing, layer: Any, args: Any, kwargs: Any) -> tuple[Block, Any]:
    """As `open_in_graph`, of the code that autograph makes of it."""
    with graph_runner(tracer, layer) as runner:
        autograph = Autograph(runner.graph.tf)
        with (
            autograph.installed(RecordedStatements(runner.graph), lambda: tracer.conversion.is_on),
            tracer.conversion.by(autograph.call),
        ):
            try:
                return runner.block(tracer.code_of(layer), args, kwargs)
            except Exception as error:
                place = author_line(error)
                if place is not None:
                    note_place(error, *place)
                raise


@contextlib.contextmanager
def graph_runner(tracer: Tracing, layer: Any) -> Iterator[GraphRunner]:
    """What runs the layer's code in a graph of its own, and all blocks in it, meanwhile."""
    import tensorflow as tf  # noqa: PLC0415 - only where it is the backend

    graph = SymbolicGraph(tracer, tf)
    runner = GraphRunner(graph)
    eager = tf.config.functions_run_eagerly()
    with contextlib.ExitStack() as stack:
        # Functions made by tf.function run as Python, so that their layers are recorded.
        tf.config.run_functions_eagerly(True)
        stack.callback(tf.config.run_functions_eagerly, eager)
        stack.enter_context(keras.StatelessScope())
        stack.enter_context(graph.as_default())
        stack.enter_context(RecordedFunctions(graph, layer).installed())
        stack.enter_context(tracer.running(runner))
        yield runner


class GraphRunner:
    """Runs blocks in the graph, those inside other blocks, too."""

    def __init__(self, graph: SymbolicGraph) -> None:
        self.graph = graph

    def block(self, function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Block, Any]:
        """As `Tracing.block`."""
        graph, tracer = self.graph, self.graph.tracer
        given: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []

        def stood_in(value: Any) -> Any:
            if not isinstance(value, keras.KerasTensor):
                return value
            # Keras says of some other tensors, too, that they are sparse: of x * 2, say.
            entry = history.producer(value)
            is_sparse = entry is not None and getattr(entry.operation, "sparse", False)
            placeholder = graph.placeholder(tracer.stand_in(value), is_sparse=bool(is_sparse))
            mask = history.mask_of(value)
            if mask is not None:
                history.attach_mask(placeholder, graph.of_symbolic(mask))
            given.append(value)
            inner.append(graph.symbolic(placeholder))
            return placeholder

        frame = GraphFrame(graph, graph.size())
        args, kwargs = keras.tree.map_structure(stood_in, (tuple(args), kwargs or {}))
        with tracer.pushed(frame):
            made = function(*args, **kwargs)
        outputs = keras.tree.map_structure(graph.handed_on, made)
        calls = Wiring(frame, inner, tensors_in(outputs)).calls()
        with graph.tf.init_scope(), tracer.running(None), tracer.conversion.by(None):
            calls = [tracer.opened(call) for call in calls]
        body, captured = tracer.read_body(calls, inner, tensors_in(outputs))
        return Block(body, (*given, *captured)), tracer.unmade(outputs)
