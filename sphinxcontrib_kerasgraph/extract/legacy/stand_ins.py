"""Symbolic tensors of Keras 3 that stand for those of Keras 2, so that one reader reads both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from sphinxcontrib_kerasgraph.extract.legacy import history
from sphinxcontrib_kerasgraph.extract.legacy.inputs import input_of, is_symbolic
from sphinxcontrib_kerasgraph.extract.read.pseudo import Weight

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.extract.read.origins import Origins


class ClosedError(ValueError):
    """The inside of a layer can't be drawn; the text says why."""


class StandIn(keras.KerasTensor):
    """A tensor of Keras 2, which has dtypes that Keras 3 refuses."""

    def __init__(self, tensor: Any) -> None:
        rank = tensor.shape.rank
        super().__init__(() if rank is None else tuple(tensor.shape), dtype="float32")
        self._text: str = tf.as_dtype(getattr(tensor, "dtype", tf.variant)).name
        self.original = tensor

    @property
    def dtype(self) -> str:
        """The name of the dtype of TensorFlow."""
        return self._text

    @dtype.setter
    def dtype(self, value: str) -> None:
        """Nothing: Keras 3.5 sets what it was made with."""


class StandIns:
    """The tensors of Keras 3 for the tensors and weights of one model of Keras 2."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self._tensors: dict[tuple[int, int, int], StandIn] = {}
        self._weights: dict[tuple[int, str], StandIn] = {}
        self._weight_inputs: dict[tuple[int, str], Any] = {}
        self._drawn_weights: dict[int, Weight] = {}

    def arguments(self, value: Any) -> Any:
        """The same arguments, with what stands for their tensors, in plain lists and dicts.

        Raises `ClosedError`.
        """
        match value:
            case dict() if _is_slice(value):
                return slice(value["start"], value["stop"], value["step"])
            case dict():
                return {key: self.arguments(item) for key, item in value.items()}
            case list():
                return [self.arguments(item) for item in value]
            case tuple():
                return tuple(map(self.arguments, value))
        return self.leaf(value)

    def leaf(self, value: Any) -> Any:
        """What stands for a tensor or a weight; another value as it is."""
        if is_symbolic(value):
            return self.tensor(value)
        if isinstance(value, tf.Variable):
            return self._weight(value, value)
        if isinstance(value, tf.Tensor) and not _is_array(value):
            raise ClosedError("it takes a tensor that none of its calls made")
        return value

    def symbolic(self, value: Any) -> Any:
        """As `leaf`; for an array, too."""
        return self._origins.symbolic(self.leaf(value))

    def tensor(self, value: Any) -> StandIn:
        """What stands for a symbolic tensor: the same one each time."""
        key = history.tensor_key(value)
        if key not in self._tensors:
            made = self._tensors[key] = StandIn(value)
            mask = history.mask_of(value)
            if mask is not None:  # which goes with the tensor, and isn't drawn
                self._origins.note_source(self.tensor(mask), made)
        return self._tensors[key]

    def weight_input(self, variable: Any, layer: Any) -> Any:
        """An input of Keras 2 that code may take for the weight: always the same one."""
        dtype = history.dtype_seen(variable, layer)
        key = (id(variable), dtype)
        if key not in self._weight_inputs:
            made = input_of(tf.TensorSpec(variable.shape, dtype))
            self._weight_inputs[key] = made
            self._tensors[history.tensor_key(made)] = self._weight(variable, made)
        return self._weight_inputs[key]

    def _weight(self, variable: Any, seen: Any) -> StandIn:
        """What stands for a weight that code has ``seen`` as itself or as that input."""
        key = (id(variable), tf.as_dtype(seen.dtype).name)
        if key not in self._weights:
            drawn = self._drawn_weights.setdefault(id(variable), Weight(variable))
            self._weights[key] = StandIn(seen)
            self._origins.note_constant(self._weights[key], drawn)
        return self._weights[key]


def first_number(args: Any) -> Any:
    """The arguments of a call, with a number where Keras has made a tensor of the first of them.

    Which it does of no other.
    """
    if not args or not _is_array(args[0]) or args[0].shape.rank != 0:
        return args
    value = args[0].numpy()  # of text, these are bytes
    return (value.item() if hasattr(value, "item") else value, *args[1:])


def _is_array(value: Any) -> bool:
    return isinstance(value, tf.Tensor) and hasattr(value, "numpy")


def _is_slice(value: dict[Any, Any]) -> bool:
    """Whether it is what Keras 2 makes of a slice; one that holds tensors stays a dict."""
    if set(value) != {"start", "stop", "step"}:
        return False
    return not any(is_symbolic(item) for item in value.values())
