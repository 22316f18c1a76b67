"""Whatever ``dot`` does, the build ends, tells it in its place, and draws all others."""

from __future__ import annotations

import pytest

from failing_dot import GOOD, HANGS, SLOW, built, case
from provoked import assert_as_alone, assert_told

pytestmark = pytest.mark.slow  # builds of a hundred faults

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


@pytest.fixture(scope="module")
def svg(tmp_path_factory, dot):
    return built(tmp_path_factory.mktemp("svg"), dot, AS_SVG, again=True)


@pytest.mark.parametrize("fault", AS_SVG, ids=str)
def test_one_warning_in_its_place_until_it_is_mended(fault, svg):
    assert_told(fault, svg.first, svg.places[fault])
    if fault.says not in SLOW:
        assert_told(fault, svg.again, svg.places[fault])


def test_no_other_warning_and_a_note_for_each_on_the_page(svg):
    slow = [fault for fault in AS_SVG if fault.says in SLOW]
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
