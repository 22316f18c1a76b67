"""What authors want drawings to look like: each example of the page, in HTML and in PDF."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer, LTFigure

from sphinx_project import make_project

PAGE = Path(__file__).parents[2].joinpath("docs/howto/style.rst").read_text()
#: What the page shows as examples; and the code of events.
EXAMPLES = [
    textwrap.dedent(one).strip()
    for one in re.findall(r"^\.\. example::\n\n((?:(?:   .*)?\n)+)", PAGE, re.MULTILINE)
]
KERAS, MONO, PAPER, STYLE, HIGHLIGHT, FROZEN, CONFIG = range(7)
EVENTS = textwrap.dedent(
    re.search(r"((?:   .*)?\n)*   from dataclasses import replace\n(   .*\n|\n)*", PAGE)[0]
).partition("conf.py\n")[2]

INDEX = "Styles\n======\n\n" + "\n\n.. raw:: latex\n\n   \\clearpage\n\n".join(EXAMPLES) + "\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make_project(
        tmp_path_factory.mktemp("styles"), "kerasgraph_cache_dir = '../cache'\n", index=INDEX
    )


@pytest.fixture(scope="module")
def html(project, dot):
    build = project.build()
    assert build.warnings == [], build.output
    return build


@pytest.fixture(scope="module")
def drawings(html):
    """The drawing of each example, in the page."""
    found = re.findall(r'<div class="sheet">(<svg.*?</svg>)', html.read("index.html"), re.DOTALL)
    assert len(found) == len(EXAMPLES) == 7
    return found


@pytest.fixture(scope="module")
def files(html):
    """The drawing of each example, in a file."""
    return html.drawings()


@pytest.fixture(scope="module")
def figures(project, html, compiled_dot):
    """The figure of each example, in the PDF."""
    build = project.build("latex")
    assert build.warnings == [], build.output
    assert "built" not in build.output.replace("built in", "")
    pages = extract_pages(build.pdf())
    found = [part for page in pages for part in page if isinstance(part, LTFigure)]
    assert len(found) == len(EXAMPLES)
    return [Figure(one) for one in found]


class Figure:
    """What is drawn in a PDF."""

    def __init__(self, figure):
        self.parts = list(walk(figure))
        characters = [one for one in self.parts if isinstance(one, LTChar)]
        self.text = "".join(one.get_text() for one in characters)
        self.inks = {color(one.graphicstate.ncolor) for one in characters}
        shapes = [one for one in self.parts if hasattr(one, "non_stroking_color")]
        self.grounds = {color(one.non_stroking_color) for one in shapes if one.fill}
        self.outlines = {color(one.stroking_color) for one in shapes if one.stroke}
        self.widths = {round(one.linewidth, 1) for one in shapes if one.stroke}
        self.dashed = any(one.stroke and any((one.dashing_style or ([],))[0]) for one in shapes)


def walk(part):
    for one in part:
        yield one
        if isinstance(one, LTContainer):
            yield from walk(one)


def color(value) -> str:
    channels = value if isinstance(value, tuple | list) else (value,) * 3
    channels = channels if len(channels) == 3 else tuple(channels) * 3
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def colors(svg: str) -> set[str]:
    return set(re.findall(r'(?:fill|stroke)="(#\w{6})"', svg))


def text(svg: str) -> str:
    return " ".join(re.sub("<title>.*?</title>|<[^>]*>", " ", svg, flags=re.DOTALL).split())


def is_grey(one: str) -> bool:
    return len({one[1:3], one[3:5], one[5:]}) == 1


def test_keras_has_titles_on_black(drawings, files, figures):
    assert 'class="keras"' in drawings[KERAS]
    assert 'class="full ink"' in drawings[KERAS]
    assert 'class="light' in drawings[KERAS]
    assert all(map(is_grey, colors(files[KERAS])))
    assert "#000000" in figures[KERAS].grounds
    assert {"#000000", "#ffffff"} <= figures[KERAS].inks


def test_mono_is_black_and_white(drawings, files, figures):
    assert 'class="mono"' in drawings[MONO]
    assert "tint" not in drawings[MONO]
    assert colors(files[MONO]) <= {"#000000", "#ffffff"}
    drawn = figures[MONO]
    assert drawn.grounds | drawn.outlines | drawn.inks <= {"#000000", "#ffffff"}


def test_paper_has_tints_and_no_stripes(drawings, files, figures):
    assert 'class="paper"' in drawings[PAPER]
    assert "tint" in drawings[PAPER]
    assert 'class="full' not in drawings[PAPER]
    assert "#edf0e8" in figures[PAPER].grounds  # of a dense layer
    assert 'stroke-width="0.8"' in files[PAPER]


def test_own_kind_has_its_colour_its_name_and_a_legend(drawings, files, figures):
    drawn = drawings[STYLE]
    own = re.search(r'class="full mine" color="([^"]+)"', drawn)[1]
    assert re.fullmatch(r"var\(--kerasgraph-features,light-dark\(#b5179e,#[0-9a-f]{6}\)\)", own)
    assert "#b5179e" in colors(files[STYLE])
    assert "#b5179e" in figures[STYLE].grounds
    for said in (text(drawn), text(files[STYLE])):
        assert "features" in said
        assert "convolution" in said
        assert "64 of 3×3" in said
        assert "256 · 3×3" in said  # the more specific rule has no label
    assert "features" in figures[STYLE].text


def test_highlighted_layers_stand_out_in_grey_too(drawings, files, figures):
    assert drawings[HIGHLIGHT].count("edge-accent marked") == 3  # boxes, and the legend
    assert "►" in text(files[HIGHLIGHT])
    assert {"#1d4ed8"} <= figures[HIGHLIGHT].outlines
    assert max(figures[HIGHLIGHT].widths) > min(figures[HIGHLIGHT].widths)
    assert "highlighted" in figures[HIGHLIGHT].text


def test_frozen_layers_are_dashed_in_their_colour(drawings, files, figures):
    assert drawings[FROZEN].count("edge-frozen dashed") == 2  # a box, and the legend
    assert "#0e6a85" in colors(files[FROZEN])
    assert "#0e6a85" in figures[FROZEN].outlines
    assert figures[FROZEN].dashed
    assert "not trainable" in text(files[FROZEN])


def test_entries_of_the_configuration_are_told(files, figures):
    assert "kernel_size 3×3 strides 1×1 padding same" in text(files[CONFIG])
    assert "kernel_size" in figures[CONFIG].text


def test_a_look_builds_no_model_and_reads_no_page(project, html):
    """What conf.py says of colours is looked up when pages are written."""
    conf = project.source / "conf.py"
    before = conf.read_text()
    style = "kerasgraph_style = {'Dense': {'color': '#b5179e'}}\n"
    try:
        conf.write_text(before + style)
        build = project.build()
    finally:
        conf.write_text(before)
    assert build.warnings == []
    assert "0 changed" in build.output
    assert "building Keras models" not in build.output
    assert "light-dark(#b5179e," in build.read("index.html")


def test_listeners_change_what_is_drawn(tmp_path, known, dot):
    index = "A\n=\n\n.. keras-model:: zoo.first.mlp\n\n.. keras-model:: zoo.first.branches\n"
    project = make_project(
        tmp_path,
        EVENTS,
        known=known,
        index=index,
    )
    build = project.build("html", "-j", "2")
    assert build.warnings == [], build.output
    one, other = re.findall("<svg.*?</svg>", build.read("index.html"), re.DOTALL)
    assert 'class="paper"' in one
    assert 'class="paper"' not in other
    assert all('color="light-dark(#c2410c,' in svg for svg in (one, other))
    # Without them nothing is left of it, though the cache is the same.
    conf = project.source / "conf.py"
    conf.write_text(conf.read_text().replace("def setup(app):", "def unused(app):"))
    again = project.build("html", "-E", "-a")
    assert "c2410c" not in again.read("index.html")


def test_wrong_styles_are_told_of(tmp_path, known, dot):
    conf = "kerasgraph_style = {'Dense': {'color': '#ffee00', 'label': '{unit}'}}\n"
    index = (
        "A\n=\n\n.. keras-model:: zoo.first.mlp\n"
        "\n.. keras-model:: zoo.first.mlp\n   :style: {'Dense': {'colour': '#ff0000'}}\n"
        "\n.. keras-model:: zoo.first.mlp\n   :style: {'Dnse': {'color': 'red'}}\n"
        "\n.. keras-model:: zoo.first.mlp\n   :style: {'Dnse': {'color': '#fd0'}}\n"
        "   :highlight: nothing_*\n"
    )
    build = make_project(tmp_path, conf, known=known, index=index).build()
    told = "\n".join(build.warnings)
    # That of conf.py once, where it stands.
    [whole] = [one for one in build.warnings if "the color '#ffee00'" in one]
    assert "conf.py:" in whole
    assert "kerasgraph_style: 'Dense': text can't be read" in whole
    assert "[kerasgraph.style]" in whole
    [own] = [one for one in build.warnings if "the color '#ffdd00'" in one]
    assert "index.rst:12: " in own
    assert "':style: Dnse': text can't be read" in own
    assert "[kerasgraph.style]" in own
    assert "':style: Dense': Dense has no field 'unit'" in told
    assert "has no key 'colour'. Did you mean 'color'?" in told
    assert "The color of 'Dnse' is 'red'." in told
    assert "':style: Dnse' matches no call" in told
    assert "':highlight: nothing_*' matches no call" in told
    assert build.read("index.html").count('<div class="sheet">') == 4
