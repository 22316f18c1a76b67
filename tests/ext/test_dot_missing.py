"""A ``dot`` that can't be run, tells no version, or draws where nothing can be written."""

from __future__ import annotations

import re
import shutil

import pytest

from left_behind import watched
from make_graphs import model
from provoked import Provoked, assert_told
from stand_ins import page_of, program, project_of

pytestmark = pytest.mark.slow  # a build for each

NET = "x InputLayer\ny Dense <- x\n-> y"


def row(what: str, says: str, subtype: str = "graphviz") -> Provoked:
    return Provoked("Graphviz", what, subtype, says)


DRAWN = "all is drawn"
#: What ``dot`` is, as a file or a script in which DOT is the true one.
CASES = {
    row("isn't there", "was not found. Install Graphviz"): None,
    row("is a folder", "was not found. Install Graphviz"): "folder",
    row("is a file that can't be run", "was not found. Install Graphviz"): b"#!/bin/sh\nexit 0\n",
    row("is a text without ``#!``", "can't be run: "): "text",
    row("is no program of this machine", "can't be run: "): "elf",
    row("has an interpreter that isn't there", "can't be run: "): "interpreter",
    row("is graphviz 2.26, which knows no JSON", 'Format: "json0" not recognized.'): (
        "case $* in -V) echo 'dot - graphviz version 2.26.3' >&2 ;; "
        "*json0*) echo 'Format: \"json0\" not recognized. Use one of: png svg' >&2; exit 1 ;; "
        '*) exec DOT "$@" ;; esac'
    ),
    row("says that its version is 2.26, and draws", DRAWN, ""): (
        "[ $1 = -V ] && echo 'dot - graphviz version 2.26.3' >&2 && exit 0\nexec DOT \"$@\""
    ),
    row("says 2 megabytes of its version", DRAWN, ""): (
        '[ $1 = -V ] && head -c 2000000 /dev/urandom && exit 0\nexec DOT "$@"'
    ),
    row("says nothing of its version", DRAWN, ""): '[ $1 = -V ] && exit 0\nexec DOT "$@"',
    row("fails with its version", DRAWN, ""): '[ $1 = -V ] && exit 9\nexec DOT "$@"',
    row("hangs with its version", DRAWN, ""): '[ $1 = -V ] && sleep 100\nexec DOT "$@"',
    row("leaves a process behind that runs on", DRAWN, ""): 'sleep 100 &\nexec DOT "$@"',
    row("draws, and warns", "dot complained: Warning: odd."): (
        "case $* in *json0*) ;; *) echo 'Warning: odd' >&2 ;; esac\nexec DOT \"$@\""
    ),
    row("says on standard error what is no warning", DRAWN, ""): (
        "printf '\\377 hello\\n' >&2\nexec DOT \"$@\""
    ),
    row(
        "is given a font that isn't there",
        "but an image: dot has drawn it otherwise, the font NoSuch",
    ): 'exec DOT -Nfontname=NoSuchFont "$@"',
    row("finds no settings of fonts", DRAWN, ""): 'FONTCONFIG_FILE=/dev/null exec DOT "$@"',
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return project_of(
        tmp_path_factory.mktemp("missing"),
        {"mod.net": model(NET)},
        "kerasgraph_timeout = 3\n",
        index=page_of(["mod.net"])[0],
    )


def made(what, path, dot):
    """Put it there."""
    if what == "folder":
        path.mkdir()
    elif what == "text":
        path.write_text("digraph\n")
    elif what == "elf":
        path.write_bytes(b"\x7fELF\x01\x02\x03")
    elif what == "interpreter":
        path.write_text("#!/no/such/interpreter\n")
    elif isinstance(what, bytes):
        path.write_bytes(what)
    elif what is not None:
        program(path, what.replace("DOT", dot))
    if what in {"text", "elf", "interpreter"}:
        path.chmod(0o755)


@pytest.mark.parametrize("fault", CASES, ids=str)
def test_one_warning_or_none(fault, project, tmp_path, dot):
    path = tmp_path / "dot"
    made(CASES[fault], path, dot)
    with watched(tmp_path) as environment:
        out = f"out{[*CASES].index(fault)}"
        build = project.build("html", "-D", f"graphviz_dot={path}", env=environment, out=out)
    assert_told(fault, build, "index.rst:4")
    page = build.read("index.html")
    is_drawn = not fault.subtype or "complained" in fault.says or "but an image" in fault.says
    assert len(re.findall(r'<svg |<img src="_images/kerasgraph-', page)) == is_drawn
    assert ("could not be drawn" in page) != is_drawn
    assert "digraph" not in page


IN_THE_WAY = Provoked(
    "The machine", "has a file where the images belong", "graphviz", "The image can't be written: "
)


@pytest.mark.parametrize("fault", [IN_THE_WAY], ids=str)
def test_images_that_cannot_be_written(fault, project, tmp_path, dot):
    folder = project.source.parent / "full"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.joinpath("_images").write_text("")
    with watched(tmp_path) as environment:
        build = project.build("html", env=environment, out="full")
    assert_told(fault, build, "index.rst:4")
    assert folder.joinpath("_images").read_text() == ""
    folder.joinpath("_images").unlink()
    assert project.build("html", out="full").warnings == []
