"""Keras 2, where the author's code has imported it: what is of its classes."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from typing import Any


def is_imported() -> bool:
    """Whether anything has imported `tf_keras` in this process, as ``tf.keras`` may have, too."""
    return hasattr(sys.modules.get("tf_keras"), "__version__")  # which it has in the end


def keras2() -> Any:
    """The module `tf_keras`, which is imported already."""
    return sys.modules["tf_keras"]


@dataclass(frozen=True)
class LegacySettings:
    """Keras 2's global settings, which `tf_keras.backend` and `tf_keras.mixed_precision` set."""

    floatx: str
    epsilon: float
    image_data_format: str
    #: ``None`` for that of ``floatx``.
    dtype_policy: Any = None

    @classmethod
    def current(cls) -> LegacySettings | None:
        """The settings as they are; ``None`` where nothing has imported `tf_keras`."""
        if not is_imported():
            return None
        backend, policy = keras2().backend, keras2().mixed_precision.global_policy()
        floatx = backend.floatx()
        return cls(
            floatx,
            backend.epsilon(),
            backend.image_data_format(),
            None if policy.name == floatx else policy,
        )

    def start_anew(self) -> None:
        """Forget the names of layers, and set these settings, if anything has imported Keras 2."""
        if not is_imported():
            return
        backend = keras2().backend
        backend.clear_session()
        backend.set_floatx(self.floatx)
        backend.set_epsilon(self.epsilon)
        backend.set_image_data_format(self.image_data_format)
        keras2().mixed_precision.set_global_policy(self.dtype_policy)


def is_legacy_model(value: Any) -> bool:
    """Whether the value is a model of Keras 2."""
    return is_imported() and isinstance(value, keras2().Model)


def is_legacy_layer(value: Any) -> bool:
    """Whether the value is a layer of Keras 2, which models are, too."""
    return is_imported() and isinstance(value, keras2().layers.Layer)


def legacy_copy(model: Any) -> Any:
    """A copy of a Sequential model that isn't built, to be built with a shape; or the model."""
    if isinstance(model, keras2().Sequential) and not model.built:
        with contextlib.suppress(Exception):  # a layer that can't be copied
            return keras2().models.clone_model(model)
    return model
