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


def keras_functions() -> tuple[KerasFunction, ...]:
    """Every public name of a function that is a call, as found before one of them is replaced."""
    return tuple(
        function
        for shown in ("keras.ops", "keras.activations")
        for module in modules_of(shown)
        for function in _functions(module, shown)
    )


def loss_functions() -> tuple[KerasFunction, ...]:
    """Every public name of a function that is a loss; calls of a training step alone."""
    return tuple(
        one
        for shown in ("keras.losses", "keras.metrics")
        for module in modules_of(shown)
        for one in _functions(module, "keras.losses")
        # The other functions of `keras.metrics` are no losses.
        if getattr(keras.losses, one.name, None) is one.function
    )


def names_in(
    layers: Iterable[keras.Layer],
    functions: Callable[[], Iterable[KerasFunction]] = keras_functions,
) -> Iterator[tuple[Any, str, KerasFunction]]:
    """Where authors' layers have such ``functions`` under names of their own.

    In attributes, as of ``self.activation = keras.activations.get("gelu")``, and in the modules of
    their classes, as by ``from keras.ops import softmax``.
    """
    owners: dict[int, Any] = {}
    for layer in layers:
        own = [cls for cls in type(layer).__mro__ if not cls.__module__.startswith("keras.")]
        modules = [sys.modules.get(cls.__module__) for cls in own]
        owners |= {id(owner): owner for owner in (layer, *modules) if own and owner is not None}
    known = {id(one.function): one for one in functions()} if owners else {}
    for owner in owners.values():
        for name, value in list(vars(owner).items()):
            if inspect.isfunction(value):
                found = known.get(id(value)) or known.get(id(inspect.unwrap(value)))
                if found is not None:
                    yield owner, name, found


def modules_of(shown: str) -> tuple[ModuleType, ...]:
    """The module, its submodules, and what else Keras has under that name.

    In Keras 3.5 `keras.ops` is the module ``keras.api.ops``, until ``from keras.ops import exp``
    makes another one.
    """
    path = shown.removeprefix("keras.")
    names = (shown, f"keras.api.{path}")
    return _with_submodules(getattr(keras, path), *filter(None, map(sys.modules.get, names)))


@cache
def _with_submodules(*modules: ModuleType) -> tuple[ModuleType, ...]:
    inside = (one for module in modules for one in vars(module).values() if inspect.ismodule(one))
    return tuple(dict.fromkeys((*modules, *inside)))


@cache
def _functions(module: ModuleType, shown: str) -> tuple[KerasFunction, ...]:
    return tuple(
        KerasFunction(module, name, function, shown)
        for name, function in vars(module).items()
        if inspect.isfunction(function) and name not in _NO_CALLS
    )
