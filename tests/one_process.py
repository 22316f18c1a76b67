"""Graphs of several targets in this process, each with names and settings as in one of its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.extract import extraction
from sphinxcontrib_kerasgraph.extract.construct.state import KerasSettings, kept_process_state

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import Target


def target_to_graph(
    target: Target, calling: Calling, surroundings: extraction.Surroundings | None = None
) -> ModelGraph:
    """As `extraction.target_to_graph`."""
    _first_settings().start_anew()
    with kept_process_state():
        return extraction.target_to_graph(target, calling, surroundings)


@cache
def _first_settings() -> KerasSettings:
    return KerasSettings.current()
