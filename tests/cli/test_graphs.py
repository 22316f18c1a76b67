"""Graphs of targets are kept for the command line, as for pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.cli import main

#: What a drawing from the cache has no use for, and would take long to import.
HEAVY = ("sphinx", "docutils", "keras", "tensorflow", "babel", "statistics", "shtab",
         "sphinxcontrib_kerasgraph.worker.client", "sphinxcontrib_kerasgraph.worker.pool",
         "sphinxcontrib_kerasgraph.compare", "sphinxcontrib_kerasgraph.diff")  # fmt: skip


def test_a_drawing_from_the_cache_starts_no_worker_and_imports_no_keras(
    dot, tmp_path, keras_is_there
):
    given = ["draw", "zoo.first.branches", "--cache-dir", str(tmp_path / "cache")]
    assert main([*given, "-o", str(tmp_path / "built.svg")]) == 0
    code = (
        "import sys\nfrom sphinxcontrib_kerasgraph.cli import main\n"
        "code = main(sys.argv[1:])\n"
        f"print(code, [one for one in {HEAVY!r} if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *given, "-o", str(tmp_path / "kept.svg")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("0 []\n", "")
    built, kept = (Path(tmp_path, name).read_bytes() for name in ("built.svg", "kept.svg"))
    assert built == kept


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A model of one's own, whose code changes; a worker of its own builds it."""
    tmp_path.joinpath("src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    code = "import zoo.first\n\ndef build():\n    return zoo.first.{}()\n"

    def write(name):
        tmp_path.joinpath("src", "own_net.py").write_text(code.format(name), encoding="utf-8")

    return write


def names(capsys, *given):
    code = main(["summary", *given, "--format", "json", "--cache-dir", "cache"])
    assert code == 0
    return [one["name"] for one in json.loads(capsys.readouterr().out)["layers"]]


def test_a_model_whose_code_changed_is_built_again(own, tmp_path, capsys, monkeypatch):
    own("mlp")
    first = names(capsys, "own_net.build")
    with monkeypatch.context() as patch:
        patch.setattr("sphinxcontrib_kerasgraph.worker.client.Worker", None)
        assert names(capsys, "own_net.build") == first
        # Without the cache it is asked for.
        assert main(["summary", "own_net.build", "--cache-dir", "cache", "--no-cache"]) == 2
        assert "'NoneType' object is not callable" in capsys.readouterr().err
    own("branches")
    assert "left" in names(capsys, "own_net.build")
    # A project of the same names elsewhere is another one.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.joinpath("own_net.py").write_text(
        tmp_path.joinpath("src/own_net.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.chdir(elsewhere)
    monkeypatch.setattr("sphinxcontrib_kerasgraph.worker.client.Worker", None)
    cache = str(tmp_path / "src" / "cache")
    assert main(["summary", "own_net.build", "--cache-dir", cache]) == 2


def test_the_cache_is_that_of_the_user(tmp_path, monkeypatch, keras_is_there):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["summary", "zoo.first.mlp", "-q"]) == 0
    assert list(tmp_path.joinpath("kerasgraph", "graphs").iterdir())
    assert tmp_path.joinpath("kerasgraph", "CACHEDIR.TAG").exists()


def test_a_cache_that_cant_be_written_is_told(tmp_path, capsys, keras_is_there):
    file = tmp_path / "file"
    file.write_text("")
    assert main(["summary", "zoo.first.mlp", "--cache-dir", str(file)]) == 0
    assert "The graph can't be kept for the next time" in capsys.readouterr().err
