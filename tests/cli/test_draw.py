"""``kerasgraph draw``: a model of one's own code in a file, without Sphinx."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import svg
from make_graphs import model
from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.cli import main
from sphinxcontrib_kerasgraph.graph import ModelGraph


def test_a_picture_is_drawn(dot, tmp_path, capfd):
    path = tmp_path / "model.svg"
    given = ["zoo.first.branches", "-o", str(path), "--show-shapes", "--no-show-layer-names"]
    assert main(["draw", *given, "--rankdir", "lr", "--hide", "nothing"]) == 0
    assert capfd.readouterr().err == "kerasgraph: --hide nothing matches no call\n"
    made = path.read_text(encoding="utf-8")
    assert {"left", "right", "stem"} <= set(svg.boxes(made))
    assert "left" not in svg.texts(made)
    assert any(text.startswith("(None") for text in svg.texts(made))


def test_the_target_may_stand_anywhere(tmp_path, keras_is_there):
    path = str(tmp_path / "model.json")
    assert main(["draw", "--show-shapes", "zoo.shapes.Net(units=5)", "--input-shape", "(3,)",
                 "--input-dtype", "float32", "-o", path]) == 0  # fmt: skip
    graph = ModelGraph.from_json(Path(path).read_text(encoding="utf-8"))
    assert graph.qualname == "Net"


def test_how_the_model_is_called(tmp_path, keras_is_there):
    path = tmp_path / "model.json"

    def calls(*options):
        assert main(["draw", *options, "--input-shape", "(7, 4)", "-o", str(path)]) == 0
        graph = ModelGraph.from_json(path.read_text(encoding="utf-8")).graph
        return [call.name for call in graph.calls], len(graph.outputs)

    assert calls("zoo.arguments.Regularised") == (["x", "hidden", "head"], 1)
    in_training = ["x", "hidden", "drop", "head"]
    assert calls("zoo.arguments.Regularised", "--training") == (in_training, 1)
    asked = ["--call", '{"return_state": True}']
    assert calls("zoo.arguments.Stateful", *asked) == (["x", "rnn", "head"], 2)


def test_neither_sphinx_nor_keras_is_imported(tmp_path):
    """In the command's own process: a worker builds the model."""
    code = (
        "import sys\nfrom sphinxcontrib_kerasgraph.cli import main\n"
        f"assert main(['draw', 'zoo.first.mlp', '-o', {str(tmp_path / 'model.dot')!r}]) == 0\n"
        "print({'sphinx', 'docutils', 'keras', 'tensorflow'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["zoo.first.mpl", "-o", "model.svg"], "'zoo.first' has no 'mpl'. Check the spelling"),
        (["zoo.first.mlp", "-o", "model.gif"], "'model.gif' doesn't tell what it is to be"),
        (["zoo.first.mlp", "-o", "model"], "Let it end in one of .svg, .png, .pdf, .dot, .json."),
        (["zoo.first.mlp", "-o", "model.svgz"], "Did you mean '.svg'?"),
        (["zoo.first.mlp", "-o", "model.svg", "--dpi", "many"], "--dpi is 'many'."),
        (["zoo.first.mlp(", "-o", "model.svg"], "is not valid Python"),
        (["zoo.shapes.unbuilt", "-o", "model.svg", "--input-shape", "x"], "is not a shape"),
        (["zoo.first.mlp", "-o", "missing/model.json"], "There is no folder 'missing'. Make it"),
        (["zoo.first.mlp", "-o", "/dev/null/x.json"], "There is no folder '/dev/null'."),
        (["zoo.first.mlp", "-o", "model.svg", "--view", "fulll"], "--view is 'fulll'."),
        (["zoo.first.mlp", "-o", "model.svg", "--timeout", "x"], "--timeout is 'x'."),
        (["nosuch.json", "-o", "model.svg"], "There is no file 'nosuch.json'."),
        (["zoo.first.mlp", "-o", "model.json", "--depth", "1"], "is that of the whole model"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(given, says, capfd, keras_is_there):
    assert main(["draw", *given]) == (1 if "mpl" in given[0] else 2)
    said = capfd.readouterr().err
    assert said.startswith("kerasgraph: ")
    assert says in said
    assert said.count("\n") == 1


def test_a_file_that_cant_be_written_is_named(tmp_path, capfd, keras_is_there):
    path = tmp_path / "model.json"
    path.mkdir()
    assert main(["draw", "zoo.first.mlp", "-o", str(path)]) == 2
    said = capfd.readouterr().err
    assert said.startswith("kerasgraph: The file can't be written: ")
    assert said.endswith(f"'{path}'.\n")
    assert list(tmp_path.iterdir()) == [path]


def check_advice(said, advice):
    """It is given in the words of the command, not in those of a page."""
    assert advice in said
    for other in ("conf.py", "sphinx", "Sphinx", "kerasgraph_", ":input", "page"):
        assert other not in said


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (["zoo.shapes.unbuilt"], "without the batch dimension: --input-shape '(224, 224, 3)'."),
        (
            ["zoo.arguments.Stateful", "--input-shape", "(7, 4)"],
            """Give what is no tensor as it is: --call '{"return_state": False}'.""",
        ),
        (["nosuch.net"], "Install it where this command is installed, or run the command in its"),
        (["zoo.faulty.raises"], "'kerasgraph draw -v' shows the traceback."),
        (["zoo.first.mlp", "--timeout", "0"], "--timeout is '0'. It must be a whole number from 1"),
        (["zoo.first.mlp", "--from", "dense", "--to", "input"], "Check --from, --to and --hide:"),
        (
            ["zoo.first.mlp", "--layout", "neato", "--depth", "1"],
            "leave out --expand-nested, --dep",
        ),
        (
            ["zoo.shapes.unbuilt", "--input-shape", "(3,)", "--input-dtype", "['int32']"],
            "Write --input-dtype in the form of --input-shape, or one dtype for all.",
        ),
    ],
    ids=str,
)
def test_advice_names_options_of_the_command(given, advice, capfd, tmp_path, keras_is_there):
    assert main(["draw", *given, "-o", str(tmp_path / "model.dot")]) in {1, 2}
    check_advice(capfd.readouterr().err, advice)


@pytest.mark.slow
def test_model_that_takes_too_long(capfd, tmp_path):
    given = ["zoo.faulty.hangs", "--timeout", "5", "-o", str(tmp_path / "model.dot")]
    assert main(["draw", *given]) == 1
    check_advice(capfd.readouterr().err, "Build a smaller model, or raise --timeout.")


def test_advice_on_graphviz_is_for_the_command(capfd, tmp_path, monkeypatch, keras_is_there):
    monkeypatch.setattr("sphinxcontrib_kerasgraph.draw.graphviz._port", lambda: None)
    monkeypatch.setenv("PATH", "")
    assert main(["draw", "zoo.first.mlp", "-o", str(tmp_path / "model.svg")]) == 1
    said = capfd.readouterr().err
    assert "pip install 'sphinxcontrib-kerasgraph[graphviz]'.\n" in said
    assert "conf.py" not in said


def test_the_time_limit_is_that_of_graphviz_too(capfd, tmp_path, monkeypatch):
    dot = tmp_path / "dot"
    dot.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    dot.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    graph = tmp_path / "graph.json"
    graph.write_text(model("x InputLayer\ny Dense <- x\n-> y").to_json(), encoding="utf-8")
    given = [str(graph), "-o", str(tmp_path / "model.svg"), "--timeout", "2"]
    assert main(["draw", *given]) == 1
    said = capfd.readouterr().err
    assert f"{dot} took longer than 2 seconds. Draw less of the model, or raise --timeout." in said


def test_patterns_are_named_as_options(tmp_path, capfd, keras_is_there):
    path = str(tmp_path / "model.dot")
    assert main(["draw", "zoo.first.mlp", "-o", path, "--from", "*,{x}", "--to", "*,y"]) == 0
    assert capfd.readouterr().err == (
        "kerasgraph: --from {x} matches no call\nkerasgraph: --to y matches no call\n"
    )


def test_verbose_shows_what_the_code_printed_and_where_it_failed(tmp_path, capfd):
    tmp_path.joinpath("mine.py").write_text("print('hello')\n1 / 0\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert main(["draw", "mine.model", "-o", "model.dot", "--verbose"]) == 1
    said = capfd.readouterr().err
    assert "hello" in said
    assert "mine.py" in said
    assert "ZeroDivisionError" in said


def test_what_is_no_option_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["draw", "zoo.first.mlp", "-o", "model.svg", "--color", "red"])
    assert "unrecognized arguments: --color red" in capsys.readouterr().err


def test_the_help_tells_all_options(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["draw", "--help"])
    said = capsys.readouterr().out
    for group in (*options.DRAWING, options.ModelOptions):
        for option in fields(group):
            assert f"--{option_fields.page_name(option)}" in said
    assert "--timeout SECONDS" in said


def test_what_was_passed_over_is_told_and_weights_are_loaded_if_asked_for(capfd, tmp_path):
    path = str(tmp_path / "model.json")
    given = ["draw", "zoo.loading.from_file", "-o", path]
    assert main(given) == 0
    assert capfd.readouterr().err == ""
    assert main([*given, "-v"]) == 0
    said = "kerasgraph: passed over: weights of best.weights.h5, weights of trained.weights.h5\n"
    assert capfd.readouterr().err.endswith(said)
    assert main([*given, "--load-weights"]) == 1
    assert "trained.weights.h5" in capfd.readouterr().err
