"""Keras's weights: what they are instances of, in each release.

In Keras 3.5 `keras.Variable` is for authors alone: the weights of layers are of a class that it
derives from, as all weights are in later releases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import keras

if TYPE_CHECKING:
    from collections.abc import Callable


def base_with(name: str) -> type:
    """The class of all weights that has the attribute."""
    found: type = next(cls for cls in keras.Variable.__mro__ if name in vars(cls))
    return found


#: The class of all weights, whatever the backend.
_BASE = base_with("__mul__")


def is_weight(value: Any) -> TypeGuard[keras.Variable]:
    """Whether a value is a weight: a variable of Keras's, not a tensor."""
    return isinstance(value, _BASE)


def path_of(weight: Any) -> str:
    """The names of the layers around the weight and its own, between slashes."""
    path = getattr(weight, "path", None)
    # A `tf.Variable` has it in its name, before the number of an output.
    return path if isinstance(path, str) else str(weight.name).partition(":")[0]


def with_weights(arguments: Any, stand_in: Callable[[keras.Variable], Any]) -> Any:
    """The arguments, with what stands in for each weight among them."""
    if not any(map(is_weight, keras.tree.flatten(arguments))):
        return arguments
    return keras.tree.map_structure(
        lambda value: stand_in(value) if is_weight(value) else value, arguments
    )
