"""Files that aren't what they should be: told with their place, or made again; nothing waits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from left_behind import watched
from make_graphs import NET
from provoked import Provoked, assert_told
from sphinx_project import WITHOUT_KERAS, make_project
from sphinxcontrib_kerasgraph import snapshot
from sphinxcontrib_kerasgraph.target import ModelRequest
from tampered import contents, special

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pipes")

KINDS = contents(ModelRequest("mod_x.net"))
SPECIAL = [*special(Path())]
CONF = "kerasgraph_snapshot_dir = '_models'\nkerasgraph_cache_dir = '../cache'\n"


def held(what: str) -> str:
    return f"{what} in its place" if what in SPECIAL else f"holds: {what}"


SNAPSHOTS = {
    Provoked("A snapshot", held(what), "keras", says): what
    for what, says in {
        **{what: says for what, (_, says) in KINDS.items()},
        **dict.fromkeys(SPECIAL, "can't be read"),
        "the snapshot of another model": "it is of another model, 'mod_y.net'",
    }.items()
}
TARGETS = {
    Provoked("A JSON file", held(what), subtype, says): what
    for what, (subtype, says) in {
        **{what: ("build", says) for what, (_, says) in KINDS.items()},
        **dict.fromkeys(SPECIAL, ("import", "There is no file")),
        "what lies outside of the source folder": ("target", "lies outside of the source folder"),
        "a link out of the source folder": ("target", "lies outside of the source folder"),
        "an absolute path": ("import", "There is no file"),
    }.items()
}


def model_of(at: int) -> str:
    return f"mod_{at}.net"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Without Keras: each page asks for models whose files are hostile, and one that isn't."""
    folder = tmp_path_factory.mktemp("files")
    folder.joinpath("sitecustomize.py").write_text(WITHOUT_KERAS)
    good = ".. keras-model:: good.json"
    from_snapshot = ".. keras-model:: mod_good.net"
    lines = {"index": ["A", "=", from_snapshot], "targets": [":orphan:", "B", "=", good]}
    project = make_project(folder, CONF)
    models = project.source / "_models"
    models.mkdir()
    request = ModelRequest("mod_good.net")
    models.joinpath(snapshot.file_name(request)).write_text(snapshot.to_text(request, NET))
    project.source.joinpath("good.json").write_text(NET.to_json())
    project.source.parent.joinpath("outside.json").write_text(NET.to_json())
    before = os.getcwd()
    os.chdir(folder)
    for at, what in enumerate(SNAPSHOTS.values()):
        request = ModelRequest(model_of(at))
        path = models / snapshot.file_name(request)
        if what in SPECIAL:
            special(path)[what]()
        elif what in KINDS:
            path.write_bytes(contents(request)[what][0])
        else:
            path.write_text(snapshot.to_text(ModelRequest("mod_y.net"), NET))
        lines["index"].append(f".. keras-model:: {request.target}")
    for at, what in enumerate(TARGETS.values()):
        path = project.source / f"target{at}.json"
        named = path.name
        if what in SPECIAL:
            special(path)[what]()
        elif what in KINDS:
            path.write_bytes(KINDS[what][0])
        elif what == "an absolute path":
            named = str(project.source.parent / "outside.json")
        elif what == "a link out of the source folder":
            path.symlink_to("../outside.json")
        else:
            named = "../outside.json"
        lines["targets"].append(f".. keras-model:: {named}")
    os.chdir(before)
    return project.write(**{name: "\n\n".join(page) + "\n" for name, page in lines.items()})


@pytest.fixture(scope="module")
def build(project, dot, tmp_path_factory):
    with watched(tmp_path_factory.mktemp("watched")) as environment:
        yield project.build(env={"PYTHONPATH": str(project.source.parent)} | environment)


def place(page: str, at: int, before: int) -> str:
    return f"{page}.rst:{2 * (at + before) + 1}"


@pytest.mark.parametrize("fault", SNAPSHOTS, ids=str)
def test_a_snapshot_that_is_none(fault, build):
    assert_told(fault, build, place("index", [*SNAPSHOTS].index(fault), 3))


@pytest.mark.parametrize("fault", TARGETS, ids=str)
def test_a_target_that_is_none(fault, build):
    assert_told(fault, build, place("targets", [*TARGETS].index(fault), 4))


def test_what_is_right_is_drawn_beside(build):
    assert [len(build.drawings(page)) for page in ("index.html", "targets.html")] == [1, 1]
    assert len(build.warnings) == len(SNAPSHOTS) + len(TARGETS)


def test_no_path_of_the_machine_is_told(build, project):
    told = [line for line in build.read("index.html").splitlines() if "could not be" in line]
    assert len(told) == len(SNAPSHOTS)
    assert not [line for line in told if str(project.source.parent) in line]


def test_a_folder_that_conf_py_names_may_be_read(tmp_path, dot):
    tmp_path.joinpath("models").mkdir()
    tmp_path.joinpath("models", "net.json").write_text(NET.to_json())
    conf = "kerasgraph_model_dirs = ['../models']\n"
    build = make_project(
        tmp_path, conf, index="A\n=\n\n.. keras-model:: ../models/net.json\n"
    ).build()
    assert build.warnings == []
    assert len(build.drawings()) == 1
