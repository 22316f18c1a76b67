"""The hook of pre-commit that the repository offers, run by pre-commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from git_repository import Repository, repository
from sphinx_project import missing

TOP = Path(__file__).parents[2]
NET = """
import keras

def net():
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, keras.layers.Dense({units}, name="head")(inputs), name="net")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a page, that has the hook, and the programs on its path."""
    if find_spec("pre_commit") is None:
        missing("pre-commit isn't installed")
    hooks = repository(tmp_path / "hooks")
    shutil.copy(TOP / ".pre-commit-hooks.yaml", hooks.folder)
    hooks.commit("Hooks")
    made = repository(tmp_path / "project")
    docs = made.folder / "docs"
    docs.mkdir()
    made.folder.joinpath(".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.folder}\n  rev: {hooks.git('rev-parse', 'HEAD').strip()}\n"
        "  hooks:\n  - id: kerasgraph-check\n",
        encoding="utf-8",
    )
    docs.joinpath("conf.py").write_text(
        "import sys; sys.path.insert(0, '..')\nextensions = ['sphinxcontrib_kerasgraph']\n"
        "kerasgraph_snapshot_dir = '_models'\nkerasgraph_cache_dir = '../../cache'\n",
        encoding="utf-8",
    )
    page = "Net\n===\n\n.. keras-model:: hooked_net.net\n"
    docs.joinpath("index.rst").write_text(page, encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "kerasgraph"
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'import sys; "
        'from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())\' "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("NO_COLOR", "1")
    return made


def write(project: Repository, units: int) -> None:
    project.folder.joinpath("hooked_net.py").write_text(NET.format(units=units), encoding="utf-8")
    project.git("add", "--all")


def check(project: Repository) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run"],
        cwd=project.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_hook_lets_no_drift_into_a_commit(project):
    write(project, 2)
    subprocess.run(["kerasgraph", "snapshot", "docs", "-q"], cwd=project.folder, check=True)
    project.git("add", "--all")
    done = check(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "kerasgraph check" in done.stdout
    assert "Passed" in done.stdout
    write(project, 3)
    done = check(project)
    assert done.returncode == 1
    assert "head: units 2 → 3" in done.stdout
    project.folder.joinpath("README").write_text("No model", encoding="utf-8")
    project.git("commit", "--quiet", "--no-verify", "--message", "All")
    project.git("add", "README")
    assert "Skipped" in check(project).stdout
