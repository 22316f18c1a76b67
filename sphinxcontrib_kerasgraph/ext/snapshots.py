"""The builders that write snapshots of all models, and that compare the models with them."""

from __future__ import annotations

import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.util import logging

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.nodes import Asking
from sphinxcontrib_kerasgraph.ext.pages import pages_of
from sphinxcontrib_kerasgraph.ext.report import warn
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from collections.abc import Set as AbstractSet

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.models import Outcome
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
        from sphinxcontrib_kerasgraph.snapshot import file_name  # Sphinx's start doesn't need it

        pages = sorted(pages_of(self.env).items())
        pages_by_model = {
            request: docname for docname, page in reversed(pages) for request in page.requests
        }
        build = build_of(self.env)
        for _ in build.make(pages_by_model):
            pass
        folder = build.snapshots
        if folder is None:  # which `init` has refused
            return
        for request in sorted(pages_by_model, key=repr):
            outcome = build.models[request]
            if outcome.origin == "files":
                continue
            path = folder / file_name(request)
            if isinstance(outcome.result, Fault):
                fault: Fault | None = outcome.result
            else:
                fault = _tried(path, partial(self.look_at, path, request, outcome.result, outcome))
            self._report(fault, request, pages_by_model[request])
        for path, request in _unasked(folder, pages_by_model, self.srcdir):
            self._report(_tried(path, partial(self.look_at_unasked, path)), request, None)

    def look_at(
        self, path: Path, request: ModelRequest, graph: ModelGraph, outcome: Outcome
    ) -> Fault | None:
        """Do with a model and the path of its snapshot what the builder is for."""
        raise NotImplementedError

    def look_at_unasked(self, path: Path) -> Fault | None:
        """Do so with a snapshot that no page asks for."""
        raise NotImplementedError

    def _report(self, fault: Fault | None, request: ModelRequest, docname: str | None) -> None:
        """Warn, and let the program fail, if there is a fault."""
        if fault is not None:
            warn(fault, request.target, self._place(request, docname) if docname else None)
            build_of(self.env).app.statuscode = 1

    def _place(self, request: ModelRequest, docname: str) -> Asking | str:
        """Where the page asks for the model first; the page, where that isn't known."""
        asking = self.env.get_doctree(docname).findall(Asking)
        return next((node for node in asking if request in node.requests), docname)


def _tried(path: Path, look: Callable[[], Fault | None]) -> Fault | None:
    """What the look at a snapshot finds, or what hinders it, which is nothing to the others."""
    try:
        return look()
    except OSError as error:
        message = f"The snapshot {path.name} can't be written: {error}."
        return Fault("drift", message, "Check 'kerasgraph_snapshot_dir'.")
    except Exception as error:  # noqa: BLE001 - as it says
        return Fault(
            "internal",
            f"Looking at the snapshot {path.name} raised {type(error).__name__}: {error}.",
            "Please report it, with the traceback that 'sphinx-build -vv' shows.",
            traceback.format_exc(),
        )


def _unasked(
    folder: Path, requests: Collection[ModelRequest], source: Path
) -> list[tuple[Path, ModelRequest]]:
    """Snapshots in the folder that no page asks for, nor names; files that are none are left out.

    Pages name files from the source folder on.
    """
    from sphinxcontrib_kerasgraph import snapshot

    wanted = {snapshot.file_name(request) for request in requests}
    named = {Path(source, request.target).resolve() for request in requests}
    found = []
    for path in sorted(folder.glob("*.json")):
        if path.name in wanted or path.resolve() in named:
            continue
        try:
            request, _ = snapshot.read(path)
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
        self, path: Path, request: ModelRequest, graph: ModelGraph, outcome: Outcome
    ) -> Fault | None:
        """Write it; a file that is as it should be isn't touched."""
        from sphinxcontrib_kerasgraph.snapshot import to_text

        content = to_text(request, graph).encode()
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
            logger.info("wrote %s", path)
        return None

    def look_at_unasked(self, path: Path) -> Fault | None:
        """Remove it."""
        path.unlink()
        logger.info("removed %s, for which no page asks", path)
        return None


class CheckBuilder(_Snapshots):
    """Compares each model with its snapshot."""

    name = "kerasgraph-check"
    epilog = "The models were compared with their snapshots."

    def look_at(
        self, path: Path, request: ModelRequest, graph: ModelGraph, outcome: Outcome
    ) -> Fault | None:
        """What differs, or that there is no snapshot."""
        return outcome.drift

    def look_at_unasked(self, path: Path) -> Fault | None:
        """That it is there."""
        message = f"No page asks for the snapshot {path.name}."
        return Fault("drift", message, "Remove it with 'kerasgraph snapshot'.")
