"""The models of the pages that were just read: made, and what they are made from noted."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.pages import note_dependency, pages_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.pages import Page, Wanted


def build_models(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Make the graphs that the pages just read ask for; on ``env-updated``.

    Gives the pages to be written again, such as those with links to diagrams that have moved.
    """
    build = build_of(env)
    if not build.needs_models:
        return []
    pages = pages_of(env)
    _make_models(app, env, pages)
    stale = sorted(build.stale(pages))
    build.prepare(one for name in stale for one in _shown(pages[name], app))
    return stale


def _shown(page: Page, app: Sphinx) -> list[Wanted]:
    return [wanted for wanted in page.wanted if wanted.is_shown(app.tags)]


def _make_models(app: Sphinx, env: BuildEnvironment, pages: dict[str, Page]) -> None:
    """Make those of the pages just read.

    Their files become dependencies of the pages: Sphinx reads a page again when one changed.
    """
    build = build_of(env)
    # In the order of their names: with `-j` pages come in the order in which they were read.
    unmade = {name: page for name, page in sorted(pages.items()) if page.fingerprints is None}
    if not unmade:
        return
    shown = {name: _shown(page, app) for name, page in unmade.items()}
    build.prepare(one for wanted in shown.values() for one in wanted)
    for docname, page in unmade.items():
        requests = dict.fromkeys(one for asked in shown[docname] for one in asked.requests)
        made_from = tuple(build.models[request].fingerprint for request in requests)
        toolchain = build.toolchain.key if page.wanted else ""
        pages[docname] = replace(page, fingerprints=made_from, toolchain=toolchain)
        for name in dict.fromkeys(name for one in made_from for name, _ in one.files):
            # For Sphinx a missing file has always changed; we look at it, and folders, ourselves.
            if os.path.isfile(os.path.join(app.srcdir, name)):
                note_dependency(env, docname, name)
