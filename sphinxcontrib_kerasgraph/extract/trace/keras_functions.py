"""The functions of `keras.ops` and `keras.activations` that are calls, wherever Keras has them.

Both ways of tracing hook them: on symbolic tensors, and in a graph of TensorFlow.
"""

from __future__ import annotations

import inspect
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from sphinxcontrib_kerasgraph.extract.trace.control import CONTROL_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
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


def names_in(layers: Iterable[keras.Layer]) -> Iterator[tuple[Any, str, KerasFunction]]:
    """Where authors' layers have such functions under names of their own.

    In attributes, as of ``self.activation = keras.activations.get("gelu")``, and in the modules of
    their classes, as by ``from keras.ops import softmax``.
    """
    known = {id(one.function): one for one in keras_functions()}
    owners: dict[int, Any] = {}
    for layer in layers:
        own = [cls for cls in type(layer).__mro__ if not cls.__module__.startswith("keras.")]
        modules = [sys.modules.get(cls.__module__) for cls in own]
        owners |= {id(owner): owner for owner in (layer, *modules) if own and owner is not None}
    for owner in owners.values():
        for name, value in list(vars(owner).items()):
            if inspect.isfunction(value):
                found = known.get(id(value)) or known.get(id(inspect.unwrap(value)))
                if found is not None:
                    yield owner, name, found


def _found() -> Iterator[KerasFunction]:
    inside = filter(inspect.ismodule, vars(keras.ops).values())
    homes = [(module, "keras.ops") for module in (keras.ops, *inside)]
    for module, shown in (*homes, (keras.activations, "keras.activations")):
        for name, function in vars(module).items():
            if inspect.isfunction(function) and name not in _NO_CALLS:
                yield KerasFunction(module, name, function, shown)
