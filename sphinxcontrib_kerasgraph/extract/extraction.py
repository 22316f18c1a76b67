"""A Target as a ModelGraph: its model built, traced and read."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import keras

from sphinxcontrib_kerasgraph.extract.construct.names import ImportedNames
from sphinxcontrib_kerasgraph.extract.construct.noted import noted
from sphinxcontrib_kerasgraph.extract.construct.remedies import with_remedy
from sphinxcontrib_kerasgraph.extract.construct.resolve import find, make
from sphinxcontrib_kerasgraph.extract.construct.state import KerasSettings, kept_process_state
from sphinxcontrib_kerasgraph.extract.keras_model import model_to_graph
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import Target


@dataclass(frozen=True)
class Surroundings:
    """What is known of the author's code, and done with it, where a model is made."""

    #: What the import of each module has named.
    names: ImportedNames = field(default_factory=ImportedNames)
    #: Takes the place of what loads weights, which is done if it isn't given.
    passed_over: PassedOver | None = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Pass over what loads weights meanwhile."""
        with nullcontext() if self.passed_over is None else self.passed_over.installed():
            yield

    @contextmanager
    def without_weights(self) -> Iterator[None]:
        """Allocate no weights meanwhile."""
        passed_over = self.passed_over
        with (
            keras.StatelessScope(initialize_variables=False),
            nullcontext() if passed_over is None else passed_over.without_weights(),
        ):
            yield

    def build_again(self) -> None:
        """Begin with the model once more; what was imported stays."""
        if self.passed_over is not None:
            self.passed_over.build_again()


def target_to_graph(
    target: Target,
    calling: Calling,
    surroundings: Surroundings | None = None,
) -> ModelGraph:
    """Import what the target names, build its model and read its calls, in a process of its own.

    No weights are allocated where the model allows it (`keras.StatelessScope`, public since
    Keras 3.0); a model that doesn't is built again in the ordinary way. Raises `Fault` ``import``
    or ``build``.
    """
    surroundings = surroundings or Surroundings()
    passed_over = surroundings.passed_over
    with surroundings.installed():
        graph = _graph(target, calling, surroundings)
    return graph if passed_over is None else replace(graph, passed_over=passed_over.noted)


def _graph(target: Target, calling: Calling, surroundings: Surroundings) -> ModelGraph:
    names = surroundings.names

    def made_and_read() -> ModelGraph:
        with _advised(surroundings):
            model = make(target, found, said)
        with _advised(surroundings, is_made=True):
            return model_to_graph(model, said.over(noted(model)))

    with _advised(surroundings):
        found = find(target)
    said = calling.over(noted(found)) if target.is_plain else calling
    settings, imported = KerasSettings.current(), names.place()
    try:
        with kept_process_state(), surroundings.without_weights():
            return made_and_read()
    except BaseException as error:
        # Nothing was raised; or it is a file's, which could ask for any amount of memory.
        if isinstance(error, Fault) and (target.is_file or not error.details):
            raise
    surroundings.build_again()
    settings.start_anew()
    names.go_back(imported)
    return made_and_read()


@contextmanager
def _advised(surroundings: Surroundings, *, is_made: bool = False) -> Iterator[None]:
    """Have faults of the author's code tell the remedy, where it is known."""
    try:
        yield
    except Fault as fault:
        remedied = with_remedy(fault, surroundings.passed_over, is_made=is_made)
        raise remedied from fault.__cause__
