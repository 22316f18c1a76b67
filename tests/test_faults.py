"""Advice is written as its reader writes: on a page, for the command, in Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sphinxcontrib_kerasgraph
from sphinxcontrib_kerasgraph.faults import COMMAND, PYTHON, SPHINX, Fault, did_you_mean

FACES = {"SPHINX": SPHINX, "COMMAND": COMMAND, "PYTHON": PYTHON}
SOURCES = sorted(Path(sphinxcontrib_kerasgraph.__file__).parent.rglob("*.py"))
WORDS = "|".join(name for name, word in vars(SPHINX).items() if isinstance(word, str))
#: What advice leaves to the faces.
NAMED = re.compile(rf"{{(?:option|setting|variable) [\w-]+(?:=[^{{}}]*)?}}|{{(?:{WORDS})}}")
#: What is Sphinx's alone.
OF_SPHINX = re.compile(r"conf\.py|kerasgraph_\w|graphviz_dot|sphinx-build|Sphinx|':|on a page")


def used() -> set[str]:
    return {
        text
        for path in SOURCES
        if path.name != "faults.py"
        for text in NAMED.findall(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize(
    ("advice", "sphinx", "command", "python"),
    [
        (
            "{option input-shape}",
            "':input-shape:'",
            "--input-shape",
            "input_shape=",
        ),
        (
            "{option input-shape=(224, 224, 3)}",
            "':input-shape: (224, 224, 3)'",
            "--input-shape '(224, 224, 3)'",
            "input_shape=(224, 224, 3)",
        ),
        ("{option splines=ortho}", "':splines: ortho'", "--splines ortho", "splines='ortho'"),
        ("{option from}", "':from:'", "--from", "from_="),
        ("{setting expand-nested}", "'expand-nested'", "--expand-nested", "expand_nested="),
        (
            "{variable KERAS_BACKEND=jax}",
            'conf.py: kerasgraph_environment = {"KERAS_BACKEND": "jax"}',
            "the environment: KERAS_BACKEND=jax",
            "the environment: KERAS_BACKEND=jax",
        ),
        ("{setting view=full}", "'view: full'", "--view full", "view='full'"),
    ],
)
def test_options(advice, sphinx, command, python):
    fault = Fault("build", "No.", f"Use {advice}.")
    assert str(fault) == fault.told(SPHINX) == f"No. Use {sphinx}."
    assert fault.told(COMMAND) == f"No. Use {command}."
    assert fault.told(PYTHON) == f"No. Use {python}."


def test_what_can_be_set_is_left_out_where_it_cannot():
    fault = Fault("graphviz", "Slow.", "Draw less{or_more_time}.")
    assert str(fault) == "Slow. Draw less, or raise kerasgraph_timeout in conf.py."
    assert fault.told(COMMAND) == "Slow. Draw less, or raise --timeout."
    assert fault.told(PYTHON) == "Slow. Draw less."


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_every_face_writes_what_advice_names(face):
    assert {text.strip("{}") for text in used()} > set(WORDS.split("|"))
    for text in used():
        written = Fault("build", "No.", text).told(face)
        assert text not in written
        assert face is SPHINX or not OF_SPHINX.search(written)


def test_no_advice_is_for_sphinx_where_others_read_it():
    for path in SOURCES:
        if path.parent.name == "ext" or path.name in {"faults.py", "cli.py", "options.py"}:
            continue
        code = re.sub(r'(?s)""".*?"""|#.*', "", path.read_text(encoding="utf-8"))
        assert not re.search(r"in conf\.py|sphinx-build|'?:[a-z-]+: ?'", code), path


@pytest.mark.parametrize("text", ["{}", "{", "{x}", "{option}", "{0}", "{told}", '{"a": 1}', "\\1"])
def test_other_braces_are_left_alone(text):
    for face in FACES.values():
        assert Fault("build", text, text).told(face) == f"{text} {text}"


def test_what_crosses_processes_is_told_in_the_same_way():
    fault = Fault("build", "No {more}.", "See {more}.", "why")
    again = Fault.from_dict(fault.to_dict())
    for face in FACES.values():
        assert again.told(face) == fault.told(face)
    assert str(again) == "No {more}. See 'sphinx-build -vv'."


def test_advice_can_be_encoded():
    """It may name files."""
    str(Fault("import", "a\udcff", "b\udcff")).encode()


def test_a_name_that_is_written_almost_so_is_advised():
    known = ("units", "activation")
    assert did_you_mean("unit", known, "There are two.") == "Did you mean 'units'?"
    assert did_you_mean("kernel", known, "There are two.") == "There are two."
