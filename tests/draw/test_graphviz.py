"""Graphviz runs without Sphinx; whatever `dot` does is a picture or a fault, in time."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.faults import Fault

CODE = 'digraph { a -> b; a [label="é", fontname="Helvetica,Arial,Liberation Sans"]; }'


@pytest.fixture
def program(tmp_path):
    """Makes an executable shell script."""

    def make(text: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def fault_of(within, dot, timeout=10.0, seconds=8.0):
    def render():
        try:
            return Graphviz(dot, timeout=timeout).render(CODE, "svg")
        except Fault as fault:
            return fault

    fault = within(seconds, render)
    assert isinstance(fault, Fault)
    assert fault.subtype == "graphviz"
    return fault


def test_it_draws(dot):
    drawn = Graphviz(dot).render(CODE, "svg")
    assert drawn.content.rstrip().endswith(b"</svg>")
    assert drawn.svg_size > (10, 10)
    assert drawn.complaints == ""


def test_what_is_measured_is_what_is_drawn(compiled_dot):
    graphviz = Graphviz(compiled_dot)
    [size, again] = graphviz.sizes([CODE, CODE])
    assert size == again
    assert size == pytest.approx(graphviz.render(CODE, "svg").svg_size, abs=2)


def test_an_image_has_a_map(compiled_dot):
    graphviz = Graphviz(compiled_dot)
    assert graphviz.render(CODE, "png").content.startswith(b"\x89PNG")
    assert graphviz.image_map(CODE).startswith("<map")
    assert graphviz.render(CODE, "pdf").content.startswith(b"%PDF")


def test_its_identity_is_its_version_and_arguments(compiled_dot):
    one, *args = Graphviz(compiled_dot, ["-Nfontsize=9"]).identity("svg")
    assert "graphviz" in one
    assert args == ["-Nfontsize=9"]


@pytest.mark.parametrize("dot", ["no-such-dot", "", "/no/such/dot"])
def test_none_is_a_fault(within, dot):
    assert "was not found" in fault_of(within, dot).message


def test_what_is_wrong_is_told(within, program):
    fault = fault_of(within, program("echo first >&2; echo 'syntax error' >&2; exit 3"))
    assert "failed with exit code 3: syntax error." in fault.message
    assert fault.details == "first\nsyntax error"


def test_a_program_that_cannot_be_run(within, tmp_path):
    path = tmp_path / "program"
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    assert "can't be run" in fault_of(within, str(path)).message


def test_a_program_that_hangs(within, program):
    fault = fault_of(within, program("exec sleep 100"), timeout=1)
    assert "took longer than 1 seconds" in fault.message


def test_a_child_that_holds_the_output_of_one_that_hangs(within, program, tmp_path):
    fault = fault_of(within, program(f"sleep 100 & echo $! > {tmp_path}/pid; wait"), timeout=1)
    assert "took longer than 1 seconds" in fault.message
    pid = int(tmp_path.joinpath("pid").read_text())
    time.sleep(0.2)
    assert not Path(f"/proc/{pid}/fd/1").exists()


def test_a_child_that_holds_the_output_of_one_that_is_done(within, program, dot, tmp_path):
    script = program(f'sleep 30 & echo $! > {tmp_path}/pid; exec {dot} "$@"')
    drawn = within(10, Graphviz(script, timeout=20).render, CODE, "svg")
    assert drawn.content.rstrip().endswith(b"</svg>")
    os.kill(int(tmp_path.joinpath("pid").read_text()), signal.SIGKILL)


def test_a_program_that_never_tells_its_version(within, program, monkeypatch):
    monkeypatch.setattr("sphinxcontrib_kerasgraph.draw.graphviz._VERSION_SECONDS", 1)
    [said] = within(10, Graphviz(program("sleep 100")).identity, "svg")
    assert "timed out" in said


def test_one_that_fails_ends_the_others(within, program):
    script = program("read first; case $first in *odd*) exit 3;; esac; exec sleep 100")
    begin = time.monotonic()
    with pytest.raises(Fault, match="exit code 3"):
        Graphviz(script, timeout=60).sizes(["digraph { odd }", CODE, CODE])
    assert time.monotonic() - begin < 10


def test_much_that_nobody_reads(within, program):
    code = f"digraph {{ /* {'x' * 10**6} */ }}"
    with pytest.raises(Fault, match="wrote no svg"):
        Graphviz(program("exit 0")).render(code, "svg")
