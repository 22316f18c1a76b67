"""Where Keras stood when the author's code was imported: from there a model may be built twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras

from sphinxcontrib_kerasgraph.extract.legacy import counts as legacy_counts
from sphinxcontrib_kerasgraph.extract.legacy.imported import LegacySettings
from sphinxcontrib_kerasgraph.extract.read import history

#: Where each Keras counts the names that it gives by itself.
_COUNTS = (history.name_counts, legacy_counts.name_counts, legacy_counts.input_counts)


@dataclass(frozen=True)
class KerasState:
    """Keras's global settings, which `keras.config` reads and sets, and its counts of names."""

    floatx: str
    epsilon: float
    image_data_format: str
    dtype_policy: Any
    #: Those of Keras 2; ``None`` until something has imported it.
    legacy: LegacySettings | None
    counts: tuple[dict[Any, int], ...]

    @classmethod
    def current(cls) -> KerasState:
        """All as it is."""
        config = keras.config
        return cls(
            config.floatx(),
            config.epsilon(),
            config.image_data_format(),
            config.dtype_policy(),
            LegacySettings.current(),
            tuple(dict(counts()) for counts in _COUNTS),
        )

    def go_back(self) -> None:
        """Forget what was named and deferred since, and set what was set."""
        keras.utils.clear_session()
        config = keras.config
        config.set_floatx(self.floatx)
        config.set_epsilon(self.epsilon)
        config.set_image_data_format(self.image_data_format)
        config.set_dtype_policy(self.dtype_policy)
        # Both Kerases begin with what the same file says.
        legacy = LegacySettings(self.floatx, self.epsilon, self.image_data_format)
        (self.legacy or legacy).start_anew()
        for counts, before in zip(_COUNTS, self.counts, strict=True):
            counts().update(before)
