"""Diagrams in PDF, by real LaTeX."""

from __future__ import annotations

import re
import subprocess

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTFigure, LTPage, LTTextContainer

from sphinx_project import need, text_of_pdf


@pytest.fixture(scope="module")
def latex(models, compiled_dot):
    build = models.build("latex")
    # Three pages draw all the boxes of a deep model.
    assert [line for line in build.warnings if "[kerasgraph.oversize]" not in line] == []
    assert len(build.warnings) == 3
    return build


@pytest.fixture(scope="module")
def pdf(latex):
    need("pdftotext", "poppler-utils")
    return latex.pdf()


def test_figures_are_vector_graphics(pdf):
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True)
    assert len(images.stdout.splitlines()) == 2  # the heads of the columns
    text = text_of_pdf(pdf)
    assert all(words in text for words in ("dense_1", "conv5_block3_out", "(None, 784)"))


def test_nothing_runs_over_the_page(pdf):
    log = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"Overfull|Float too large|Dimension too large", log)


def test_overview_is_read_without_a_lens(pdf):
    """All the text of the figure is six points high at least, and none is outside of the page."""
    pages = [page for page in extract_pages(pdf) if "Folded, fused" in text_of(page)]
    figures = [part for page in pages for part in page if isinstance(part, LTFigure)]
    assert len(pages) == len(figures) == 1
    characters = [one for one in figures[0] if isinstance(one, LTChar)]
    assert len(characters) > 500
    assert min(one.size for one in characters) >= 6
    margin = 71
    assert figures[0].x0 >= margin
    assert figures[0].x1 <= pages[0].width - margin
    assert figures[0].y0 >= margin
    assert figures[0].y1 <= pages[0].height - margin


def text_of(page: LTPage) -> str:
    """The text of a page, without that of its figures."""
    return " ".join(part.get_text() for part in page if isinstance(part, LTTextContainer))


def test_figure_has_its_caption_and_label(latex):
    text = latex.read("test.tex")
    assert re.search(r"\\caption\{A multilayer \\sphinxstyleemphasis\{perceptron\}\.\}", text)
    assert r"\label{\detokenize{mlp:fig-mlp}}" in text
    assert r"\label{\detokenize{branches:two-branches}}" in text
    assert text.count(r"\sphinxincludegraphics[]{kerasgraph-") == 12
