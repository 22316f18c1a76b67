"""One Sphinx build: when its models are made and drawn, and which pages failed."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sphinx
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging
from sphinx.util.display import status_iterator
from sphinx.util.parallel import ParallelTasks, parallel_available

from sphinxcontrib_kerasgraph.ext.pages import LastTime, page_of, pages_of
from sphinxcontrib_kerasgraph.ext.report import warn
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import Contents
from sphinxcontrib_kerasgraph.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.drawings import Drawings, Picture
    from sphinxcontrib_kerasgraph.ext.graphs import Graphs, Outcome
    from sphinxcontrib_kerasgraph.ext.nodes import keras_model
    from sphinxcontrib_kerasgraph.ext.pages import Diagram, Page
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.toolchain import Circumstances

logger = logging.getLogger(__name__)

#: Our builders that show no diagrams, but look at the models; see `ext.snapshots`.
SNAPSHOT_BUILDERS = frozenset({"kerasgraph-snapshot", "kerasgraph-check"})


class ModelBuild:
    """The models of one build: made before pages are written, in one batch where possible."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._process = os.getpid()
        #: Whether the builder needs models: gettext, linkcheck and their like have no format.
        self.needs_models = bool(app.builder.format) or app.builder.name in SNAPSHOT_BUILDERS
        #: The format of images that the builder shows; ``None`` if it shows none.
        self.image_format = {"html": app.config.kerasgraph_output_format, "latex": "pdf"}.get(
            app.builder.format
        )
        folder = app.config.kerasgraph_cache_dir
        self._store = Store(
            Path(app.doctreedir, "kerasgraph") if folder is None else Path(app.confdir, folder)
        )
        self._kept = Path(app.doctreedir, f"kerasgraph-{app.builder.name}.json")
        self._begin()

    def _begin(self) -> None:
        self.last_time = LastTime.read(self._kept)
        self._written: set[str] = set()
        self._failed: set[str] = set()
        self._reported: set[tuple[object, ...]] = set()
        for name in ("circumstances", "contents", "graphs", "drawings"):
            self.__dict__.pop(name, None)

    # What is imported below isn't needed to start Sphinx, nor by a build without diagrams.

    @cached_property
    def circumstances(self) -> Circumstances:
        """What decides the graphs of this build beside what the models are made from."""
        from sphinxcontrib_kerasgraph.worker.toolchain import Circumstances

        return Circumstances(self._app.config.kerasgraph_environment)

    @cached_property
    def contents(self) -> Contents:
        """What files and libraries are now."""
        return Contents(str(self._app.srcdir), self.circumstances.environment)

    @cached_property
    def graphs(self) -> Graphs:
        """The graphs of this build."""
        from sphinxcontrib_kerasgraph.ext.graphs import Graphs

        return Graphs(self._app, self._store, self.contents, self.circumstances)

    @cached_property
    def drawings(self) -> Drawings:
        """The drawings of this build, for builders that show images."""
        from sphinxcontrib_kerasgraph.ext.drawings import Drawings

        return Drawings(self._app.builder, self.image_format or "svg", self._store)

    def foresee(self, request: ModelRequest) -> None:
        """Note that a model is wanted, when its page is read."""
        # Not in the processes that read pages in parallel, and end.
        if self.needs_models and os.getpid() == self._process:
            self.graphs.foresee(request)

    def make(self, diagrams: Iterable[Diagram]) -> None:
        """Have the graphs of these made, and draw them: one model while the next is built."""
        wanted = list(dict.fromkeys(diagrams))
        to_draw: deque[Diagram] = deque()
        for request in self.graphs.make(diagram.request for diagram in wanted):
            if self.image_format is not None:
                to_draw += [diagram for diagram in wanted if diagram.request == request]
            while to_draw and not self.graphs.is_ready:
                self._draw(to_draw.popleft())
        self._draw_all(list(to_draw))
        if self._store.error is not None:
            logger.warning(
                "What was made can't be kept for the next build: %s. Check kerasgraph_cache_dir "
                "in conf.py.",
                self._store.error,
                type="kerasgraph",
                subtype="cache",
            )
            self._store.error = None

    def _draw(self, diagram: Diagram) -> tuple[str, Picture] | None:
        """Draw ahead; what is wrong is told when the page is written."""
        outcome: Outcome = self.graphs[diagram.request]
        if isinstance(outcome.result, Fault):
            return None
        wanted = (outcome.key, diagram.options, diagram.share)
        try:
            return self.drawings.key(*wanted), self.drawings.draw(outcome.result, *wanted)
        except Exception:  # noqa: BLE001
            return None

    def _draw_all(self, diagrams: list[Diagram]) -> None:
        jobs = self._app.parallel if parallel_available else 1
        if jobs < 2 or len(diagrams) < 2:
            for diagram in diagrams:
                self._draw(diagram)
            return

        def remember(_diagram: Diagram, drawn: Any) -> None:
            if drawn is not None:
                self.drawings.remember(*drawn)

        tasks = ParallelTasks(jobs)
        for diagram in status_iterator(
            diagrams,
            "drawing Keras models... ",
            "brown",
            len(diagrams),
            self._app.verbosity,
            stringify_func=lambda diagram: diagram.request.target,
        ):
            tasks.add_task(self._draw, diagram, remember)
        tasks.join()

    def note_written(self, docname: str) -> None:
        """Note that the diagrams of a page are drawn, or reported."""
        self._written.add(docname)

    def report(self, fault: Fault, node: keras_model, docname: str) -> None:
        """Warn of what is wrong with a diagram, once, and have the next build try it again."""
        self._failed.add(docname)
        key = (node.source, node.line, node.request, str(fault))
        if key not in self._reported:  # a page may be in several documents of LaTeX
            self._reported.add(key)
            warn(fault, node.request.target, node)

    def finish(self, pages: Mapping[str, Page]) -> None:
        """Keep which pages failed and were written, for the next time; say what was made.

        Those that failed before and weren't written again still count, and those whose models
        failed but that were never written.
        """
        failed = self._failed | (self.last_time.failed - self._written)
        written = dict(self.last_time.written)
        written |= {name: pages[name].version for name in self._written & pages.keys()}
        if "graphs" in self.__dict__:
            faulty = self.graphs.failed()
            failed |= {name for name, page in pages.items() if faulty & set(page.requests)}
            self.graphs.close()
            summary = self.graphs.summary()
            if summary:
                logger.info(summary)
            self._store.prune()
        this_time = LastTime(
            frozenset(failed & pages.keys()),
            {name: version for name, version in written.items() if name in pages},
        )
        if this_time != self.last_time:
            this_time.write(self._kept)
        self._begin()


_builds: WeakKeyDictionary[BuildEnvironment, ModelBuild] = WeakKeyDictionary()


def build_of(env: BuildEnvironment) -> ModelBuild:
    """The build that is going on with this environment."""
    return _builds[env]


def begin(app: Sphinx) -> None:
    """Make the build's `ModelBuild`; on ``builder-inited``."""
    _builds[app.env] = ModelBuild(app)


def build_models(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the graphs that the pages just read ask for; on ``env-updated``.

    Their files become dependencies of the pages: Sphinx reads a page again when one changed.
    """
    build = build_of(env)
    if not build.needs_models:
        return
    pages = pages_of(env)
    # In the order of their names: with `-j` pages come in the order in which they were read.
    unmade = {name: page for name, page in sorted(pages.items()) if page.fingerprints is None}
    if not unmade:
        return
    shown = {
        name: [diagram for diagram in page.diagrams if diagram.is_shown(app.tags)]
        for name, page in unmade.items()
    }
    build.make(diagram for diagrams in shown.values() for diagram in diagrams)
    for docname, page in unmade.items():
        requests = dict.fromkeys(diagram.request for diagram in shown[docname])
        made_from = tuple(build.graphs[request].fingerprint for request in requests)
        circumstances = build.circumstances.key if page.diagrams else ""
        pages[docname] = replace(page, fingerprints=made_from, circumstances=circumstances)
        for name in dict.fromkeys(name for one in made_from for name, _ in one.files):
            # For Sphinx a missing file has always changed; we look at it, and folders, ourselves.
            if os.path.isfile(os.path.join(app.srcdir, name)):
                _note_dependency(env, docname, name)


def _note_dependency(env: BuildEnvironment, docname: str, name: str) -> None:
    if sphinx.version_info < (8, 2):
        # There only the page that is being read can be named, and paths are kept as texts.
        env.dependencies[docname].add(name)  # type: ignore[arg-type]
    else:
        env.note_dependency(name, docname=docname)


def finish(app: Sphinx, _error: Exception | None) -> None:
    """Say and keep what the next build has to know; on ``build-finished``."""
    build_of(app.env).finish(pages_of(app.env))


class RequestCollector(EnvironmentCollector):
    """Gathers which pages ask for which models, also from pages that are read in parallel."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again or gone."""
        pages_of(env).pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: AbstractSet[str],
        other: BuildEnvironment,
    ) -> None:
        """Take over the pages that another process read."""
        theirs = pages_of(other)
        pages_of(env).update((name, theirs[name]) for name in docnames if name in theirs)

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note the requests of a page."""
        page = page_of(doctree)
        if page is not None:
            pages_of(app.env)[app.env.docname] = page

    def get_outdated_docs(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: AbstractSet[str],
        changed: AbstractSet[str],
        removed: AbstractSet[str],
    ) -> list[str]:
        """Pages that failed; whose models are out of date; that a builder without models read.

        And those that this builder wrote before another one, with the same environment, had
        their models made again.
        """
        build = build_of(env)
        last = build.last_time
        return [
            docname
            for docname, page in pages_of(env).items()
            if page.faulty
            or docname in last.failed
            or (build.needs_models and not page.holds(build.contents, build.circumstances))
            or last.written.get(docname, page.version) != page.version
        ]
