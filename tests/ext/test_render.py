"""Graphviz missing, failing, pip-installed; and images that are whole or not there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

import svg
from sphinx_project import make_project, need_port

INDEX = "A\n=\n\n.. keras-model:: zoo.first.mlp\n   :show-shapes:\n"


def program(folder: Path, name: str, text: str) -> Path:
    """An executable shell script."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def project(tmp_path, known):
    return make_project(tmp_path, known=known, index=INDEX)


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_missing_dot(project, builder):
    build = project.build(builder, "-D", "graphviz_dot=no-such-dot")
    [warning] = build.warnings
    assert "index.rst:4: WARNING: keras-model zoo.first.mlp: " in warning
    assert "'no-such-dot' was not found. Install Graphviz" in warning
    assert warning.endswith("[kerasgraph.graphviz]")
    text = build.read("index.html" if builder == "html" else "test.tex")
    assert "could not be drawn" in text
    assert "digraph" not in text
    assert "{None}" not in text


def test_failing_dot_is_reported_each_time(project, tmp_path):
    failing = program(tmp_path, "failing", "echo 'syntax error in line 1' >&2; exit 3")
    for _ in range(2):
        build = project.build("html", "-D", f"graphviz_dot={failing}")
        [warning] = build.warnings
        assert "failed with exit code 3: syntax error in line 1." in warning
    assert build.images() == {}


def test_dot_killed_by_a_signal(project, tmp_path):
    killed = program(tmp_path, "killed", 'echo "<svg"; kill -9 $$')
    build = project.build("html", "-D", f"graphviz_dot={killed}")
    [warning] = build.warnings
    assert "failed with SIGKILL" in warning
    assert list(build.folder.rglob("_images/kerasgraph-*")) == []


def test_dot_that_writes_nothing(project, tmp_path):
    build = project.build("html", "-D", f"graphviz_dot={program(tmp_path, 'idle', 'exit 0')}")
    assert "wrote no layout" in build.warnings[0]


def test_dot_that_hangs(project, tmp_path):
    hanging = program(tmp_path, "hanging", "exec sleep 100")
    options = ("-D", f"graphviz_dot={hanging}", "-D", "kerasgraph_timeout=2")
    assert "took longer than 2 seconds" in project.build("html", *options).warnings[0]


def test_complaint_of_dot_is_passed_on(project, tmp_path, dot):
    complaining = program(tmp_path, "complaining", f"echo 'Warning: odd' >&2; exec {dot} \"$@\"")
    for _ in range(2):  # also when the image is there already
        build = project.build("html", "-D", f"graphviz_dot={complaining}")
        assert ["dot complained: Warning: odd." in warning for warning in build.warnings] == [True]
        assert len(build.images()) == 1


@pytest.fixture
def only_pip_dot(tmp_path):
    """An environment in which no compiled ``dot`` is on the PATH."""
    need_port()
    return {"PATH": str(tmp_path)}


@pytest.mark.parametrize("image_format", ["svg", "png"])
def test_pip_installed_dot_draws(project, only_pip_dot, image_format):
    option = f"kerasgraph_output_format={image_format}"
    build = project.build("html", "-D", option, env=only_pip_dot)
    assert (build.returncode, build.warnings) == (0, [])
    [image] = build.images(image_format).values()
    if image_format == "svg":
        assert sorted(svg.boxes(image)) == ["dense", "dense_1", "input_layer"]


def test_pip_installed_dot_says_that_it_makes_no_pdf(project, only_pip_dot):
    [warning] = project.build("latex", env=only_pip_dot).warnings
    assert "can't write PDF" in warning
    assert "Install Graphviz itself" in warning
