"""Whatever is wrong: one typed warning with its place, a note on the page, all else drawn."""

from __future__ import annotations

import pytest

from provoked import Provoked, assert_told
from sphinx_project import WITHOUT_KERAS, make_project
from sphinxcontrib_kerasgraph.faults import SUBTYPES

TARGET, OPTION = "A target", "An option"
GOOD = ".. keras-model:: zoo.first.mlp"
#: Directives that can't be drawn.
FAULTY = {
    ".. keras-model:: nosuch.models.mlp": Provoked(
        TARGET, "names a module that isn't there", "import", "There is no module 'nosuch'"
    ),
    ".. keras-model:: zoo.first.nosuch": Provoked(
        TARGET, "names what its module hasn't", "import", "'zoo.first' has no 'nosuch'"
    ),
    ".. keras-model:: mod_broken.build": Provoked(
        TARGET, "names a module that raises", "import", "ZeroDivisionError: division by zero ("
    ),
    ".. keras-model:: zoo.faulty.raises": Provoked(
        "Your code", "raises ``RuntimeError``", "build", "RuntimeError: no such thing ("
    ),
    ".. keras-model:: zoo.faulty.returns_nothing": Provoked(
        "Your code", "returns nothing", "build", "returned None"
    ),
    ".. keras-model:: zoo.shapes.unbuilt": Provoked(
        "Your code", "returns a model without a shape", "build", "has no input shape"
    ),
    ".. keras-model:: zoo.faulty.dies": Provoked(
        "Your code",
        "prints last words and dies",
        "worker",
        "exit code 9; it printed last: last words",
    ),
    ".. keras-model:: zoo.first.mlp(units=N)": Provoked(
        TARGET, "has an argument that is a name", "target", "is not a literal"
    ),
    ".. keras-model:: mlp": Provoked(TARGET, "has no module", "target", "names no module"),
    ".. keras-model::\n   :dpi: 3": Provoked(TARGET, "isn't there", "target", "No model is named"),
    ".. keras-model:: zoo.shapes.Net\n   :input-shape: (7,": Provoked(
        OPTION, "``:input-shape:`` is no shape", "target", "is not a shape"
    ),
    f"{GOOD}\n   :caption: C\n   :input-shape: 7": Provoked(
        OPTION, "``:input-shape:`` is given for a model that has one", "build", "already has"
    ),
    f"{GOOD}\n\n   Some content.": Provoked(
        OPTION, "there is content below the options", "option", "takes no content"
    ),
    ".. keras-model:: zoo.arguments.Stateful\n   :input-shape: (7, 4)": Provoked(
        OPTION,
        "``:call:`` lacks what the model needs",
        "build",
        "needs 'x' and 'return_state'",
    ),
}
#: With a fault that doesn't cost the drawing.
DRAWN = {
    f"{GOOD}\n   :rankdir: XX": Provoked(
        OPTION, "``:rankdir:`` is no direction", "option", "one of TB, BT, LR, RL"
    ),
    f"{GOOD}\n   :show-shape:": Provoked(
        OPTION, "its name is misspelt", "option", "Did you mean ':show-shapes:'"
    ),
    f"{GOOD}\n   :width: 3 furlongs": Provoked(
        OPTION,
        "``:width:`` is no length",
        "option",
        ":width: is '3 furlongs'. It must be a length",
    ),
    f"{GOOD}\n   :interactive: at times": Provoked(
        OPTION, "``:interactive:`` is neither yes nor no", "option", "must be yes or no"
    ),
    f"{GOOD}\n   :layout: neato\n   :depth: 1": Provoked(
        OPTION,
        "``:layout:`` can't draw what ``:depth:`` asks for",
        "option",
        "'neato' can't draw frames",
    ),
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


@pytest.mark.parametrize(("directive", "fault"), WARNED.items(), ids=WARNED)
def test_one_warning_with_place_type_and_advice(project, build, directive, fault):
    assert_told(fault, build, f"index.rst:{line_of(project, directive)}")
    assert fault.subtype in SUBTYPES


def test_advice_for_what_a_model_needs(build):
    [warning] = [one for one in build.warnings if "needs 'x'" in one]
    assert ':call: {"return_state": False}' in warning


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
