"""A site of explorable diagrams in each theme, built once, and a browser."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
from pathlib import Path

import pytest

from browser_site import PAGES, THEMES, served
from diagram_page import Diagram
from sphinx_project import Build, make_project


@pytest.fixture(scope="session")
def sites(tmp_path_factory, dot):
    """Builds the site in a theme; each once for all processes of tests, which share a cache."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    base = base / "sites"
    base.mkdir(exist_ok=True)

    @functools.cache
    def built(theme: str) -> Build:
        folder = base / theme
        with (base / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                build = made(folder, theme)
                assert build.warnings == []
                assert build.returncode == 0, build.output
                (folder / "done").touch()
        return Build(folder / "html", 0, "")

    def made(folder: Path, theme: str) -> Build:
        folder.mkdir()
        pages = {name: f"{name}\n{'=' * len(name)}\n{text}" for name, text in PAGES.items()}
        index = "Models\n======\n\n.. toctree::\n\n   " + "\n   ".join(PAGES)
        conf = (
            f"html_theme = {THEMES[theme]!r}\nkerasgraph_cache_dir = '../../cache'\n"
            "html_context = {'default_mode': 'auto'}\n"  # or pydata_sphinx_theme reports an error
        )
        return make_project(folder, conf, index=index, **pages).build("html")

    return built


@pytest.fixture(scope="module")  # other tests count threads and processes
def origins(sites):
    """The address of the site in a theme, from a server of it."""
    with_servers = []

    @functools.cache
    def origin(theme: str, headers: tuple[tuple[str, str], ...] = ()) -> str:
        server = served(sites(theme).folder, dict(headers))
        with_servers.append(server)
        return server.__enter__()

    yield origin
    for server in with_servers:
        server.__exit__(None, None, None)


@pytest.fixture
def opened(chromium):
    """Opens a page, of which no error is let through; takes the options of a browser's context."""
    contexts = []
    faults: list[str] = []

    def open_(address: str, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console", lambda said: said.type == "error" and faults.append(f"console: {said.text}")
        )
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def diagram(origins, opened):
    """Opens a page of a site, and gives its first diagram, set up."""

    def diagram_(page, theme="furo", headers=(), **options):
        return Diagram.of(opened(f"{origins(theme, headers)}/{page}.html", **options))

    return diagram_
