"""Keras's weights: what they are instances of, in each release.

In Keras 3.5 `keras.Variable` is for authors alone: the weights of layers are of a class that it
derives from, as all weights are in later releases.
"""

from __future__ import annotations

from typing import Any, TypeGuard

import keras


def base_with(name: str) -> type:
    """The class of all weights that has the attribute."""
    found: type = next(cls for cls in keras.Variable.__mro__ if name in vars(cls))
    return found


#: The class of all weights, whatever the backend.
_BASE = base_with("__mul__")


def is_weight(value: Any) -> TypeGuard[keras.Variable]:
    """Whether a value is a weight: a variable of Keras's, not a tensor."""
    return isinstance(value, _BASE)
