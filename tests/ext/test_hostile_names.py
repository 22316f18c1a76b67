"""Names of any kind wherever a name goes: drawn literally, and nothing in them comes alive."""

from __future__ import annotations

import functools
import html
import json
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from hostile import ALIVE, NAMES, as_file, id_of, named
from provoked import Provoked
from sphinx_project import make_project, text_of_pdf
from sphinxcontrib_kerasgraph.printable import printable

CUT = {"10,000 characters"}
LITERAL = [
    Provoked(
        "A name",
        f"has {kind}",
        "",
        "shortened, with the whole in the panel"
        if kind in CUT
        else "drawn literally"
        if printable(name) == name
        else "drawn with a stand-in for each character that can't be shown",
    )
    for kind, name in NAMES.items()
]
NAME_OF = {fault: NAMES[fault.what.removeprefix("has ")] for fault in LITERAL}
PAGE = """
Hostile
=======

.. keras-model:: hostile.json
   :show-layer-names:
   :view: overview
   :caption: ``<script>window.alive=1</script>`` *caption* ``\\N``

.. keras-model:: mod_hostile.net
   :view: overview

.. keras-summary:: hostile.json
   :columns: name, class, connected, units

.. keras-diff:: hostile.json other.json
   :as: table
"""
CONF = """
copyright = "us"
version = release = "1"
man_pages = [("index", "page", "a page", "us", 1)]
kerasgraph_cache_dir = "../cache"
suppress_warnings = ["kerasgraph.oversize"]
"""
MODULE = f"""
import keras
from keras import layers
NAMES = {[name for name in NAMES.values() if "/" not in name]!r}

def net():
    inputs = x = keras.Input((8,))
    for name in NAMES:
        of_class = name.replace("\\0", "").encode(errors="replace").decode()
        x = type(of_class, (layers.Dense,), {{}})(8, name=name)(x)
    return keras.Model(inputs, x, name=NAMES[0])
"""
TITLE = "{http://www.w3.org/1999/xlink}title"
_SVG = "{http://www.w3.org/2000/svg}"


def squeezed(text: str) -> str:
    return re.sub(r"[\s\xa0\u200b]", "", text)


def shown(name: str) -> str:
    """As a drawing or table tells it, without spaces."""
    return squeezed(printable(id_of(name))[:50])


def tooltip(name: str) -> str:
    """The first line of a tooltip of the layer; Graphviz makes spaces of several unbroken."""
    of_class = name.rpartition(".")[2]
    return printable(f"{id_of(name)} ({of_class})").replace("\xa0", " ")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("hostile"), CONF, index=PAGE, mod_hostile=MODULE)
    graph = named(*NAMES.values(), model=NAMES["a script"])
    project.source.joinpath("hostile.json").write_text(as_file(graph))
    other = named(*list(NAMES.values())[::-1], model=NAMES["DOT"])
    project.source.joinpath("other.json").write_text(as_file(other))
    return project


@pytest.fixture(scope="module")
def built(project, compiled_dot):
    """Builds the project by a builder; each once."""

    @functools.cache
    def build(builder, *options, out=None):
        made = project.build(builder, "-j", "2", *options, out=out)
        assert (made.warnings, made.returncode) == ([], 0), made.output[-3000:]
        return made

    return build


@functools.cache
def text_of(path):
    return squeezed(path.read_text("utf-8"))


class Elements(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@functools.cache
def tooltips(path):
    root = ET.parse(path).getroot()
    return [link.get(TITLE).replace("\xa0", " ") for link in root.iter(f"{_SVG}a")]


@functools.cache
def told(folder):
    """The calls that the panels of the page's diagrams tell of."""
    found = []
    for path in folder.joinpath("_images").glob("kerasgraph-*.js"):
        text = path.read_text("utf-8").strip()
        found += json.loads(text.removeprefix("kerasgraph(").removesuffix(")"))["calls"]
    return found


@pytest.mark.parametrize("fault", LITERAL, ids=str)
def test_a_name_is_told_literally(fault, built):
    name = NAME_OF[fault]
    page = built("html")
    pictures = page.folder.rglob("kerasgraph-*.svg")
    every = {line for path in pictures for tip in tooltips(path) for line in tip.split("\n")}
    path = printable(id_of(name))
    if len(name) < 100:
        assert tooltip(name) in every
    assert shown(name) in squeezed("".join(every))
    assert path in {call["path"] for call in told(page.folder)}  # the whole
    for builder, file in [("text", "index.txt"), ("xml", "index.xml")]:
        text = text_of(built(builder).folder / file)
        assert shown(name) in (html.unescape(text) if builder == "xml" else text)


def test_pages_have_no_foreign_elements(built):
    for page in (built("html"), built("dirhtml"), built("singlehtml")):
        found = Elements(page.read("index.html"))
        assert found.tags.isdisjoint({"b", "iframe", "foreignobject", "object", "embed"})
        assert [one for one in found.attributes if one[0].startswith("on")] == []
        assert [one for one in found.attributes if "javascript:" in (one[1] or "")[:12]] == []
        assert ALIVE not in "".join(re.findall(r"<script.*?</script>", page.read("index.html")))


def test_all_of_xml_is_well_formed(built):
    ET.parse(built("xml").folder / "index.xml")
    built("pseudoxml")
    for path in built("html").folder.rglob("kerasgraph-*.svg"):
        ET.parse(path)
    book = built("epub")
    [path] = book.folder.glob("*.epub")
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name.endswith((".xhtml", ".opf", ".ncx")):
                ET.fromstring(file.read(name))


@pytest.mark.parametrize(
    ("builder", "file"), [("text", "index.txt"), ("man", "page.1"), ("texinfo", "test.texi")]
)
def test_plain_files_have_no_control_characters(built, builder, file):
    text = built(builder).folder.joinpath(file).read_bytes().decode()
    # The caption is its author's.
    lines = [line for line in text.split("\n") if "caption" not in line]
    assert [line for line in lines if printable(bare := line.replace("\t", " ")) != bare] == []
    assert max(map(len, lines)) < 100_000


def test_nothing_comes_alive_in_formats_with_commands(built):
    man = built("man").read("page.1").split("\n")
    assert sum(line.startswith(".TH") for line in man) == 1
    texinfo = built("texinfo").read("test.texi").split("\n")
    assert sum(line.startswith("@bye") for line in texinfo) == 1


def test_a_pdf_says_all_names(built):
    text = text_of_pdf(built("latex").pdf(), "-raw")
    text = squeezed(text).replace("-", "")  # which hyphenation adds
    for name in NAMES.values():
        if name.isascii() and name.isprintable():
            assert shown(name).replace("-", "") in text, name


def test_maps_of_bitmaps_tell_all_names(built):
    page = built("html", "-D", "kerasgraph_output_format=png", out="png").read("index.html")
    titles = {
        line.replace("\xa0", " ")
        for title in re.findall(r'<area [^>]*title="([^"]*)"', page)
        for line in html.unescape(title).split("\n")
    }
    for name in NAMES.values():
        if len(name) < 100:
            assert tooltip(name) in titles


def test_catalogs_and_others_are_built(built):
    for builder in ("gettext", "dummy", "changes", "linkcheck"):
        built(builder)


def test_words_of_any_length_cost_no_time(tmp_path, within):
    long = "n" * 100_000
    page = "A\n=\n\n.. keras-model:: long.json\n\n.. keras-summary:: long.json\n"
    project = make_project(tmp_path, "kerasgraph_cache_dir = '../cache'\n", index=page)
    project.source.joinpath("long.json").write_text(as_file(named(long, "x", model=long)))
    build = within(120, project.build, "text")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert "with 4 layers" in build.read("index.txt").replace("\n", " ")
    assert len(build.read("index.txt")) < 20_000
