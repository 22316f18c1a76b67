"""Several models at once, as thumbnails and as a table."""

from __future__ import annotations

import re
import shutil
from xml.etree import ElementTree as ET

import pytest

from sphinx_project import WITHOUT_KERAS, make_project
from sphinxcontrib_kerasgraph import snapshot

INDEX = """
A
=

.. keras-gallery:: zoo.first.*
   :exclude: custom
   :columns: "params:,", input_shape
   :class: own
   :name: the-gallery

.. keras-gallery:: zoo.first.*
   :show: table
   :exclude: zoo.first.cus*
   :caption: Compared.
   :name: the-table

   Shared weights <zoo.shapes.shared>

.. toctree::

   page

See :ref:`the-table`.
"""
PAGE = """
Page
====

.. keras-model:: zoo.first.mlp
   :name: drawn-here
"""
CONF = "copyright = 'us'\nversion = release = '1'\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    folder = tmp_path_factory.mktemp("gallery")
    return make_project(folder, CONF, known=known, index=INDEX, page=PAGE)


@pytest.fixture(scope="module")
def html(project, dot):
    build = project.build("html", "-j2")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


def items(page):
    return re.findall(r"<li>.*?</li>", page.partition("kerasgraph-gallery")[2], re.DOTALL)


def test_thumbnails_lead_to_diagrams_of_the_project_or_to_drawings_alone(html):
    page = html.read("index.html")
    assert re.search(r'<ul class="kerasgraph-gallery own[^"]*" id="the-gallery"', page)
    branches, mlp = items(page)[:2]
    assert re.findall('href="([^"]*)"', mlp) == ["page.html#drawn-here"] * 2
    [picture, link] = re.findall('href="([^"]*)"', branches)
    assert picture == link == re.search('src="([^"]*)"', branches)[1]
    assert html.read(picture).startswith("<svg") or "<svg" in html.read(picture)
    assert 'alt="Diagram of branches, a Functional model' in branches
    assert 'loading="lazy"' in branches
    text = re.sub("<[^>]*>", "", branches).replace("\N{NO-BREAK SPACE}", " ")
    assert " ".join(text.split()) == "branches 6,272 parameters, from 32"
    assert "kerasgraph-page.css" in page
    assert "kerasgraph.js" not in page


def test_a_table_compares_numbers(html):
    page = html.read("index.html")
    table = page[page.index("<table") : page.index("</table>")]
    rows = [
        [
            re.sub("<[^>]*>", "", cell).strip()
            for cell in re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall("<tr.*?</tr>", table, re.DOTALL)
    ]
    assert rows[0] == ["Model", "Parameters", "FLOPs", "Depth", "Input"]
    assert [row[0] for row in rows[1:]] == ["branches", "mlp", "Shared weights"]
    assert rows[2][1].replace("\N{NO-BREAK SPACE}", " ") == "102 k"
    assert all(row[2] for row in rows[1:])
    assert "Compared." in table
    assert ">Compared.<" in page[page.index("See ") :]


def test_latex_has_three_in_a_row(project, compiled_dot):
    build = project.build("latex")
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = build.read("test.tex")
    assert (
        len(re.findall(r"\\sphinxincludegraphics\[(?:width|height)=4.6cm\]\{+kerasgraph", text))
        == 2
    )
    assert "{page:drawn-here}" in text
    build.pdf()


MOVING = """
A
=

.. keras-gallery:: zoo.first.mlp

.. toctree::

   first
   page
"""
ONLY = "F\n=\n\n.. only:: epub\n\n   .. keras-model:: zoo.first.mlp\n      :name: in-a-book\n"


def test_links_follow_diagrams_that_move(tmp_path, known, dot):
    project = make_project(tmp_path, CONF, known=known, index=MOVING, first=ONLY, page=PAGE)

    def links():
        build = project.build("html")
        assert (build.returncode, build.warnings) == (0, []), build.output
        return {*re.findall('href="([^"]*)"', items(build.read("index.html"))[0])}

    assert links() == {"page.html#drawn-here"}
    project.write(page=PAGE.replace("drawn-here", "moved"))
    assert links() == {"page.html#moved"}
    project.write(page="Page\n====\n")
    [drawing] = links()
    assert drawing.endswith(".svg")
    project.write(first=ONLY.replace("epub", "html"))
    assert links() == {"first.html#in-a-book"}
    project.source.joinpath("first.rst").unlink()
    project.write(index=MOVING.replace("   first\n", ""))
    assert links() == {drawing}


@pytest.mark.parametrize(("builder", "name"), [("text", "index.txt"), ("epub", "index.xhtml")])
def test_others_have_lists_and_tables(project, dot, builder, name):
    build = project.build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = re.sub("<[^>]*>", "", build.read(name)).replace("\N{NO-BREAK SPACE}", " ")
    assert "6,272 parameters, from 32" in " ".join(text.replace("*", "").split())
    if builder == "epub":
        ET.fromstring(build.read(name))  # which a book has to be
        assert build.read(name).count("<svg ") == 2


FAULTY = """
A
=

.. keras-gallery:: zoo.nowhere.*

.. keras-gallery:: zoo.first.nothing_*

.. keras-gallery:: zoo.first.*
   :exclude: custom, branches
   :columns: params, parms
   :show: tabel

   no_such_package.*

.. keras-gallery::

.. keras-gallery::
   :columns: params, nothing.units

   zoo.first.mlp
   zoo.faulty.raises
"""


def test_what_is_wrong_is_told_and_the_rest_is_shown(tmp_path, known, dot):
    build = make_project(tmp_path, known=known, index=FAULTY).build("html")
    told = "\n".join(build.warnings)
    assert build.returncode == 1
    for line, words in (
        (5, "source of the module 'zoo.nowhere' can't be found"),
        (7, "No function or class that makes a model is 'zoo.first.nothing_*'"),
        (9, "There is no value 'parms' of models. Did you mean 'params'"),
        (9, "one of grid, table"),
        (9, "The package 'no_such_package' isn't installed, and no snapshot"),
        (16, "No model is named"),
        (18, "There is no layer 'nothing' in"),
    ):
        assert re.search(rf"index.rst:{line}: WARNING: .*{re.escape(words)}", told), (words, told)
    page = build.read("index.html")
    assert (
        page.count('<aside class="kerasgraph-fault') + page.count("kerasgraph-fault admonition")
        == 3
    )
    assert "[mlp nothing.units?]" in page
    assert "[raises params?]" in page
    assert len(items(page)) >= 3


def test_snapshots_stand_for_packages_that_are_not_installed(tmp_path, known, dot):
    """A gallery of a package is the same where neither the package nor Keras is."""
    conf = "kerasgraph_snapshot_dir = 'models'\n"
    index = "A\n=\n\n.. keras-gallery:: mod_nets.*\n"
    project = make_project(tmp_path, conf, index=index)
    code = "from zoo import first\n"
    code += "def ten(): return first.mlp()\ndef two(): return first.branches()\n"
    project.write(mod_nets=code)
    assert project.build("kerasgraph-snapshot").returncode == 0
    with_code = project.build("html")
    assert (with_code.returncode, with_code.warnings) == (0, []), with_code.output
    project.source.joinpath("mod_nets.py").unlink()
    shutil.rmtree(project.source / "__pycache__", ignore_errors=True)
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    hidden.joinpath("sitecustomize.py").write_text(WITHOUT_KERAS)
    lean = project.build("html", out="lean", env={"PYTHONPATH": str(hidden)})
    assert (lean.returncode, lean.warnings) == (0, []), lean.output
    assert "2 from snapshots" in lean.output
    assert lean.read("index.html") == with_code.read("index.html")
    assert lean.images().keys() == with_code.images().keys()
    [ten] = project.source.glob("models/mod_nets-ten*.json")
    content = ten.read_text(encoding="utf-8").replace("mod_nets.ten", "mod_nets.three")
    request, _ = snapshot.from_data(snapshot.loaded(content.encode()))
    ten.with_name(snapshot.file_name(request)).write_text(content, encoding="utf-8")
    again = project.build("html", out="lean", env={"PYTHONPATH": str(hidden)})
    assert (again.returncode, again.warnings) == (0, []), again.output
    words = [re.sub("<[^>]*>", "", one).split()[0] for one in items(again.read("index.html"))]
    assert words[:3] == ["ten", "three", "two"]
