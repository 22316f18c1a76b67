"""Diagrams in HTML pages: every call and every edge, and the page around them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import svg
from config_graph import calls_and_edges
from ext_pages import PAGES
from sphinx_project import make_project
from zoo.catalogue import build


class Tags(HTMLParser):
    """The attributes of the elements of a page, by tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, list[dict[str, str]]] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.setdefault(tag, []).append(dict(attrs))

    def diagrams(self) -> list[dict[str, str]]:
        return [tag for tag in self.found.get("svg", []) if tag.get("role") == "graphics-document"]


def classes(tag: dict[str, str]) -> list[str]:
    return tag.get("class", "").split()


def pictures(html, page: str) -> list[str]:
    return html.drawings(f"{page}.html")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("mlp", "mlp"),
        ("branches", "branches"),
        ("custom", "custom"),
        ("resnet50", "ResNet50"),
        ("mobilenet", "MobileNetV3Small"),
        ("efficientnet", "EfficientNetB0"),
    ],
)
def test_every_call_is_a_box_and_every_edge_is_drawn(html, page, name):
    calls, edges = calls_and_edges(build(name))
    [picture] = pictures(html, page)
    assert sorted(svg.boxes(picture)) == sorted(calls)
    assert svg.edges(picture) == edges


def test_resnet50_has_177_boxes(html):
    assert len(svg.boxes(pictures(html, "resnet50")[0])) == 177


def test_every_diagram_of_a_page_is_drawn(html):
    sizes = [len(svg.boxes(picture)) for picture in pictures(html, "nested")]
    assert sizes[1:] == [3, 3, 2, 3]


def test_input_shape_reaches_the_model(html):
    texts = svg.texts(pictures(html, "nested")[1])
    assert "(None, 3)" in texts


def test_alt_is_made_from_the_model(html):
    [tag] = Tags(html.read("mlp.html")).diagrams()
    assert tag["aria-label"] == (
        "Diagram of mlp, a Sequential model with 2 layers and 101,770 parameters, "
        "from input (None, 784) to output (None, 10)."
    )


def test_alt_of_the_author_is_escaped(html):
    [tag] = Tags(html.read("branches.html")).diagrams()
    assert tag["aria-label"] == 'Two <branches> & "more"'


def test_caption_name_class_and_align(html):
    page = html.read("mlp.html")
    assert re.search(r'<figure[^>]* id="fig-mlp"', page)
    assert "A multilayer <em>perceptron</em>." in page
    divs = Tags(page).found["div"]
    assert any({"kerasgraph", "wide", "special"} <= set(classes(div)) for div in divs)
    assert 'href="mlp.html#fig-mlp"' in html.read("index.html")
    divs = Tags(html.read("branches.html")).found["div"]
    assert any(
        div.get("id") == "two-branches" and {"kerasgraph", "kerasgraph-right"} == set(classes(div))
        for div in divs
    )


def test_script_and_style_are_on_pages_with_a_diagram_alone(html):
    for asset in ("kerasgraph.js", "kerasgraph-page.css"):
        assert f'"_static/{asset}?' in html.read("mlp.html")
        assert f"_static/{asset}" not in html.read("index.html")
        assert f"_static/{asset}" not in html.read("search.html")
    assert re.search(r'<script defer="defer" src="_static/kerasgraph.js', html.read("mlp.html"))
    assert "light-dark" in html.read("_static/kerasgraph.css")


def test_models_are_built_in_one_batch_with_a_progress_line(html):
    lines = re.findall(r"building Keras models\.\.\. \[ *(\d+)%\] (.*)", html.output)
    assert len(lines) == 12
    assert lines[-1][0] == "100"


def test_png_with_its_image_map(tmp_path, known, compiled_dot):
    project = make_project(tmp_path, known=known, index=f"A\n=\n{PAGES['mlp']}")
    build = project.build("html", "-D", "kerasgraph_output_format=png")
    assert build.returncode == 0, build.output
    page = Tags(build.read("index.html"))
    [image] = [tag for tag in page.found["img"] if "kerasgraph" in tag["src"]]
    assert build.folder.joinpath(image["src"]).read_bytes().startswith(b"\x89PNG")
    assert image["alt"].startswith("Diagram of mlp")
    [image_map] = page.found["map"]
    assert image["usemap"] == f"#{image_map['id']}"
    titles = [area["title"] for area in page.found["area"]]
    assert "dense (Dense)\n128\n(None, 784) → (None, 128)\n100,480 parameters" in titles


def test_dpi_makes_bitmaps_larger_and_leaves_vectors_alone(tmp_path, known, dot):
    index = (
        "A\n=\n\n.. keras-model:: zoo.first.mlp\n   :dpi: 192\n\n.. keras-model:: zoo.first.mlp\n"
    )
    project = make_project(tmp_path, known=known, index=index)
    assert len(project.build("html").images()) == 1
    sizes = sorted(
        int.from_bytes(data[16:20], "big")
        for data in project.build("html", "-D", "kerasgraph_output_format=png", out="png")
        .images("png")
        .values()
    )
    assert sizes[1] == pytest.approx(2 * sizes[0], abs=2)


def test_markdown_page(tmp_path, dot):
    project = make_project(tmp_path, "extensions.append('myst_parser')\n")
    project.source.joinpath("index.md").write_text(
        "# A page\n\n```{keras-model} zoo.first.mlp()\n:show-shapes:\n:rankdir: lr\n"
        ":caption: In *Markdown*.\n```\n\n```{keras-model} zoo.first.mlp\n:show-shape: yes\n```\n"
        "\n```{keras-model} zoo.nets.Ranker\n---\ninput-shape:\n  user: []\n  item:\n  - 3\n"
        "input-dtype: {user: int32, item: float32}\nshow-params: null\nhide:\n  - Dense\n"
        "  - Embedding\n---\n```\n\n```{keras-model} zoo.nets.Ranker\n"
        ":input-shape: {user: [], item: [3]}\n:input-dtype: {user: int32, item: float32}\n"
        ":show-params: true\n:hide: [Dense, 'Embedding']\n```\n"
    )
    build = project.build("html")
    assert ["index.md:9: WARNING: keras-model" in warning for warning in build.warnings] == [True]
    assert "In <em>Markdown</em>." in build.read("index.html")
    # One is drawn without the option; the last two, in lines and in brackets, are the same.
    assert len(build.images()) == 3
