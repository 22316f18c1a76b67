"""Where tensors come from that no call made which is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in
from sphinxcontrib_kerasgraph.extract.read.variables import is_weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class OfShape:
    """What is known of a tensor that only the shape of another one decides, such as positions."""

    source: keras.KerasTensor
    shape: tuple[int | None, ...]
    dtype: str


class Origins:
    """Notes on tensors, made while code is traced, for the reader of the calls."""

    def __init__(self) -> None:
        self._constants: dict[int, Any] = {}
        self._sources: dict[int, keras.KerasTensor] = {}
        self._casts: dict[int, keras.KerasTensor] = {}
        #: The tensors that stand for weights, by the weight and the dtype that code sees it in;
        #: and those that stand for arrays.
        self._weights: dict[tuple[int, str], keras.KerasTensor] = {}
        self._arrays: dict[int, keras.KerasTensor] = {}
        self._alive: list[Any] = []  # so that no two tensors have one id

    def weight(self, variable: keras.Variable) -> keras.KerasTensor:
        """The symbolic tensor that stands for a weight: the same one each time."""
        key = (id(variable), variable.dtype)
        if key not in self._weights:
            tensor = keras.KerasTensor(tuple(variable.shape), dtype=variable.dtype)
            self._weights[key] = tensor
            self.note_constant(tensor, variable)
        return self._weights[key]

    def array(self, value: Any) -> keras.KerasTensor:
        """The symbolic tensor that stands for an array: the same one each time.

        Raises `ValueError` if Keras has no such dtype.
        """
        if id(value) not in self._arrays:
            dtype = keras.backend.standardize_dtype(value.dtype)
            tensor = keras.KerasTensor(tuple(value.shape), dtype=dtype)
            self._arrays[id(value)] = tensor
            self._alive.append(value)
            self.note_constant(tensor, value)
        return self._arrays[id(value)]

    def symbolic(self, value: Any) -> Any:
        """A symbolic tensor for a weight, or for an array that has axes; other values as they are.

        A number in an array is an argument as one of Python's is.
        """
        if is_weight(value):
            return self.weight(value)
        if is_array(value) and len(value.shape) > 0:
            try:
                return self.array(value)
            except (ValueError, TypeError):  # text of NumPy's, say
                return value
        return value

    def with_arrays(self, arguments: Any) -> Any:
        """The arguments, with the arrays that symbolic tensors stand for.

        ``None`` if there are none, or nothing else.
        """

        def array(tensor: Any) -> Any:
            if not isinstance(tensor, keras.KerasTensor):
                return tensor
            noted = self.uncast(tensor)
            value = self._constants.get(id(noted))
            return value if self._arrays.get(id(value)) is noted else tensor

        arrays = keras.tree.map_structure(array, arguments)
        left = len(tensors_in(arrays))
        return arrays if 0 < left < len(tensors_in(arguments)) else None

    def note_constant(self, tensor: keras.KerasTensor, value: Any) -> None:
        """Note that a tensor stands for a weight, an array, an `OfShape`, or what a text says."""
        self._alive.append(tensor)
        self._constants[id(tensor)] = value

    def note_source(
        self, tensor: keras.KerasTensor, source: keras.KerasTensor, *, cast: bool = False
    ) -> None:
        """Note that a tensor is made of another one by what isn't drawn; or is but a cast of it."""
        self._alive.append(tensor)
        self._sources[id(tensor)] = source
        if cast:
            self._casts[id(tensor)] = source

    def constants_in(
        self, tensors: Iterable[keras.KerasTensor]
    ) -> list[tuple[keras.KerasTensor, Any]]:
        """Those of the tensors that are weights or constants, each once, with their values."""
        given = map(self.given, tensors)
        found = {id(tensor): tensor for tensor in given if id(tensor) in self._constants}
        return [(tensor, self._constants[key]) for key, tensor in found.items()]

    def given(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """The tensor that a call made or that a block was given, of which this one was made."""
        return _followed(tensor, self._sources)

    def uncast(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """The tensor that the author's code gave, of which Keras made this one."""
        return _followed(tensor, self._casts)


def is_array(value: Any) -> bool:
    """Whether a value is an array or tensor, not a symbolic one of Keras's, nor a weight."""
    return (
        hasattr(value, "shape")
        and hasattr(value, "dtype")
        and not callable(value)
        and not isinstance(value, keras.KerasTensor)
        and not is_weight(value)
    )


def _followed(
    tensor: keras.KerasTensor, sources: Mapping[int, keras.KerasTensor]
) -> keras.KerasTensor:
    while id(tensor) in sources:
        tensor = sources[id(tensor)]
    return tensor
