"""Diagrams in PDF, by real LaTeX."""

from __future__ import annotations

import re
import subprocess

import pytest

from sphinx_project import need


@pytest.fixture(scope="module")
def latex(models, compiled_dot):
    build = models.build("latex")
    # Three pages draw all the boxes of a deep model.
    assert [line for line in build.warnings if "[kerasgraph.oversize]" not in line] == []
    assert len(build.warnings) == 3
    return build


@pytest.fixture(scope="module")
def pdf(latex):
    need("latexmk", "latexmk texlive-latex-extra texlive-fonts-recommended tex-gyre")
    need("pdftotext", "poppler-utils")
    done = subprocess.run(
        ["latexmk", "-pdf", "-interaction=nonstopmode", "test.tex"],
        cwd=latex.folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return latex.folder / "test.pdf"


def test_figures_are_vector_graphics(pdf):
    images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True)
    assert len(images.stdout.splitlines()) == 2  # the heads of the columns
    text = subprocess.run(
        ["pdftotext", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert all(words in text for words in ("dense_1", "conv5_block3_out", "(None, 784)"))


def test_nothing_runs_over_the_page(pdf):
    log = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"Overfull|Float too large|Dimension too large", log)


def test_figure_has_its_caption_and_label(latex):
    text = latex.read("test.tex")
    assert re.search(r"\\caption\{A multilayer \\sphinxstyleemphasis\{perceptron\}\.\}", text)
    assert r"\label{\detokenize{mlp:fig-mlp}}" in text
    assert r"\label{\detokenize{branches:two-branches}}" in text
    assert text.count(r"\sphinxincludegraphics[]{kerasgraph-") == 11
