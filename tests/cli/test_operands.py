"""The models that arguments name: targets, files, and files of revisions."""

from __future__ import annotations

import json

import pytest

from git_repository import repository
from make_graphs import model
from sphinxcontrib_kerasgraph.cli import main

OLD = model("x InputLayer\ny Dense <- x\n-> y")
NEW = model("x InputLayer\ny Dense <- x\nz Dropout <- y\n-> z")


@pytest.fixture
def repo(tmp_path, monkeypatch):
    made = repository(tmp_path / "größe of repo")
    made.path = made.snapshot("pkg.net", OLD, "docs/mo dels")
    made.commit("First")
    made.snapshot("pkg.net", NEW, "docs/mo dels")
    monkeypatch.chdir(made.folder)
    return made


def layers(capsys, *given):
    assert main(["summary", *given, "--format", "json"]) == 0
    return [one["name"] for one in json.loads(capsys.readouterr().out)["layers"]]


def test_a_snapshot_of_now_and_of_a_revision(repo, capsys):
    assert layers(capsys, repo.path) == ["x", "y", "z"]
    assert layers(capsys, f"HEAD:{repo.path}") == ["x", "y"]
    assert layers(capsys, f"git:main:{repo.path}") == ["x", "y"]


def test_from_within_a_folder(repo, capsys, monkeypatch):
    monkeypatch.chdir(repo.folder / "docs")
    assert layers(capsys, f"HEAD:{repo.path}") == ["x", "y"]
    assert layers(capsys, f"HEAD:./{repo.path.removeprefix('docs/')}") == ["x", "y"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("HEAD:docs/nett.json", "There is no file 'docs/nett.json' in 'HEAD'."),
        ("HEAD:pkg-net-1693a2dd.json", "Did you mean 'HEAD:docs/mo dels/pkg-net-1693a2dd.json'?"),
        ("HAED:net.json", "git knows no revision 'HAED' here."),
        ("docs/mo dels/pkg-ner-1693a2dd.json", "Did you mean 'pkg-net-1693a2dd.json'?"),
        ("nowhere/x.keras", "There is no folder 'nowhere'."),
        ("folder.json", "'folder.json' is a folder."),
        ("folder.jso.json", "There is no file 'folder.jso.json'. Did you mean 'other.json'?"),
        ("other.json", "'other.json' holds no model"),
        ("broken.json", "'broken.json' holds no model"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(repo, given, says, capsys):
    repo.folder.joinpath("folder.json").mkdir()
    repo.folder.joinpath("other.json").write_text('{"a": 1}', encoding="utf-8")
    repo.folder.joinpath("broken.json").write_text("<<<<<<< HEAD", encoding="utf-8")
    assert main(["summary", given]) == (1 if "holds no" in says else 2)
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_a_file_that_cant_be_read(repo, capsys, monkeypatch):
    def refused(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("sphinxcontrib_kerasgraph.files.opened", refused)
    assert main(["summary", repo.path]) == 2
    assert f"{repo.path!r} can't be read: Permission denied.\n" in capsys.readouterr().err


def test_without_git(repo, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert main(["summary", f"HEAD:{repo.path}"]) == 2
    assert "git can't be run" in capsys.readouterr().err


def test_outside_of_a_repository(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["summary", "HEAD:net.json"]) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_a_finished_graph_isnt_built(repo, capsys):
    assert main(["summary", repo.path, "--input-shape", "(3,)"]) == 2
    assert "Leave out --input-shape." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "option"),
    [
        ("{path}", "{path}", "--input-shape"),
        ("{path}", "{path}", "--old-input-shape"),
        ("{path}", "zoo.shapes.unbuilt", "--old-input-shape"),
    ],
)
def test_each_of_two_finished_graphs_isnt_built(repo, capsys, old, new, option):
    given = [one.format(path=repo.path) for one in (old, new)]
    assert main(["diff", *given, option, "(3,)"]) == 2
    assert f"Leave out {option}." in capsys.readouterr().err


def test_what_is_given_for_both_is_for_the_one_that_is_built(repo, capsys, keras_is_there):
    for given in ([repo.path, "zoo.shapes.unbuilt"], ["zoo.shapes.unbuilt", repo.path]):
        assert main(["diff", *given, "--input-shape", "(3,)"]) == 1
        assert capsys.readouterr().err == ""


def test_saved_models(tmp_path, monkeypatch, capsys, keras_is_there):
    """Of now and of a revision, as ``.keras`` and as Keras's own JSON."""
    keras = pytest.importorskip("keras")
    made = repository(tmp_path / "repo")
    monkeypatch.chdir(made.folder)

    def save(units):
        layer = keras.layers.Dense(units, name=f"dense_of_{units}")
        saved = keras.Sequential([keras.Input((3,), name="x"), layer])
        saved.save("net.keras")
        made.folder.joinpath("net.json").write_text(saved.to_json(), encoding="utf-8")

    save(4)
    made.commit("Saved")
    save(5)
    for name in ("net.keras", "net.json"):
        path = str(made.folder / name)  # the worker's folder is another one
        assert layers(capsys, path)[-1] == "dense_of_5"
        assert layers(capsys, f"HEAD:{name}")[-1] == "dense_of_4"
