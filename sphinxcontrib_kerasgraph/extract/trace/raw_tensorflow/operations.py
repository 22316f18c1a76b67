"""Operations of TensorFlow that data goes through, by the names that their users know."""

from __future__ import annotations

import contextlib
import functools
import re
from typing import Any

from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation, RawStep
from sphinxcontrib_kerasgraph.graph import CallKind

#: Public names of TensorFlow's operations, where they differ from the type.
_NAMES = {
    "AddN": "add_n",
    "AddV2": "add",
    "All": "reduce_all",
    "Any": "reduce_any",
    "BatchMatMulV2": "matmul",
    "BatchMatMulV3": "matmul",
    "Case": "switch_case",
    "ConcatV2": "concat",
    "Conv2D": "conv2d",
    "Conv3D": "conv3d",
    "DepthwiseConv2dNative": "depthwise_conv2d",
    "EagerPyFunc": "py_function",
    "GatherNd": "gather_nd",
    "GatherV2": "gather",
    "If": "cond",
    "MatMul": "matmul",
    "Max": "reduce_max",
    "Mean": "reduce_mean",
    "Min": "reduce_min",
    "MirrorPad": "pad",
    "Mul": "multiply",
    "Neg": "negative",
    "Pack": "stack",
    "Prod": "reduce_prod",
    "PyFunc": "numpy_function",
    "RaggedTensorToTensor": "RaggedTensor.to_tensor",
    "RealDiv": "divide",
    "ResizeBicubic": "resize",
    "ResizeBilinear": "resize",
    "ResizeNearestNeighbor": "resize",
    "SelectV2": "where",
    "SparseTensorDenseMatMul": "sparse_dense_matmul",
    "Split": "split",
    "SplitV": "split",
    "StatelessCase": "switch_case",
    "StatelessIf": "cond",
    "StatelessWhile": "while_loop",
    "Sub": "subtract",
    "Sum": "reduce_sum",
    "TensorListConcatV2": "TensorArray.concat",
    "TensorListGather": "TensorArray.gather",
    "TensorListGetItem": "TensorArray.read",
    "TensorListStack": "TensorArray.stack",
    "TopKV2": "top_k",
    "Unpack": "unstack",
    "While": "while_loop",
}

_VERSION = re.compile(r"V\d+$")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Where the axis stands among the inputs of an operation, if not among its attributes.
_AXIS_INPUT = {"ConcatV2": -1, "Split": 0, "SplitV": 2, "GatherV2": 2}


def raw_operation(op: Any, tf: Any, *, is_step: bool) -> PseudoOperation:
    """What is drawn for an operation of a graph; a step takes one tensor, and makes one."""
    texts = {}
    with contextlib.suppress(ValueError):
        texts["axis"] = str(op.get_attr("axis"))
    if op.type in _AXIS_INPUT:
        axis = tf.get_static_value(op.inputs[_AXIS_INPUT[op.type]])
        if axis is not None:
            texts["axis"] = str(int(axis))
    if op.type == "Einsum":
        texts["equation"] = op.get_attr("equation").decode()
    name = _public_name(op.type, tf)
    if is_step:
        return RawStep(*name, CallKind.OPERATION, **texts)
    kind = CallKind.RESHAPE if len(op.outputs) > 1 else CallKind.MERGE
    return PseudoOperation(*name, kind, **texts)


def joined(name: str) -> PseudoOperation:
    """What is drawn where the parts of one tensor, of that class, come from several calls."""
    return PseudoOperation("tf", name, CallKind.MERGE)


def _public_name(op_type: str, tf: Any) -> tuple[str, str]:
    """Module and name of the function that makes operations of the type."""
    name = _NAMES.get(op_type) or _WORD.sub("_", _VERSION.sub("", op_type)).lower()
    for module in _MODULES:
        with contextlib.suppress(AttributeError):
            functools.reduce(getattr, [*module.split(".")[1:], *name.split(".")], tf)
            return module, name
    return "tf.raw_ops", op_type


_MODULES = ("tf", "tf.math", "tf.linalg", "tf.nn", "tf.image", "tf.signal", "tf.sparse")
