"""Whatever is wrong: one typed warning with its place, a note on the page, all else drawn."""

from __future__ import annotations

import re

import pytest

from sphinx_project import WITHOUT_KERAS, make_project
from sphinxcontrib_kerasgraph.faults import SUBTYPES

#: Directives that can't be drawn, with the subtype and words of their warnings.
FAULTY = {
    ".. keras-model:: nosuch.models.mlp": ("import", "There is no module 'nosuch'"),
    ".. keras-model:: zoo.first.nosuch": ("import", "'zoo.first' has no 'nosuch'"),
    ".. keras-model:: mod_broken.build": ("import", "ZeroDivisionError: division by zero \\("),
    ".. keras-model:: zoo.faulty.raises": ("build", "RuntimeError: no such thing \\("),
    ".. keras-model:: zoo.faulty.returns_nothing": ("build", "returned None"),
    ".. keras-model:: zoo.shapes.unbuilt": ("build", "has no input shape"),
    ".. keras-model:: zoo.faulty.dies": ("worker", "exit code 9; it printed last: last words"),
    ".. keras-model:: zoo.first.mlp(units=N)": ("target", "'N' in .* is not a literal"),
    ".. keras-model:: mlp": ("target", "names no module"),
    ".. keras-model:: zoo.shapes.Net\n   :input-shape: (7,": ("target", "is not a shape"),
    ".. keras-model:: zoo.first.mlp\n   :caption: C\n   :input-shape: 7": ("build", "already has"),
}
FAULTY[".. keras-model::\n   :dpi: 3"] = ("target", "No model is named")
FAULTY[".. keras-model:: zoo.first.mlp\n\n   Some content."] = ("option", "takes no content")
FAULTY[".. keras-model:: zoo.arguments.Stateful\n   :input-shape: (7, 4)"] = (
    "build",
    "needs 'x' and 'return_state'.*:call: {\"return_state\": False}",
)
GOOD = ".. keras-model:: zoo.first.mlp"
#: With a fault that doesn't cost the drawing.
DRAWN = {
    f"{GOOD}\n   :rankdir: XX": ("option", "one of TB, BT, LR, RL"),
    f"{GOOD}\n   :show-shape:": ("option", "Did you mean ':show-shapes:'"),
    f"{GOOD}\n   :width: 3 furlongs": ("option", ":width: is '3 furlongs'. It must be a length"),
    f"{GOOD}\n   :interactive: at times": ("option", "must be yes or no"),
    f"{GOOD}\n   :layout: neato\n   :depth: 1": ("option", "'neato' can't draw frames"),
}
WARNED = FAULTY | DRAWN


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    page = "\n\n".join(["Page\n====", GOOD, *WARNED, GOOD]) + "\n"
    return make_project(tmp_path_factory.mktemp("faults"), index=page, mod_broken="1 / 0\n").write(
        conf=(
            "import sys, os\n"
            f"sys.path[:0] = [{__file__.rpartition('/ext/')[0]!r}, os.path.dirname(__file__)]\n"
            "project = 'Test'\n"
            "extensions = ['sphinxcontrib_kerasgraph']\n"
            "kerasgraph_show_dtype = 'perhaps'\n"
        )
    )


@pytest.fixture(scope="module")
def build(project, dot):
    return project.build("html")


def line_of(project, directive: str) -> int:
    lines = project.source.joinpath("index.rst").read_text().split("\n\n")
    text = "\n\n".join(lines)
    return text[: text.index(directive + "\n")].count("\n") + 1


@pytest.mark.parametrize("directive", WARNED)
def test_one_warning_with_place_type_and_advice(project, build, directive):
    subtype, says = WARNED[directive]
    place = f"index.rst:{line_of(project, directive)}: WARNING: keras-model "
    found = [warning for warning in build.warnings if place in warning]
    assert len(found) == 1, build.warnings
    assert re.search(says, found[0])
    assert found[0].endswith(f"[kerasgraph.{subtype}]")
    assert subtype in SUBTYPES


def test_wrong_value_in_conf(project, build):
    [warning] = [warning for warning in build.warnings if "kerasgraph_show_dtype" in warning]
    assert (
        "conf.py:5: WARNING: kerasgraph_show_dtype is 'perhaps'. It must be yes or no." in warning
    )
    assert warning.endswith("[kerasgraph.option]")


def test_no_other_warning_and_no_traceback(build):
    assert len(build.warnings) == len(WARNED) + 1
    assert "Traceback" not in build.output
    assert build.returncode == 1  # -W


def test_every_fault_leaves_a_note_and_all_else_is_drawn(build):
    page = build.read("index.html")
    assert page.count("kerasgraph-fault") == len(FAULTY)
    assert page.count("could not be drawn") == len(FAULTY)
    assert page.count("<svg role") == 2 + len(DRAWN)


@pytest.fixture(scope="module")
def again(project, build):
    """The next build, which tells all."""
    return project.build("html", "-vv")


def test_faults_are_reported_again_by_the_next_build(build, again):
    assert sorted(again.warnings) == sorted(build.warnings)
    assert again.read("index.html").count("kerasgraph-fault") == len(FAULTY)


def test_traceback_is_shown_at_debug_verbosity(again):
    assert "Traceback (most recent call last)" in again.output
    assert "in raises" in again.output


def test_warning_can_be_suppressed(tmp_path, dot):
    index = "A\n=\n\n.. keras-model:: zoo.faulty.raises\n"
    conf = "suppress_warnings = ['kerasgraph.build']\n"
    build = make_project(tmp_path, conf, index=index).build("html")
    assert (build.returncode, build.warnings) == (0, [])
    assert "kerasgraph-fault" in build.read("index.html")


def test_mended_code_is_drawn_by_the_next_build(tmp_path, dot):
    project = make_project(
        tmp_path,
        index="A\n=\n\n.. keras-model:: mod_mine.build\n",
        mod_mine="def build(): return 1\n",
    )
    assert project.build("html").returncode == 1
    project.write(mod_mine="from zoo.first import mlp as build\n")
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, [])
    assert len(build.images()) == 1


def test_page_is_built_again_when_its_model_changed(tmp_path, dot):
    project = make_project(
        tmp_path,
        index="A\n=\n\n.. keras-model:: mod_mine.build\n\n.. toctree::\n\n   other\n",
        other="B\n=\n\nText.\n",
        mod_mine="from mod_far import build\n",
        mod_far="from zoo.first import mlp as build\n",
    )
    assert project.build("html").returncode == 0
    unchanged = project.build("html")
    assert "building Keras models" not in unchanged.output
    project.write(mod_far="from zoo.first import branches as build\n")
    build = project.build("html")
    assert "1 changed" in build.output
    assert "Diagram of branches" in build.read("index.html")


def test_page_that_was_read_but_not_written_is_tried_again(tmp_path, dot):
    """The second build is of one page; the fault of the other is reported by the third."""
    faulty = "A\n=\n\n.. keras-model:: zoo.faulty.raises\n"
    project = make_project(tmp_path, index=faulty, other=":orphan:\n\n" + faulty)
    assert len(project.build("html").warnings) == 2
    project.build("html", files=("index.rst",))
    assert len(project.build("html").warnings) == 2


def test_page_in_two_documents_is_reported_once(tmp_path):
    conf = """
latex_documents = [
    ("index", "one.tex", "T", "A", "manual"), ("index", "two.tex", "T", "A", "howto"),
]
"""
    project = make_project(tmp_path, conf, index="A\n=\n\n.. keras-model:: zoo.faulty.raises\n")
    build = project.build("latex")
    assert len(build.warnings) == 1
    assert all("could not be drawn" in build.read(name) for name in ("one.tex", "two.tex"))


def test_missing_keras_is_a_note_on_the_page(tmp_path, dot):
    """A finder in front of the others that knows no Keras."""
    tmp_path.joinpath("sitecustomize.py").write_text(WITHOUT_KERAS)
    project = make_project(tmp_path, index="A\n=\n\n.. keras-model:: zoo.first.mlp\n")
    build = project.build("html", env={"PYTHONPATH": str(tmp_path)})
    [warning] = build.warnings
    assert "Keras is not installed for" in warning
    assert "pip install 'sphinxcontrib-kerasgraph[tensorflow]'" in warning
    assert warning.endswith("[kerasgraph.keras]")
    assert "could not be drawn" in build.read("index.html")


def test_environment_of_conf_reaches_the_worker(tmp_path, dot):
    project = make_project(
        tmp_path,
        "kerasgraph_environment = {'MY_UNITS': '17'}\n",
        index="A\n=\n\n.. keras-model:: mod_mine.build\n",
        mod_mine=(
            "import os, keras\n"
            "def build():\n"
            "    units = int(os.environ['MY_UNITS'])\n"
            "    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(units)])\n"
        ),
    )
    build = project.build("html")
    assert build.warnings == []
    assert "to output (None, 17)." in build.read("index.html")


def test_colours_and_control_characters_do_not_reach_the_page(tmp_path, dot):
    index = """
A
=

.. keras-model:: zoo.faulty.layer_raises

.. keras-model:: zoo.faulty.raises_unprintable
"""
    build = make_project(tmp_path, index=index).build("text")
    assert len(build.warnings) == 2
    assert not set(build.read("index.txt")) & {"\x1b", "\x00"}
    assert "the real reason is here" in " ".join(build.read("index.txt").split())


def test_two_builds_of_one_application(tmp_path, dot):
    import subprocess
    import sys

    project = make_project(tmp_path, index="A\n=\n\n.. keras-model:: zoo.first.mlp\n")
    code = (
        "import sys; from sphinx.application import Sphinx\n"
        "app = Sphinx(sys.argv[1], sys.argv[1], sys.argv[2], sys.argv[2] + '.d', 'html')\n"
        "app.build(force_all=True); app.build(force_all=True); sys.exit(app.statuscode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project.source), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
