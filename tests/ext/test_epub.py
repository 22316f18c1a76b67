"""Diagrams in books: valid, without a script, and in colours that need no style sheet."""

from __future__ import annotations

import subprocess
import zipfile
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from effort import slow_but
from sphinx_project import make_project, need
from svg import SVG

CONF = """
copyright = "us"
version = release = "1"
"""
PAGE = """
A page
======

.. toctree::

   folder/other

.. keras-model:: zoo.first.branches
   :caption: Two branches.
   :name: fig

.. keras-model:: zoo.first.branches
   :width: 50%

.. keras-model:: zoo.first.mlp
   :align: right
"""
OTHER = """
Another
=======

.. keras-model:: zoo.shapes.shared
"""


@pytest.fixture(scope="module", params=slow_but({"svg"}, ["svg", "png"]))
def book(request, tmp_path_factory, known, compiled_dot):
    folder = tmp_path_factory.mktemp("book")
    project = make_project(folder, CONF, known=known, index=PAGE)
    project.source.joinpath("folder").mkdir()
    project.write(**{"folder/other": OTHER})
    build = project.build("epub", "-D", f"kerasgraph_output_format={request.param}")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


@pytest.mark.slow
def test_epubcheck_finds_nothing(book):
    need("epubcheck", "epubcheck")
    need("java", "default-jre-headless")
    done = subprocess.run(
        ["java", "-jar", "/usr/share/java/epubcheck.jar", str(book.folder / "Test.epub")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors / 0 warnings" in done.stdout


def test_each_diagram_is_in_the_book(book):
    with zipfile.ZipFile(book.folder / "Test.epub") as packed:
        names = packed.namelist()
        page = packed.read("index.xhtml").decode()
    root = ET.fromstring(page)
    drawn = list(root.iter(f"{SVG}svg")) or [
        image for image in root.iter("{http://www.w3.org/1999/xhtml}img") if image.get("alt")
    ]
    assert len(drawn) == 3
    assert not [name for name in names if name.endswith((".svg", ".js")) and "kerasgraph" in name]
    assert "kerasgraph.js" not in page


def test_ids_are_unique(book):
    for page in book.folder.rglob("*.xhtml"):
        ids = Counter(node.get("id") for node in ET.parse(page).iter() if node.get("id"))
        assert max(ids.values(), default=1) == 1, ids.most_common(3)


def test_drawings_need_no_style_sheet(book):
    for drawing in ET.fromstring(book.read("index.xhtml")).iter(f"{SVG}svg"):
        assert not [node for node in drawing.iter() if "class" in node.attrib]
        for kind in ("path", "rect", "text"):
            for node in drawing.iter(f"{SVG}{kind}"):
                assert node.get("fill") or list(node)
        texts = {node.get("fill") for node in drawing.iter(f"{SVG}text")}
        assert "#0f172a" in texts | {node.get("fill") for node in drawing.iter(f"{SVG}tspan")}
