"""How many names Keras 2 has given by itself, by what they begin with.

It keeps them in private dicts of its backend, others after each `tf_keras.backend.clear_session`;
``tests/extract/legacy/test_history.py`` fails loudly when that changes. They are looked at whenever
a module is imported, also while `tf_keras` is: nothing is imported here for it, and so this is no
part of `legacy.history`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import Any

from sphinxcontrib_kerasgraph.extract.legacy.imported import is_imported

#: In place of the names that Keras 2 has counted, until anything has imported it.
NO_NAMES: dict[Any, int] = {}


def name_counts() -> dict[Any, int]:
    """How many names of layers there are, to be read and changed; or `NO_NAMES`."""
    if not is_imported():
        return NO_NAMES
    counts: dict[Any, int] = _backend().get_default_graph_uid_map()
    return counts


def input_counts() -> dict[Any, int]:
    """As `name_counts`, for what `tf_keras.Input` makes, which Keras 2 counts apart."""
    if not is_imported():
        return NO_NAMES
    by_graph = _backend().PER_GRAPH_OBJECT_NAME_UIDS
    counts: dict[Any, int] = by_graph.setdefault(_backend().get_graph(), defaultdict(int))
    return counts


def _backend() -> Any:
    return sys.modules["tf_keras.src.backend"]
