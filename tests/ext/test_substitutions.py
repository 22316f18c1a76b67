"""Diagrams by substitutions: ``.. |net| keras-model:: pkg.build``."""

from __future__ import annotations

import re

import pytest

from sphinx_project import make_project

PAGE = """
Page
====

.. |net| keras-model:: zoo.first.branches
   :width: 2in

.. |unused| keras-model:: zoo.shapes.shared

|net|

Before |net| and *after*.

* An item: |net|

==========  =====
A cell      |net|
==========  =====
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    return make_project(tmp_path_factory.mktemp("substitutions"), known=known, index=PAGE)


def test_each_use_is_a_diagram_between_paragraphs(project, dot):
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    page = build.read("index.html")
    assert page.count('<svg role="graphics-document"') == 4
    assert len(build.images()) == 1  # and none is drawn of what isn't used
    assert 'aria-label="Diagram of branches' in page  # not the name of the substitution
    assert re.search(r'<p>Before </p>\s*<div class="kerasgraph"', page)
    assert re.search(r"</div>\s*<p> and <em>after</em>.</p>", page)
    assert not re.search(r"<p>[^<]*<div", page)


def test_latex_has_them_on_lines_of_their_own(project, dot):
    build = project.build("latex")
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = build.read("test.tex")
    assert text.count(r"\sphinxincludegraphics[width=2in]") == 4
    assert re.search(r"Before *\n\n+\\noindent", text)
    assert re.search(r"\\par\}\n\n\\sphinxAtStartPar\n and \\sphinxstyle", text)


def test_text_has_the_table(project):
    build = project.build("text")
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = build.read("index.txt")
    assert text.count("Diagram of branches") == 3
    assert text.count("Concatenate") == 3  # and in a narrow cell:
    assert "Conca" in text.partition("A cell")[2]


def test_what_a_substitution_cannot_have_is_told(tmp_path, known, dot):
    page = """
Page
====

.. |a| keras-model:: zoo.first.branches
   :caption: C
   :name: n
.. |b| keras-model:: zoo.first.branches
   :show-shape:
.. |c| keras-model:: branches

|a| |b| |c|
"""
    project = make_project(tmp_path, known=known, index=page)
    build = project.build("html")
    said = [line.partition("WARNING: ")[2] for line in build.warnings]
    assert [line.split("[")[-1] for line in said] == ["kerasgraph.option]"] * 3 + [
        "kerasgraph.target]"
    ]
    assert "A substitution can't have a ':caption:'" in said[0]
    assert "A substitution can't have a ':name:'" in said[1]
    text = build.read("index.html")
    assert text.count('<svg role="graphics-document"') == 2
    assert "branches</span></code> could not be drawn" in text
    # They are told again as long as they are wrong.
    assert project.build("html").warnings == build.warnings
