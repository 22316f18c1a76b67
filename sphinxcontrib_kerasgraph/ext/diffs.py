"""The models that are compared on pages, each pair of them once in a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import code_digest
from sphinxcontrib_kerasgraph.store import key_of

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.diff import ModelDiff
    from sphinxcontrib_kerasgraph.ext.pages import Diagram
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.models import Models
    from sphinxcontrib_kerasgraph.target import ModelRequest

    #: The old model, and the new one.
    _Two = tuple[ModelRequest, ...]


class Diffs:
    """What differs between models whose graphs are there."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._known: dict[_Two, ModelDiff] = {}

    def of(self, requests: _Two) -> ModelDiff:
        """What differs. Raises the `Fault` of the model that there isn't, and says which it is."""
        known = self._known.get(requests)
        if known is None:
            from sphinxcontrib_kerasgraph.diff import ModelDiff  # where something is compared

            old, new = (self._graph(request) for request in requests)
            names = [request.target for request in requests]
            known = self._known[requests] = ModelDiff.of(old, new, *names)
        return known

    def _graph(self, request: ModelRequest) -> ModelGraph:
        found = self._models[request].result
        if isinstance(found, Fault):
            message = f"Of {request.target}: {found.message}"
            raise Fault(found.subtype, message, found.advice, found.details) from found
        return found

    def drawn(self, diagram: Diagram) -> tuple[ModelGraph, str]:
        """The graph that a diagram shows, of one model or two, and what stands for it in keys.

        Raises `Fault` if there is none.
        """
        outcomes = [self._models[request] for request in diagram.requests]
        if diagram.old is None:
            [outcome] = outcomes
            if isinstance(outcome.result, Fault):
                raise outcome.result
            return outcome.result, outcome.key
        graph = self.of(diagram.requests).shown(diagram.context)
        # `Pictures` knows by what a graph is drawn, but not by what two are made one.
        code = code_digest("diff.model_diff")
        return graph, key_of([one.key for one in outcomes], diagram.context, code)
