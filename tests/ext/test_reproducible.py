"""The same project gives the same bytes: in every process, with any number of jobs."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def again(models, html):
    """The project built in another process, with another order of sets."""
    return models.build("html", out="again", env={"PYTHONHASHSEED": "4711"})


@pytest.mark.slow
def test_two_processes_make_the_same_images(html, again):
    assert again.returncode == 0, again.output
    assert len(html.images()) == 12
    assert again.images() == html.images()


@pytest.mark.slow
def test_two_processes_make_the_same_dot(models, again):
    """No builder shows the DOT, so the extension itself is asked for it."""
    import subprocess
    import sys

    code = (
        "import sys, keras; sys.path.insert(0, sys.argv[1]); from zoo import shapes;"
        "from sphinxcontrib_kerasgraph import model_to_dot;"
        "print(model_to_dot(shapes.nested(), expand_nested=True, show_shapes=True))"
    )
    tests = __file__.rpartition("/ext/")[0]
    made = {
        subprocess.run(
            [sys.executable, "-c", code, tests],
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


@pytest.mark.slow
def test_parallel_build_is_the_same(models, html):
    parallel = models.build("html", "-j", "4", out="parallel")
    assert (parallel.returncode, parallel.warnings) == (0, []), parallel.output
    assert parallel.images() == html.images()
    for page in html.folder.glob("*.html"):
        assert parallel.read(page.name) == page.read_text(encoding="utf-8")
