"""One Sphinx build: when its models are made and drawn, and which pages failed."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from sphinx.util import logging
from sphinx.util.display import status_iterator
from sphinx.util.parallel import parallel_available

from sphinxcontrib_kerasgraph import files
from sphinxcontrib_kerasgraph.ext.events import Listeners
from sphinxcontrib_kerasgraph.ext.pages import (
    Diagram,
    LastTime,
    pages_of,
    versions_of,
)
from sphinxcontrib_kerasgraph.ext.report import tell_passed_over, warn, warn_unkept
from sphinxcontrib_kerasgraph.ext.world import world_of
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import Contents
from sphinxcontrib_kerasgraph.store import Store, remove_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.diffs import Diffs
    from sphinxcontrib_kerasgraph.ext.links import Links
    from sphinxcontrib_kerasgraph.ext.nodes import Asking
    from sphinxcontrib_kerasgraph.ext.pages import Page, Wanted
    from sphinxcontrib_kerasgraph.models import Models
    from sphinxcontrib_kerasgraph.picture import Picture
    from sphinxcontrib_kerasgraph.pictures import Pictures
    from sphinxcontrib_kerasgraph.settings import InsideOptions
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.client import Worker
    from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: A diagram may take so many times as long as one run of ``dot``.
_DRAWING_FACTOR = 2

#: Our builders that show no diagrams, but look at the models; see `ext.snapshots`.
SNAPSHOT_BUILDERS = frozenset({"kerasgraph-snapshot", "kerasgraph-check"})


class ModelBuild:
    """The models of one build: made before pages are written, in one batch where possible.

    Another build of the same application has one of its own: files may have changed.
    """

    def __init__(self, app: Sphinx) -> None:
        #: Whose build it is.
        self.app = app
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
        folder = app.config.kerasgraph_snapshot_dir
        #: Where the snapshots are, if there are any.
        self.snapshots = None if folder is None else Path(app.confdir, folder)
        self._kept = Path(app.doctreedir, f"kerasgraph-{app.builder.name}.json")
        self.last_time = LastTime.read(self._kept)
        self._models: Models | None = None
        self._written: set[str] = set()
        self._failed: set[str] = set()
        self._reported: set[tuple[object, ...]] = set()

    # What is imported below isn't needed to start Sphinx, nor by a build without diagrams.

    @cached_property
    def toolchain(self) -> Toolchain:
        """What decides the graphs of this build beside what the models are made from."""
        from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain

        config = self.app.config
        return Toolchain(
            config.kerasgraph_environment,
            load_weights=config.kerasgraph_load_weights,
            world=world_of(config),
        )

    @cached_property
    def contents(self) -> Contents:
        """What files and libraries are now."""
        return Contents(str(self.app.srcdir), self.toolchain.environment)

    @property
    def models(self) -> Models:
        """The graphs of this build."""
        if self._models is None:
            from sphinxcontrib_kerasgraph.models import Models, Snapshots

            snapshots = None
            if self.snapshots is not None:
                looks = self.app.builder.name in SNAPSHOT_BUILDERS
                are_drawn = not looks and not self.toolchain.can_build
                snapshots = Snapshots(self.snapshots, are_drawn)
            self._models = Models(
                self._store,
                self.contents,
                self.toolchain,
                self._worker,
                snapshots,
            )
        return self._models

    @cached_property
    def diffs(self) -> Diffs:
        """What differs between models of this build."""
        from sphinxcontrib_kerasgraph.ext.diffs import Diffs

        return Diffs(self.models)

    def _worker(self) -> Worker:
        from sphinxcontrib_kerasgraph.worker.client import Worker

        config = self.app.config
        return Worker(
            config.kerasgraph_environment,
            config.kerasgraph_timeout,
            str(self.app.srcdir),
            load_weights=config.kerasgraph_load_weights,
            most=max(1, self.app.parallel),  # none is 0
            memory=config.kerasgraph_memory_limit,
            world=world_of(config),
        )

    @cached_property
    def pictures(self) -> Pictures:
        """The drawings of this build, for builders that show images."""
        from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
        from sphinxcontrib_kerasgraph.ext.latex import text_block
        from sphinxcontrib_kerasgraph.pictures import Pictures

        builder, config = self.app.builder, self.app.config
        folder = Path(builder.outdir, builder.imagedir)
        if builder.name == "epub" and self.image_format == "svg":
            # A book has drawings in its pages; what is in its folder becomes a part of it.
            folder = Path(self.app.doctreedir, "kerasgraph-drawings")
        args = [str(arg) for arg in config.graphviz_dot_args]
        return Pictures(
            Graphviz(config.graphviz_dot, args, config.kerasgraph_timeout),
            self.image_format or "svg",
            folder,
            text_block(config),
            self._store,
            config.kerasgraph_style,
            Listeners.of(self.app),
        )

    @cached_property
    def links(self) -> Links:
        """Where classes are documented; to be asked when all pages are read."""
        from sphinxcontrib_kerasgraph.ext.links import Links

        return Links(self.app.env, self.app.config.kerasgraph_links)

    def may_read(self, path: str) -> bool:
        """Whether pages may name the file."""
        app = self.app
        places = [app.srcdir, *(Path(app.confdir, one) for one in app.config.kerasgraph_model_dirs)]
        return any(files.is_within(path, place) for place in places)

    def foresee(self, request: ModelRequest) -> None:
        """Note that a model is wanted, when its page is read."""
        # Not in the processes that read pages in parallel, and end.
        if self.needs_models and os.getpid() == self._process:
            self.models.foresee(request)

    def make(self, requests: Iterable[ModelRequest]) -> Iterator[ModelRequest]:
        """Find or build the graphs of these; yields each that wasn't known, when it is."""
        for request in self._made(requests):
            result = self.models[request].result
            if not isinstance(result, Fault):
                tell_passed_over(result, request.target)
            yield request

    def _made(self, requests: Iterable[ModelRequest]) -> Iterator[ModelRequest]:
        missing = yield from self.models.find(requests)
        if not missing:
            return
        built = self.models.build(missing)
        for request in self._shown("building", built, len(missing), lambda one: one.target):
            output = self.models[request].output
            if output.strip():
                logger.debug("keras-model %s printed:\n%s", request.target, output)
            yield request

    def _shown(
        self, doing: str, items: Iterable[T], number: int, name: Callable[[T], str]
    ) -> Iterator[T]:
        """The items, with progress on the terminal."""
        words, loud = f"{doing} Keras models... ", self.app.verbosity
        return status_iterator(items, words, "brown", number, loud, stringify_func=name)

    def prepare(self, wanted: Iterable[Wanted]) -> None:
        """Have the graphs of these made, and draw diagrams: one model while the next is built."""
        wanted = list(dict.fromkeys(wanted))
        diagrams = [one for one in wanted if isinstance(one, Diagram)]
        to_draw: deque[Diagram] = deque()
        for request in self.make(request for one in wanted for request in one.requests):
            if self.image_format is not None:
                to_draw += [one for one in diagrams if self._are_made(one, request)]
            while to_draw and not self.models.is_ready:
                self._draw(to_draw.popleft())
        self._draw_all(list(to_draw))
        if self._store.error is not None:
            warn_unkept("What was made", self._store.error, "Check kerasgraph_cache_dir.")
            self._store.error = None

    def _are_made(self, diagram: Diagram, last: ModelRequest) -> bool:
        """Whether all models of a diagram are there, since the last one is."""
        requests = diagram.requests
        return last in requests and all(one in self.models for one in requests)

    def _draw(self, diagram: Diagram) -> tuple[str, Picture | Fault] | None:
        """Draw ahead; what is wrong is told when the page is written."""
        try:
            graph, key = self.diffs.drawn(diagram)
            wanted = (key, diagram.options, diagram.page_fraction, self.insides_of(diagram))
            key = self.pictures.key(*wanted)
        except Exception:  # noqa: BLE001
            return None
        try:
            return key, self.pictures.draw(graph, *wanted)
        except Fault as fault:  # for which nobody has to wait again
            return key, fault
        except Exception:  # noqa: BLE001
            return None

    def insides_of(self, diagram: Diagram) -> InsideOptions:
        """What is drawn beside a diagram: what can be opened in it, or figures below."""
        is_opened = self.is_interactive and diagram.is_interactive
        return replace(diagram.insides, **{"inside_figures" if is_opened else "insides": "none"})

    @property
    def is_interactive(self) -> bool:
        """Whether diagrams can be explored, where a script runs."""
        return self.image_format == "svg" and self.app.builder.name != "epub"

    def _draw_all(self, diagrams: list[Diagram]) -> None:
        jobs = self.app.parallel if parallel_available else 1
        if jobs < 2 or len(diagrams) < 2:
            for diagram in diagrams:
                self._draw(diagram)
            return
        from sphinxcontrib_kerasgraph.processes import forked

        for diagram in diagrams:  # or each process would compare for itself, and the pages again
            with suppress(Exception):
                self.diffs.drawn(diagram)
        # What isn't drawn, or not in time, is drawn, or reported, when the page is written. A
        # ``dot`` that hangs is told by the fork, which has longer than that.
        seconds = _DRAWING_FACTOR * self.app.config.kerasgraph_timeout
        with suppress(OSError):
            forks = forked(self._draw, diagrams, jobs, seconds)
            number, name = len(diagrams), lambda one: one[0].request.target
            for _, drawn in self._shown("drawing", forks, number, name):
                if drawn is not None:
                    self.pictures.remember(*drawn)

    def note_written(self, docname: str) -> None:
        """Note that the diagrams of a page are drawn, or reported."""
        self._written.add(docname)

    def report(self, fault: Fault, node: Asking, docname: str) -> None:
        """Warn of what is wrong with what is asked for, once; the next build tries it again."""
        self._failed.add(docname)
        key = (node.source, node.line, node.requests, str(fault))
        if key not in self._reported:  # a page may be in several documents of LaTeX
            self._reported.add(key)
            warn(fault, node.named, node, node.asker)

    def stale(self, pages: Mapping[str, Page]) -> set[str]:
        """The pages that would be written otherwise than this builder is known to have.

        Others may have read them since, or had their models made again.
        """
        last = self.last_time.written
        versions = versions_of(pages, self.app.tags, self.app.config)
        return {docname for docname in versions if last.get(docname) != versions[docname]}

    def find_snapshots(self, pattern: str) -> list[Path]:
        """The snapshots whose names are by the pattern."""
        return [] if self.snapshots is None else sorted(self.snapshots.glob(pattern))

    def finish(self, pages: Mapping[str, Page], *, has_raised: bool) -> None:
        """Keep which pages failed and were written, for the next time; say what was made.

        Those that failed before and weren't written again still count, and those whose models
        failed but that were never written. All that are stale were written if nothing was raised.
        """
        failed = self._failed | (self.last_time.failed - self._written)
        versions = versions_of(pages, self.app.tags, self.app.config)
        done = self._written & versions.keys() if has_raised else versions.keys()
        written = dict(self.last_time.written) | {name: versions[name] for name in done}
        if self._models is not None:
            faulty = self._models.failed()
            failed |= {name for name, page in pages.items() if faulty & set(page.requests)}
            self._models.close()
            if summary := self._models.summary():
                logger.info(summary)
            self._store.prune()
        kept = {name: version for name, version in written.items() if name in pages}
        this_time = LastTime(frozenset(failed & pages.keys()), kept)
        if this_time != self.last_time:
            try:
                this_time.write(self._kept)
            except OSError as error:
                warn_unkept("Which pages failed", error, "Run 'sphinx-build -E' next time.")


_builds: WeakKeyDictionary[BuildEnvironment, ModelBuild] = WeakKeyDictionary()


def build_of(env: BuildEnvironment) -> ModelBuild:
    """The build that is going on with this environment."""
    return _builds[env]


def begin(app: Sphinx) -> None:
    """Make the `ModelBuild` of the first build; on ``builder-inited``."""
    _builds[app.env] = ModelBuild(app)
    for folder in (app.doctreedir, Path(app.outdir, app.builder.imagedir)):
        remove_unfinished(Path(folder))


def finish(app: Sphinx, error: Exception | None) -> None:
    """Say and keep what the next build has to know, and make its `ModelBuild`.

    On ``build-finished``; an application may build again.
    """
    build_of(app.env).finish(pages_of(app.env), has_raised=error is not None)
    begin(app)
