"""One Sphinx build: which pages ask for models, and their graphs, made in batches by the worker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import sphinx
from docutils import nodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging
from sphinx.util.display import status_iterator

from sphinxcontrib_kerasgraph.ext.nodes import ModelRequest, keras_model
from sphinxcontrib_kerasgraph.ext.report import FAULT_CLASS, warn
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.render import Renderer
    from sphinxcontrib_kerasgraph.ext.worker import Answer, Worker

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """What a page asks for; kept in the environment."""

    requests: tuple[ModelRequest, ...]
    #: Whether a directive on it was faulty, so that it has to be read, and reported, again.
    faulty: bool
    #: Whether the sources of its models are among its dependencies already.
    noted: bool = False


def pages_of(env: BuildEnvironment) -> dict[str, Page]:
    """The pages that ask for models, by docname."""
    pages: dict[str, Page] = env.__dict__.setdefault("kerasgraph_pages", {})
    return pages


class ModelBuild:
    """The models of one build, by the requests for them.

    Graphs are made before pages are written, in one batch where that is possible, and kept till
    the build ends. The worker is started by the first batch.
    """

    def __init__(self, app: Sphinx) -> None:
        self._builder = app.builder
        self._srcdir = str(app.srcdir)
        self._verbosity = app.verbosity
        #: Whether the builder shows diagrams: gettext, linkcheck and their like have no format.
        self.draws = bool(app.builder.format)
        #: The format of images that the builder shows; ``None`` if it shows text only.
        self.image_format = {"html": app.config.kerasgraph_output_format, "latex": "pdf"}.get(
            app.builder.format
        )
        #: Where the pages that failed are kept for the next build with the same builder.
        self._failures_file = app.doctreedir / f"kerasgraph-{app.builder.name}-failures.json"
        self._begin()

    def _begin(self) -> None:
        self._worker: Worker | None = None
        self._answers: dict[ModelRequest, Answer] = {}
        #: The pages that failed when this builder ran last.
        self.failed_before = _read_failures(self._failures_file)
        self._written: set[str] = set()
        self._failed: set[str] = set()
        self._reported: set[tuple[object, ...]] = set()

    # What is imported below isn't needed to start Sphinx, nor by a build without diagrams.

    @cached_property
    def renderer(self) -> Renderer:
        """Draws into the builder's image folder."""
        from sphinxcontrib_kerasgraph.ext.render import Renderer

        return Renderer(self._builder)

    def _ask(self, request: ModelRequest) -> Answer:
        if self._worker is None:
            from sphinxcontrib_kerasgraph.ext.worker import Worker

            config = self._builder.config
            self._worker = Worker(
                config.kerasgraph_environment, config.kerasgraph_timeout, self._srcdir
            )
        return self._worker.ask(request)

    def answers(self, requests: Iterable[ModelRequest]) -> dict[ModelRequest, Answer]:
        """The graphs of the requests, or the faults that hinder them; missing ones are made."""
        wanted = list(dict.fromkeys(requests))
        missing = [request for request in wanted if request not in self._answers]
        # The iterator prints its line even if it has nothing to iterate over.
        for request in missing and status_iterator(
            missing,
            "building Keras models... ",
            "brown",
            len(missing),
            self._verbosity,
            stringify_func=lambda request: request.target,
        ):
            answer = self._answers[request] = self._ask(request)
            if answer.output.strip():
                logger.debug("keras-model %s printed:\n%s", request.target, answer.output)
        return {request: self._answers[request] for request in wanted}

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
        """End the worker, and keep which pages failed, so that the next build tries them again.

        Those that failed before and weren't written again still count, and those whose models
        failed but that were never written.
        """
        if self._worker is not None:
            self._worker.close()
        faulty = {
            request for request, answer in self._answers.items() if isinstance(answer.result, Fault)
        }
        failed = self._failed | (self.failed_before - self._written)
        failed |= {name for name, page in pages.items() if not faulty.isdisjoint(page.requests)}
        failed &= pages.keys()
        if failed:
            self._failures_file.write_text(json.dumps(sorted(failed)), encoding="utf-8")
        else:
            self._failures_file.unlink(missing_ok=True)
        self._begin()


def _read_failures(path: Path) -> frozenset[str]:
    try:
        return frozenset(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # none, or damaged: nothing of worth is lost
        return frozenset()


_builds: WeakKeyDictionary[BuildEnvironment, ModelBuild] = WeakKeyDictionary()


def build_of(env: BuildEnvironment) -> ModelBuild:
    """The build that is going on with this environment."""
    return _builds[env]


def begin(app: Sphinx) -> None:
    """Make the build's `ModelBuild`; on ``builder-inited``."""
    _builds[app.env] = ModelBuild(app)


def build_models(app: Sphinx, env: BuildEnvironment) -> None:
    """Make the graphs that the pages just read ask for; on ``env-updated``.

    Their sources become dependencies of the pages: Sphinx reads a page again when one changed.
    """
    build = build_of(env)
    if not build.draws:
        return
    pages = pages_of(env)
    # In the order of their names: with `-j` pages come in the order in which they were read.
    unnoted = {docname: page for docname, page in sorted(pages.items()) if not page.noted}
    answers = build.answers(request for page in unnoted.values() for request in page.requests)
    for docname, page in unnoted.items():
        for request in page.requests:
            for source in answers[request].sources:
                _note_dependency(env, docname, source)
        pages[docname] = Page(page.requests, page.faulty, noted=True)


def _note_dependency(env: BuildEnvironment, docname: str, source: str) -> None:
    if sphinx.version_info < (8, 2):
        # There only the page that is being read can be named, and paths are kept as texts.
        env.dependencies[docname].add(source)  # type: ignore[arg-type]
    else:
        env.note_dependency(source, docname=docname)


def finish(app: Sphinx, _error: Exception | None) -> None:
    """End the build's worker; on ``build-finished``."""
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
        requests = tuple(dict.fromkeys(node.request for node in doctree.findall(keras_model)))
        faulty = any(FAULT_CLASS in node["classes"] for node in doctree.findall(nodes.warning))
        if requests or faulty:
            pages_of(app.env)[app.env.docname] = Page(requests, faulty)

    def get_outdated_docs(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: AbstractSet[str],
        changed: AbstractSet[str],
        removed: AbstractSet[str],
    ) -> list[str]:
        """Pages that failed; and those that only a builder without diagrams has read."""
        build = build_of(env)
        return [
            docname
            for docname, page in pages_of(env).items()
            if page.faulty or (build.draws and not page.noted) or docname in build.failed_before
        ]
