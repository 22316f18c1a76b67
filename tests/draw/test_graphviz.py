"""Graphviz runs without Sphinx; whatever `dot` does is a picture or a fault, in time."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

import svg
from running import is_running, until
from sphinx_project import need_port
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.dot import PAD
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz, Rendered
from sphinxcontrib_kerasgraph.draw.placed import placed
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import release

#: With the font that drawings have, of which the pip-installed port knows the metrics.
ARIAL = "digraph { node [fontname=Arial]; a -> b; }"
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


def size_of(said: str | None) -> tuple[float, float]:
    """Of a drawing that is laid out, with the space around it."""
    laid_out = placed(said or "", [])
    return laid_out.width + 2 * PAD, laid_out.height + 2 * PAD


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
    assert Graphviz(dot).render(ARIAL, "svg").complaints == ""


def test_what_is_measured_is_what_is_drawn(compiled_dot):
    graphviz = Graphviz(compiled_dot)
    said, again = graphviz.lay_out([CODE, CODE])
    assert said == again
    assert size_of(said) == pytest.approx(graphviz.render(CODE, "svg").svg_size, abs=2)


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
    assert until(lambda: not is_running(int(tmp_path.joinpath("pid").read_text())))


def test_a_program_that_never_tells_its_version(within, program, monkeypatch):
    monkeypatch.setattr("sphinxcontrib_kerasgraph.draw.graphviz._VERSION_SECONDS", 1)
    [said] = within(10, Graphviz(program("sleep 100")).identity, "svg")
    assert "timed out" in said


def test_one_that_fails_ends_the_others(within, program):
    script = program("read first; case $first in *odd*) exit 3;; esac; exec sleep 100")
    begin = time.monotonic()
    with pytest.raises(Fault, match="exit code 3"):
        Graphviz(script, timeout=60).lay_out(["digraph { odd }", CODE, CODE])
    assert time.monotonic() - begin < 10


def test_one_slow_layout_does_not_hold_up_the_others(within, program):
    script = program("read first; case $first in *odd*) exec sleep 100;; esac; echo done")
    begin = time.monotonic()
    assert Graphviz(script, timeout=60).lay_out(["digraph { odd }", CODE]) == [None, "done\n"]
    assert time.monotonic() - begin < 10


def test_none_in_time_is_a_fault(within, program):
    with pytest.raises(Fault, match="took longer than 1 seconds"):
        Graphviz(program("exec sleep 100"), timeout=1).lay_out([CODE, CODE])


def test_much_that_nobody_reads(within, program):
    code = f"digraph {{ /* {'x' * 10**6} */ }}"
    with pytest.raises(Fault, match="wrote no svg"):
        Graphviz(program("exit 0")).render(code, "svg")


# The pip-installed port


@pytest.fixture
def only_port(tmp_path, monkeypatch):
    """No compiled `dot` is on the PATH."""
    need_port()
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("only_port")
def test_the_port_draws_where_there_is_no_other():
    graphviz = Graphviz()
    drawn = graphviz.render(ARIAL, "svg")
    assert sorted(svg.boxes(drawn.content)) == ["a", "b"]
    assert drawn.complaints == ""
    assert graphviz.render(CODE, "png").content.startswith(b"\x89PNG")
    [said] = graphviz.lay_out([ARIAL])
    assert size_of(said) == pytest.approx(drawn.svg_size, abs=4)


@pytest.mark.usefixtures("only_port")
def test_what_the_port_can_not_do_is_told_or_left_out():
    graphviz = Graphviz()
    with pytest.raises(Fault, match="can't write PDF") as caught:
        graphviz.render(CODE, "pdf")
    assert "Install Graphviz itself" in caught.value.advice
    assert graphviz.image_map(CODE) == ""
    assert graphviz.program("svg").is_port


@pytest.mark.usefixtures("only_port")
def test_the_port_is_known_by_its_release():
    assert Graphviz().identity("svg") == (release("graphviz-pure"),)
    with pytest.raises(Fault):
        Graphviz().identity("pdf")


@pytest.mark.usefixtures("only_port")
def test_who_names_a_dot_means_no_other():
    with pytest.raises(Fault, match="'other-dot' was not found"):
        Graphviz("other-dot").render(CODE, "svg")


# What comes of it


def test_an_svg_names_all_fonts_that_are_as_wide(dot):
    code = f'digraph {{ a [fontname="{theme.FONT}"] }}'
    assert f'font-family="{theme.SVG_FONTS}"' in Graphviz(dot).render(code, "svg").content.decode()


def test_what_tells_no_size_has_none():
    assert Rendered(b"<svg>").svg_size == (0, 0)
    assert Rendered(b'<svg width="12.5pt" height="7pt">').svg_size == (12.5, 7)


def test_a_pdf_is_no_larger_than_readers_can_show(compiled_dot):
    code = "digraph { margin=0; node [height=20]; " + " -> ".join(f"n{n}" for n in range(20)) + " }"
    content = Graphviz(compiled_dot).render(code, "pdf").content
    [_, _, width, height] = content.partition(b"/MediaBox")[2].split(b"]")[0].strip(b" [").split()
    assert max(float(width), float(height)) <= 150 * 72 + 2 * PAD


def test_complaints_are_told_beside_the_picture(program, dot):
    script = program(
        f'for n in 1 2 3 4 1; do echo "Warning: odd $n" >&2; done\n'
        f"echo 'Warning: non-ASCII character 215' >&2; echo 'nothing' >&2\nexec {dot} \"$@\""
    )
    drawn = Graphviz(script).render(CODE, "svg")
    assert drawn.complaints == "Warning: odd 1; Warning: odd 2; Warning: odd 3"
    assert drawn.content.rstrip().endswith(b"</svg>")


def test_a_syntax_error_is_a_fault(within, dot):
    def render():
        with pytest.raises(Fault, match="syntax error"):
            Graphviz(dot).render("digraph { a -> ", "svg")
        return True

    assert within(8, render)


def test_ortho_is_warned_of_where_dot_fails(program):
    with pytest.raises(Fault) as caught:
        Graphviz(program("exit 1")).render("digraph { graph [splines=ortho] }", "svg")
    assert "ortho" in caught.value.advice


def test_a_program_that_is_killed(within, program):
    assert (
        "failed with SIGKILL: it said nothing." in fault_of(within, program("kill -9 $$")).message
    )


def test_arguments_come_first(program, tmp_path):
    script = program(f'echo "$@" > {tmp_path}/args; exit 3')
    with pytest.raises(Fault):
        Graphviz(script, ["-Nfontsize=9", "-v"]).render(CODE, "svg")
    assert tmp_path.joinpath("args").read_text().strip() == "-Nfontsize=9 -v -Tsvg"
