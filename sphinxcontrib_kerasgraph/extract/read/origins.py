"""Where tensors come from that no call made which is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import keras


class Origins:
    """Notes on tensors, made while code is traced, for the reader of the calls."""

    def __init__(self) -> None:
        self._constants: dict[int, Any] = {}
        self._sources: dict[int, keras.KerasTensor] = {}
        self._casts: dict[int, keras.KerasTensor] = {}
        self._alive: list[keras.KerasTensor] = []  # so that no two tensors have one id

    def note_constant(self, tensor: keras.KerasTensor, value: Any) -> None:
        """Note that a tensor stands for a constant: for an array, say, or for what a text says."""
        self._alive.append(tensor)
        self._constants[id(tensor)] = value

    def forget_constant(self, tensor: keras.KerasTensor) -> None:
        """Note that a tensor is no constant: a call made it."""
        self._constants.pop(id(tensor), None)

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
        """Those of the tensors that are constants, each once, with their values."""
        found = {id(tensor): tensor for tensor in tensors if id(tensor) in self._constants}
        return [(tensor, self._constants[key]) for key, tensor in found.items()]

    def given(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """The tensor that a call made or that a block was given, of which this one was made."""
        return _followed(tensor, self._sources)

    def uncast(self, tensor: keras.KerasTensor) -> keras.KerasTensor:
        """The tensor that the author's code gave, of which Keras made this one."""
        return _followed(tensor, self._casts)


def _followed(
    tensor: keras.KerasTensor, sources: Mapping[int, keras.KerasTensor]
) -> keras.KerasTensor:
    while id(tensor) in sources:
        tensor = sources[id(tensor)]
    return tensor
