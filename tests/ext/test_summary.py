"""``keras-summary`` on pages: a real table in every builder."""

from __future__ import annotations

import re

import pytest

from sphinx_project import make_project, text_of_pdf

PAGE = """
A page
======

See :numref:`table`.

.. keras-summary:: zoo.first.branches
   :caption: Two *branches*.
   :name: table
   :class: special
   :align: left

.. keras-summary:: zoo.shapes.shared
   :columns: name, units, params, flops
   :widths: 4 1 1 2

.. keras-summary:: zoo.first.mlp
   :hide: InputLayer

.. list-table::

   * - .. keras-summary:: zoo.first.mlp
          :columns: name, params
     - Text
"""
CONF = """
copyright = "us"
version = release = "1"
numfig = True
man_pages = [("index", "page", "a page", "us", 1)]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    return make_project(tmp_path_factory.mktemp("summary"), CONF, known=known, index=PAGE)


@pytest.fixture(scope="module")
def page(project):
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build.read("index.html")


def rows(table: str) -> list[list[str]]:
    """The texts of the cells, without what is around them."""
    found = []
    for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
        cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        found.append([re.sub(r"<[^>]*>", "", cell).strip() for cell in cells])
    return found


def tables(page: str) -> list[str]:
    return re.findall(r'<table class="[^"]*kerasgraph-summary.*?</table>', page, re.DOTALL)


def test_table_has_a_row_for_each_layer(page):
    assert rows(tables(page)[0]) == [
        ["Layer", "Class", "Output shape", "Parameters", "Connected to"],
        ["features", "InputLayer", "(None, 32)", "0", ""],
        ["stem", "Dense", "(None, 64)", "2,112", "features"],
        ["left", "Dense", "(None, 32)", "2,080", "stem"],
        ["right", "Dense", "(None, 32)", "2,080", "stem"],
        ["joined", "Concatenate", "(None, 64)", "0", "left, right"],
    ]
    assert rows(tables(page)[1])[:3] == [
        ["Layer", "units", "Parameters", "FLOPs"],
        ["x", "", "0", "0"],
        ["dense", "8", "72", "136"],
    ]
    assert rows(tables(page)[1])[3][2] == "shared"


def test_totals_stand_below(page):
    lines = re.findall(r'<div class="line">(.*?)</div>', page)
    assert lines[:5] == [
        "Parameters: 6,272",
        "Trainable: 6,272",
        "Not trainable: 0",
        "Size in memory: 24.50 KB (float32)",
        "FLOPs: 12.5 k",
    ]
    # Of what is a part of the model the totals are of the whole.
    assert lines.count("Of the whole model:") == 1


def test_table_stands_as_a_table_does(page):
    table = tables(page)[0]
    assert table.startswith('<table class="kerasgraph-summary special docutils align-left" id="tab')
    assert page.count('id="table"') == 1
    assert "Two <em>branches</em>." in table
    assert 'href="#table"><span class="std std-numref">Table 1</span>' in page
    assert page.count('class="kerasgraph-scroll" role="region" tabindex="0"') == 4
    assert 'aria-label="Two branches."' in page
    assert "kerasgraph-page.css" in page
    assert "kerasgraph.js" not in page
    # A style in the page is for widths that were asked for.
    assert ["style=" in one for one in tables(page)] == [False, True, False, False]


def test_names_and_classes_lead_to_the_documentation(page):
    url = "https://www.tensorflow.org/api_docs/python/tf/keras/layers/Dense"
    links = re.findall(rf'href="{url}">(\w+)</a>', tables(page)[0])
    assert links == ["stem", "Dense", "left", "Dense", "right", "Dense"]


@pytest.mark.parametrize(
    ("builder", "name"), [("text", "index.txt"), ("man", "page.1"), ("epub", "index.xhtml")]
)
def test_other_builders_write_it_too(project, builder, name):
    build = project.build(builder)
    assert (build.returncode, build.warnings) == (0, []), build.output
    written = build.read(name).replace("\xa0", " ")
    for text in ("(None, 64)", "2,112", "Concatenate", "24.50 KB"):
        assert text in written
    if builder == "text":
        assert "| stem     | Dense       | (None, 64)   |      2,112 | features     |" in written
        assert "^^^" not in written  # of a section's title


def test_long_table_is_broken_over_pages_of_latex(tmp_path):
    index = """
A
=

.. keras-summary:: keras.applications.VGG19(weights=None)
   :caption: VGG19.

.. keras-summary:: keras.applications.ResNet50(weights=None)
   :view: overview
"""
    build = make_project(tmp_path, index=index).build("latex")
    assert (build.returncode, build.warnings) == (0, []), build.output
    path = build.pdf()
    log = build.folder.joinpath("test.log").read_text(errors="replace")
    widest = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(widest, default=0) < 6  # the room between columns
    text = text_of_pdf(path, "-layout")
    assert "continued from previous page" in text
    pages = [page for page in text.split("\f") if re.search(r"conv\d_block\d", page)]
    assert len(pages) > 1
    assert all(re.search(r"Layer +Class +Output shape", page) for page in pages)
    assert re.search(r"block1_conv1 +Conv2D +\(None, 224, 224, 64\) +1,792", text)
    assert re.search(r"×2 conv2_block2", text)


def test_what_is_wrong_is_told(tmp_path, known):
    index = """
A
=

.. keras-summary:: zoo.first.mlp
   :columns: name, parms, units

.. keras-summary:: zoo.first.mlp
   :widths: 1 2
   :expand: nothing

.. keras-summary:: zoo.first.mlp
   :fuse: yes

.. keras-summary:: zoo.first.none
"""
    build = make_project(tmp_path, known=known, index=index).build("html", "-D", "nitpicky=0")
    told = "\n".join(build.warnings)
    assert "No layer has a 'parms' in its configuration" in told
    assert "Did you mean 'params'?" in told
    assert ":widths: has 2 numbers for 4 columns." in told
    assert "':expand: nothing' matches no call" in told
    assert "The option ':fuse:' is unknown." in told
    assert "keras-summary zoo.first.none:" in told
    page = build.read("index.html")
    assert rows(tables(page)[0])[0] == ["Layer", "units"]
    assert "kerasgraph-fault" in page
