"""Whatever ``dot`` does, the build ends, tells it in its place, and draws all others."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from left_behind import watched
from make_graphs import model
from provoked import Provoked, assert_as_alone, assert_told
from stand_ins import page_of, project_of, stand_in

if TYPE_CHECKING:
    from sphinx_project import Build, Project

pytestmark = pytest.mark.slow  # builds of a hundred faults

#: In seconds; what hangs takes as long.
TIMEOUT = 3
HANGS = f"took longer than {TIMEOUT} seconds"


def case(what: str, says: str, does: str, step: str = "image") -> tuple[Provoked, str]:
    """What ``dot`` does in that step, by `stand_in`, in words and in shell; and what is told.

    A layout is asked for first, then the image, and for a bitmap its map.
    """
    return Provoked(
        "Graphviz", what, "graphviz", says
    ), f"[ $step = {step} ] && {{ {does}; exit 0; }}"


AS_SVG = dict(
    [
        case(
            "ends with exit code 3 and a message",
            "failed with exit code 3: syntax error in line 1.",
            "echo 'syntax error in line 1' >&2; exit 3",
            "layout",
        ),
        case(
            "ends with exit code 1 and says nothing",
            "exit code 1: it said nothing.",
            "exit 1",
            "layout",
        ),
        case(
            "says what isn't UTF-8, and fails",
            "odd.",
            "printf '\\377\\376odd\\n' >&2; exit 1",
            "layout",
        ),
        case(
            "says 3 megabytes, and fails",
            "failed with exit code 1: the end.",
            "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo 'the end' >&2; exit 1",
            "layout",
        ),
        case(
            "is killed (SIGKILL)",
            "failed with SIGKILL: it said nothing.",
            "kill -KILL $$",
            "layout",
        ),
        case(
            "is killed when it draws (SIGKILL)",
            "failed with SIGKILL",
            "echo '<svg' && kill -KILL $$",
        ),
        case("crashes (SIGSEGV)", "failed with SIGSEGV", "kill -SEGV $$", "layout"),
        case("aborts (SIGABRT)", "failed with SIGABRT", "kill -ABRT $$", "layout"),
        case("is terminated (SIGTERM)", "failed with SIGTERM", "kill -TERM $$", "layout"),
        case("is hung up (SIGHUP)", "failed with SIGHUP", "kill -HUP $$", "layout"),
        case(
            "has no memory left, and says so",
            "exit code 1: fatal error: out of memory.",
            "echo 'fatal error: out of memory' >&2; exit 1",
            "layout",
        ),
        case("hangs", HANGS, "exec sleep 100", "layout"),
        case("hangs when it draws", HANGS, "exec sleep 100"),
        case("hangs with a child that holds its output", HANGS, "sleep 100 & wait", "layout"),
        case("ignores SIGTERM, and hangs", HANGS, "trap '' TERM INT HUP; sleep 100", "layout"),
        case(
            "closes all its streams, and hangs",
            HANGS,
            "exec <&- >&- 2>&-; exec sleep 100",
            "layout",
        ),
        case("stops (SIGSTOP)", HANGS, "kill -STOP $$", "layout"),
        case("writes without end", "wrote without end", "exec cat /dev/zero", "layout"),
        case("says things without end", "wrote without end", "exec cat /dev/zero >&2", "layout"),
        case("writes no layout", "wrote no layout", "exit 0", "layout"),
        case("writes rubbish as layout", "JSON isn't as expected", "echo rubbish", "layout"),
        case(
            "writes random bytes as layout",
            "JSON isn't as expected",
            "head -c 5000 /dev/urandom",
            "layout",
        ),
        case("writes half a layout", "JSON isn't as expected", "real | head -c 700", "layout"),
        case("writes a layout that is a list", "JSON isn't as expected", "echo '[]'", "layout"),
        case(
            "writes a layout nested 100,000 deep",
            "JSON isn't as expected",
            "head -c 100000 /dev/zero | tr '\\0' '['",
            "layout",
        ),
        case(
            "writes a layout without places",
            "JSON isn't as expected",
            'real | sed \'s/"bb"/"cc"/\'',
            "layout",
        ),
        case(
            "writes a layout whose numbers are words",
            "JSON isn't as expected",
            'real | sed \'s/"pos": "[0-9.]*/"pos": "left/\'',
            "layout",
        ),
        case(
            "writes the layout of another graph",
            "JSON has no ",
            "echo 'digraph { other }' | dot $args",
            "layout",
        ),
        case("writes no image", "wrote no svg", "exit 0"),
        case("writes but spaces", "wrote no svg", "echo ' '"),
        case("writes rubbish as image", "isn't whole: ", "echo rubbish"),
        case("writes random bytes as image", "isn't whole: ", "head -c 5000 /dev/urandom"),
        case("prints a line before the image", "isn't whole: ", "echo hello && real"),
        case("writes half an SVG", "the SVG that it wrote isn't whole: ", "real | head -c 1500"),
        case(
            "writes all of an SVG but its last line",
            "the SVG that it wrote isn't whole: no element found",
            "real | sed '$d'",
        ),
        case("writes two SVGs in one", "the SVG that it wrote isn't whole: ", "real && real"),
        case(
            "writes a PNG where an SVG is asked for",
            "the SVG that it wrote isn't whole: ",
            "real -Tpng",
        ),
        case(
            "writes XML that is no SVG",
            "wrote no SVG, but XML that is 'html'",
            "echo '<html><body/></html>'",
        ),
        case(
            "writes an SVG that has nothing in it",
            "wrote an SVG without a graph",
            "echo '<svg xmlns=\"http://www.w3.org/2000/svg\"/>'",
        ),
        case(
            "writes the SVG of another graph",
            "drew another graph, 'other'",
            "echo 'digraph other { a }' | dot $args",
        ),
        case("leaves a box out", "its SVG has no 'y'", "real | sed 's:<title>y</title>::'"),
        case(
            "writes an SVG with entities that grow (a bomb)",
            "declares entities in its SVG",
            'echo \'<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><title>&b;</title></svg>\'',
        ),
        case(
            "writes an SVG with a file of the machine in it",
            "declares entities in its SVG",
            'echo \'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><title>&a;</title></svg>\'',
        ),
        case(
            "writes an SVG with a ``<script>``",
            "wrote an SVG with 'script' in it",
            "real | sed 's:</svg>:<script>alert(1)</script></svg>:'",
        ),
        case(
            "writes an SVG with ``onload``",
            "wrote an SVG with a script in 'onload'",
            "real | sed 's:<svg :<svg onload=\"alert(1)\" :'",
        ),
        case(
            "writes an SVG with a ``javascript:`` link",
            "wrote an SVG with a script in 'href'",
            "real | sed 's|</svg>|<a xlink:href=\"java script:alert(1)\"/></svg>|'",
        ),
        case(
            "writes an SVG with foreign content",
            "wrote an SVG with 'foreignObject' in it",
            "real | sed 's:</svg>:<foreignObject/></svg>:'",
        ),
        case(
            "has no room on the disk, and writes half",
            "exit code 1: write error: No space left on device.",
            "real | head -c 900 && echo 'write error: No space left on device' >&2 && exit 1",
        ),
        case(
            "may not write so large a file (SIGXFSZ)",
            "failed with ",
            "ulimit -f 1; exec head -c 100000 /dev/zero",
            "layout",
        ),
        case(
            "has a format missing, as before 2.40",
            'Format: "json0" not recognized. Use one of: dot.',
            "echo 'Format: \"json0\" not recognized. Use one of: dot' >&2; exit 1",
            "layout",
        ),
    ]
)


#: Other models, which ``dot`` draws as it should.
GOOD = ["good1", "good2", "good3"]
NETS = {
    "good1": "x InputLayer\ny Dense <- x\n-> y",
    "good2": "x InputLayer\na Dense <- x\nb Dense <- x\nc Add <- a, b\n-> c",
    "good3": "x InputLayer\na Conv2D/8 <- x\nb ReLU <- a\n-> b",
}


def mark(at: int) -> str:
    """What is in the DOT of a graph for which it fails."""
    return f"q{at}q"


def project_with(folder, faults, conf=""):
    """A project with models for which ``dot`` fails, among others; where each is asked for."""
    graphs = {f"mod_nets.{name}": model(text) for name, text in NETS.items()}
    targets = {}
    for at, fault in enumerate(faults):
        targets[fault] = f"mod_nets.bad{at}"
        graphs[targets[fault]] = model(f"{mark(at)} InputLayer\ny Dense <- {mark(at)}\n-> y")
    shown = [*targets.values()]
    for at, name in enumerate(GOOD):  # among them
        shown.insert(at * len(targets) // 2 + at, f"mod_nets.{name}")
    index, lines = page_of(shown)
    project = project_of(folder, graphs, f"kerasgraph_timeout = {TIMEOUT}\n{conf}", index=index)
    return project, {fault: f"index.rst:{lines[target]}" for fault, target in targets.items()}


#: What takes all of its time is mended first, or each further build would take it.
_SLOW = (HANGS, "wrote without end")


@dataclass
class Built:
    """Builds of a project, one after the other, with a ``dot`` that is mended bit by bit."""

    project: Project
    places: dict[Provoked, str]
    first: Build
    again: Build
    mended: Build
    alone: Build


def built(folder, dot, faults, builder="html", conf="") -> Built:
    """The project built with all faults, again with those that are quick, and with none.

    Again only as SVG: what a build remembers is the same for all.
    """
    project, places = project_with(folder, faults, conf)
    does = {mark(at): text for at, text in enumerate(faults.values())}
    slow = [mark(at) for at, fault in enumerate(faults) if fault.says in _SLOW]
    made = []
    with watched(folder) as environment:
        quick = {one: does[one] for one in does if one not in slow}
        for left in (does, quick, {}) if faults is AS_SVG else (does, {}):
            faulty = stand_in(folder / "faulty", dot, left)
            options = ("-j", "2", "-D", f"graphviz_dot={faulty}")
            build = project.build(builder, *options, env=environment)
            shutil.copytree(build.folder, folder / f"made{len(made)}")
            made.append(replace(build, folder=folder / f"made{len(made)}"))
            # Nothing is left of what was begun.
            assert [
                *made[-1].folder.rglob(".*ished*"),
                *made[-1].folder.rglob(".kerasgraph*"),
            ] == []
            if left is does:  # as the next build finds it
                kept = [*project.source.parent.rglob("kerasgraph/drawings/*")]
                assert len(kept) == len(GOOD) * (builder != "text")
    (folder / "alone").mkdir()
    alone, _ = project_with(folder / "alone", {}, conf)
    return Built(project, places, made[0], made[-2], made[-1], alone.build(builder))


@pytest.fixture(scope="module")
def svg(tmp_path_factory, dot):
    return built(tmp_path_factory.mktemp("svg"), dot, AS_SVG)


@pytest.mark.parametrize("fault", AS_SVG, ids=str)
def test_one_warning_in_its_place_until_it_is_mended(fault, svg):
    assert_told(fault, svg.first, svg.places[fault])
    if fault.says not in _SLOW:
        assert_told(fault, svg.again, svg.places[fault])


def test_no_other_warning_and_a_note_for_each_on_the_page(svg):
    slow = [fault for fault in AS_SVG if fault.says in _SLOW]
    assert len(svg.first.warnings) == len(AS_SVG)
    assert len(svg.again.warnings) == len(AS_SVG) - len(slow)
    page = svg.first.read("index.html")
    assert page.count("could not be drawn") == len(AS_SVG)
    assert "digraph" not in page
    assert "<script>alert" not in page


def test_all_others_are_as_if_alone(svg):
    assert len(svg.first.drawings()) == len(GOOD)
    assert_as_alone(svg.first, svg.alone)
    assert len(svg.first.images()) == len(GOOD)


def test_all_are_drawn_when_it_is_mended(svg):
    assert svg.mended.warnings == []
    assert len(svg.mended.drawings()) == len(AS_SVG) + len(GOOD)
    assert "could not be drawn" not in svg.mended.read("index.html")


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
