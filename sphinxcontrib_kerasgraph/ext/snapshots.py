"""The builders that write snapshots of all models, and that compare the models with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.util import logging

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.pages import pages_of
from sphinxcontrib_kerasgraph.ext.report import warn
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from sphinxcontrib_kerasgraph.ext.graphs import Outcome
    from sphinxcontrib_kerasgraph.target import ModelRequest

logger = logging.getLogger(__name__)


class _Snapshots(Builder):
    """Looks at the models that pages ask for, and writes no pages.

    What is wrong with one is a warning, and the exit code is 1.
    """

    allow_parallel = True

    def init(self) -> None:
        """Raises `ConfigError` if there is no folder for snapshots."""
        if self.config.kerasgraph_snapshot_dir is None:
            raise ConfigError(
                "kerasgraph_snapshot_dir isn't set. Set it in conf.py to a folder for the "
                "snapshots, such as '_models'."
            )

    def get_outdated_docs(self) -> Iterable[str]:
        """All pages with models."""
        return list(pages_of(self.env))

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Pages have none."""
        return ""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Look at every model, whichever pages were read."""
        pages = sorted(pages_of(self.env).items())
        pages_by_model = {
            request: docname for docname, page in reversed(pages) for request in page.requests
        }
        graphs = build_of(self.env).graphs
        for _ in graphs.make(pages_by_model):
            pass
        if graphs.snapshots is not None:  # which `init` has made sure of
            outcomes = {request: graphs[request] for request in sorted(pages_by_model, key=repr)}
            self.look_at(graphs.snapshots, outcomes, pages_by_model)

    def look_at(
        self,
        folder: Path,
        outcomes: dict[ModelRequest, Outcome],
        pages: dict[ModelRequest, str],
    ) -> None:
        """Do with all models, and the page of each, what the builder is for."""
        raise NotImplementedError

    def report(self, fault: Fault, target: str, docname: str | None) -> None:
        """Warn, and let the program fail."""
        warn(fault, target, docname)
        self.app.statuscode = 1


def _unasked(folder: Path, requests: Iterable[ModelRequest]) -> list[tuple[Path, ModelRequest]]:
    """Snapshots in the folder that no page asks for; files that are none are left out."""
    from sphinxcontrib_kerasgraph import snapshot

    wanted = {snapshot.file_name(request) for request in requests}
    found = []
    for path in sorted(folder.glob("*.json")):
        if path.name in wanted:
            continue
        try:
            request, _ = snapshot.from_text(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if snapshot.file_name(request) == path.name:
            found.append((path, request))
    return found


class SnapshotBuilder(_Snapshots):
    """Writes the snapshot of each model, and removes those that no page asks for."""

    name = "kerasgraph-snapshot"
    epilog = "The snapshots of the models are written."

    def look_at(
        self,
        folder: Path,
        outcomes: dict[ModelRequest, Outcome],
        pages: dict[ModelRequest, str],
    ) -> None:
        """Files that are as they should be aren't touched."""
        from sphinxcontrib_kerasgraph import snapshot  # which Sphinx's start doesn't need

        folder.mkdir(parents=True, exist_ok=True)
        for request, outcome in outcomes.items():
            if isinstance(outcome.result, Fault):
                self.report(outcome.result, request.target, pages[request])
                continue
            path = folder / snapshot.file_name(request)
            content = snapshot.to_text(request, outcome.result).encode()
            if not path.is_file() or path.read_bytes() != content:
                write_whole(path, content)
                logger.info("wrote %s", path)
        for path, _ in _unasked(folder, outcomes):
            path.unlink()
            logger.info("removed %s, for which no page asks", path)


class CheckBuilder(_Snapshots):
    """Compares each model with its snapshot."""

    name = "kerasgraph-check"
    epilog = "The models were compared with their snapshots."

    def look_at(
        self,
        folder: Path,
        outcomes: dict[ModelRequest, Outcome],
        pages: dict[ModelRequest, str],
    ) -> None:
        """Warn of each that differs, has no snapshot, or can't be built."""
        for request, outcome in outcomes.items():
            fault = outcome.result if isinstance(outcome.result, Fault) else outcome.drift
            if fault is not None:
                self.report(fault, request.target, pages[request])
        for path, request in _unasked(folder, outcomes):
            message = f"No page asks for the snapshot {path.name}."
            fault = Fault("drift", message, "Remove it with 'kerasgraph snapshot'.")
            self.report(fault, request.target, None)
