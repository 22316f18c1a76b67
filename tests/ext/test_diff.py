"""``keras-diff`` on pages: a diagram of two models, a table, or words, in every builder."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from compared_models import NEW, OLD, sized
from sphinx_project import Project, make_project, need
from sphinxcontrib_kerasgraph import fingerprint, snapshot
from sphinxcontrib_kerasgraph.ext.diffs import Diffs
from sphinxcontrib_kerasgraph.ext.pages import Diagram
from sphinxcontrib_kerasgraph.fingerprint import Fingerprint
from sphinxcontrib_kerasgraph.models import Outcome
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.target import ModelRequest

#: With two models as files, which need no Keras.
PAGE = """
A page
======

See :numref:`figure`, :ref:`figure`, :numref:`table`, and :ref:`the list <list>`.

.. keras-diff:: models/old.json models/new.json
   :name: figure

.. keras-diff:: /models/old.json
   models/new.json
   :caption: What *became* of it.
   :context: all
   :show-shapes:

.. keras-diff:: models/old.json models/new.json
   :as: table
   :caption: All
   :name: table

.. keras-diff:: models/old.json models/new.json
   :as: words
   :caption: In *short*
   :name: list
   :class: special

.. keras-diff:: models/old.json models/old.json

.. |both| keras-diff:: models/old.json models/new.json

Here |both| is.

.. list-table::

   * - .. keras-diff:: models/old.json models/new.json
          :as: table
     - Text
"""
CONF = """
copyright = "us"
version = release = "1"
numfig = True
man_pages = [("index", "page", "a page", "us", 1)]
"""
HEADLINE = "1 added, 1 removed, 1 changed"


def write_models(project: Project, **texts: str) -> None:
    folder = project.source / "models"
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        graph = sized(text, 1000 if name == "old" else 1500)
        content = snapshot.to_text(ModelRequest(f"pkg.{name}"), graph)
        folder.joinpath(f"{name}.json").write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("diff"), CONF, index=PAGE)
    write_models(project, old=OLD, new=NEW)
    return project


@pytest.fixture(scope="module")
def page(project):
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert "2 Keras models: 2 from files" in build.output
    return build.read("index.html")


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def figures(page: str) -> list[str]:
    return re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)


def test_caption_tells_what_differs(page):
    first, second, same = map(text_of, figures(page))
    assert first.startswith(f"Fig. 1 Differences: {HEADLINE} · parameters 1 k → 1.5 k (+50")
    assert second.startswith(f"Fig. 2 What became of it. {HEADLINE} · ")
    assert same.startswith("Fig. 3 No differences")


def test_label_leads_to_the_figure_and_to_the_table(page):
    said = text_of(re.search(r"<p>See .*?</p>", page, re.DOTALL)[0])
    assert said == "See Fig. 1, models/old.json → models/new.json, Table 1, and the list."


def test_drawing_has_both_models(page):
    first = page.split("<svg")[1].split("</svg>")[0]
    names = {"image", "conv", "norm", "relu", "drop", "head"}
    assert names <= set(re.findall(r"\w+", text_of(first)))
    assert "<details><summary>Differences as text</summary>" in page
    assert re.search(r'aria-label="Diagram of what differs between [^"]*1 removed', page)


def test_table_has_a_row_for_each_difference(page):
    [table, _] = re.findall(r'<table class="kerasgraph-diff.*?</table>', page, re.DOTALL)
    rows = [
        [text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]
    assert rows == [
        ["Change", "Layer", "What", "Before", "After"],
        ["± changed", "conv", "size", "32", "64"],
        ["− removed", "norm", "BatchNormalization, after conv", "", ""],
        ["+ added", "drop", "Dropout, after relu", "", ""],
    ]
    title = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)[1]
    assert text_of(title).startswith(f"Table 1 All: {HEADLINE}")


def test_words_are_a_list(page):
    [shown] = re.findall(r'<ul class="[^"]*special.*?</ul>', page, re.DOTALL)
    assert len(re.findall("<li>", shown)) == 3
    assert "Dropout" in text_of(shown)
    [above] = re.findall(r'<p class="special" id="list">(.*?)</p>', page, re.DOTALL)
    assert "<em>short</em>" in above
    assert text_of(above).startswith(f"In short: {HEADLINE}")
    assert 'href="#list"' in page


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "epub", "texinfo"])
def test_each_builder_has_it_without_a_warning(project, builder):
    build = project.build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output


@pytest.mark.parametrize("builder", ["text", "man"])
def test_builders_without_pictures_have_words(project, builder):
    build = project.build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output
    if builder == "text":
        said = build.read("index.txt")
    else:
        man = need("man", "man-db")
        done = subprocess.run(
            [man, "-l", str(build.folder / "page.1")], capture_output=True, text=True, check=True
        )
        said = done.stdout
    said = " ".join(said.split())
    # The two figures, the table, the words, the substitution, and what is in a table.
    assert said.count("1 added") == 6
    assert "No differences" in said


def test_document_of_latex_has_it(project):
    build = project.build("latex")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert len(build.images("pdf")) == 3
    assert HEADLINE in build.read("test.tex")
    build.pdf()


def test_page_is_made_again_when_a_file_changes(project, tmp_path):
    shutil.copytree(project.source, tmp_path / "source")
    copy = Project(tmp_path / "source")
    assert "3 from files" not in copy.build().output
    assert (
        "reading sources"
        not in copy.build("html")
        .output.replace(" ... ", "... ")
        .split("updating environment")[1]
        .partition("0 changed")[0]
    )
    write_models(copy, new=NEW.replace("Dropout", "Multiply"))
    again = copy.build()
    assert again.warnings == []
    assert "Multiply" in again.read("index.html")
    assert "Dropout" not in again.read("index.html")


FAULTY = """
A page
======

.. keras-diff:: models/old.json models/none.json

.. keras-diff:: models/old.json

.. keras-diff::

.. keras-diff:: models/old.json mypkg.no.such

.. keras-diff:: models/old.json models/new.json
   :contxt: 3
   :as: poem

.. keras-diff:: models/old.json mod.f(x=y)

.. keras-diff:: models/old.json, mod.f(x=3, y=4)

.. keras-diff:: mod.f -> mod.g

.. keras-diff:: HEAD~1:models/old.json models/old.json
"""


def test_faults_say_which_model_and_where(tmp_path):
    project = make_project(tmp_path, index=FAULTY)
    write_models(project, old=OLD, new=NEW)
    build = project.build("html")
    said = "\n".join(sorted(build.warnings))
    assert sorted(map(int, re.findall(r"index\.rst:(\d+)", said))) == [
        5, 7, 9, 11, 13, 13, 17, 19, 21, 23,
    ]  # fmt: skip
    for told in (
        "There is no file 'models/none.json'",
        "'models/old.json' is one model. Name two",
        "No models are named",
        "models/old.json → mypkg.no.such: Of mypkg.no.such: ",
        "':contxt:' is unknown. Did you mean ':context:'",
        ":as: is 'poem'",
        "'y' in 'mod.f(x=y)' is not a literal",
        "'models/old.json, mod.f(x=3, y=4)' is not read as two models. Name two, with a space",
        "'mod.f -> mod.g' is not read as two models. Name two, with a space between them",
        "Files of revisions are for the command line alone: 'kerasgraph diff'.",
    ):
        assert told in said
    notes = re.findall(
        r'class="[^"]*kerasgraph-fault.*?</div>', build.read("index.html"), re.DOTALL
    )
    assert len(notes) == 8
    shown = " ".join(map(text_of, notes))
    assert "What differs in models/old.json → mypkg.no.such could not be shown." in shown


MODULE = '''
"""Models.

.. keras-diff:: mod_nets.build(units=2, name="a b") mod_nets.build(units=4)
"""
import keras
from keras import layers

def build(units=3, name="net"):
    """A net.

    .. keras-diff:: models/old.json
    """
    layer = layers.Dense(units, name="dense", activation={activation!r})
    return keras.Sequential([keras.Input((units,)), layer], name="net")

def sub():
    return layers.Dense(2)
'''
TARGETS = """
A page
======

.. automodule:: mod_nets
   :members: build

.. keras-diff:: mod_nets.sub mod_nets.sub
   :input-shape: (3,)
   :old-input-shape: (5,)
   :as: table
"""


@pytest.fixture(scope="module")
def targets(tmp_path_factory):
    """A page that compares models that have to be built."""
    conf = "extensions += ['sphinx.ext.autodoc']\nkerasgraph_snapshot_dir = 'models'\n"
    conf += "suppress_warnings = ['kerasgraph.drift']\n"
    project = make_project(
        tmp_path_factory.mktemp("targets"),
        conf,
        index=TARGETS,
        mod_nets=MODULE.replace("{activation!r}", "None"),
    )
    write_models(project, old=OLD)
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return project, build


def test_targets_have_arguments_and_shapes_of_their_own(targets):
    _, build = targets
    page = text_of(build.read("index.html"))
    assert "parameters 6 → 20 (+233" in page
    assert "parameters 12 → 8 (−33" in page


def test_documented_object_is_the_second_model(targets):
    _, build = targets
    page = build.read("index.html")
    assert "between models/old.json and mod_nets.build" in page


def test_page_is_made_again_when_one_of_both_changes(targets):
    project, _ = targets
    project.write(mod_nets=MODULE.replace("{activation!r}", '"relu"'))
    again = project.build("html")
    assert "relu" in again.read("index.html")
    assert "built in" in again.output


@pytest.mark.slow
def test_snapshots_are_written_of_both_but_not_of_files(targets):
    project, _ = targets
    done = project.build("kerasgraph-snapshot")
    assert done.returncode == 0, done.output
    names = sorted(path.name for path in project.source.joinpath("models").iterdir())
    assert "old.json" in names
    assert len([name for name in names if name.startswith("mod_nets")]) == 5
    assert len(names) == 6
    checked = project.build("kerasgraph-check")
    assert checked.returncode == 0, checked.output


COMPARED = """
import os
from pathlib import Path
from sphinxcontrib_kerasgraph.diff import model_diff

told = Path(__file__).with_name("compared.txt")

def noted(name):
    make = getattr(model_diff, name)
    def made(*args):
        with told.open("a") as file:
            file.write(f"{name} {os.getpid()}\\n")
        return make(*args)
    setattr(model_diff, name, made)

noted("compared")
noted("merged")
"""
PAIRS = """
A page
======

.. keras-diff:: models/old.json models/new.json

.. keras-diff:: models/new.json models/old.json

.. keras-diff:: models/old.json models/new.json
   :context: 1
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_two_models_are_compared_once_in_a_build(tmp_path, jobs):
    project = make_project(tmp_path, COMPARED, index=PAIRS)
    write_models(project, old=OLD, new=NEW)
    build = project.build("html", "-j", jobs)
    assert (build.returncode, build.warnings) == (0, []), build.output
    told = project.source.joinpath("compared.txt").read_text().split()
    assert sorted(told[::2]) == ["compared"] * 2 + ["merged"] * 2
    assert len(set(told[1::2])) == 1


UNREADABLE = """
A page
======

.. keras-diff:: models/old.json models/new.json
   :style: {"Dropout": {"color": "#ffee00"}}
"""


def test_color_that_is_not_read_is_told(tmp_path):
    project = make_project(tmp_path, index=UNREADABLE)
    write_models(project, old=OLD, new=NEW)
    for build in (project.build(), project.build()):
        [told] = build.warnings
        assert "index.rst:5: " in told
        assert "':style: Dropout': text can't be read in the color '#ffee00'" in told
        assert "[kerasgraph.style]" in told


RAISING = """
import mod_listener

def from_conf(app, graph, dot):
    return graph.name["b"]

def setup(app):
    app.connect("kerasgraph-scene-created", mod_listener.Odd().listen)
    app.connect("kerasgraph-dot-created", from_conf)
"""
LISTENER = """
class Odd:
    def listen(self, app, graph, scene):
        if len(graph.graph.calls) == 5:
            raise KeyError("odd")
"""
LISTENED = """
A page
======

.. keras-model:: models/new.json

.. keras-model:: models/one.json
"""


def test_what_a_listener_raises_is_said_to_be_its_fault(tmp_path):
    project = make_project(tmp_path, RAISING, index=LISTENED, mod_listener=LISTENER)
    write_models(project, new=NEW, one="x InputLayer\n-> x")
    build = project.build("html", "-vv")
    one, other = build.warnings
    assert (
        "A listener to 'kerasgraph-scene-created', 'Odd.listen' of mod_listener, raised KeyError"
        in one
    )
    assert (
        "A listener to 'kerasgraph-dot-created', 'from_conf' of conf.py, raised TypeError" in other
    )
    assert all("[kerasgraph.option]" in told for told in build.warnings)
    assert "Please report it" not in build.output
    assert 'raise KeyError("odd")' in build.output


NO_PICTURES = """
A page
======

.. keras-diff:: models/old.json models/new.json
   :as: table

.. keras-diff:: models/old.json models/new.json
   :as: words
"""


def test_what_is_told_in_words_is_not_drawn(tmp_path):
    project = make_project(tmp_path, index=NO_PICTURES)
    write_models(project, old=OLD, new=NEW)
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert build.images("svg") == {}


PATTERNS = """
A page
======

.. keras-diff:: models/old.json models/new.json
   :highlight: deep_5

.. keras-diff:: models/old.json models/new.json
   :from: deep_2
   :style: {"deep_4": {"color": "#0b5c7a"}}
   :collapse: deep_3
   :hide: deep_6
"""
DEEP = "image InputLayer\nconv Conv2D/{} <- image\n" + "".join(
    f"deep_{at} Dense/{at} <- {f'deep_{at - 1}' if at else 'conv'}\n" for at in range(9)
)


def test_patterns_find_what_is_far_from_any_change(tmp_path):
    project = make_project(tmp_path, index=PATTERNS)
    write_models(project, old=DEEP.format(8) + "-> deep_8", new=DEEP.format(9) + "-> deep_8")
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert "marked" in build.read("index.html")


def test_drawing_is_not_that_of_other_code_that_compares(monkeypatch):
    old, new = ModelRequest("old"), ModelRequest("new")
    models = {
        one: Outcome(sized(text, 10), "files", Fingerprint(), key)
        for one, text, key in ((old, OLD, "1"), (new, NEW, "2"))
    }
    asked = Diagram(request=new, old=old, options=DrawOptions(), page_fraction=1)
    _, before = Diffs(models).drawn(asked)
    assert Diffs(models).drawn(asked)[1] == before
    sources = fingerprint.code_of("diff.model_diff")
    sources["compare/match.py"] += b"# changed"
    monkeypatch.setattr(fingerprint, "code_of", lambda *_, **__: sources)
    fingerprint.code_digest.cache_clear()
    try:
        assert Diffs(models).drawn(asked)[1] != before
    finally:
        fingerprint.code_digest.cache_clear()
