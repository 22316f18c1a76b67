"""One project of real models, built once for each builder that the tests look at."""

from __future__ import annotations

import pytest

from ext_pages import INDEX, PAGES
from left_behind import all_watched
from sphinx_project import make_project


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The project of real models."""
    pages = {name: f"{name}\n{'=' * len(name)}\n{text}" for name, text in PAGES.items()}
    return make_project(tmp_path_factory.mktemp("models"), index=INDEX, **pages)


@pytest.fixture(scope="session")
def html(models, dot):
    """The project in HTML."""
    build = models.build("html")
    assert build.warnings == []
    assert build.returncode == 0, build.output
    return build


@pytest.fixture(scope="session")
def known(tmp_path_factory):
    """A cache with the graphs of those models that tests draw in one way after the other."""
    folder = tmp_path_factory.mktemp("known")
    targets = "zoo.first.mlp", "zoo.first.branches", "zoo.shapes.shared"
    index = "\n\n".join(["A\n=", *(f".. keras-model:: {target}" for target in targets)])
    build = make_project(folder, "kerasgraph_cache_dir = '../known'\n", index=index).build("text")
    assert build.warnings == []
    assert f"{len(targets)} built" in build.output
    return folder / "known"


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left(tmp_path_factory):
    """No process or temporary file that the tests of a module have started or made."""
    with all_watched(tmp_path_factory.mktemp("watched")):
        yield
