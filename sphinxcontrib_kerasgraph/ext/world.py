"""The world in which the models of a build are made: that before pages were read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sphinxcontrib_kerasgraph.worker.world import World

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_worlds: WeakKeyDictionary[Config, World] = WeakKeyDictionary()


def note_world(_app: Sphinx, config: Config) -> None:
    """Note in which world models are to be built, before pages are read; on ``config-inited``."""
    _worlds[config] = World()


def world_of(config: Config) -> World | None:
    """What was noted."""
    return _worlds.get(config)
