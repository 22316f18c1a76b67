"""What the code of a model may change, and would find when the model is built once more."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.legacy.imported import LegacySettings

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class KerasSettings:
    """Keras's global settings, which `keras.config` reads and sets."""

    floatx: str
    epsilon: float
    image_data_format: str
    dtype_policy: Any
    #: Those of Keras 2; ``None`` until something has imported it.
    legacy: LegacySettings | None = None

    @classmethod
    def current(cls) -> KerasSettings:
        """The settings as they are."""
        config = keras.config
        return cls(
            config.floatx(),
            config.epsilon(),
            config.image_data_format(),
            config.dtype_policy(),
            LegacySettings.current(),
        )

    def start_anew(self) -> None:
        """Forget names and deferred weights, and set these settings, which that would reset too."""
        keras.utils.clear_session()
        config = keras.config
        config.set_floatx(self.floatx)
        config.set_epsilon(self.epsilon)
        config.set_image_data_format(self.image_data_format)
        config.set_dtype_policy(self.dtype_policy)
        # Both Kerases begin with what the same file says.
        legacy = LegacySettings(self.floatx, self.epsilon, self.image_data_format)
        (self.legacy or legacy).start_anew()


@contextlib.contextmanager
def kept_process_state() -> Iterator[None]:
    """Put the working directory, ``sys.path``, the environment and the like back afterwards."""
    folder, path, environment = os.getcwd(), list(sys.path), dict(os.environ)
    limit = sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        sys.path[:] = path
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)
        with contextlib.suppress(OSError):
            os.chdir(folder)
