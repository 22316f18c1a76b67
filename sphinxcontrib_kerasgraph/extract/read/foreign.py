"""Layers of another Keras than the one that is installed as `keras`, as the reader sees them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    import inspect
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import CallKind


class ForeignLayer(ABC):
    """A layer, or model, that is no `keras.Layer`, with all that is read of one.

    Its calls are recorded with symbolic tensors of Keras 3 that stand for its own.
    """

    #: The layer itself.
    layer: Any
    #: The name that it has, whoever gave it.
    name: str
    kind: CallKind
    #: The parameters of its ``call``, if they are known, without ``self``.
    signature: inspect.Signature | None

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """Fields of `Call` that are the same for all of its calls."""

    @property
    @abstractmethod
    def weights(self) -> Sequence[Any]:
        """All weights, those of sublayers included."""

    @property
    @abstractmethod
    def trainable_weights(self) -> Sequence[Any]:
        """Those of the weights that training changes."""

    @property
    @abstractmethod
    def own_weights(self) -> Sequence[Any]:
        """Those of the weights that it made itself, not through a sublayer."""

    @property
    @abstractmethod
    def trainable(self) -> bool:
        """Whether its weights are trained."""


def original_of(layer: Any) -> Any:
    """The layer itself, of whichever Keras."""
    return layer.layer if isinstance(layer, ForeignLayer) else layer


def is_layer(operation: Any) -> bool:
    """Whether what is called is a layer, of whichever Keras."""
    return isinstance(operation, keras.Layer | ForeignLayer)
