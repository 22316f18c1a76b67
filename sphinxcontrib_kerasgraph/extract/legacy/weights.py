"""Weights as symbolic tensors, while code runs that may compute with them.

What code makes of a `tf.Variable` alone, such as a cast of it, TensorFlow computes at once, and no
record tells where the result came from. On what `tf_keras.Input` makes it is a call as any other.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import tensorflow as tf

from sphinxcontrib_kerasgraph.extract.legacy import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.extract.legacy.stand_ins import StandIns


class _Held(NamedTuple):
    """A weight that is an attribute of a layer."""

    attributes: dict[str, Any]
    name: str
    variable: Any
    symbol: Any


class SymbolicWeights:
    """The attributes of layers that are weights, as symbolic tensors for the time being."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self._held: list[_Held] = []

    @contextlib.contextmanager
    def of(self, layer: Any) -> Iterator[None]:
        """Let the weights of the layer and its sublayers be symbolic tensors meanwhile."""
        before = self._held
        with self.as_they_are():
            self._held = [
                _Held(vars(one), name, value, self._stand_ins.weight_input(value, one))
                for one in history.layers_in(layer)
                for name, value in vars(one).items()
                if isinstance(value, tf.Variable)
            ]
            try:
                self._replace()
                yield
            finally:
                self._put_back()
                self._held = before

    @contextlib.contextmanager
    def as_they_are(self) -> Iterator[None]:
        """Let all weights be weights meanwhile: Keras runs a layer to learn its shapes."""
        self._put_back()
        try:
            yield
        finally:
            self._replace()

    def _replace(self) -> None:
        for held in self._held:
            held.attributes[held.name] = held.symbol

    def _put_back(self) -> None:
        for held in self._held:
            # Code may have set another one meanwhile.
            if held.attributes.get(held.name) is held.symbol:
                held.attributes[held.name] = held.variable
