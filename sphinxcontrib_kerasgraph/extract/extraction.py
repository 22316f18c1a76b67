"""A Target as a ModelGraph: its model built, traced and read."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.names import ImportedNames
from sphinxcontrib_kerasgraph.extract.construct.resolve import find, make
from sphinxcontrib_kerasgraph.extract.construct.state import KerasSettings, kept_process_state
from sphinxcontrib_kerasgraph.extract.keras_model import model_to_graph
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import Target


def target_to_graph(
    target: Target,
    calling: Calling,
    changed_settings: Callable[[], Mapping[str, Any]] = dict,
    names: ImportedNames | None = None,
) -> ModelGraph:
    """Import what the target names, build its model and read its calls.

    No weights are allocated where the model allows it (`keras.StatelessScope`, public since
    Keras 3.0); a model that doesn't is built again in the ordinary way. ``changed_settings`` are
    those that the imported modules have changed, now or before; ``names`` knows what the import of
    each has named. Raises `Fault` ``import`` or ``build``.
    """
    names = names or ImportedNames()
    first = _first_settings()
    first.start_anew()
    names.start_anew()
    found = find(target)
    # What an import sets, such as a dtype policy, holds for all that import that module; what a
    # function sets, for its model.
    settings = replace(first, **changed_settings())
    imported = names.place()
    with kept_process_state():
        settings.start_anew(free_memory=False)
        names.go_back(imported)
        try:
            with keras.StatelessScope(initialize_variables=False):
                return model_to_graph(make(target, found, calling), calling)
        except BaseException as error:
            # Nothing was raised; or it is a file's, which could ask for any amount of memory.
            if isinstance(error, Fault) and (target.is_file or not error.details):
                raise
        settings.start_anew()
        names.go_back(imported)
        return model_to_graph(make(target, found, calling), calling)


@cache
def _first_settings() -> KerasSettings:
    """Keras's settings before any module of the author's was imported."""
    return KerasSettings.current()
