"""Boxes lead to the documentation of their classes, in every output that has links."""

from __future__ import annotations

import json
import re
import zlib
from html import unescape
from pathlib import PurePosixPath

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTFigure
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1

from sphinx_project import make_project

DIAGRAMS = """
.. keras-model:: zoo.first.custom

.. keras-model:: zoo.shapes.nested
"""
PAGES = {
    "index": f"Models\n======\n{DIAGRAMS}\n.. toctree::\n\n   deep/page\n   api\n",
    "deep/page": f"Deep\n====\n{DIAGRAMS}",
    "api": """
API
===

.. py:class:: zoo.Linear

   Where users import it from.
""",
}
CONF = """
extensions.append("sphinx.ext.intersphinx")
intersphinx_mapping = {"other": ("https://example.org/other", "other.inv")}
kerasgraph_cache_dir = "../cache"
kerasgraph_links = {"keras.Sequential": None, "keras.layers.ReLU": "https://example.org/relu"}
nitpicky = True
copyright = "us"
version = "1"
"""
DENSE = "https://example.org/other/layers.html#Dense"
INPUT = "https://www.tensorflow.org/api_docs/python/tf/keras/layers/InputLayer"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("links"), CONF, **PAGES)
    head = b"# Sphinx inventory version 2\n# Project: o\n# Version: 1\n# zlib\n"
    entries = (
        b"keras.layers.Dense py:class 1 layers.html#Dense -\n"
        b"keras.layers.Add py:class 1 javascript:alert(1) -\n"
        b"keras.Model py:class 1 models.html#$ -\n"
    )
    project.source.joinpath("other.inv").write_bytes(head + zlib.compress(entries))
    return project


def built(project, builder, *options, **more):
    build = project.build(builder, *options, **more)
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


def links_of(page: str) -> dict[str, str | None]:
    """Where the boxes of a page lead, by the class that they say."""
    drawings = re.findall(r"<svg role.*?</svg>", page, re.DOTALL)
    boxes = re.findall(r"<a(?: href=\"([^\"]*)\")?><title>.*?\((\w+)", "".join(drawings))
    return {name: unescape(url) or None for url, name in boxes}


def data_of(build, page: str) -> list[dict]:
    """What the script is told of each diagram of a page."""
    sources = re.findall(r'data-src="([^"]*)"', build.read(page))
    texts = [build.read(str(PurePosixPath(page).parent / source)) for source in sources]
    return [json.loads(text.strip().removeprefix("kerasgraph(")[:-1]) for text in texts]


@pytest.mark.parametrize(
    ("builder", "page", "api"),
    [
        ("html", "index.html", "api.html"),
        ("html", "deep/page.html", "../api.html"),
        ("dirhtml", "index.html", "api/"),
        ("dirhtml", "deep/page/index.html", "../../api/"),
        ("singlehtml", "index.html", ""),
    ],
)
def test_boxes_lead_to_the_project_then_to_others_then_to_official_pages(
    project, dot, builder, page, api
):
    build = built(project, builder)
    links = links_of(build.read(page))
    assert links["Linear"] == f"{api}#zoo.Linear"
    assert links["Dense"] == DENSE
    assert links["InputLayer"] == INPUT
    assert links["Sequential"] is None
    told = {name: url for data in data_of(build, page) for name, url in data["links"].items()}
    assert told["zoo.first.Linear"] == f"{api}#zoo.Linear"
    assert told["keras.layers.Dense"] == DENSE
    assert told["keras.layers.ReLU"] == "https://example.org/relu"
    assert "javascript" not in build.read(page).replace("text/javascript", "")
    if not api:
        assert 'id="zoo.Linear"' in build.read(page)


def test_of_what_a_diagram_shows_alone_links_are_told(project, dot):
    [custom, *_] = data_of(built(project, "html"), "index.html")
    classes = {"zoo.first.Linear", "keras.layers.Dense", "keras.layers.InputLayer"}
    assert custom["links"].keys() == classes


def test_links_are_put_in_when_a_page_is_written(project, dot):
    """A change of addresses draws nothing again."""
    first = built(project, "html")
    images = {path: path.stat().st_mtime_ns for path in first.folder.rglob("kerasgraph-*.svg")}
    changed = ("-D", "kerasgraph_links.keras.layers.InputLayer=https://example.org/changed")
    again = built(project, "html", *changed)
    assert links_of(again.read("index.html"))["InputLayer"] == "https://example.org/changed"
    assert "built" not in again.output.replace("built-in", "")
    assert {path: path.stat().st_mtime_ns for path in images} == images


@pytest.mark.parametrize(
    "value", ["'x'", "{'a': 1}", "{'a': 'javascript:alert(1)'}", "{1: None}", "{'': None}"]
)
def test_a_wrong_setting_is_reported(tmp_path, value):
    project = make_project(tmp_path, f"kerasgraph_links = {value}\n", index="A\n=\n")
    [warning] = project.build("html").warnings
    assert "kerasgraph_links is" in warning
    assert "[kerasgraph.option]" in warning


def test_bitmaps_lead_there_by_a_map_with_a_name_of_its_own(project, compiled_dot):
    page = built(project, "html", "-D", "kerasgraph_output_format=png", out="png").read(
        "deep/page.html"
    )
    areas = re.findall(r"<area [^<]*/>", page)
    [custom] = [area for area in areas if "(Linear)" in area]
    assert ' href="../api.html#zoo.Linear"' in custom
    assert any(f' href="{DENSE}"' in area for area in areas)
    assert "kerasgraph:" not in page
    names = re.findall(r'<map id="([^"]*)"', page)
    assert len(names) == len(set(names)) == 2
    assert [f"#{name}" for name in names] == re.findall(r'usemap="([^"]*)"', page)


@pytest.mark.parametrize("image_format", ["svg", "png"])
def test_links_in_epub(project, compiled_dot, image_format):
    options = ("-D", f"kerasgraph_output_format={image_format}")
    page = built(project, "epub", *options, out=f"epub-{image_format}").read("deep/page.xhtml")
    assert 'href="../api.xhtml#zoo.Linear"' in page
    assert f'href="{DENSE}"' in page
    assert "kerasgraph:" not in page
    assert all(" href=" in area for area in re.findall(r"<area [^<]*/>", page))


def test_links_in_pdf_lie_over_their_boxes(project, compiled_dot):
    build = built(project, "latex")
    found = list(pdf_links(build.pdf()))
    assert len(found) == 16  # of nine boxes twice, but for those of Sequential
    for url, text in found:
        if url == DENSE:
            assert text.startswith("Dense")
        elif url == INPUT:
            assert text.startswith("InputLayer")
    # A place in the document, as others that LaTeX has names for.
    [own] = {url for url, text in found if text.startswith("Linear")}
    assert re.fullmatch(r"section\*\.\d+", own)


def test_what_is_in_another_document_of_latex_is_not_linked(project, tmp_path, compiled_dot):
    documents = '\nlatex_documents = [("deep/page", "page.tex", "Page", "us", "howto")]\n'
    conf = CONF.replace('"../cache"', repr(str(project.source.parent / "cache")))
    other = make_project(tmp_path, conf + documents, **PAGES)
    other.source.joinpath("other.inv").write_bytes(
        project.source.joinpath("other.inv").read_bytes()
    )
    text = built(other, "latex").read("page.tex")
    assert "\\href{https://example.org/other/layers.html\\#Dense}" in text
    assert "zoo.Linear" not in text


def pdf_links(path):
    """Where each link over a figure leads, and what is written in the figure below it."""
    with path.open("rb") as file:
        for page, layout in zip(PDFPage.get_pages(file), extract_pages(path), strict=True):
            figures = [part for part in layout if isinstance(part, LTFigure)]
            characters = [one for figure in figures for one in figure if isinstance(one, LTChar)]
            for reference in resolve1(page.annots) or []:
                annotation = resolve1(reference)
                action = resolve1(annotation["A"])
                left, bottom, right, top = annotation["Rect"]
                below = [
                    one.get_text()
                    for one in characters
                    if left <= one.x0 and one.x1 <= right and bottom <= one.y0 and one.y1 <= top
                ]
                if below:
                    yield (action.get("URI") or action["D"]).decode(), "".join(below)
