"""Blocks whose code uses raw TensorFlow: run in a ``FuncGraph``, and followed back through it.

Keras's symbolic tensors can't enter ``tf.concat`` and its like; the placeholders of a TensorFlow
graph can, and this is how Keras itself infers shapes. Layers that are called meanwhile are
recorded. Between them, operations of TensorFlow that join data, or fork it, become calls; the
rest is passed through. What only the shape of a tensor decides, such as ``tf.range`` of a length,
comes from that tensor if it comes from no other.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract import blocks, history
from sphinxcontrib_kerasgraph.extract.arguments import argument_names
from sphinxcontrib_kerasgraph.extract.errors import described
from sphinxcontrib_kerasgraph.extract.patches import replaced
from sphinxcontrib_kerasgraph.extract.pseudo import (
    AddLoss,
    PlainOperation,
    PseudoOperation,
    class_name,
)
from sphinxcontrib_kerasgraph.extract.recorded import (
    HANDED_ON,
    Block,
    RecordedCall,
    recorded,
    tensors_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.extract.tracer import Tracer

#: Operations whose outputs tell nothing of a tensor but its shape.
_SHAPES = {"Shape", "ShapeN", "Rank", "Size", "ZerosLike", "OnesLike"}

#: Public names of TensorFlow's operations that join or fork data, where they differ from the type.
_NAMES = {
    "AddN": "add_n",
    "AddV2": "add",
    "BatchMatMulV2": "matmul",
    "BatchMatMulV3": "matmul",
    "ConcatV2": "concat",
    "GatherNd": "gather_nd",
    "GatherV2": "gather",
    "MatMul": "matmul",
    "Mul": "multiply",
    "Pack": "stack",
    "RealDiv": "divide",
    "SelectV2": "where",
    "Split": "split",
    "SplitV": "split",
    "Sub": "subtract",
    "TopKV2": "top_k",
    "Unpack": "unstack",
}

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
    *blocks.CONTROL_FUNCTIONS,
}

_VERSION = re.compile(r"V\d+$")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Where the axis stands among the inputs of an operation, if not among its attributes.
_AXIS_INPUT = {"ConcatV2": -1, "Split": 0, "SplitV": 2, "GatherV2": 2}


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
        outputs = self.run.tracer.suspended(run)
        is_plain = isinstance(operation, PlainOperation)
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
        self._tf = tf
        self.graph = tf.__internal__.FuncGraph("kerasgraph")
        self._symbolic: dict[Any, keras.KerasTensor] = {}
        self._raw: dict[int, Any] = {}

    def size(self) -> int:
        """The number of operations so far."""
        return len(self.graph.get_operations())

    def is_elsewhere(self) -> bool:
        """Whether code runs in another graph: that of a function inside this one."""
        return self._tf.compat.v1.get_default_graph() is not self.graph

    def symbolic(self, value: Any) -> Any:
        """The symbolic tensor that stands for a tensor of the graph; other values as they are."""
        if isinstance(value, keras.KerasTensor):
            return value
        if not self._tf.is_tensor(value):
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
            if self._tf.is_tensor(value) and not _in(self.graph, value)
            else (self.symbolic(value))
        )

    def block(self, function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Block, Any]:
        """As `Tracer.block`."""
        given: list[keras.KerasTensor] = []
        inner: list[keras.KerasTensor] = []

        def replaced(value: Any) -> Any:
            if not isinstance(value, keras.KerasTensor):
                return value
            stand_in = self.tracer.stand_in(value)
            placeholder = self._tf.compat.v1.placeholder(shape=stand_in.shape, dtype=stand_in.dtype)
            given.append(value)
            inner.append(self.symbolic(placeholder))
            return placeholder

        frame = GraphFrame(self, self.size())
        args, kwargs = keras.tree.map_structure(replaced, (tuple(args), kwargs or {}))
        with self.tracer.pushed(frame):
            made = function(*args, **kwargs)
        outputs = keras.tree.map_structure(self.symbolic, made)
        calls = _Wiring(self, frame, inner, tensors_in(outputs)).calls()
        with self._tf.init_scope(), self.tracer.in_graph(None):
            calls = [self.tracer.opened(call) for call in calls]
        body, captured = self.tracer.read_body(calls, inner, tensors_in(outputs))
        return Block(body, (*given, *captured)), self.tracer.unmade(outputs)

    def raw(self, tensor: keras.KerasTensor) -> Any:
        """The tensor of the graph that a symbolic one stands for, or ``None``."""
        return self._raw.get(id(tensor))

    @contextlib.contextmanager
    def functions(self) -> Iterator[None]:
        """Record calls of control flow meanwhile, with what is inside; and those of `keras.ops`."""
        wrapped = [
            (module, name, functools.partial(self._control, shown, opener))
            for module, shown in ((self._tf, "tf"), (keras.ops, "keras.ops"))
            for name, opener in blocks.CONTROL_FUNCTIONS.items()
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
        bound = blocks.bound(original, args, kwargs)
        block, opaque = None, None
        try:
            block, _ = opener(self.tracer, keras.tree.map_structure(self.symbolic, bound))
        except Exception as error:
            opaque = described(error)
        operation = PseudoOperation(shown, name if shown == "tf" else class_name(name), "control")
        tensors = {name: value for name, value in bound.items() if not callable(value)}
        run = functools.partial(original, *args, **kwargs)
        return frame.recorded(operation, (), tensors, run, block=block, opaque=opaque)

    def _plain(self, shown: str, frame: GraphFrame, name: str, original: Any, *given: Any) -> Any:
        args, kwargs = given
        leaves = keras.tree.flatten((args, kwargs))
        if not any(self._tf.is_tensor(leaf) and _in(self.graph, leaf) for leaf in leaves):
            return original(*args, **kwargs)
        kind = "merge" if sum(map(self._tf.is_tensor, leaves)) > 1 else "operation"
        operation = PlainOperation(shown, class_name(name), kind)
        bound = blocks.bound(original, args, kwargs)
        return frame.recorded(operation, (), bound, functools.partial(original, *args, **kwargs))


class _Wiring:
    """Follows tensors back from the calls of one frame to those that made them."""

    def __init__(
        self,
        run: GraphRun,
        frame: GraphFrame,
        inputs: Sequence[keras.KerasTensor],
        outputs: Sequence[keras.KerasTensor],
    ) -> None:
        self._run = run
        self._frame = frame
        self._operations = run.graph.get_operations()
        self._places = {op.name: place for place, op in enumerate(self._operations)}
        self._outputs = outputs
        made = [tensor for call, _, _ in frame.calls for tensor in call.outputs]
        self._known = {id(tensor) for tensor in (*inputs, *made)}
        self._beside: dict[int, list[keras.KerasTensor]] = {}
        self._masking: set[int] = set()
        #: By tensor, the one that its data comes from; and the one that its shape comes from,
        #: where no data does. What is in neither is a constant.
        self._data: dict[int, keras.KerasTensor] = {id(tensor): tensor for tensor in inputs}
        self._shape: dict[int, keras.KerasTensor] = {}

    def calls(self) -> list[RecordedCall]:
        """The recorded calls, and those of raw operations that join or fork data, in order."""
        needed = [
            tensor
            for call, _, _ in self._frame.calls
            for tensor in (*call.inputs, *(call.block.sources if call.block else ()))
        ]
        reached = self._reached([*needed, *self._outputs])
        steps: list[tuple[int, int, Any]] = [
            (start, 0, self._with_side_outputs(number, call))
            for number, (call, start, _) in enumerate(self._frame.calls)
        ]
        steps += [(place, 1, outputs) for place, outputs in reached.items()]
        calls = []
        for place, is_raw, step in sorted(steps, key=lambda step: step[:2]):
            call = self._raw_call(place, step) if is_raw else self._recorded_call(step)
            if call is not None:
                calls.append(call)
        passed = [tensor for outputs in reached.values() for tensor in outputs]
        passed += [tensor for call, _, _ in self._frame.calls for tensor in call.outputs]
        for tensor in passed:
            source = self._data.get(id(tensor), self._shape.get(id(tensor)))
            if source is None:
                self._run.tracer.constants[id(tensor)] = _Unknown(tensor)
            elif source is not tensor:
                self._run.tracer.came_from(tensor, source)
        return calls

    def _is_entry(self, tensor: keras.KerasTensor) -> bool:
        """Whether the walk ends at the tensor: a call made it, or code outside the frame."""
        raw = self._run.raw(tensor)
        if raw is None or id(tensor) in self._known:
            return True
        place = self._places[raw.op.name]
        if place < self._frame.start:
            self._data[id(tensor)] = tensor
            return True
        for number, (_, start, end) in enumerate(self._frame.calls):
            if start <= place < end:
                if id(tensor) in self._frame.masks:
                    self._masking.add(number)
                if number in self._masking:  # what Keras did there beside the call
                    return False
                # It left the call beside its outputs.
                self._beside.setdefault(number, []).append(tensor)
                self._known.add(id(tensor))
                return True
        return False

    def _reached(self, needed: Sequence[keras.KerasTensor]) -> dict[int, list[keras.KerasTensor]]:
        """What the tensors depend on, by the place of the operation that makes it."""
        reached: dict[int, list[keras.KerasTensor]] = {}
        stack = list(needed)
        seen: set[int] = set()
        while stack:
            tensor = stack.pop()
            if id(tensor) in seen:
                continue
            seen.add(id(tensor))
            if self._is_entry(tensor):
                continue
            op = self._run.raw(tensor).op
            reached.setdefault(self._places[op.name], []).append(tensor)
            stack.extend(self._inputs(op))
        return reached

    def _inputs(self, op: Any) -> list[keras.KerasTensor]:
        """The operation's inputs, but for handles of variables and the like."""
        return [
            self._run.symbolic(tensor)
            for tensor in op.inputs
            if tensor.dtype.name not in {"resource", "variant"}
        ]

    def _raw_call(self, place: int, outputs: list[keras.KerasTensor]) -> RecordedCall | None:
        """A call of an operation that joins or forks data; any other is passed through."""
        op = self._operations[place]
        inputs = self._inputs(op)
        if op.type == "IdentityN":  # how tf.custom_gradient ends
            for tensor in outputs:
                source = inputs[self._run.raw(tensor).value_index]
                for ways in (self._data, self._shape):
                    if id(source) in ways:
                        ways[id(tensor)] = ways[id(source)]
            return None
        given = [tensor for tensor in inputs if id(tensor) in self._data]
        if op.type in _SHAPES or not given:
            self._pass_shape(inputs, outputs)
            return None
        if len(given) == 1 and len(outputs) == 1:
            self._data[id(outputs[0])] = self._data[id(given[0])]
            return None
        made = list(map(self._run.symbolic, op.outputs))
        self._data |= {id(tensor): tensor for tensor in made}
        operation = _raw_operation(op, self._run)
        return recorded(operation, given, {}, made, names=(None,) * len(given))

    def _recorded_call(self, call: RecordedCall) -> RecordedCall | None:
        """The call; ``None`` for an operation of `keras.ops` on what is no data."""
        if isinstance(call.operation, PlainOperation):
            given = [
                (tensor, name)
                for tensor, name in zip(call.inputs, argument_names(call), strict=True)
                if id(tensor) in self._data
            ]
            if not given:
                self._pass_shape(call.inputs, call.outputs)
                return None
            tensors, names = zip(*given, strict=True)
            call = replace(call, inputs=tensors, names=names if len(names) > 1 else (None,))
        self._data |= {id(tensor): tensor for tensor in call.outputs}
        return call

    def _pass_shape(
        self, inputs: Sequence[keras.KerasTensor], outputs: Sequence[keras.KerasTensor]
    ) -> None:
        """Note that the outputs tell nothing but what the shape of an input, if any, decides."""
        sources = [self._data[id(tensor)] for tensor in inputs if id(tensor) in self._data]
        sources += [self._shape[id(tensor)] for tensor in inputs if id(tensor) in self._shape]
        if sources:
            self._shape |= {id(tensor): sources[0] for tensor in outputs}

    def _with_side_outputs(self, number: int, call: RecordedCall) -> RecordedCall:
        beside = self._beside.get(number)
        if not beside:
            return call
        return replace(
            call,
            outputs=(*call.outputs, *beside),
            opaque=HANDED_ON,
        )


@dataclass(frozen=True)
class _Unknown:
    """A constant of the graph, of which shape and dtype are known."""

    tensor: keras.KerasTensor

    @property
    def shape(self) -> Any:
        return self.tensor.shape

    @property
    def dtype(self) -> str:
        return str(self.tensor.dtype)


def _in(graph: Any, tensor: Any) -> bool:
    """Whether a tensor is one of the graph, not an array."""
    return hasattr(tensor, "op") and getattr(tensor, "graph", None) is graph


def _raw_operation(op: Any, run: GraphRun) -> PseudoOperation:
    texts = {}
    with contextlib.suppress(ValueError):
        texts["axis"] = str(op.get_attr("axis"))
    if op.type in _AXIS_INPUT:
        axis = run._tf.get_static_value(op.inputs[_AXIS_INPUT[op.type]])
        if axis is not None:
            texts["axis"] = str(int(axis))
    if op.type == "Einsum":
        texts["equation"] = op.get_attr("equation").decode()
    kind = "reshape" if len(op.outputs) > 1 else "merge"
    return PseudoOperation(*_public_name(op.type, run._tf), kind, **texts)


def _public_name(op_type: str, tf: Any) -> tuple[str, str]:
    """Module and name of the function that makes operations of the type."""
    name = _NAMES.get(op_type) or _WORD.sub("_", _VERSION.sub("", op_type)).lower()
    for module in ("tf", "tf.math", "tf.linalg", "tf.nn", "tf.image", "tf.signal"):
        if hasattr(functools.reduce(getattr, module.split(".")[1:], tf), name):
            return module, name
    return "tf.raw_ops", op_type


def _masks(layer: keras.Layer, args: Any, kwargs: Any) -> dict[str, Any]:
    """The masks that Keras will give to the layer, since they are attached to what it takes."""
    try:
        given = blocks.bound(layer.call, args, kwargs)
    except TypeError:
        return {}
    parameters = inspect.signature(layer.call).parameters
    tensors = {name: value for name, value in given.items() if history.mask_of(value) is not None}
    names = {name: "mask" if len(given) == 1 else f"{name}_mask" for name in tensors}
    return {
        mask: history.mask_of(tensors[name])
        for name, mask in names.items()
        if mask in parameters and mask not in given
    }
