"""Values of models in running text, in every place of a page, against Keras's own numbers."""

from __future__ import annotations

import math
import pickle
import re

import pytest

from sphinx_project import make_project

INDEX = """
.. |params| replace:: :keras-value:`zoo.first.branches params`

A net of :keras-value:`zoo.first.branches params:,` weights
===========================================================

Paragraph: |params|, :keras-value:`zoo.first.branches trainable_params`,
:keras-value:`zoo.first.branches size`, :keras-value:`zoo.first.branches input_shape:s`,
:keras-value:`zoo.first.branches joined.output_shape`, :keras-value:`zoo.first.branches name`.

.. list-table::

   * - :keras-value:`zoo.first.mlp params:,`
     - :keras-value:`zoo.shapes.shared dense.units`

.. figure:: none.png
   :name: a-figure

   Of :keras-value:`zoo.first.mlp layers` layers.

.. keras-model:: zoo.first.mlp
   :caption: Drawn: :keras-value:`zoo.first.mlp flops`.
   :name: a-drawing

- Item: :keras-value:`zoo.first.mlp depth` [#n]_

.. [#n] Note: :keras-value:`zoo.first.mlp calls`.

.. role:: mlp(keras-value)
   :model: zoo.first.mlp

Short: :mlp:`class`.

.. only:: nothing

   :keras-value:`zoo.faulty.raises params`

.. glossary::

   Of :mlp:`params:,`
      A term.

.. toctree::

   other

.. _inner:

A section of :keras-value:`zoo.first.mlp params`
------------------------------------------------

References: :doc:`index`, :ref:`inner`, :ref:`a-figure`, :ref:`a-drawing`.
"""
OTHER = """
:keras-value:`zoo.shapes.shared layers` layers
==============================================

See :ref:`inner` and :doc:`index`.
"""
CONF = """
numfig = True
version = release = "1"
man_pages = [("index", "page", "a page", "us", 1)]
copyright = "us"
epub_show_urls = "no"
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    project = make_project(
        tmp_path_factory.mktemp("values"), CONF, known=known, index=INDEX, other=OTHER
    )
    project.source.joinpath("none.png").write_bytes(PNG)
    return project


@pytest.fixture(scope="module")
def keras_numbers():
    """What Keras tells of the models."""
    from zoo.first import branches, mlp

    two, one = branches(), mlp()
    return {
        "branches": two.count_params(),
        "trainable": sum(math.prod(weight.shape) for weight in two.trainable_weights),
        "mlp": one.count_params(),
        "layers": len(one.layers),
        "input": str(two.inputs[0].shape),
        "name": two.name,
    }


def words(text: str) -> str:
    """The text of HTML or of another format, in one line, spaces as they are read."""
    text = re.sub("<(script|template|style).*?</\\1>", "", text, flags=re.DOTALL)
    text = re.sub("<[^>]*>", "", text).replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    return " ".join(text.split())


def short(number: int) -> str:
    return f"{number / 1000:.3g} k"


@pytest.fixture(scope="module")
def html(project, dot):
    build = project.build("html", "-j2")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


def test_html_has_the_numbers_of_keras(html, keras_numbers):
    text = words(html.read("index.html"))
    n = keras_numbers
    assert (
        f"Paragraph: {short(n['branches'])}, {short(n['trainable'])}, "
        f"{n['branches'] * 4 / 1024:.3g} KB, {n['input']}, 64, {n['name']}."
    ) in text
    assert f"{n['mlp']:,} 8" in text
    assert f"Of {n['layers']} layers." in text
    assert "Item: " in text
    assert "Short: Functional." in text or "Short: Sequential." in text
    assert '<span class="kerasgraph-value">' in html.read("index.html")


def test_titles_are_filled_wherever_sphinx_copies_them(html, keras_numbers):
    n = keras_numbers
    title = f"A net of {n['branches']:,} weights"
    inner = f"A section of {short(n['mlp'])}"
    index, other = html.read("index.html"), html.read("other.html")
    assert f"<title>{title} — Test" in index.replace("&#8212;", "—")
    assert f"References: {title}, {inner}, Of {n['layers']} layers., Drawn: " in words(index)
    assert words(other).count(f"See {inner} and {title}.") == 1
    assert "3 layers" in words(index)  # in the toctree
    assert title in words(other)  # in the navigation
    search = html.read("searchindex.js")
    assert title in search
    assert "\\u2060" not in search
    assert "\N{WORD JOINER}" not in search
    for page in ("index.html", "other.html", "genindex.html"):
        assert "\N{WORD JOINER}" not in html.read(page), page
    assert f"Of {n['mlp']:,}" in words(html.read("genindex.html"))
    # Anchors hold when the numbers change.
    assert 'id="a-section-of-zoo-first-mlp-params"' in index or 'id="inner"' in index


def test_the_environment_keeps_them(project, html):
    kept = (html.folder.parent / "html.doctrees/environment.pickle").read_bytes()
    env = pickle.loads(kept)
    assert "weights" in env.titles["index"].astext()
    assert "\N{WORD JOINER}" not in env.titles["index"].astext() + env.tocs["index"].astext()
    project.source.joinpath("other.rst").write_text(f"{OTHER}\nMore.\n", encoding="utf-8")
    again = project.build("html")
    assert (again.returncode, again.warnings) == (0, []), again.output
    assert "\N{WORD JOINER}" not in again.read("other.html")


@pytest.mark.parametrize(
    ("builder", "name"),
    [
        ("latex", "test.tex"),
        ("text", "index.txt"),
        ("man", "page.1"),
        ("epub", "index.xhtml"),
        ("singlehtml", "index.html"),
        ("xml", "index.xml"),
    ],
)
def test_every_builder_has_them(project, keras_numbers, compiled_dot, builder, name):
    build = project.build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = build.read(name)
    n = keras_numbers
    assert f"{n['branches']:,} weights" in words(text).replace("\\sphinxstyleemphasis", "")
    assert f"Of {n['layers']} layers." in words(text) or builder == "man"
    if builder != "xml":  # which tells names of sections, too
        assert "\N{WORD JOINER}" not in text
    if builder == "epub":
        assert f"A net of {n['branches']:,} weights" in words(build.read("nav.xhtml"))


def test_gettext_builds_no_models(project):
    build = project.build("gettext")
    assert build.returncode == 0, build.output
    assert "building Keras models" not in build.output
    assert "A net of :keras-value:`zoo.first.branches params:,` weights" in build.read("index.pot")


BOOK = """
A
=

.. only:: epub

   Of :keras-value:`zoo.first.mlp params:,`
   ----------------------------------------

   .. index:: Index of a book

   See :ref:`label`.

   .. _label:

   Again :keras-value:`zoo.first.branches params:,`
   ------------------------------------------------
"""


def test_titles_of_one_builder_are_filled_after_another_has_read_them(
    tmp_path, known, keras_numbers, dot
):
    index = "I\n=\n\n.. toctree::\n\n   book\n"
    alone = BOOK.partition(".. only::")[2].partition(".. index::")[0]
    project = make_project(
        tmp_path, CONF, known=known, index=index, book=BOOK, alone=f":orphan:\n\n.. only::{alone}"
    )
    doctrees = "-d", str(tmp_path / "doctrees")
    for _ in range(2):
        html = project.build("html", *doctrees)
        assert (html.returncode, html.warnings) == (0, []), html.output
        assert "zoo.first" not in words(html.read("index.html"))
        # A page that has nothing else is known by its title.
        assert "Of [zoo.first.mlp params?]" in words(html.read("alone.html"))
    epub = project.build("epub", *doctrees)
    assert (epub.returncode, epub.warnings) == (0, []), epub.output
    n = keras_numbers
    for name in ("book.xhtml", "nav.xhtml", "toc.ncx"):
        text = words(epub.read(name))
        assert f"Of {n['mlp']:,}" in text, name
        assert f"Again {n['branches']:,}" in text, name
        assert "\N{WORD JOINER}" not in text, name
    assert f"See Again {n['branches']:,}." in words(epub.read("book.xhtml"))


FAULTY = """
A
=

First :keras-value:`zoo.first.mlp`.

:keras-value:`zoo.first.mlp parms`

:keras-value:`zoo.first.mlp nothing.units`

.. list-table::

   * - :keras-value:`zoo.first.mlp params:q`
     - :keras-value:`nowhere params`

Of :keras-value:`zoo.first.mlp many`
------------------------------------
"""


def test_what_cannot_be_had_is_marked_and_warned_of_at_each_build(tmp_path, known, dot):
    project = make_project(tmp_path, known=known, index=FAULTY)
    for _ in range(2):
        build = project.build("html")
        assert build.returncode == 1
        told = "\n".join(build.warnings)
        assert len(build.warnings) == 6, told
        for line, text in (
            (5, "keras-value zoo.first.mlp: 'zoo.first.mlp' names a model, and no value"),
            (7, "There is no value 'parms' of models. Did you mean 'params'?"),
            (9, "There is no layer 'nothing'"),
            (13, "'q' is no format"),
            (14, "'nowhere' names no module"),
            (16, "There is no value 'many'"),
        ):
            assert any(f"index.rst:{line}: " in one and text in one for one in build.warnings), told
        page = words(build.read("index.html"))
        for mark in ("[zoo.first.mlp parms?]", "[nowhere params?]", "Of [zoo.first.mlp many?]"):
            assert mark in page


def test_german_numbers_and_myst(tmp_path, known, dot):
    pytest.importorskip("myst_parser")
    index = "A\n=\n\n.. toctree::\n\n   page\n"
    conf = "extensions.append('myst_parser')\nlanguage = 'de'\n"
    conf += "myst_enable_extensions = ['substitution']\n"
    conf += "myst_substitutions = {'n': '{keras-value}`zoo.first.mlp params:,`'}\n"
    project = make_project(tmp_path, conf, known=known, index=index)
    page = "# Mit {keras-value}`zoo.first.mlp params` Gewichten\n\nGenau {{ n }}.\n"
    project.source.joinpath("page.md").write_text(page, encoding="utf-8")
    build = project.build("text")
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = words(build.read("page.txt"))
    assert re.search(r"Mit \d+(,\d+)? k Gewichten", text), text
    assert re.search(r"Genau \d+\.\d{3}\.", text), text
    assert "\N{WORD JOINER}" not in build.read("index.txt")
