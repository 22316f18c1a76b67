"""Whatever ``dot`` does to bitmaps, PDF and books, it is told, and all others are drawn.

What a build remembers is as with SVG: see test_dot_faults.
"""

from __future__ import annotations

import re
import zipfile

import pytest

from failing_dot import GOOD, built, case
from provoked import assert_told

pytestmark = pytest.mark.slow  # builds of many faults

AS_PNG = dict(
    [
        case("writes half a PNG", "the PNG that it wrote isn't whole", "real | head -c 700"),
        case(
            "writes a PNG without its end",
            "the PNG that it wrote isn't whole",
            "real | head -c -12",
        ),
        case(
            "writes a PNG in which bytes are wrong",
            "the PNG that it wrote isn't whole",
            "real | LC_ALL=C sed 's/IDAT./IDAT?/'",
        ),
        case(
            "writes but the signature of a PNG",
            "the PNG that it wrote isn't whole",
            "real | head -c 8",
        ),
        case("writes an SVG where a PNG is asked for", "wrote no PNG", "real -Tsvg"),
        case("writes no PNG", "wrote no png", "exit 0"),
        case(
            "is killed when it draws a PNG",
            "failed with SIGKILL",
            "real | head -c 700 && kill -KILL $$",
        ),
        case("writes no map of a PNG", "wrote no cmapx", "exit 0", "map"),
        case(
            "writes rubbish as map of a PNG",
            "the map that it wrote isn't whole",
            "echo rubbish",
            "map",
        ),
        case(
            "writes half a map of a PNG",
            "the map that it wrote isn't whole",
            "real | head -c 100",
            "map",
        ),
        case(
            "writes a map with a ``<script>``",
            "wrote a map with 'script' in it",
            "echo '<map id=\"x\"><script>alert(1)</script></map>'",
            "map",
        ),
        case(
            "writes a map with ``onclick``",
            "wrote a map with a script in 'onclick'",
            "real | sed 's/<area /<area onclick=\"alert(1)\" /'",
            "map",
        ),
        case(
            "writes the map of another graph",
            "drew another graph, 'other'",
            "echo 'digraph other { a }' | dot $args",
            "map",
        ),
        case(
            "fails with the map of a PNG",
            "exit code 4: no map.",
            "echo 'no map' >&2 && exit 4",
            "map",
        ),
    ]
)


@pytest.fixture(scope="module")
def png(tmp_path_factory, compiled_dot):
    conf = "kerasgraph_output_format = 'png'\n"
    return built(tmp_path_factory.mktemp("png"), compiled_dot, AS_PNG, conf=conf)


@pytest.mark.parametrize("fault", AS_PNG, ids=str)
def test_bitmaps(fault, png):
    assert_told(fault, png.first, png.places[fault])


def test_all_other_bitmaps_are_as_if_alone(png):
    page = png.first.read("index.html")
    assert page.count("could not be drawn") == len(AS_PNG)
    assert "<script>alert" not in page
    shown = re.findall(r'<img src="_images/(kerasgraph-\w+\.png)"', page)
    alone = re.findall(r'<img src="_images/(kerasgraph-\w+\.png)"', png.alone.read("index.html"))
    images, expected = png.first.images("png"), png.alone.images("png")
    assert [images[name] for name in shown] == [expected[name] for name in alone]
    assert len(shown) == len(GOOD)
    assert png.mended.warnings == []
    assert len(png.mended.images("png")) == len(AS_PNG) + len(GOOD)


AS_PDF = dict(
    [
        case("writes half a PDF", "the PDF that it wrote isn't whole", "real | head -c 2000"),
        case(
            "writes a PDF without its end", "the PDF that it wrote isn't whole", "real | head -c -7"
        ),
        case("writes a PNG where a PDF is asked for", "wrote no PDF", "real -Tpng"),
        case("writes no PDF", "wrote no pdf", "exit 0"),
        case(
            "doesn't know PDF",
            'Format: "pdf" not recognized. Use one of: svg.',
            "echo 'Format: \"pdf\" not recognized. Use one of: svg' >&2 && exit 1",
        ),
        case(
            "is killed when it draws a PDF",
            "failed with SIGKILL",
            "real | head -c 700 && kill -KILL $$",
        ),
        case(
            "writes rubbish as layout, for LaTeX",
            "JSON isn't as expected",
            "echo rubbish",
            "layout",
        ),
    ]
)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory, compiled_dot):
    return built(tmp_path_factory.mktemp("pdf"), compiled_dot, AS_PDF, "latex")


@pytest.mark.parametrize("fault", AS_PDF, ids=str)
def test_images_for_latex(fault, pdf):
    assert_told(fault, pdf.first, pdf.places[fault])


def test_latex_has_notes_and_all_others(pdf):
    text = pdf.first.read("test.tex")
    assert text.count("could not be drawn") == len(AS_PDF)
    assert "{None}" not in text
    assert "digraph" not in text
    shown = re.findall(r"sphinxincludegraphics\[[^]]*\]\{(kerasgraph-\w+\.pdf)\}", text)
    assert len(shown) == len(GOOD)
    assert sorted(pdf.first.images("pdf")) == sorted(shown)
    assert pdf.mended.warnings == []
    assert len(pdf.mended.images("pdf")) == len(AS_PDF) + len(GOOD)
    # They have the time in them.
    sizes = [
        [len(content) for content in one.images("pdf").values()] for one in (pdf.first, pdf.alone)
    ]
    assert sorted(sizes[0]) == pytest.approx(sorted(sizes[1]), abs=9)


IN_BOOKS = dict(
    [
        case(
            "writes half an SVG, for a book",
            "the SVG that it wrote isn't whole",
            "real | head -c 1500",
        ),
        case(
            "writes an SVG with a ``<script>``, for a book",
            "wrote an SVG with 'script' in it",
            "real | sed 's:</svg>:<script>alert(1)</script></svg>:'",
        ),
        case("is killed, for a book", "failed with SIGKILL", "kill -KILL $$", "layout"),
    ]
)


@pytest.fixture(scope="module")
def epub(tmp_path_factory, dot):
    return built(
        tmp_path_factory.mktemp("epub"), dot, IN_BOOKS, "epub", "version = copyright = '1'\n"
    )


@pytest.mark.parametrize("fault", IN_BOOKS, ids=str)
def test_books(fault, epub):
    assert_told(fault, epub.first, epub.places[fault])


def test_a_book_has_notes_and_all_others(epub):
    [path] = epub.first.folder.glob("*.epub")
    with zipfile.ZipFile(path) as book:
        page = book.read("index.xhtml").decode()
        names = book.namelist()
    assert page.count("could not be drawn") == len(IN_BOOKS)
    assert page.count("<svg ") == len(GOOD)
    assert not [name for name in names if "kerasgraph-" in name and name.endswith(".svg")]
    drawn = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    alone = re.findall(r"<svg .*?</svg>", epub.alone.read("index.xhtml"), re.DOTALL)
    numbers = r"kerasgraph-\d+-"  # of where they are on the page
    assert [re.sub(numbers, "", one) for one in drawn] == [
        re.sub(numbers, "", one) for one in alone
    ]
    assert epub.mended.warnings == []
