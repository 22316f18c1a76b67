"""A call without an inside, as the rules ask about it: its tensors and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph.configuration import configured
from sphinxcontrib_kerasgraph.view.flops.work import UnknownSizeError, Work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.graph import Call, Tensor


@dataclass(frozen=True)
class Leaf:
    """A call, and as which argument each of its inputs is given, where several are."""

    call: Call
    arguments: Mapping[int, str | None] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors that it takes."""
        return self.call.inputs

    @property
    def taken(self) -> Tensor:
        """The first of them. Raises `IndexError`."""
        return self.call.inputs[0]

    @property
    def made(self) -> Tensor:
        """What comes out first. Raises `IndexError`."""
        return self.call.outputs[0]

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """What it is configured with, and the arguments that are no tensors."""
        return configured(self.call)

    def given(self, name: str, place: int | None = None) -> Tensor | None:
        """The tensor given as that argument; the one at the place if the names aren't known."""
        for at, argument in self.arguments.items():
            if argument == name and at < len(self.inputs):
                return self.inputs[at]
        if place is None or any(self.arguments.values()) or place >= len(self.inputs):
            return None
        return self.inputs[place]

    def argument(self, name: str, place: int) -> Tensor:
        """The same. Raises `UnknownSizeError` if there is none."""
        tensor = self.given(name, place)
        if tensor is None:
            raise UnknownSizeError
        return tensor

    def whole(self, name: str, default: int | None = None) -> int:
        """A number of the configuration. Raises `UnknownSizeError` if there is none."""
        value = self.config.get(name)
        value = default if value is None else value
        if not isinstance(value, int):
            raise UnknownSizeError
        return value

    def window(self, name: str) -> int:
        """The product of the sizes of a window. Raises `UnknownSizeError` if there are none."""
        value = self.config.get(name)
        if isinstance(value, int):  # as operations have it, for each dimension of an image
            return int(value ** (len(self.taken.shape) - 2))
        if not isinstance(value, list | tuple) or not all(isinstance(one, int) for one in value):
            raise UnknownSizeError
        return math.prod(value)

    def has(self, name: str, *, default: bool = False) -> bool:
        """Whether the configuration says so."""
        value = self.config.get(name)
        return default if value is None else bool(value)

    @property
    def channels_first(self) -> bool:
        """Whether the channels of images come before their places."""
        return self.config.get("data_format") == "channels_first"

    @property
    def channels(self) -> int:
        """How many channels go in."""
        return known(self.taken.shape[1 if self.channels_first else -1])

    def filters(self) -> int:
        """How many channels come out."""
        return known(self.made.shape[1 if self.channels_first else -1])


#: What counts the operations of a call. Raises `UnknownSizeError`, or `LookupError` and the like
#: for a call that isn't as Keras has it.
Rule = Callable[[Leaf], Work]


def known(size: int | None) -> int:
    """The size. Raises `UnknownSizeError` if there is none."""
    if size is None:
        raise UnknownSizeError
    return size


def sizes(tensor: Tensor) -> tuple[int, ...]:
    """Those of a tensor, with 1 for a batch that isn't known. Raises `UnknownSizeError`."""
    shape = tensor.shape
    if shape[:1] == (None,):
        shape = (1, *shape[1:])
    return tuple(map(known, shape))


def size(tensor: Tensor) -> int:
    """The number of elements, of one example if the batch isn't known. Raises the same."""
    return math.prod(sizes(tensor))


def last(tensor: Tensor) -> int:
    """The last size. Raises the same, or `IndexError`."""
    return known(tensor.shape[-1])
