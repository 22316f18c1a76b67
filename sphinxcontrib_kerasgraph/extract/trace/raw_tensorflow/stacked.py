"""Loops over a ``tf.TensorArray``, as loops over the tensors that it stacks to."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from collections.abc import Callable


def stacked_arrays(tf: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of ``tf.while_loop``, whose functions take and return a tensor for an array.

    As it is if there is no array among the variables of the loop.
    """
    starts = given.get("loop_vars")
    if not isinstance(starts, list | tuple):
        return given
    if not any(isinstance(one, tf.TensorArray) for one in keras.tree.flatten(starts)):
        return given

    def array(start: Any, value: Any) -> Any:
        if not isinstance(start, tf.TensorArray):
            return value
        if start.element_shape.rank is None:
            # The shape of the tensor isn't that of a stack: nothing is known of it.
            value = tf.compat.v1.placeholder_with_default(value, shape=None)
        empty = tf.TensorArray(
            start.dtype,
            size=0,
            dynamic_size=True,
            element_shape=start.element_shape,
            infer_shape=False,
        )
        return empty.unstack(value)

    def stack(value: Any) -> Any:
        return value.stack() if isinstance(value, tf.TensorArray) else value

    def on_tensors(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*values: Any) -> Any:
            arrays = keras.tree.map_structure(array, tuple(starts), values)
            return keras.tree.map_structure(stack, function(*arrays))

        return wrapper

    return given | {name: on_tensors(given[name]) for name in ("cond", "body")}
