"""What decides graphs is found without an import of Keras."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Where Keras's settings are; none are yet."""
    for name in ("KERAS_BACKEND", "KERAS_FLOATX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path


def test_it_is_the_same_each_time(home):
    assert Toolchain({}).key == Toolchain({}).key


@pytest.mark.parametrize("given", [{"KERAS_BACKEND": "jax"}, {"MINE": "1"}, {"KERAS_HOME": "/x"}])
def test_what_conf_sets_counts(home, given):
    assert Toolchain(given).key != Toolchain({}).key


def test_settings_of_keras_count_and_others_do_not(home, monkeypatch):
    before = Toolchain({}).key
    monkeypatch.setenv("OTHER", "1")
    assert Toolchain({}).key == before
    settings = home / "keras.json"
    settings.write_text(json.dumps({"floatx": "float32", "other": 1}))
    assert Toolchain({}).key == before
    settings.write_text(json.dumps({"floatx": "float16"}))
    assert Toolchain({}).key != before
    settings.write_text(json.dumps({"backend": "jax"}))
    assert Toolchain({}).key != before


def test_the_folder_of_settings_is_that_of_the_worker_s_user(home, monkeypatch):
    """Not that of this process, where a module that autodoc imports may have set another."""
    monkeypatch.delenv("KERAS_HOME")
    given = {"USERPROFILE" if os.name == "nt" else "HOME": str(home)}
    before = Toolchain(given).key
    home.joinpath(".keras").mkdir()
    home.joinpath(".keras", "keras.json").write_text(json.dumps({"floatx": "float16"}))
    assert Toolchain(given).key != before


@pytest.mark.parametrize("text", ["", "[]", "null", '{"backend": 3}', "\udcff"])
def test_damaged_settings_are_none(home, text):
    before = Toolchain({}).key
    home.joinpath("keras.json").write_bytes(text.encode(errors="surrogatepass"))
    assert Toolchain({}).key == before


def test_the_backend_has_to_be_there(home):
    assert Toolchain({"KERAS_BACKEND": "no_such_backend"}).can_build is False


def test_it_imports_neither_keras_nor_sphinx():
    code = (
        "import sys; from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain\n"
        "from sphinxcontrib_kerasgraph.worker import client\n"
        "from sphinxcontrib_kerasgraph import models, pictures\n"
        "from sphinxcontrib_kerasgraph.draw import graphviz\n"
        "Toolchain({}).key; Toolchain({}).can_build\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"keras", "tensorflow", "sphinx", "docutils"} & set(said.stdout.split())


def test_whether_weights_are_loaded_counts(home):
    assert Toolchain({}, load_weights=True).key != Toolchain({}).key


def test_where_a_cache_serves_several_projects_each_counts(home):
    assert Toolchain({}, project="/one").key != Toolchain({}, project="/two").key
