"""What decides graphs beside what models are made from: Keras, its settings, and this package."""

from __future__ import annotations

import json
import os
import sys
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.fingerprint import code_digest, release
from sphinxcontrib_kerasgraph.store import key_of
from sphinxcontrib_kerasgraph.worker.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Keras's settings where its file says nothing, or isn't there; its import writes the file.
_KERAS_DEFAULTS = {"floatx": "float32", "epsilon": 1e-7, "image_data_format": "channels_last"}

#: The distributions that bring a backend, the first that is there.
_BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu", "tf-nightly", "tf-nightly-cpu")}


class Toolchain:
    """Keras and its backend, their settings, and this package, found without importing them.

    ``given`` are the variables that conf.py sets for the worker, ``kerasgraph_environment``;
    ``load_weights`` is ``kerasgraph_load_weights``; ``project`` is the folder from which targets
    are found, where one cache serves several; ``world`` is that of the worker, and this
    process's of now if it isn't given.
    """

    def __init__(
        self,
        given: Mapping[str, str],
        *,
        load_weights: bool = False,
        project: str = "",
        world: World | None = None,
    ) -> None:
        world = world or World()
        self._outside = world.environment
        self._given = given
        self._project = project
        self._load_weights = load_weights
        #: All variables of the worker's environment.
        self.environment = world.given(given)

    @cached_property
    def key(self) -> str:
        """Stands for all of it: graphs made with another one are others."""
        keras = {name: value for name, value in self._outside.items() if name.startswith("KERAS_")}
        stated = {name: self._settings.get(name) for name in _KERAS_DEFAULTS}
        settings = _KERAS_DEFAULTS | {name: value for name, value in stated.items() if value}
        return key_of(
            code_digest("worker.builder"),  # which imports all that makes graphs, and their format
            sys.version_info[:2],
            sorted((keras | dict(self._given)).items()),
            self._load_weights,
            self._backend,
            release("keras", "keras-nightly"),
            release(*_BACKENDS.get(self._backend, (self._backend,))),
            settings,
            release("tf_keras", "tf-keras-nightly"),
            self._project,
        )

    @cached_property
    def can_build(self) -> bool:
        """Whether Keras and its backend are installed."""
        try:
            return all(find_spec(name) is not None for name in ("keras", self._backend))
        except (ImportError, ValueError):
            return False

    @cached_property
    def _settings(self) -> dict[str, Any]:
        """What Keras's file of settings says; see `keras.config`."""
        user = self.environment.get("USERPROFILE" if os.name == "nt" else "HOME", "~")
        home = self.environment.get("KERAS_HOME") or os.path.join(user, ".keras")
        file = Path(os.path.expanduser(home), "keras.json")
        try:
            settings = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return settings if isinstance(settings, dict) else {}

    @cached_property
    def _backend(self) -> str:
        named = self.environment.get("KERAS_BACKEND") or self._settings.get("backend")
        return named if isinstance(named, str) and named else "tensorflow"
