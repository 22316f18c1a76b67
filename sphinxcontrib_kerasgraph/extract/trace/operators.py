"""The operators of Keras's symbolic tensors: those that code may use on weights and arrays, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The operation of `keras.ops` that each is.
_OPERATIONS = {
    "abs": "Absolute",
    "add": "Add",
    "and": "LogicalAnd",
    "floordiv": "FloorDivide",
    "ge": "GreaterEqual",
    "getitem": "GetItem",
    "gt": "Greater",
    "invert": "LogicalNot",
    "le": "LessEqual",
    "lt": "Less",
    "matmul": "Matmul",
    "mod": "Mod",
    "mul": "Multiply",
    "ne": "NotEqual",
    "neg": "Negative",
    "or": "LogicalOr",
    "pow": "Power",
    "round": "Round",
    "sub": "Subtract",
    "truediv": "TrueDivide",
    "xor": "LogicalXor",
}


def operators_of(cls: type) -> Iterator[tuple[str, str]]:
    """The methods of a class that are operators of symbolic tensors, and the operation of each.

    The right operand's ``__radd__`` is the same as the left one's ``__add__``.
    """
    for name, operation in _OPERATIONS.items():
        for method in (f"__{name}__", f"__r{name}__"):
            if hasattr(cls, method) and hasattr(keras.KerasTensor, method):
                yield method, operation
