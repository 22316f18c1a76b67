"""Graphs of targets, built by a worker as for a page; or from the cache, without Keras."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import Contents
from sphinxcontrib_kerasgraph.models import Models
from sphinxcontrib_kerasgraph.store import Store
from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.cli.arguments import Building
    from sphinxcontrib_kerasgraph.cli.terminal import Terminal
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.models import Outcome
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.client import Worker


def graphs_of(
    requests: Sequence[ModelRequest], building: Building, terminal: Terminal
) -> dict[ModelRequest, ModelGraph | Fault]:
    """The graphs of these models, or why there is none.

    Modules and files are found from the current folder on.
    """
    if not requests:
        return {}
    with ExitStack() as stack:
        folder = stack.enter_context(importable())
        store = Store(_cache(building, stack))
        toolchain = Toolchain({}, load_weights=building.load_weights, project=folder)

        def worker() -> Worker:
            # Where all is in the cache it isn't needed.
            from sphinxcontrib_kerasgraph.worker.client import Worker

            return Worker(
                {},
                building.timeout,
                folder,
                load_weights=building.load_weights,
                memory=building.memory_limit,
            )

        models = Models(
            store,
            Contents(folder, toolchain.environment),
            toolchain,
            worker,
        )
        outcomes = _outcomes(models, requests, terminal)
        if store.error is not None:
            terminal.note(f"The graph can't be kept for the next time: {store.error}.")
        store.prune()
    return {request: _graph(outcome, terminal) for request, outcome in outcomes.items()}


def _outcomes(
    models: Models, requests: Sequence[ModelRequest], terminal: Terminal
) -> dict[ModelRequest, Outcome]:
    finding = models.find(requests)
    missing: list[ModelRequest] = []
    try:
        while True:
            next(finding)
    except StopIteration as found:
        missing = found.value
    if missing:
        names = ", ".join(one.target for one in missing)
        with terminal.busy(f"building {names}"):
            for _ in models.build(missing):
                pass
    return {request: models[request] for request in requests}


def _graph(outcome: Outcome, terminal: Terminal) -> ModelGraph | Fault:
    terminal.detail(outcome.output)
    graph = outcome.result
    if isinstance(graph, Fault):
        return graph
    if terminal.verbose and graph.passed_over:
        terminal.note(f"passed over: {', '.join(graph.passed_over)}")
    return graph


@contextmanager
def importable() -> Iterator[str]:
    """The current folder, in which Python finds modules meanwhile."""
    folder = os.getcwd()
    sys.path.insert(0, folder)
    try:
        yield folder
    finally:
        sys.path.remove(folder)


def _cache(building: Building, stack: ExitStack) -> Path:
    """Where graphs are kept; a folder that is removed if they aren't to be."""
    if not building.is_cached:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kerasgraph-")))
    return building.cache_dir or platformdirs.user_cache_path("kerasgraph", appauthor=False)
