"""The sizes and classes of diagrams and figures, in HTML and LaTeX."""

from __future__ import annotations

import re

import pytest

from sphinx_project import make_project

PAGE = """
Page
====

.. keras-model:: zoo.first.branches

.. keras-model:: zoo.first.branches
   :scale: 50%

.. keras-model:: zoo.first.branches
   :width: 2in

.. keras-model:: zoo.first.branches
   :width: 400
   :height: 50px

.. keras-model:: zoo.first.branches
   :width: 50%
   :align: right

.. keras-model:: zoo.first.branches
   :figwidth: 12.5em
   :figclass: own Two
   :caption: A caption.
   :align: left

.. keras-model:: zoo.first.branches
   :figwidth: 60%
   :interactive: no
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    return make_project(tmp_path_factory.mktemp("figures"), known=known, index=PAGE)


@pytest.fixture(scope="module")
def page(project, dot):
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


@pytest.fixture(scope="module")
def sizes(page):
    """Width and height of each drawing."""
    text = page.read("index.html")
    found = re.findall(r'<svg role="graphics-document"[^>]* width="(\d+)" height="(\d+)"', text)
    return [(int(width), int(height)) for width, height in found]


@pytest.fixture(scope="module")
def hosts(page):
    """The classes of each diagram, and whether it is explored."""
    found = re.findall(
        r'<div class="(kerasgraph[ "][^>]*?)"?( data-src="[^"]*")?>', page.read("index.html")
    )
    return [(classes.strip('"').split(), bool(data)) for classes, data in found]


def test_sizes_keep_the_proportions(sizes):
    (width, height), half, inches, both, *others = sizes
    assert half == (pytest.approx(width / 2, abs=1), pytest.approx(height / 2, abs=1))
    assert inches == (192, pytest.approx(192 * height / width, abs=1))
    assert both == (pytest.approx(50 * width / height, abs=1), 50)
    assert set(others) == {(width, height)}


def test_parts_of_the_text_are_rules_of_style_sheets(page, hosts):
    classes, _ = hosts[4]
    assert classes == ["kerasgraph", "kerasgraph-right", "kerasgraph-width-50percent"]
    [name] = re.findall(r'href="(_images/[\w-]*50percent.css)"', page.read("index.html"))
    assert page.read(name) == ".kerasgraph-width-50percent{width:50%;max-width:100%}\n"
    assert not re.findall(r"<[^>]*kerasgraph[^>]* style=", page.read("index.html"))


def test_figures_have_widths_and_classes(page, hosts):
    [figure] = re.findall(r'<figure class="([^"]*)"', page.read("index.html"))
    assert {"kerasgraph-figure", "kerasgraph-left", "own", "two"} <= set(figure.split())
    assert "kerasgraph-width-12-5em" in figure
    assert "align-left" not in figure.split()  # which floats in themes
    assert hosts[5][0] == ["kerasgraph", "kerasgraph-left"]
    # Without a caption the diagram itself is the figure.
    assert hosts[6][0] == ["kerasgraph", "kerasgraph-width-60percent"]


def test_ids_are_unique_outside_of_shadow_roots_and_in_each(page):
    text = page.read("index.html")
    trees = [
        re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL),
        *re.findall(r"<template.*?</template>", text, re.DOTALL),
    ]
    assert len(trees) == 8
    for tree in trees:
        ids = re.findall(r' id="([^"]*)"', tree)
        assert len(ids) == len(set(ids))


def test_what_is_not_explored_has_no_data(hosts):
    assert [data for _, data in hosts] == [True] * 6 + [False]


def test_a_page_without_what_is_explored_has_no_script(tmp_path, known, dot):
    index = "A\n=\n\n.. keras-model:: zoo.first.mlp\n"
    project = make_project(tmp_path, known=known, index=index)
    build = project.build("html", "-D", "kerasgraph_interactive=0")
    assert build.returncode == 0, build.output
    assert "kerasgraph.js" not in build.read("index.html")
    assert "kerasgraph-page.css" in build.read("index.html")
    assert build.images("js") == {}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_files_are_where_pages_look_for_them(tmp_path, known, dot, builder):
    index = "A\n=\n\n.. toctree::\n\n   folder/page\n"
    project = make_project(
        tmp_path, "html_baseurl = 'https://example.org/docs/'\n", known=known, index=index
    )
    page = "Page\n====\n\n.. keras-model:: zoo.first.mlp\n   :width: 40%\n"
    project.write(**{"folder/page": page})
    build = project.build(builder)
    assert build.returncode == 0, build.output
    name = {"html": "folder/page.html", "dirhtml": "folder/page/index.html"}.get(
        builder, "index.html"
    )
    asked = re.findall(r'(?:src|href)="([^"]*kerasgraph[^"]*)"', build.read(name))
    assert len(asked) == 6  # two style sheets, a rule, the script, the data, the drawing alone
    for path in asked:
        file = (build.folder / name).parent / path.partition("?")[0]
        assert file.resolve().is_file(), path


def test_bitmaps_are_scaled_with_their_maps(tmp_path, known, compiled_dot):
    index = (
        "A\n=\n\n.. keras-model:: zoo.first.mlp\n\n.. keras-model:: zoo.first.mlp\n   :scale: 50\n"
    )
    project = make_project(tmp_path, known=known, index=index)
    build = project.build("html", "-D", "kerasgraph_output_format=png")
    page = build.read("index.html")
    whole, half = (
        int(width) for width in re.findall(r'<img src="_images/kerasgraph[^>]* width="(\d+)"', page)
    )
    assert half == pytest.approx(whole / 2, abs=1)
    assert len(set(re.findall(r'<map id="([^"]*)"', page))) == 2
    rights = [
        max(int(one.split(",")[2]) for one in re.findall(r'coords="([^"]*)"', part))
        for part in page.split("<map ")[1:]
    ]
    assert rights[1] == pytest.approx(rights[0] / 2, abs=1)


def test_latex_has_the_same_sizes(project, compiled_dot):
    build = project.build("latex")
    assert build.returncode == 0, build.output
    text = build.read("test.tex")
    told = re.findall(r"\\sphinxincludegraphics\[([^]]*)\]\{+kerasgraph", text)
    assert told == [
        "",
        "scale=0.5",
        "width=2in",
        r"width=400\sphinxpxdimen,height=50\sphinxpxdimen,keepaspectratio",
        r"width=0.500\linewidth",
        "",
        "",
    ]
    assert r"\begin{minipage}{12.5em}" in text
    assert r"\begin{minipage}{0.600\linewidth}" in text


def test_a_drawing_that_cannot_be_read_is_an_image_of_its_size(tmp_path, known, compiled_dot):
    conf = "graphviz_dot_args = ['-Nfontname=Times']\n"
    index = "A\n=\n\n.. keras-model:: zoo.first.branches\n"
    build = make_project(tmp_path, conf, known=known, index=index).build("html")
    [warning] = build.warnings
    assert "kerasgraph.graphviz" in warning
    page = build.read("index.html")
    name, width, height = re.search(
        r'<img src="(\S+)" alt=".*?" width="(\d+)" height="(\d+)"', page
    ).groups()
    size = re.search(r'width="(\d+)pt" height="(\d+)pt"', build.read(name)).groups()
    assert (int(width) * 0.75, int(height) * 0.75) == pytest.approx(tuple(map(float, size)), abs=1)


def test_a_diagram_of_latex_ends_the_paragraph_before_it(tmp_path, known, dot):
    """As the title of a card of sphinx-design is one, which is no paragraph in the document."""
    conf = """
from docutils import nodes
from docutils.parsers.rst import Directive
class Title(Directive):
    def run(self):
        return [nodes.inline("", "Title")]
def setup(app):
    app.add_directive("title-alone", Title)
"""
    index = "Page\n====\n\n.. title-alone::\n.. keras-model:: zoo.first.branches\n"
    build = make_project(tmp_path, conf, known=known, index=index).build("latex")
    assert re.search(r"Title\n\n+\\noindent", build.read("test.tex"))
