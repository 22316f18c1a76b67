"""Sphinx interrupted, terminated or killed, at any moment: it ends soon, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from left_behind import watched
from make_graphs import model
from provoked import Provoked
from running import until
from sphinx_project import make_project
from stand_ins import page_of, program, project_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_project import Project

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs POSIX")

#: So long it may take to end: two seconds, on a machine that has other things to do.
SECONDS = 6

#: In conf.py: waits where the environment says, and tells that it does.
WAITS = """
import pathlib, time

def here(moment):
    if os.environ.get("MOMENT") == moment:
        open(os.environ["REACHED"], "w").close()
        time.sleep(60)

def setup(app):
    for event in ("builder-inited", "source-read", "doctree-read", "env-updated",
                  "doctree-resolved", "build-finished"):
        app.connect(event, lambda *_, event=event: here(event))
    if os.environ.get("MOMENT") in {"image", "page"}:
        write = pathlib.Path.write_bytes
        def write_half(path, content):
            kind = "image" if b"<svg" in content[:500] else "page"
            write(path, content[:len(content) // 2])
            here(kind)
            return write(path, content)
        pathlib.Path.write_bytes = write_half
"""
#: The same of ``dot``, which draws otherwise.
DOT = """
case $* in -V) step=version ;; *-Tjson0*) step=layout ;; *) step=drawing ;; esac
here() { : >"$REACHED"; sleep 60 & sleep 60; }
[ "$MOMENT" = $step ] && here
[ "$MOMENT" = "half a $step" ] && { DOT "$@" | head -c 500; here; }
[ "$MOMENT" = "deaf $step" ] && { trap '' INT TERM HUP; here; here; }
exec DOT "$@"
"""
#: Stands for Keras, which is being imported.
KERAS = """
import ctypes, os, time
if os.environ.get("MOMENT") == "import":
    open(os.environ["REACHED"], "w").close()
    time.sleep(60)
if os.environ.get("MOMENT") == "import in C":
    open(os.environ["REACHED"], "w").close()
    ctypes.PyDLL(None).sleep(60)
"""


@dataclass(frozen=True)
class Moment:
    """Where Sphinx is, and how it is ended there."""

    name: str
    number: int
    #: Whether all processes of the terminal have the signal, as those of Ctrl-C do.
    is_for_all: bool
    jobs: int


def row(what: str) -> Provoked:
    """How the table tells it."""
    return Provoked("The end of Sphinx", what, "", "the build ends at once, and nothing is left")


def moments():
    """Each moment, with one signal after the other."""
    ways = [
        ("Ctrl-C", signal.SIGINT, True, 1),
        ("SIGKILL", signal.SIGKILL, False, 1),
        ("SIGTERM", signal.SIGTERM, False, 2),
        ("SIGINT for Sphinx alone", signal.SIGINT, False, 2),
        ("SIGKILL", signal.SIGKILL, False, 2),
        ("Ctrl-C", signal.SIGINT, True, 2),
        ("SIGTERM", signal.SIGTERM, False, 1),
    ]
    places = {
        "builder-inited": "when the build begins",
        "source-read": "when a page is read",
        "doctree-read": "when a page was read",
        "import": "while Keras is imported",
        "import in C": "while Keras is imported, in C with Python's lock held",
        "env-updated": "when models were made",
        "version": "while ``dot`` tells its version",
        "layout": "while ``dot`` lays out",
        "half a layout": "while ``dot`` writes a layout",
        "deaf layout": "while a ``dot`` lays out that ignores signals",
        "drawing": "while ``dot`` draws",
        "half a drawing": "while ``dot`` writes an image",
        "deaf drawing": "while a ``dot`` draws that ignores signals",
        "image": "while an image is written",
        "page": "while what belongs to a page is written",
        "doctree-resolved": "when a page is written",
        "build-finished": "when the build ends",
    }
    at = 0
    for name, words in places.items():
        often = 2 if name in {"import", "layout", "drawing", "image"} else 1
        for _ in range(often):
            how, number, is_for_all, jobs = ways[at % len(ways)]
            if name.endswith("-read"):  # Sphinx's own readers end when they have read
                jobs = 1
            what = f"{how} {words}" + f" (``-j {jobs}``)" * (jobs > 1)
            yield row(what), Moment(name, number, is_for_all, jobs)
            at += 1


MOMENTS = dict(moments())
#: Those in which there is most to leave.
_FIRST = {"layout", "drawing", "image", "import"}


@pytest.fixture(scope="module")
def project(tmp_path_factory, dot):
    """Models that are drawn from snapshots."""
    folder = tmp_path_factory.mktemp("interrupted")
    nets = {f"mod.net{at}": model(f"x InputLayer\ny Dense/{at} <- x\n-> y") for at in range(1, 4)}
    waits = program(folder / "waits", DOT.replace("DOT", dot))
    conf = f"graphviz_dot = {waits!r}\nkerasgraph_timeout = 100\n{WAITS}"
    return project_of(folder, nets, conf, index=page_of([*nets])[0])


@pytest.fixture(scope="module")
def importing(tmp_path_factory):
    """A model that has to be built, with something that stands for Keras."""
    folder = tmp_path_factory.mktemp("importing")
    project = make_project(folder, WAITS, index=page_of(["mod.net"])[0])
    package = project.source / "keras"
    package.mkdir()
    package.joinpath("__init__.py").write_text(KERAS)
    project.source.joinpath("tensorflow.py").touch()
    return project


def ended(
    project: Project,
    out: Path,
    environment: Mapping[str, str],
    reached: Path,
    moment: Moment,
    number: int = 1,
) -> tuple[float, str]:
    """How long it took to end when so many have reached the moment, and what it said."""
    # Shells let what runs in the background ignore Ctrl-C, the tests included.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from sphinx.cmd.build import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "-j", str(moment.jobs), str(project.source), str(out)]
    with subprocess.Popen(
        command,
        env=os.environ | environment | {"MOMENT": moment.name, "REACHED": str(reached)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert until(
                lambda: (
                    len([*reached.parent.glob("reached*")]) >= number or process.poll() is not None
                ),
                120,
            )
            assert process.poll() is None, process.stdout.read()
            begin = time.monotonic()
            send = os.killpg if moment.is_for_all else os.kill
            send(process.pid, moment.number)
            said, _ = process.communicate(timeout=60)
            return time.monotonic() - begin, said
        finally:
            process.kill()


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=() if moment.name in _FIRST else pytest.mark.slow)
        for fault, moment in MOMENTS.items()
    ],
    ids=str,
)
def test_it_ends_and_nothing_is_left(fault, project, importing, tmp_path):
    moment = MOMENTS[fault]
    made = importing if moment.name.startswith("import") else project
    out = tmp_path / "out"
    with watched(tmp_path) as environment:
        seconds, said = ended(made, out, environment, tmp_path / "reached", moment)
    assert seconds < SECONDS
    assert [*out.rglob(".unfinished*"), *out.rglob(".kerasgraph*")] == []
    assert "Traceback" not in said


#: Models whose builders hang.
HANG = """
import ctypes, os, subprocess, time

import keras

def reached():
    open(f"{os.environ['REACHED']}.{os.getpid()}", "w").close()

def in_python():
    reached()
    while True:
        pass

def in_c():
    reached()
    ctypes.PyDLL(None).sleep(60)

def with_a_stranger():
    subprocess.Popen(["sleep", "60"], start_new_session=True, close_fds=False)
    reached()
    time.sleep(60)
"""
_HANGING = "while models are built that hang in Python, in C, and with a process of their own"
BUILDING = {
    row(f"{how} {_HANGING}"): Moment("building", number, is_for_all, 3)
    for how, number, is_for_all in (
        ("Ctrl-C", signal.SIGINT, True),
        ("SIGTERM", signal.SIGTERM, False),
        ("SIGKILL", signal.SIGKILL, False),
    )
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", BUILDING, ids=str)
def test_builders_end_with_sphinx(fault, tmp_path):
    moment = BUILDING[fault]
    targets = ["mod_hang.in_python", "mod_hang.in_c", "mod_hang.with_a_stranger"]
    made = make_project(tmp_path, index=page_of(targets)[0], mod_hang=HANG)
    reached = tmp_path / "reached"
    with watched(tmp_path) as environment:
        seconds, said = ended(made, tmp_path / "out", environment, reached, moment, len(targets))
    assert seconds < SECONDS
    assert "Traceback" not in said
