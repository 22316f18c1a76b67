"""What is inside of closed blocks is a figure of its own on pages where nothing opens."""

from __future__ import annotations

import re

import pytest

from sphinx_project import make_project

PAGE = """
Model
=====

.. keras-model:: zoo.nested.Tower
   :input-shape: (6,)
   :caption: A caption.
   :interactive: {interactive}
   :inside-figures: {levels}
"""
FIRST = "Inside of <strong>floor</strong> (Floor), as of floor_1."
SECOND = "Inside of <strong>floor/left</strong> (Unit), as of floor_1/left."


@pytest.fixture(scope="module")
def project(tmp_path_factory, dot):
    folder = tmp_path_factory.mktemp("insides")
    pages = {
        f"{levels}-{interactive}": PAGE.format(levels=levels, interactive=interactive)
        for levels in ("all", 1, "none")
        for interactive in ("yes", "no")
    }
    index = "Models\n======\n\n.. toctree::\n\n   " + "\n   ".join(pages)
    conf = "kerasgraph_cache_dir = '../cache'\n"
    return make_project(folder, conf, index=index, **pages)


@pytest.fixture(scope="module")
def html(project):
    build = project.build("html")
    assert build.warnings == []
    return build


def titles(page):
    return re.findall(r'<p class="kerasgraph-inside">(.*?)</p>', page)


def targets(page):
    """The ids on the page, and those to which boxes lead."""
    ids = re.findall(r'id="(kerasgraph-\d+-inside-\d+)"', page)
    return ids, re.findall(r'<a href="#(kerasgraph-\d+-inside-\d+)"', page)


@pytest.mark.parametrize(("levels", "expected"), [("all", [FIRST, SECOND]), (1, [FIRST])])
def test_so_many_levels_are_figures_each_once_where_nothing_opens(html, levels, expected):
    assert titles(html.read(f"{levels}-no.html")) == expected


@pytest.mark.parametrize("page", ["all-yes", "none-yes", "none-no"])
def test_there_are_none_where_blocks_open_or_none_is_asked_for(html, page):
    assert titles(html.read(f"{page}.html")) == []


def test_blocks_lead_to_their_figures(html):
    ids, links = targets(html.read("all-no.html"))
    assert len(ids) == len(set(ids)) == 2
    # Two blocks of the model have the one inside, and what is in these the other.
    assert links == [ids[0], ids[0], ids[1]]


def test_they_stand_below_the_figure_in_their_order(html):
    page = html.read("all-no.html")
    places = [page.index(text) for text in ("A caption.", "</figure>", FIRST, SECOND)]
    assert places == sorted(places)


def test_the_diagram_is_lighter_where_nothing_opens(html):
    assert "data-src" in html.read("all-yes.html")
    assert "data-src" not in html.read("all-no.html")


@pytest.mark.parametrize(
    ("builder", "options"),
    [
        ("epub", ("-D", "version=1", "-D", "copyright=x")),
        ("html", ("-D", "kerasgraph_output_format=png")),
    ],
)
def test_they_are_in_books_and_beside_bitmaps(project, builder, options):
    build = project.build(builder, *options, out=f"{builder}{len(options)}")
    page = build.read("all-yes." + ("xhtml" if builder == "epub" else "html"))
    assert titles(page) == [FIRST, SECOND]
    ids = targets(page)[0]
    assert len(ids) == 2
    assert page.count(f'href="#{ids[0]}"') == 2
    every = re.findall(r' id="(kerasgraph[^"]+)"', page)
    assert len(every) == len(set(every))


def test_blocks_lead_to_their_figures_in_latex(project):
    text = project.build("latex").read("test.tex")
    labels = re.findall(r"\\label\{(\\detokenize\{all-yes:kerasgraph-\d+-inside-\d+\})\}", text)
    assert len(labels) == 2
    assert [text.count(f"\\hyperref[{label}]") for label in labels] == [2, 1]
