"""What all commands have in common: help, errors, exit codes, completion, colours, Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from make_graphs import model
from running import until
from sphinx_project import need
from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.cli import entry, main

START = "import sys; from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())"
#: Shells let what runs in the background ignore Ctrl-C, the tests included.
HEEDS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
NET = "x InputLayer\ny Dense <- x\n-> y"


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net.json"
    path.write_text(model(NET).to_json(), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("command", entry.COMMANDS, ids=lambda one: one.name)
def test_help_teaches_by_examples_that_can_be_run(command, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([command.name, "--help"])
    said = capsys.readouterr().out
    assert command.summary in " ".join(said.split())
    assert "Exit code: 0" in said
    parser, _ = entry._parsers()
    for words, arguments in command.examples:
        assert words in said
        assert f"kerasgraph {command.name} {arguments}".rstrip() in said
        _, rest = parser.parse_known_args([command.name, *shlex.split(arguments)])
        assert command.passes_on or not rest


def test_all_commands_are_documented():
    page = Path(__file__).parents[2] / "docs" / "reference" / "command.rst"
    text = page.read_text(encoding="utf-8")
    heads = re.findall(r"^(.+)\n-+$", text, re.MULTILINE)
    documented = {name for head in heads for name in head.split(", ")}
    assert {command.name for command in entry.COMMANDS} <= documented


def test_all_commands_are_listed(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    said = capsys.readouterr().out
    for command in entry.COMMANDS:
        assert re.search(rf"^    {command.name} ", said, re.MULTILINE)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "the following arguments are required: COMMAND. 'kerasgraph --help' tells more."),
        (["drw"], "there is no 'drw'. Did you mean 'draw'?"),
        (["nosuch"], "there is no 'nosuch'. There are draw, "),
        (["draw"], "are required: TARGET, -o/--output. 'kerasgraph draw --help' tells more."),
        (["draw", "a.b", "-o", "x.svg", "--show-shape"], "Did you mean '--show-shapes'?"),
        (["diff", "a.b", "c.d", "--format", "json"], "json. The name of a file tells what is"),
        (["diff", "a.b", "c.d", "--as", "table"], "tells what is written: -o FILE. 'kerasgraph"),
        (["summary", "a.b", "--format", "jsn"], "there is no 'jsn'. Did you mean 'json'?"),
    ],
    ids=str,
)
def test_wrong_arguments_are_told_in_a_line(given, says, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(given)
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_a_bug_of_ours_is_told_in_a_line_and_in_full_if_asked_for(net, monkeypatch, capsys):
    def failing(*_):
        raise KeyError("lost")

    monkeypatch.setattr("sphinxcontrib_kerasgraph.cli.operands.models_of", failing)
    assert main(["summary", net]) == 2
    said = capsys.readouterr().err
    assert "KeyError: 'lost'. Please report it" in said
    assert said.count("\n") == 1
    assert main(["summary", net, "-v"]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["summary", "{net}"], ["--print-completion", "zsh"]], ids=str)
def test_what_nobody_reads_ends_the_command_quietly(given, net):
    given = [one.format(net=net) for one in given]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", START, *given], stdout=write, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("redirected", "code"),
    [
        ("diff {net} nosuch.json 2>/dev/full", 2),
        ("diff {net} nosuch.json 2>&-", 2),
        ("diff {net} 2>/dev/full", 2),
        ("diff {net} {net} --nosuch 2>&-", 2),
        ("summary {net} >/dev/full", 2),
        ("summary {net} >/dev/full 2>/dev/full", 2),
        ("summary {net} >&-", 0),
        ("summary {net} --hide nothing >&- 2>&-", 0),
        ("diff {net} {net} 2>&-", 0),
    ],
)
def test_streams_that_take_nothing_dont_change_the_exit_code(redirected, code, net):
    need("bash", "bash")
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(START)} {redirected}"
    done = subprocess.run(
        ["bash", "-c", command.replace("{net}", shlex.quote(net))], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "AttributeError" not in done.stderr
    assert "Exception ignored" not in done.stderr


def children(process):
    """The processes that any thread of the process has started."""
    lists = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [one for path in lists for one in path.read_text(encoding="ascii").split()]


def test_ctrl_c_ends_all_quietly(tmp_path):
    folder = tmp_path / "cache"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{HEEDS_CTRL_C}; {START}", "draw", "zoo.faulty.hangs",
         "-o", str(tmp_path / "x.svg"), "--cache-dir", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert until(lambda: children(process), 60)
        workers = children(process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, said) == (130, (b"", b""))
    assert until(lambda: not any(os.path.exists(f"/proc/{one}") for one in workers))
    assert not (tmp_path / "x.svg").exists()
    assert not list(folder.rglob("*"))


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("kerasgraph dr", {"draw"}),
        ("kerasgraph draw --show-sh", {"--show-shapes"}),
        ("kerasgraph draw --rankdir ", {"TB", "BT", "LR", "RL"}),
        ("kerasgraph draw --theme = k", {"keras"}),
        ("kerasgraph draw a.b --theme = pa", {"paper"}),
        ("kerasgraph draw --fuse =", {"auto", "yes", "no"}),
        ("kerasgraph draw --theme = mono constraints-o", {"constraints-oldest.txt"}),
        ("kerasgraph draw constraints-o", {"constraints-oldest.txt"}),
        ("kerasgraph draw HEAD~1 : constraints-o", {"constraints-oldest.txt"}),
        ("kerasgraph diff constraints-o", {"constraints-oldest.txt"}),
        ("kerasgraph diff -q --theme mono HEAD : a.json constraints-o", {"constraints-oldest.txt"}),
        ("kerasgraph check -q -j 4 brow", {"browser"}),
        ("kerasgraph diff --old-inp", {"--old-input-shape", "--old-input-dtype"}),
    ],
)
def test_bash_completes(line, completed, capsys):
    pytest.importorskip("shtab")
    need("bash", "bash")
    with pytest.raises(SystemExit, match="0"):
        main(["--print-completion", "bash"])
    script = capsys.readouterr().out
    words = line.split(" ")
    script += (
        f"\nCOMP_WORDS=({' '.join(shlex.quote(one) for one in words)})\n"
        f"COMP_CWORD={len(words) - 1}\n"
        "set -- $(complete -p kerasgraph); while [ $1 != -F ]; do shift; done; $2\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == completed


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_have_a_script(shell, capsys):
    pytest.importorskip("shtab")
    with pytest.raises(SystemExit, match="0"):
        main(["--print-completion", shell])
    assert "show-shapes" in capsys.readouterr().out


def on_a_terminal(*arguments, **environment):
    """What the command writes on a terminal."""
    mine, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", START, *arguments], stdout=its, stderr=its, stdin=its,
        env=os.environ | {"TERM": "xterm", "NO_COLOR": "", "COLUMNS": "70"} | environment,
    )  # fmt: skip
    os.close(its)
    said = b""
    while True:
        try:
            read = os.read(mine, 4096)
        except OSError:  # all is read
            break
        if not read:
            break
        said += read
    os.close(mine)
    process.wait(60)
    return said.decode()


def test_colour_is_for_terminals_alone(net, capsys):
    assert main(["summary", net]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert "\x1b[1mLayer" in on_a_terminal("summary", net)
    assert "\x1b" not in on_a_terminal("summary", net, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal("summary", net, TERM="dumb")
    assert "\x1b[31mkerasgraph:" in on_a_terminal("summary", "nosuch.json")


@pytest.mark.slow
def test_progress_is_for_terminals_alone():
    given = "draw", "zoo.faulty.hangs", "-o", "x.svg", "--timeout", "3", "--no-cache"
    said = on_a_terminal(*given)
    assert "building zoo.faulty.hangs … 1 s" in said
    assert said.count("\n") == 1
    assert "building" not in on_a_terminal(*given, "--quiet")


def test_the_options_of_the_directive_are_those_of_the_command():
    parser, _ = entry._parsers()
    groups = (*options.DRAWING, options.ModelOptions)
    texts = {"columns": "3", "depth": "2", "view": "full", "input-shape": "(3,)"}
    for group in groups:
        for option in fields(group):
            name = option_fields.page_name(option)
            given = [f"--{name}", *([texts[name]] if name in texts else [])]
            if option.metadata["kind"].words != "yes or no" and name not in texts:
                given.append("x")
            read = parser.parse_args(["draw", "a.b", "-o", "x.svg", *given])
            assert getattr(read, name) is not None
