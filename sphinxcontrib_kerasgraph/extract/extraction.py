"""A Target as a ModelGraph: its model built, traced and read."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import keras

from sphinxcontrib_kerasgraph.extract.construct.noted import noted
from sphinxcontrib_kerasgraph.extract.construct.remedies import with_remedy
from sphinxcontrib_kerasgraph.extract.construct.resolve import find, make
from sphinxcontrib_kerasgraph.extract.construct.state import KerasState
from sphinxcontrib_kerasgraph.extract.errors import own_traceback
from sphinxcontrib_kerasgraph.extract.keras_model import model_to_graph
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import Target


#: So many calls in calls; each takes of the stack of the process, which ends where that does.
_DEEPEST = 5_000


def target_to_graph(
    target: Target, calling: Calling, passed_over: PassedOver | None = None
) -> ModelGraph:
    """Import what the target names, build its model and read its calls.

    With ``passed_over`` nothing loads weights. None are allocated where the model allows it
    (`keras.StatelessScope`, public since Keras 3.0); a model that doesn't is built again in the
    ordinary way. Raises `Fault` ``import`` or ``build``.
    """
    if passed_over is None:
        return _graph(target, calling, None)
    with passed_over.installed():
        graph = _graph(target, calling, passed_over)
    return replace(graph, passed_over=passed_over.noted)


def _graph(target: Target, calling: Calling, passed_over: PassedOver | None) -> ModelGraph:
    def made_and_read() -> ModelGraph:
        with _advised(passed_over):
            model = make(target, found, said)
        with _advised(passed_over, is_made=True), _deep():
            return model_to_graph(model, said.over(noted(model)))

    with _advised(passed_over):
        found = find(target)
    said = calling.over(noted(found)) if target.is_plain else calling
    imported = KerasState.current()
    if passed_over is not None:
        passed_over.begin()
    try:
        with (
            keras.StatelessScope(initialize_variables=False),
            nullcontext() if passed_over is None else passed_over.without_weights(),
        ):
            return made_and_read()
    except BaseException as error:
        # Nothing was raised; or it is a file's, which could ask for any amount of memory.
        if isinstance(error, Fault) and (target.is_file or not error.details):
            raise
    if passed_over is not None:
        passed_over.begin()
    imported.go_back()
    return made_and_read()


@contextmanager
def _deep() -> Iterator[None]:
    """Have Python follow blocks in blocks farther than it does by itself.

    Raises `Fault` ``build`` for what lies deeper.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))
    try:
        yield
    except RecursionError as error:
        raise Fault(
            "build",
            "What the model calls lies in itself deeper than Python follows it.",
            "If that is how the model is, and no layer calls itself without end, raise the limit "
            "in the function that builds it: 'sys.setrecursionlimit(50_000)'.",
            own_traceback(error),
        ) from error
    finally:
        sys.setrecursionlimit(limit)


@contextmanager
def _advised(passed_over: PassedOver | None, *, is_made: bool = False) -> Iterator[None]:
    """Have faults of the author's code tell the remedy, where it is known."""
    try:
        yield
    except Fault as fault:
        remedied = with_remedy(fault, passed_over, is_made=is_made)
        raise remedied from fault.__cause__
