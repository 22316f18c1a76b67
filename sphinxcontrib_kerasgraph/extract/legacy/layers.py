"""Layers of Keras 2, and functions of TensorFlow that its models call, as the reader sees them."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

import tf_keras

from sphinxcontrib_kerasgraph.extract.legacy import history
from sphinxcontrib_kerasgraph.extract.read.defaults import chosen
from sphinxcontrib_kerasgraph.extract.read.foreign import ForeignLayer
from sphinxcontrib_kerasgraph.extract.read.kind_patterns import layer_kind, operation_kind
from sphinxcontrib_kerasgraph.extract.read.layers import activation_of, config_of, public_module
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation, RawStep, class_name
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Sequence


class LegacyLayer(ForeignLayer):
    """A layer, or model, of Keras 2."""

    def __init__(self, layer: Any, tensors: int) -> None:
        """``tensors`` are those that it is called with."""
        self.layer = layer
        self.name = layer.name
        self.kind = _kind(layer, tensors)
        self.signature = signature_of(layer)

    def facts(self) -> dict[str, Any]:
        """Fields of `Call` that are the same for all calls of the layer."""
        if history.is_function(self.layer):
            module, qualname = history.function_name(self.layer)
            return {"module": module, "qualname": qualname}
        if history.is_loss(self.layer):
            return {"module": "tf_keras", "qualname": "Layer.add_loss"}
        cls = type(self.layer)
        facts = {"module": public_legacy_module(cls), "qualname": cls.__qualname__}
        if isinstance(self.layer, tf_keras.Model):
            return facts
        activation = activation_of(self.layer)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Keras says of serializing isn't about drawing
            config = config_of(self.layer)
            told = chosen(cls, config)
        return facts | {"config": config, "chosen": told, "activation": activation}

    @property
    def weights(self) -> Sequence[Any]:
        """All weights, those of sublayers included."""
        return weights_of(self.layer)

    @property
    def trainable_weights(self) -> Sequence[Any]:
        """Those of the weights that training changes."""
        return weights_of(self.layer, "trainable_weights")

    @property
    def own_weights(self) -> Sequence[Any]:
        """Those of the weights that it made itself, not through a sublayer."""
        return history.own_weights(self.layer) if self.weights else ()

    @property
    def trainable(self) -> bool:
        """Whether its weights are trained."""
        return bool(self.layer.trainable)


def weights_of(layer: Any, which: str = "weights") -> Sequence[Any]:
    """The weights of a layer, or model; none where it isn't built, of which a model's raises."""
    try:
        found: list[Any] = getattr(layer, which)
    except ValueError:
        return ()
    return found


def function_of(layer: Any, tensors: int, outputs: int) -> PseudoOperation:
    """What is drawn for a function of TensorFlow's that the code of a block calls.

    As for the models of Keras 3: drawings may leave out what takes one tensor and makes one.
    """
    module, name = history.function_name(layer)
    kind = _function_kind(name, tensors)
    made = (RawStep if tensors == outputs == 1 else PseudoOperation)(module, name, kind)
    made.signature = signature_of(layer)
    return made


def public_legacy_module(cls: type) -> str:
    """Where users import the class from, as ``tf_keras.layers``."""
    return public_module(cls, (tf_keras.layers, tf_keras)).replace(
        "tf_keras.api._v2.keras", "tf_keras"
    )


def signature_of(layer: Any) -> inspect.Signature | None:
    """The parameters of the layer's ``call``; ``None`` where they aren't known."""
    try:
        return inspect.signature(layer.call)
    except (TypeError, ValueError):
        return None


def _kind(layer: Any, tensors: int) -> CallKind:
    if isinstance(layer, tf_keras.Model):
        return CallKind.MODEL
    if history.is_loss(layer):
        return CallKind.LOSS
    if history.is_function(layer):
        return _function_kind(history.function_name(layer)[1], tensors)
    return layer_kind(type(layer), tf_keras.layers)


def _function_kind(name: str, tensors: int) -> CallKind:
    return operation_kind(_CLASS_NAMES.get(name) or class_name(name), tensors)


#: Where Keras 3 names the class otherwise than the function.
_CLASS_NAMES = {"getitem": "GetItem", "batch_normalization": "BatchNormalization"}
