"""Builds without Keras draw from snapshots, and those with it tell where the code drifted away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sphinx_project import WITHOUT_KERAS, make_project
from sphinxcontrib_kerasgraph import snapshot
from sphinxcontrib_kerasgraph.target import ModelRequest

NET = """
import keras
from keras import layers

def net():
    inputs = x = keras.Input((8, 8, 3))
    for at in (1, 2):
        x = layers.Conv2D({filters} if at == 2 else 16, 3, name=f"conv{{at}}_block1")(x)
    x = layers.Dense(4, name="dense_1")(layers.Flatten()(x))
    {extra}
    return keras.Model(inputs, x, name="net")

def other(units=3):
    return keras.Sequential([keras.Input((2,)), layers.Dense(units)], name="other")
"""
INDEX = """
Models
======

.. keras-model:: mod_net.net
   :show-shapes:
   :caption: A net.

.. keras-model:: mod_net.other(units=5)
"""
CONF = "kerasgraph_snapshot_dir = '_models'\nkerasgraph_cache_dir = '../cache'\n"


@pytest.fixture(scope="module")
def hidden(tmp_path_factory):
    """An environment in which there is no Keras."""
    folder = tmp_path_factory.mktemp("hidden")
    folder.joinpath("sitecustomize.py").write_text(WITHOUT_KERAS)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A project whose snapshots were made; its cache is kept."""
    folder = tmp_path_factory.mktemp("snapshots")
    project = make_project(folder, CONF, index=INDEX, mod_net=NET.format(filters=64, extra=""))
    done = kerasgraph("snapshot", project.source)
    assert done.returncode == 0, done.stderr
    assert "2 Keras models: 2 built in " in done.stdout
    return project


@pytest.fixture
def project(original, tmp_path):
    shutil.copytree(original.source.parent, tmp_path / "copy")
    return type(original)(tmp_path / "copy" / "source")


def kerasgraph(command, source, *options, env=None):
    program = Path(sys.executable).with_name("kerasgraph")
    return subprocess.run(
        [str(program), command, str(source), *options],
        capture_output=True,
        text=True,
        env=os.environ | {"NO_COLOR": "1"} | (env or {}),
        check=False,
    )


def names(project) -> list[str]:
    return sorted(path.name for path in project.source.joinpath("_models").iterdir())


def test_a_file_for_each_model(original):
    requests = [ModelRequest("mod_net.net"), ModelRequest("mod_net.other(units=5)")]
    assert names(original) == sorted(map(snapshot.file_name, requests))
    for request in requests:
        path = original.source / "_models" / snapshot.file_name(request)
        told, graph = snapshot.read(path)
        assert told == request
        assert graph.name in {"net", "other"}
        assert str(original.source) not in path.read_text(encoding="utf-8")


def test_what_is_right_is_not_touched(project):
    folder = project.source / "_models"
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert kerasgraph("snapshot", project.source).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    done = kerasgraph("check", project.source)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_keras_pages_are_the_same(project, hidden, dot):
    with_keras = project.build("html", out="with")
    assert (with_keras.returncode, with_keras.warnings) == (0, [])
    without = project.build("html", out="without", env=hidden)
    assert (without.returncode, without.warnings) == (0, []), without.output
    assert "2 Keras models: 2 from snapshots" in without.output
    assert without.images() == with_keras.images()
    assert without.read("index.html") == with_keras.read("index.html")


def test_drift_fails_the_build_and_names_the_layer_and_both_values(project, dot):
    assert project.build("html").returncode == 0
    extra = 'x = layers.Dropout(0.5, name="dropout")(x)'
    project.write(mod_net=NET.format(filters=96, extra=extra))
    for _ in range(2):  # also where nothing has changed since
        build = project.build("html")
        [warning] = build.warnings
        assert build.returncode == 1
        assert "index.rst:5: WARNING: keras-model mod_net.net: " in warning
        assert (
            "conv2_block1: filters 64 → 96; added Dropout dropout after dense_1. Refresh" in warning
        )
        assert warning.endswith("[kerasgraph.drift]")
    # The diagram is that of the code.
    assert "a Functional model with 6 layers" in build.read("index.html")
    done = kerasgraph("check", project.source, "-q")
    assert done.returncode == 1
    assert "filters 64 → 96" in done.stderr
    assert done.stderr.count("WARNING") == 1
    assert "index.rst:5: WARNING: keras-model mod_net.net: " in done.stderr
    assert kerasgraph("snapshot", project.source, "-q").returncode == 0
    assert kerasgraph("check", project.source, "-q").returncode == 0
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, [])


def test_missing_damaged_and_superfluous_snapshots(project, hidden, dot):
    first, second = (
        project.source / "_models" / snapshot.file_name(ModelRequest(target))
        for target in ("mod_net.net", "mod_net.other(units=5)")
    )
    stranger = project.source / "_models" / "notes.json"
    stranger.write_text("{}")
    superfluous = project.source / "_models" / snapshot.file_name(ModelRequest("mod_net.gone"))
    _, graph = snapshot.read(first)
    superfluous.write_text(snapshot.to_text(ModelRequest("mod_net.gone"), graph), encoding="utf-8")
    first.unlink()
    second.write_text(second.read_text(encoding="utf-8")[:-100], encoding="utf-8")
    build = project.build("html")
    assert len(build.warnings) == 2
    assert any("There is no snapshot" in warning for warning in build.warnings)
    assert any("can't be read" in warning for warning in build.warnings)
    lean = project.build("html", out="lean", env=hidden)
    assert len(lean.warnings) == 2
    assert all(warning.endswith("[kerasgraph.keras]") for warning in lean.warnings)
    assert lean.read("index.html").count("could not be drawn") == 2
    done = kerasgraph("check", project.source, "-q")
    assert (done.returncode, done.stderr.count("[kerasgraph.drift]")) == (1, 3)
    assert f"No page asks for the snapshot {superfluous.name}" in done.stderr
    assert kerasgraph("snapshot", project.source, "-q").returncode == 0
    assert {first, second, stranger} == set(project.source.joinpath("_models").iterdir())


def test_a_changed_snapshot_is_seen_without_keras(project, hidden, dot):
    before = project.build("html", out="lean", env=hidden).images()
    path = project.source / "_models" / snapshot.file_name(ModelRequest("mod_net.net"))
    path.write_text(path.read_text().replace('"filters": 64', '"filters": 65'), encoding="utf-8")
    assert "filters" in path.read_text()
    build = project.build("html", out="lean", env=hidden)
    assert "1 changed" in build.output
    assert len(build.images().keys() - before.keys()) == 1


def test_a_model_that_fails_keeps_its_snapshot(project):
    project.write(mod_net=NET.format(filters=64, extra="raise RuntimeError('unfinished')"))
    before = names(project)
    done = kerasgraph("snapshot", project.source, "-q")
    assert done.returncode == 1
    assert "unfinished" in done.stderr
    assert names(project) == before


ODD = """
import keras

class Odd(keras.layers.Layer):
    def call(self, inputs):
        return inputs
    def get_config(self):
        return {"text": "a\\udcff"}

def odd():
    inputs = keras.Input((2,))
    return keras.Model(inputs, Odd()(inputs))
"""


def test_text_that_is_no_unicode_is_kept(project):
    project.write(mod_odd=ODD, index=f"{INDEX}\n.. keras-model:: mod_odd.odd\n")
    done = kerasgraph("snapshot", project.source, "-q")
    assert (done.returncode, done.stderr) == (0, "")
    done = kerasgraph("check", project.source, "-q")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_cannot_be_written_is_told_and_all_else_is(project):
    first, second = (
        project.source / "_models" / snapshot.file_name(ModelRequest(target))
        for target in ("mod_net.net", "mod_net.other(units=5)")
    )
    first.unlink()
    first.joinpath("in the way").mkdir(parents=True)
    second.unlink()
    done = kerasgraph("snapshot", project.source, "-q")
    assert done.returncode == 1
    assert f"The snapshot {first.name} can't be written" in done.stderr
    assert done.stderr.count("[kerasgraph.") == 1
    assert second.is_file()


def test_commands_need_keras(project, hidden, tmp_path):
    empty = f"kerasgraph_cache_dir={tmp_path / 'empty'}"
    for command in ("check", "snapshot"):
        done = kerasgraph(command, project.source, "-q", "-D", empty, env=hidden)
        assert done.returncode == 1
        assert "Keras is not installed" in done.stderr


def test_commands_need_a_folder(tmp_path):
    project = make_project(tmp_path, index="A\n=\n")
    done = kerasgraph("check", project.source)
    assert done.returncode == 2
    assert "kerasgraph_snapshot_dir isn't set" in done.stderr
    assert kerasgraph("mend", project.source).returncode == 2
