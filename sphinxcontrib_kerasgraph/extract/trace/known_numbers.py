"""The numbers of tensors that stand for sizes: the same whatever a model is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in

if TYPE_CHECKING:
    import keras


class KnownNumbers:
    """Notes the number, or numbers, of symbolic tensors, such as a height that code hands on."""

    def __init__(self) -> None:
        #: By its id, a tensor and what it has.
        self._numbers: dict[int, tuple[keras.KerasTensor, Any]] = {}

    def note(self, tensor: keras.KerasTensor, number: Any) -> None:
        """Note what the tensor has, whatever the model is given."""
        self._numbers[id(tensor)] = tensor, number

    def of(self, tensor: keras.KerasTensor) -> Any:
        """What was noted of the tensor, or ``None``."""
        return self._numbers.get(id(tensor), (tensor, None))[1]

    def hand_on(self, tensor: keras.KerasTensor, made: keras.KerasTensor) -> None:
        """Note for a tensor that stands for another what that one has."""
        number = self.of(tensor)
        if number is not None:
            self.note(made, number)

    def hand_on_same(self, first: Any, second: Any, merged: Any) -> None:
        """As `hand_on`, of tensors that were made with two sizes, where both have the same."""
        flat = map(tensors_in, (first, second, merged))
        for left, right, made in zip(*flat, strict=True):
            number = self.of(left)
            if number is not None and np.array_equal(number, self.of(right)):
                self.note(made, number)
