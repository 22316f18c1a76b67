"""How many floating-point operations Keras's layers take in inference, from their shapes.

A multiplication and an addition are an operation each, as TensorFlow's profiler counts them: a
Dense layer takes two for each of its weights, and one more for each bias and each activation. That
is for one example, or for the batch where its size is fixed. What a layer of another library takes
isn't known, and stays so: `Amount.complete` tells whether a number is all there is.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import SOURCES, Amount, CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph, Tensor

UNKNOWN = Amount(0, complete=False)

#: What moves data, or does nothing in inference.
_FREE = {*SOURCES, CallKind.EMBEDDING}
_FREE_CLASSES = {
    *("Concatenate", "Reshape", "Flatten", "Permute", "RepeatVector", "Identity", "Masking"),
    *("Cropping1D", "Cropping2D", "Cropping3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
    *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout"),
    *("GaussianDropout", "GaussianNoise", "ActivityRegularization"),
    *("UpSampling1D", "UpSampling3D"),
    # Operations.
    *("GetItem", "Transpose", "Squeeze", "ExpandDims", "Ravel", "Swapaxes", "Moveaxis", "Repeat"),
    *("Tile", "Pad", "Flip", "Roll", "Split", "Take", "BroadcastTo", "Unstack", "Slice", "Cast"),
    *("Stack", "Shape", "Select"),
}
#: One operation for each element that comes out, and for each further tensor.
_ELEMENTWISE = {
    *("Add", "Subtract", "Multiply", "Maximum", "Minimum", "Average"),
    *("Divide", "TrueDivide", "Power", "Negative", "Absolute", "Square", "Sqrt", "Rsqrt", "Exp"),
    *("Log", "Sin", "Cos", "Tanh", "Sigmoid", "Rescaling"),
    *("Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual", "Where"),
}
#: One operation for each element that goes in.
_REDUCTIONS = {"Sum", "Mean", "Max", "Min"}
#: How many matrices of the size of its state a recurrent layer has.
_GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
_GATES |= {f"{name}Cell": gates for name, gates in _GATES.items()}
#: Of these the inside is that of one step.
_STEPS = {"RNN", "TimeDistributed"}
#: For each element: what it takes to bring it to its place in the distribution.
_NORMALIZATIONS = {
    "BatchNormalization": 2,
    "GroupNormalization": 7,
    "Normalization": 2,
    "RMSNormalization": 5,
    "LayerNormalization": 7,
}


class _UnknownError(Exception):
    """A size isn't known."""


def with_flops(graph: ModelGraph) -> ModelGraph:
    """The graph with the mark on every call; that of a block is of all that is inside."""
    return replace(graph, graph=_marked(graph.graph))


def model_flops(graph: ModelGraph) -> Amount:
    """Those of the whole model: a layer that is called twice takes them twice."""
    return Amount.sum(call.marks.flops or UNKNOWN for call in _marked(graph.graph).calls)


def _marked(graph: CallGraph) -> CallGraph:
    calls = []
    for call in graph.calls:
        inside = call.with_bodies(map(_marked, call.bodies))
        names = {edge.target.index: edge.argument for edge in graph.edges_into.get(call.id, ())}
        amount = flops(inside, names)
        calls.append(replace(inside, marks=replace(call.marks, flops=amount)))
    return replace(graph, calls=tuple(calls))


def flops(call: Call, arguments: Mapping[int, str | None] | None = None) -> Amount:
    """The operations of a call, whose inside, if it has one, is marked.

    ``arguments`` tells as which argument each input is given, where several are.
    """
    try:
        if call.body is not None:
            return _of_block(call, call.body)
        if _is_known(call) and call.class_name == "MultiHeadAttention":
            return Amount(_attention(call, arguments or {}))
        rule = _rule(call)
        return UNKNOWN if rule is None else Amount(rule(call))
    except (_UnknownError, LookupError):  # of a config that isn't Keras's
        return UNKNOWN


def _of_block(call: Call, body: CallGraph) -> Amount:
    inside = Amount.sum(one.marks.flops or UNKNOWN for one in body.calls)
    if call.class_name in _STEPS:
        steps = call.inputs[0].shape[1]
        if steps is None:
            return replace(inside, complete=False)
        return replace(inside, known=inside.known * steps)
    if call.kind is CallKind.CONTROL:  # one of several branches, or nobody knows how often
        return UNKNOWN
    return inside


def _rule(call: Call) -> Callable[[Call], int] | None:
    """How the operations of a leaf are counted; ``None`` if that isn't known."""
    name = call.class_name
    if call.kind in _FREE or (name in _FREE_CLASSES and _is_known(call)):
        return _none
    if call.opaque or not _is_known(call):
        return None
    by_name = {
        "Dense": _dense,
        "SeparableConv1D": _separable,
        "SeparableConv2D": _separable,
        "Matmul": _matmul,
        **dict.fromkeys(_ELEMENTWISE, _elementwise),
        **dict.fromkeys(_REDUCTIONS, _elements_in),
        **dict.fromkeys(_GATES, _recurrent),
        **dict.fromkeys(_NORMALIZATIONS, _normalized),
    }
    if name in by_name:
        return by_name[name]
    if name == "UpSampling2D" and call.config.get("interpolation") == "nearest":
        return _none
    if call.kind is CallKind.ACTIVATION:
        return _elements_out
    if call.kind is CallKind.POOLING:
        return _elements_in if name.startswith("Global") else _pooled
    if call.kind is CallKind.CONVOLUTION and call.config.get("kernel_size"):
        return _convolved
    return None


def _is_known(call: Call) -> bool:
    """Whether the class is Keras's: another one of the same name may do anything."""
    return call.module.partition(".")[0] in {"", "keras", "tf_keras"}


def _size(tensor: Tensor) -> int:
    """The number of elements, of one example if the batch isn't known. Raises `_UnknownError`."""
    sizes = tensor.shape[1:] if tensor.shape[:1] == (None,) else tensor.shape
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        raise _UnknownError
    return math.prod(known)


def _last(tensor: Tensor) -> int:
    size = tensor.shape[-1]
    if size is None:
        raise _UnknownError
    return size


def _whole(call: Call, name: str, default: int | None = None) -> int:
    """A number of the configuration. Raises `KeyError` or `_UnknownError` if there is none."""
    value = call.config[name] if default is None else call.config.get(name) or default
    if not isinstance(value, int):
        raise _UnknownError
    return value


def _product(call: Call, name: str) -> int:
    """That of the sizes of a window. Raises `KeyError` or `_UnknownError` if there is none."""
    sizes = call.config[name]
    if not isinstance(sizes, list | tuple) or not all(isinstance(size, int) for size in sizes):
        raise _UnknownError
    return math.prod(sizes)


def _none(_call: Call) -> int:
    return 0


def _elements_out(call: Call) -> int:
    return _size(call.outputs[0])


def _elements_in(call: Call) -> int:
    return _size(call.inputs[0])


def _elementwise(call: Call) -> int:
    again = call.class_name == "Average"  # the division
    return _size(call.outputs[0]) * (max(1, len(call.inputs) - 1) + again)


def _after(call: Call, each: int) -> int:
    """So many operations for each element that comes out, then bias and activation."""
    config = call.config
    bias = config.get("use_bias", True) is not False
    activation = config.get("activation") not in {None, "linear"}
    return _size(call.outputs[0]) * (each + bias + activation)


def _dense(call: Call) -> int:
    return _after(call, 2 * _last(call.inputs[0]))


def _channels(call: Call) -> int:
    """How many channels go in."""
    first = call.config.get("data_format") == "channels_first"
    size = call.inputs[0].shape[1 if first else -1]
    if size is None:
        raise _UnknownError
    return size


def _convolved(call: Call) -> int:
    name = call.class_name
    if "Depthwise" in name:
        return _after(call, 2 * _product(call, "kernel_size"))
    if "Transpose" in name:
        # Each element that goes in is multiplied into a window of all filters.
        taken = 2 * _size(call.inputs[0]) * _product(call, "kernel_size") * _whole(call, "filters")
        return taken + _after(call, 0)
    if not name.startswith("Conv"):
        raise _UnknownError
    return _after(
        call, 2 * _product(call, "kernel_size") * _channels(call) // _whole(call, "groups", 1)
    )


def _separable(call: Call) -> int:
    between = _channels(call) * _whole(call, "depth_multiplier", 1)
    places = _size(call.outputs[0]) // _whole(call, "filters")
    return 2 * places * between * _product(call, "kernel_size") + _after(call, 2 * between)


def _pooled(call: Call) -> int:
    return _size(call.outputs[0]) * _product(call, "pool_size")


def _normalized(call: Call) -> int:
    return _size(call.outputs[0]) * _NORMALIZATIONS[call.class_name]


def _matmul(call: Call) -> int:
    return 2 * _size(call.outputs[0]) * _last(call.inputs[0])


def _recurrent(call: Call) -> int:
    """The products of matrices and vectors; what gates do element by element is left out."""
    units = _whole(call, "units")
    steps = _size(call.inputs[0]) // _last(call.inputs[0])
    return 2 * steps * _GATES[call.class_name] * units * (_last(call.inputs[0]) + units)


def _attention(call: Call, arguments: Mapping[int, str | None]) -> int:
    """Three projections, the scores, what they weigh, and the projection of that."""
    given = {arguments.get(at): tensor for at, tensor in enumerate(call.inputs)}
    query, value = given["query"], given["value"]
    key = given.get("key", value)
    if call.config.get("attention_axes") not in (None, 1, [1]) or len(query.shape) != 3:
        raise _UnknownError
    heads, width = _whole(call, "num_heads"), _whole(call, "key_dim")
    deep = _whole(call, "value_dim", width)
    asked, held = (_size(one) // _last(one) for one in (query, value))
    products = asked * _last(query) * heads * width + held * _last(key) * heads * width
    products += held * _last(value) * heads * deep
    products += asked * held * heads * (width + deep)
    products += asked * heads * deep * _last(call.outputs[0])
    return 2 * products
