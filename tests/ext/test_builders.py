"""Every other builder: a table where there are no pictures, and no model where nothing is shown."""

from __future__ import annotations

import re
import shutil

import pytest

from sphinx_project import make_project, text_of_pdf

PAGE = """
A page
======

.. keras-model:: zoo.first.branches
   :caption: Two branches.
   :name: fig

.. keras-model:: zoo.shapes.shared
"""
CONF = """
copyright = "us"
version = release = "1"
man_pages = [("index", "page", "a page", "us", 1)]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    return make_project(tmp_path_factory.mktemp("builders"), CONF, known=known, index=PAGE)


def test_text(project):
    text = project.build("text").read("index.txt")
    assert "Diagram of branches, a Functional model with 5 layers" in text.replace("\n   ", " ")
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    heads = ["Layer", "Class", "Configuration", "Output shape", "Parameters", "Connected to"]
    assert heads in cells
    assert ["joined", "Concatenate", "", "(None, 64)", "0", "left, right"] in cells
    assert ["dense", "Dense", "8", "(None, 8)", "72"] in cells
    assert ["dense#2", "Dense", "8", "(None, 8)", "shared"] in cells
    assert "Two branches." in text


def test_man(project):
    build = project.build("man")
    assert build.returncode == 0, build.output
    text = build.read("page.1")
    assert "(None, 64)" in text
    assert re.search(r"^\.TE\n\.sp\nTwo branches\.\n+\.UNINDENT$", text, re.MULTILINE)


def test_texinfo(project):
    build = project.build("texinfo")
    assert build.returncode == 0, build.output
    assert "Concatenate" in build.read("test.texi")


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_html_like(project, dot, builder):
    build = project.build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert len(build.images()) == 2
    page = build.read("index.html")
    for name in build.images():
        assert f'href="_images/{name}"' in page
    assert page.count("<svg ") == 2


def test_a_book_has_its_drawings_in_its_pages(project, dot):
    build = project.build("epub")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert build.images() == {}
    assert build.read("index.xhtml").count("<svg ") == 2


@pytest.mark.parametrize("builder", ["xml", "pseudoxml"])
def test_other_formats_get_the_table(project, builder):
    build = project.build(builder)
    assert build.returncode == 0, build.output
    assert "<table" in build.read(f"index.{builder}")


@pytest.mark.parametrize("builder", ["gettext", "dummy", "linkcheck"])
def test_no_model_is_built_where_nothing_is_drawn(project, builder):
    build = project.build(builder)
    assert build.returncode == 0, build.output
    assert "building Keras models" not in build.output


def test_caption_is_translated(project):
    assert 'msgid "Two branches."' in project.build("gettext").read("index.pot")


def test_builders_share_what_was_read(tmp_path, dot):
    """`make dummy html text` with one doctree folder: each draws, although it reads nothing."""
    project = make_project(tmp_path, CONF, index=PAGE)
    builds = {
        builder: project.build(builder, "-d", str(tmp_path / "doctrees"))
        for builder in ("dummy", "html", "text")
    }
    assert [build.returncode for build in builds.values()] == [0, 0, 0]
    assert len(builds["html"].images()) == 2
    assert "Concatenate" in builds["text"].read("index.txt")


@pytest.mark.parametrize("builder", ["text", "man", "texinfo", "latex", "html"])
def test_diagram_in_a_table(tmp_path, known, request, builder):
    request.getfixturevalue("compiled_dot" if builder == "latex" else "dot")
    index = """
A
=

.. list-table::

   * - .. keras-model:: zoo.first.branches
     - Text
"""
    build = make_project(tmp_path, CONF, known=known, index=index).build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output
    if builder == "text":
        assert (
            "joined: Concatenate, (None, 64), Parameters: 0, Connected to: left, right"
            in " ".join(word for word in build.read("index.txt").replace("|", " ").split())
        )


def test_only_is_respected(tmp_path, known, dot):
    index = """
A
=

.. only:: latex

   .. keras-model:: zoo.faulty.raises

.. only:: html

   .. keras-model:: zoo.first.mlp
"""
    build = make_project(tmp_path, known=known, index=index).build("html")
    assert (build.returncode, build.warnings) == (0, [])
    assert len(build.images()) == 1


#: All builders of Sphinx that ask for nothing else, but for gettext, which shares no doctrees.
EVERY = (
    *("html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "texinfo", "xml"),
    *("pseudoxml", "linkcheck", "dummy", "changes", "doctest", "coverage"),
)
#: So that each comes before and after all others.
ORDERS = (EVERY, EVERY[::-1])
#: Of which files are those that Sphinx dates, or numbers by what was built before.
DATED = {".buildinfo", "output.json", "output.txt", "objects.inv", "searchindex.js"}


@pytest.fixture(scope="module")
def everything(tmp_path_factory, known):
    conf = CONF + "extensions += ['sphinx.ext.doctest', 'sphinx.ext.coverage']\n"
    conf += "nitpicky = True\n"
    folder = tmp_path_factory.mktemp("everything")
    other = "B\n=\n\n.. keras-summary:: zoo.first.mlp\n\n.. keras-model:: zoo.first.mlp\n"
    page = f"{PAGE}\n:keras-value:`zoo.first.mlp params`\n\n.. toctree::\n\n   other\n"
    return make_project(folder, conf, known=known, index=page, other=other)


def written_by(build) -> dict[str, bytes]:
    """The pages and images of a build, by name."""
    return {
        str(path.relative_to(build.folder)): path.read_bytes()
        for path in build.folder.rglob("*")
        if path.is_file()
        and path.suffix in {".html", ".xhtml", ".tex", ".txt", ".1", ".texi", ".xml", ".svg", ".js"}
        and path.name not in DATED
    }


def built_by(project, builder, doctrees, out):
    build = project.build(
        builder, "-n", "-j", "4", "-d", str(doctrees), out=out,
        env={"SOURCE_DATE_EPOCH": "1000000000"},
    )  # fmt: skip
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


@pytest.fixture(scope="module")
def alone(everything, tmp_path_factory, compiled_dot):
    """What each builder writes that is the first of all."""
    folder = tmp_path_factory.mktemp("alone")
    return {
        builder: written_by(built_by(everything, builder, folder / builder, f"alone-{builder}"))
        for builder in EVERY
    }


@pytest.mark.slow
@pytest.mark.parametrize("order", range(len(ORDERS)))
def test_each_builder_writes_the_same_after_any_other(order, everything, alone, tmp_path):
    for builder in ORDERS[order]:
        build = built_by(everything, builder, tmp_path / "doctrees", f"{order}-{builder}")
        assert written_by(build) == alone[builder], builder


def test_catalogs_are_written_alone(everything, tmp_path):
    build = built_by(everything, "gettext", tmp_path / "doctrees", "catalogs")
    assert 'msgid "Two branches."' in build.read("index.pot")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["lualatex", "xelatex"])
def test_other_engines_of_latex(engine, everything, compiled_dot, tmp_path):
    """The source is that of any; where the engine is there, so is the document."""
    build = everything.build(
        "latex", "-n", "-d", str(tmp_path / "doctrees"), "-D", f"latex_engine={engine}", out=engine
    )
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert len(build.images("pdf")) == 3
    assert build.read("test.tex").count("\\sphinxincludegraphics") == 3
    assert "{None}" not in build.read("test.tex")
    if shutil.which(engine):
        text = text_of_pdf(build.pdf(engine))
        assert all(words in text for words in ("Two branches.", "Concatenate", "Dense"))
