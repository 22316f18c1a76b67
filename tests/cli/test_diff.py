"""``kerasgraph diff``: two models, of any kind, in words, drawn, and as files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

import svg
from edit_graphs import renamed
from make_graphs import model
from sphinxcontrib_kerasgraph.cli import main

START = "import sys; from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())"
CHAIN = "\n".join(
    ["x InputLayer", "d0 Dense <- x", *(f"d{n} Dense <- d{n - 1}" for n in range(1, 30))]
)
OLD = f"{CHAIN}\ny Dense <- d29\n-> y"
NEW = f"{CHAIN}\nz Dropout <- d29\ny Dense <- z\n-> y"


@pytest.fixture
def two(tmp_path):
    paths = []
    for name, text in (("old", OLD), ("new", NEW)):
        path = tmp_path / f"{name}.json"
        path.write_text(model(text).to_json(), encoding="utf-8")
        paths.append(str(path))
    return paths


def test_in_words(two, capsys):
    assert main(["diff", *two]) == 1
    said = capsys.readouterr()
    head, *lines = said.out.splitlines()
    assert head.startswith("1 added")
    assert lines[0].startswith("+ Dropout z added")
    assert said.err == ""


def test_the_same(two, capsys):
    assert main(["diff", two[0], two[0]]) == 0
    assert capsys.readouterr().out == "No differences\n"


def test_files(two, tmp_path, dot, capsys):
    paths = {
        ending: str(tmp_path / f"d.{ending}") for ending in ("svg", "dot", "md", "json", "html")
    }
    outputs = [part for path in paths.values() for part in ("-o", path)]
    assert main(["diff", *two, *outputs]) == 1
    assert capsys.readouterr().out == ""
    read = {ending: (tmp_path / f"d.{ending}").read_text(encoding="utf-8") for ending in paths}
    drawn = svg.boxes(read["svg"])
    assert "z" in drawn
    assert "d5" not in drawn  # far from what differs
    assert "+ Dropout z added" in read["md"]
    assert json.loads(read["json"])["counts"]["added"] == 1
    assert f"kerasgraph diff {two[0]} {two[1]}" in read["html"]
    assert main(["diff", *two, "-o", paths["svg"], "--context", "all", "--view", "full"]) == 1
    assert {"z", "d5"} <= set(svg.boxes((tmp_path / "d.svg").read_text(encoding="utf-8")))


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_color_that_is_not_read_is_told(two, tmp_path, dot, capsys, ending):
    style = "{'Dropout': {'color': '#ffee00'}}"
    assert main(["diff", *two, "-o", str(tmp_path / f"d.{ending}"), "--style", style]) == 1
    assert "--style Dropout: text can't be read in the color '#ffee00'" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_what_is_asked_for_in_vain_is_told(two, tmp_path, dot, capsys, ending):
    assert main(["diff", *two, "-o", str(tmp_path / f"d.{ending}"), "--hide", "nothing"]) == 1
    assert capsys.readouterr().err == "kerasgraph: --hide nothing matches no call\n"


def test_targets_are_built_each_with_its_own_shape(capsys, keras_is_there):
    target = "zoo.shapes.Net(units=5)"
    given = ["diff", target, target, "--input-shape", "(3,)"]
    assert main(given) == 0
    assert main([*given, "--old-input-shape", "(4,)"]) == 1
    assert "4" in capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize(
    ("given", "begins", "ends"),
    [
        ([], "zoo.shapes.unbuilt, both models: The model ", "--input-shape '(224, 224, 3)'."),
        (
            ["--input-shape", "(3,)", "--old-input-shape", "x"],
            "zoo.shapes.unbuilt, the old model: The input shape 'x' is not a shape.",
            "or a list or dict of such shapes.",
        ),
        (
            ["--input-shape", "(3,)", "--old-input-dtype", "['int32']"],
            "zoo.shapes.unbuilt, the old model: ",
            "Write --old-input-dtype in the form of --old-input-shape, or one dtype for all.",
        ),
        (
            ["--input-shape", "x", "--old-input-shape", "(3,)"],
            "zoo.shapes.unbuilt, the new model: The input shape 'x' is not a shape.",
            "or a list or dict of such shapes.",
        ),
        (
            ["--old-input-shape", "(3,)"],
            "zoo.shapes.unbuilt, the new model: The model ",
            "--input-shape '(224, 224, 3)'.",
        ),
    ],
    ids=str,
)
def test_of_two_models_it_is_told_which(given, begins, ends, capsys, keras_is_there):
    target = "zoo.shapes.unbuilt"
    assert main(["diff", target, target, *given]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"kerasgraph: {begins}")
    assert said.endswith(f"{ends}\n")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "Two models are compared, and 0 were given."),
        (["a.json"], "Two models are compared, and 1 was given."),
        (["{old}", "nosuch.json"], "There is no file 'nosuch.json'."),
        (["{old}", "{new}", "-o", "d.htm"], "Did you mean '.html'?"),
        (["{old}", "{new}", "--context", "many"], "--context is 'many'."),
        (["{old}", "zoo.first.nosuch"], "'zoo.first' has no 'nosuch'."),
        (["{old}", "{new}", "-o", "nowhere/d.json"], "There is no folder 'nowhere'."),
        (["--git", "HEAD", "-o", "d.svg"], "Let it end in one of .md, .json."),
    ],
    ids=str,
)
def test_trouble_is_2(given, says, two, capsys, keras_is_there):
    old, new = two
    assert main(["diff", *(one.format(old=old, new=new) for one in given)]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


#: A colour, a bell, what turns the direction of text, and half of a sign.
CONTROLS = "\x1b[31m", "\x07", "\x00", "\x9b", "\u202e", "\ud800"


@pytest.fixture
def nasty(tmp_path):
    """Two models with layers whose names hold what controls a terminal."""
    paths = []
    for name, last in (("old", "y"), ("new", f"y{''.join(CONTROLS)}z")):
        path = tmp_path / f"{name}.json"
        made = model("x InputLayer\ny Dense <- x\n-> y")
        graph = renamed(made.graph, "y", last)
        path.write_text(replace(made, graph=graph).to_json(), encoding="utf-8")
        paths.append(str(path))
    return paths


def test_names_dont_control_the_terminal_or_files(nasty, tmp_path, dot, capsysbinary):
    made = [tmp_path / f"d.{ending}" for ending in ("md", "html", "json")]
    for given in (
        ["diff", *nasty],
        ["diff", *nasty, *(part for path in made for part in ("-o", str(path)))],
        *(["summary", nasty[1], "--format", one] for one in ("text", "md", "csv", "json")),
    ):
        assert main(given) == (given[0] == "diff")
        read = capsysbinary.readouterr()
        said = (read.out + read.err).decode()
        assert not said or "\ufffd" in said
        assert not [one for one in CONTROLS if one in said]
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert not [one for one in CONTROLS if one in text]
    assert "\\ud800" not in made[0].read_text(encoding="utf-8")
    assert main(["diff", nasty[0], "nosuch\x1b[31m.json"]) == 2
    assert b"\x1b" not in capsysbinary.readouterr().err


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_any_encoding_of_the_output_will_do(encoding, tmp_path):
    paths = []
    for name, units in (("old", 8), ("new", 16)):
        path = tmp_path / f"{name}.json"
        path.write_text(
            model(f"x InputLayer\ngröße Dense/{units} <- x\n-> größe").to_json(), encoding="utf-8"
        )
        paths.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", START, "diff", *paths], capture_output=True, check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    said = done.stdout.decode(encoding)
    assert "8 → 16" in said if encoding == "utf-8" else "8 -> 16" in said
    assert "gr??e" in said if encoding == "ascii" else "größe" in said
