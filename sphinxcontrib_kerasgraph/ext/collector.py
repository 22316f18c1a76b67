"""Which pages ask for which models is gathered while pages are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx.environment.collectors import EnvironmentCollector

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.pages import listed_of, page_of, pages_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.build import ModelBuild


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
        if page.wanted or page.faulty:
            listed = listed_of(app.env)
            pages_of(app.env)[app.env.docname] = replace(page, listed=tuple(listed.items()))

    def get_outdated_docs(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: AbstractSet[str],
        changed: AbstractSet[str],
        removed: AbstractSet[str],
    ) -> list[str]:
        """Pages that failed; whose models are out of date; that a builder without models read.

        And those with a gallery of other snapshots.
        """
        build = build_of(env)
        last = build.last_time
        return [
            docname
            for docname, page in pages_of(env).items()
            if page.faulty
            or docname in last.failed
            or (build.needs_models and not page.holds(build.contents, build.toolchain))
            or any(_names(build, pattern) != names for pattern, names in page.listed)
        ]


def _names(build: ModelBuild, pattern: str) -> tuple[str, ...]:
    """Which snapshots there are now by the pattern."""
    return tuple(path.name for path in build.find_snapshots(pattern))
