"""Blocks whose code uses raw TensorFlow: run in a ``FuncGraph``, and followed back through it.

Keras's symbolic tensors can't enter ``tf.concat`` and its like; the placeholders of a TensorFlow
graph can, and this is how Keras itself infers shapes. Layers that are called meanwhile are
recorded; `wiring.Wiring` finds out what leads from one to the other.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import why_opaque
from sphinxcontrib_kerasgraph.extract.read import history
from sphinxcontrib_kerasgraph.extract.read.arguments import bound
from sphinxcontrib_kerasgraph.extract.read.pseudo import (
    AddLoss,
    PlainOperation,
    PseudoOperation,
    class_name,
)
from sphinxcontrib_kerasgraph.extract.read.recorded import (
    Block,
    RecordedCall,
    recorded,
    tensors_in,
)
from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS
from sphinxcontrib_kerasgraph.extract.trace.patches import replaced
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.wiring import Wiring
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinxcontrib_kerasgraph.extract.trace.tracer import Tracer

#: The functions of Keras that are recorded as the operations they are, and how their home is shown.
_FUNCTIONS = (
    (keras.ops, "keras.ops"),
    (keras.ops.image, "keras.ops"),
    (keras.activations, "keras.activations"),
)

#: Those that make no data, or whose result is what they are given; and those of `blocks`.
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


def is_usable() -> bool:
    """Whether Keras runs on TensorFlow."""
    return str(keras.config.backend()) == "tensorflow"


def graph_block(
    tracer: Tracer, function: Callable[..., Any], args: Any, kwargs: Any
) -> tuple[Block, Any]:
    """As `Tracer.block`, for code that uses raw TensorFlow. Raises what the code raises."""
    import tensorflow as tf  # noqa: PLC0415 - only where it is the backend

    run = GraphRun(tracer, tf)
    eager = tf.config.functions_run_eagerly()
    with contextlib.ExitStack() as stack:
        # Functions made by tf.function run as Python, so that their layers are recorded.
        tf.config.run_functions_eagerly(True)
        stack.callback(tf.config.run_functions_eagerly, eager)
        stack.enter_context(keras.StatelessScope())
        stack.enter_context(run.graph.as_default())
        stack.enter_context(run.functions())
        stack.enter_context(tracer.in_graph(run))
        return run.block(function, args, kwargs)


class UnknownControlFlowError(ValueError):
    """A layer is called by control flow of TensorFlow's that isn't known here."""

    def __init__(self, layer: keras.Layer) -> None:
        super().__init__(
            f"the layer {layer.name!r} is called in control flow that isn't followed; "
            "tf.cond, tf.switch_case, tf.while_loop, tf.map_fn and those of keras.ops are"
        )


@dataclass
class GraphFrame:
    """The calls of layers that a function makes in the graph, and between which operations."""

    run: GraphRun
    #: Number of operations in the graph when the function was called.
    start: int
    calls: list[tuple[RecordedCall, int, int]] = field(default_factory=list)
    #: Masks that Keras computed after the calls.
    masks: set[int] = field(default_factory=set)

    def layer_call(self, original: Any, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Run the layer and record the call. Raises `UnknownControlFlowError`."""
        if self.run.is_elsewhere():
            raise UnknownControlFlowError(layer)
        given = kwargs | _masks(layer, args, kwargs)
        return self.recorded(layer, args, given, lambda: original(layer, *args, **kwargs))

    def add_loss(self, loss: Any) -> None:
        """Record a loss."""
        self.recorded(AddLoss(), (loss,), {}, lambda: None)

    def recorded(
        self, operation: Any, args: Any, kwargs: Any, run: Callable[[], Any], **facts: Any
    ) -> Any:
        """Record what ``run`` does as one call."""
        start = self.run.size()
        is_plain = isinstance(operation, PlainOperation)
        outputs = self.run.tracer.suspended(run)
        if not is_plain:
            outputs = self.run.told_apart(outputs, (args, kwargs))
        given = self.run.of_graph if is_plain else self.run.symbolic
        args, kwargs = keras.tree.map_structure(given, (tuple(args), kwargs))
        made = keras.tree.map_structure(self.run.symbolic, outputs)
        self.masks |= {
            id(self.run.symbolic(mask))
            for output in keras.tree.flatten(outputs)
            if (mask := history.mask_of(output)) is not None
        }
        call = recorded(operation, args, kwargs, made, ordinal=len(self.calls), **facts)
        self.calls.append((call, start, self.run.size()))
        return outputs


class GraphRun:
    """One ``FuncGraph``, and the symbolic tensors that stand for its tensors."""

    def __init__(self, tracer: Tracer, tf: Any) -> None:
        self.tracer = tracer
        self.tf = tf
        self.graph = tf.__internal__.FuncGraph("kerasgraph")
        self._symbolic: dict[Any, keras.KerasTensor] = {}
        self._raw: dict[int, Any] = {}

    def size(self) -> int:
        """The number of operations so far."""
        return len(self.graph.get_operations())

    def is_elsewhere(self) -> bool:
        """Whether code runs in another graph: that of a function inside this one."""
        return self.tf.compat.v1.get_default_graph() is not self.graph

    def symbolic(self, value: Any) -> Any:
        """The symbolic tensor that stands for a tensor of the graph; other values as they are."""
        if isinstance(value, keras.KerasTensor):
            return value
        if not self.tf.is_tensor(value):
            return value
        if not _in(self.graph, value):
            return self.tracer.as_symbolic(value)
        key = value.ref()
        if key not in self._symbolic:
            shape = tuple(value.shape) if value.shape.rank is not None else (None,)
            made = self._symbolic[key] = self.tracer.new(shape, value.dtype.name)
            self._raw[id(made)] = value
        return self._symbolic[key]

    def of_graph(self, value: Any) -> Any:
        """As `symbolic`; but arrays stay what they are: constants of an operation."""
        return (
            value
            if self.tf.is_tensor(value) and not _in(self.graph, value)
            else (self.symbolic(value))
        )

    def block(self, function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Block, Any]:
        """As `Tracer.block`."""
        given: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []

        def stood_in(value: Any) -> Any:
            if not isinstance(value, keras.KerasTensor):
                return value
            stand_in = self.tracer.stand_in(value)
            placeholder = self.tf.compat.v1.placeholder(shape=stand_in.shape, dtype=stand_in.dtype)
            given.append(value)
            inner.append(self.symbolic(placeholder))
            return placeholder

        frame = GraphFrame(self, self.size())
        args, kwargs = keras.tree.map_structure(stood_in, (tuple(args), kwargs or {}))
        with self.tracer.pushed(frame):
            made = function(*args, **kwargs)
        outputs = keras.tree.map_structure(self.symbolic, made)
        calls = Wiring(self, frame, inner, tensors_in(outputs)).calls()
        with self.tf.init_scope(), self.tracer.in_graph(None):
            calls = [self.tracer.opened(call) for call in calls]
        body, captured = self.tracer.read_body(calls, inner, tensors_in(outputs))
        return Block(body, (*given, *captured)), self.tracer.unmade(outputs)

    def told_apart(self, outputs: Any, given: Any) -> Any:
        """The outputs, with another tensor for each that was given.

        Dropout and its like hand back what they take; it would be taken for what they make.
        """
        ids = {id(leaf) for leaf in keras.tree.flatten(given)}

        def other(value: Any) -> Any:
            if id(value) not in ids or not _in(self.graph, value):
                return value
            made = self.tf.identity(value)
            mask = history.mask_of(value)
            if mask is not None:
                history.attach_mask(made, mask)
            return made

        return keras.tree.map_structure(other, outputs)

    def raw(self, tensor: keras.KerasTensor) -> Any:
        """The tensor of the graph that a symbolic one stands for, or ``None``."""
        return self._raw.get(id(tensor))

    @contextlib.contextmanager
    def functions(self) -> Iterator[None]:
        """Record calls of control flow meanwhile, with what is inside; and those of `keras.ops`."""
        wrapped = [
            (module, name, functools.partial(self._control, shown, opener))
            for module, shown in ((self.tf, "tf"), (keras.ops, "keras.ops"))
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
                frame = self.tracer.frame
                if isinstance(frame, GraphFrame):
                    return hook(frame, name, original, args, kwargs)
                return original(*args, **kwargs)

            return wrapper

        return wrap

    def _control(
        self, shown: str, opener: Any, frame: GraphFrame, name: str, original: Any, *given: Any
    ) -> Any:
        args, kwargs = given
        given_by_name = bound(original, args, kwargs)
        block, opaque = None, None
        try:
            block, _ = opener(self.tracer, keras.tree.map_structure(self.symbolic, given_by_name))
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
        if not any(self.tf.is_tensor(leaf) and _in(self.graph, leaf) for leaf in leaves):
            return original(*args, **kwargs)
        joins = sum(map(self.tf.is_tensor, leaves)) > 1
        kind = CallKind.MERGE if joins else CallKind.OPERATION
        operation = PlainOperation(shown, class_name(name), kind)
        given_by_name = bound(original, args, kwargs)
        return frame.recorded(
            operation, (), given_by_name, functools.partial(original, *args, **kwargs)
        )


def _in(graph: Any, tensor: Any) -> bool:
    """Whether a tensor is one of the graph, not an array."""
    return hasattr(tensor, "op") and getattr(tensor, "graph", None) is graph


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def _masks(layer: keras.Layer, args: Any, kwargs: Any) -> dict[str, Any]:
    """The masks that Keras will give to the layer, since they are attached to what it takes."""
    try:
        given = bound(layer.call, args, kwargs)
    except TypeError:
        return {}
    parameters = inspect.signature(layer.call).parameters
    tensors = {name: value for name, value in given.items() if history.mask_of(value) is not None}
    several = sum(any(map(_is_tensor, keras.tree.flatten(value))) for value in given.values()) > 1
    names = {name: f"{name}_mask" if several else "mask" for name in tensors}
    return {
        mask: history.mask_of(tensors[name])
        for name, mask in names.items()
        if mask in parameters and mask not in given
    }
