"""Inputs of Keras 2 to run code on."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import tensorflow as tf
import tf_keras

from sphinxcontrib_kerasgraph.extract.legacy import history

if TYPE_CHECKING:
    from collections.abc import Callable

#: Arguments that Keras passes along by itself, where a layer requires them.
_CONTEXT = ("training", "mask")


def new_input(tensor: Any, dtype: str | None = None) -> Any:
    """An input like the tensor, with a mask if that has one; of the dtype, if both are floating."""
    made = input_of(tensor.type_spec, dtype)
    mask = history.mask_of(tensor)
    if mask is not None:
        history.attach_mask(made, input_of(mask.type_spec))
    return made


def input_of(spec: Any, dtype: str | None = None) -> Any:
    """An input of that `tf.TypeSpec`; what is none is kept."""
    if not isinstance(spec, tf.TypeSpec):
        return spec
    if dtype and isinstance(spec, tf.TensorSpec) and spec.dtype.is_floating:
        spec = tf.TensorSpec(spec.shape, dtype)
    return tf_keras.Input(type_spec=spec, name=getattr(spec, "name", None) or "given")


def with_tensors(value: Any, made: Callable[[Any], Any]) -> Any:
    """The same arguments, with what ``made`` makes of each symbolic tensor."""
    return tf.nest.map_structure(lambda leaf: made(leaf) if is_symbolic(leaf) else leaf, value)


def symbolic_in(value: Any) -> list[Any]:
    """The symbolic tensors in a structure, in the order that Keras has them in."""
    return list(filter(is_symbolic, tf.nest.flatten(value)))


def is_symbolic(value: Any) -> bool:
    """Whether it is a symbolic tensor of Keras 2."""
    return isinstance(value, history.KerasTensor)


def from_keras(layer: Any, args: Any, kwargs: Any, training: bool | None) -> dict[str, Any]:
    """What Keras gives the layer's ``call`` beside: ``training``, and the mask of what goes in.

    ``None`` where the layer requires it and there is none.
    """
    parameters = inspect.signature(layer.call).parameters
    there = {*list(parameters)[: len(args)], *kwargs}
    missing = [name for name in _CONTEXT if name in parameters and name not in there]
    required = [name for name in missing if parameters[name].default is inspect.Parameter.empty]
    given: dict[str, Any] = dict.fromkeys(required)
    if "training" in missing and training is not None:
        given["training"] = training
    if "mask" in missing and args:
        masks = tf.nest.map_structure(history.mask_of, args[0])
        if any(mask is not None for mask in tf.nest.flatten(masks)):
            given["mask"] = masks
    return given
