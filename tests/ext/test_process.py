"""What the extension costs, and keeps out of, the Sphinx process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sphinx_project import make_project

HEAVY = ("keras", "tensorflow", "jax", "torch")


def modules_after(code: str, *args: str) -> set[str]:
    """The top-level modules that a Python process has imported after it ran the code."""
    code += "\nimport sys; names = {name.split('.')[0] for name in sys.modules}"
    code += "\nprint(*sorted(names), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def test_import_is_light():
    loaded = modules_after("import sphinxcontrib_kerasgraph")
    assert loaded.isdisjoint({*HEAVY, "pydot", "networkx", "sphinx", "docutils"})


@pytest.mark.parametrize("builder", ["html", "text"])
def test_no_keras_in_the_sphinx_process(dot, tmp_path, builder):
    project = make_project(tmp_path, index="A\n=\n\n.. keras-model:: zoo.first.mlp\n")
    code = (
        "import sys; from sphinx.cmd.build import build_main;"
        "assert build_main(['-q', '-b', *sys.argv[1:]]) == 0"
    )
    loaded = modules_after(code, builder, str(project.source), str(tmp_path / "out"))
    assert "pydot" in loaded or builder == "text"
    assert loaded.isdisjoint(HEAVY)


def test_nothing_heavy_is_loaded_when_no_page_asks_for_a_model(tmp_path):
    project = make_project(tmp_path, index="A\n=\n\nNothing.\n")
    code = (
        "import sys; from sphinx.cmd.build import build_main;"
        "assert build_main(['-q', *sys.argv[1:]]) == 0"
    )
    loaded = modules_after(code, str(project.source), str(tmp_path / "out"))
    assert loaded.isdisjoint({*HEAVY, "pydot", "networkx"})
