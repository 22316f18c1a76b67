"""Pages with models whose code loads weights: without network, and with the home as it was."""

from __future__ import annotations

import os
import re

import pytest

from sphinx_project import make_project

#: What a Python of its own does first, the worker's too: nobody can be reached.
NO_NETWORK = """
import socket
def refuse(*_):
    raise OSError("the network is asked for")
socket.socket.connect = socket.getaddrinfo = refuse
"""

PAGE = """
Page
====

.. keras-model:: keras.applications.MobileNetV2()
   :view: full

.. keras-model:: keras.applications.MobileNetV2(weights=None)
   :view: full

.. keras-model:: zoo.loading.from_file

.. keras-model:: mod_words.build
"""

WORDS = """
import keras
from keras.utils import get_file

def build():
    get_file("words.txt", "https://x.invalid/words.txt")
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with nothing in it, and a module that refuses the network."""
    home = tmp_path_factory.mktemp("home")
    site = tmp_path_factory.mktemp("site")
    site.joinpath("sitecustomize.py").write_text(NO_NETWORK)
    return home, {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(site)}


def in_home(home, env) -> dict[str, str]:
    paths = [env["PYTHONPATH"], os.environ.get("PYTHONPATH", "")]
    return env | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("weights"), index=PAGE, mod_words=WORDS)


@pytest.fixture(scope="module")
def build(project, home, dot):
    return project.build("html", "-v", env=in_home(*home))


def test_all_is_drawn(build):
    assert build.warnings == []
    assert build.returncode == 0
    assert build.output.count("4 Keras models: 4 built") == 1


def test_the_home_is_as_it_was(build, home):
    assert list(home[0].iterdir()) == []


def test_what_was_passed_over_is_told(build):
    said = r"MobileNetV2\(\): passed over: weights of mobilenet_v2_\w+_1.0_224.h5\n"
    assert re.search(said, build.output)
    assert "mod_words.build: passed over: the download of words.txt\n" in build.output
    assert "MobileNetV2(weights=None): passed" not in build.output
    html = build.read("index.html")
    assert "Made without the download of words.txt." in html
    tooltips = [svg for svg in build.images().values() if b"Made without" in svg]
    assert len(tooltips) == 3
    assert any(b"weights of best.weights.h5" in svg for svg in tooltips)


def test_settings_and_data_of_ones_own_are_used(project, home, tmp_path, dot):
    """And they stay as they are."""
    folder = tmp_path / ".keras"
    folder.joinpath("datasets").mkdir(parents=True)
    folder.joinpath("keras.json").write_text('{"floatx": "float64"}')
    folder.joinpath("datasets", "words.txt").write_text("a b")
    env = in_home(*home) | {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    page = "A\n=\n\n.. keras-model:: mod_words.build\n   :show-dtype:\n"
    other = make_project(tmp_path, index=page, mod_words=WORDS)
    made = other.build("html", "-v", env=env)
    assert made.warnings == []
    assert "passed over" not in made.output
    assert b"float64" in b"".join(made.images().values())
    assert folder.joinpath("keras.json").read_text() == '{"floatx": "float64"}'
    there = {path.name for path in folder.rglob("*")}
    assert there == {"datasets", "keras.json", "words.txt"}


@pytest.mark.slow
def test_weights_are_loaded_where_that_is_set(tmp_path, home, dot):
    """And a graph that was made without isn't taken for one that was made with them."""
    page = "A\n=\n\n.. keras-model:: mod_own.build\n"
    own = (
        "import keras\nfrom pathlib import Path\n"
        "def build():\n"
        "    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])\n"
        "    model.load_weights('nosuch.weights.h5')\n"
        "    return model\n"
    )
    project = make_project(tmp_path, index=page, mod_own=own)
    assert project.build("html", env=in_home(*home)).warnings == []
    (warning,) = project.build(
        "html", "-D", "kerasgraph_load_weights=1", env=in_home(*home)
    ).warnings
    assert "nosuch.weights.h5" in warning
    assert project.build("html", env=in_home(*home)).warnings == []
