"""One project of real models, built once for each builder that the tests look at."""

from __future__ import annotations

import pytest

from ext_pages import INDEX, PAGES
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
