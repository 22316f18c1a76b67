"""The functions of `keras.ops` and `keras.activations` that are calls, wherever Keras has them.

Both ways of tracing hook them: on symbolic tensors, and in a graph of TensorFlow.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

#: Those that make no data, or no tensor; and those of `control`, which are calls of another kind.
_NO_CALLS = {
    "convert_to_numpy",
    "custom_gradient",
    "deserialize",
    "dtype",
    "get",
    "is_tensor",
    "ndim",
    "serialize",
    "shape",
    "size",
    "vectorize",
    *CONTROL_FUNCTIONS,
}


class KerasFunction(NamedTuple):
    """One name of a function that is a call."""

    #: Where it is found: ``keras.ops.nn`` has the same function as ``keras.ops``.
    module: ModuleType
    name: str
    function: Callable[..., Any]
    #: The module that is shown for it.
    shown: str


@cache
def keras_functions() -> tuple[KerasFunction, ...]:
    """Every public name of a function that is a call, as found before one of them is replaced."""
    return tuple(_found())


def _found() -> Iterator[KerasFunction]:
    inside = filter(inspect.ismodule, vars(keras.ops).values())
    homes = [(module, "keras.ops") for module in (keras.ops, *inside)]
    for module, shown in (*homes, (keras.activations, "keras.activations")):
        for name, function in vars(module).items():
            if inspect.isfunction(function) and name not in _NO_CALLS:
                yield KerasFunction(module, name, function, shown)
