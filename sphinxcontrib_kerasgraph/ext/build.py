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
from sphinxcontrib_kerasgraph.ext.report import FAULT_CLASS

if TYPE_CHECKING:
    from collections.abc import Iterable
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
        self._verbosity = app.verbosity
        #: Whether the builder shows diagrams: gettext, linkcheck and their like have no format.
        self.draws = bool(app.builder.format)
        #: The format of images that the builder shows; ``None`` if it shows text only.
        self.image_format = {"html": app.config.kerasgraph_output_format, "latex": "pdf"}.get(
            app.builder.format
        )
        self._worker: Worker | None = None
        self._answers: dict[ModelRequest, Answer] = {}
        #: Where the requests that failed are kept for the next build with the same builder.
        self._failures_file = app.doctreedir / f"kerasgraph-{app.builder.name}-failures.json"
        #: The requests that failed when this builder ran last; and those of this build.
        self.failed_before = _read_failures(self._failures_file)
        self.failed: set[ModelRequest] = set()

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
            self._worker = Worker(config.kerasgraph_environment, config.kerasgraph_timeout)
        return self._worker.ask(request.target, request.input_shape)

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

    def finish(self) -> None:
        """End the worker, and keep what failed, so that the next build tries it again."""
        if self._worker is not None:
            self._worker.close()
        failures = [[request.target, request.input_shape] for request in self.failed]
        if failures:
            text = json.dumps(sorted(failures, key=repr))
            self._failures_file.write_text(text, encoding="utf-8")
        else:
            self._failures_file.unlink(missing_ok=True)


def _read_failures(path: Path) -> frozenset[ModelRequest]:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return frozenset(ModelRequest(target, shape) for target, shape in listed)
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, TypeError):  # damaged: nothing of worth is lost
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
    unnoted = {docname: page for docname, page in pages.items() if not page.noted}
    answers = build.answers(request for page in unnoted.values() for request in page.requests)
    for docname, page in unnoted.items():
        for request in page.requests:
            for source in answers[request].sources:
                _note_dependency(env, docname, source)
        pages[docname] = Page(page.requests, page.faulty, noted=True)


def _note_dependency(env: BuildEnvironment, docname: str, source: str) -> None:
    if sphinx.version_info < (8, 2):  # where only the page that is being read can be named
        env.dependencies[docname].add(source)  # type: ignore[arg-type]
    else:
        env.note_dependency(source, docname=docname)


def finish(app: Sphinx, _error: Exception | None) -> None:
    """End the build's worker; on ``build-finished``."""
    build = _builds.pop(app.env, None)
    if build is not None:
        build.finish()


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
            if page.faulty
            or (build.draws and not page.noted)
            or not build.failed_before.isdisjoint(page.requests)
        ]
