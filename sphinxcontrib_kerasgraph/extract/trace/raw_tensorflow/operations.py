"""Operations of TensorFlow that join or fork data, by the names that their users know."""

from __future__ import annotations

import contextlib
import functools
import re
from typing import Any

from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation
from sphinxcontrib_kerasgraph.graph import CallKind

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

_VERSION = re.compile(r"V\d+$")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Where the axis stands among the inputs of an operation, if not among its attributes.
_AXIS_INPUT = {"ConcatV2": -1, "Split": 0, "SplitV": 2, "GatherV2": 2}


def raw_operation(op: Any, tf: Any) -> PseudoOperation:
    """What is drawn for an operation of a graph."""
    texts = {}
    with contextlib.suppress(ValueError):
        texts["axis"] = str(op.get_attr("axis"))
    if op.type in _AXIS_INPUT:
        axis = tf.get_static_value(op.inputs[_AXIS_INPUT[op.type]])
        if axis is not None:
            texts["axis"] = str(int(axis))
    if op.type == "Einsum":
        texts["equation"] = op.get_attr("equation").decode()
    kind = CallKind.RESHAPE if len(op.outputs) > 1 else CallKind.MERGE
    return PseudoOperation(*_public_name(op.type, tf), kind, **texts)


def _public_name(op_type: str, tf: Any) -> tuple[str, str]:
    """Module and name of the function that makes operations of the type."""
    name = _NAMES.get(op_type) or _WORD.sub("_", _VERSION.sub("", op_type)).lower()
    for module in ("tf", "tf.math", "tf.linalg", "tf.nn", "tf.image", "tf.signal"):
        if hasattr(functools.reduce(getattr, module.split(".")[1:], tf), name):
            return module, name
    return "tf.raw_ops", op_type
