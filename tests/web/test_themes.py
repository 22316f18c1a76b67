"""Drawings in every theme, with colours of their author: as classes, and plain for books."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sphinxcontrib_kerasgraph
from make_graphs import model
from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.draw.hooks import Hooks
from sphinxcontrib_kerasgraph.draw.theme import THEMES
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.view.views import views
from sphinxcontrib_kerasgraph.web.explore import page_drawing
from sphinxcontrib_kerasgraph.web.plain import plain

CSS = Path(sphinxcontrib_kerasgraph.__file__).parent.joinpath("static/kerasgraph.css").read_text()
NET = """
x InputLayer
a Dense/64 <- x
block Block <- a
    b Conv2D/64 <- ^
    c ReLU <- b
    -> c
d Conv2D/64 <- block
e MaxPooling2D <- block
f Add <- d, e
-> f
"""
STYLE = {"Conv2D": {"kind": "mine", "color": "#7a1fa2"}, "Add": {"color": "#0b5c7a"}}


def drawn(dot: str, hooks: Hooks | None = None, **options) -> tuple[str, str]:
    """The SVG of Graphviz, and ours."""
    settings = DrawOptions.of(legend=True, style=STYLE, highlight="a, c", depth=1, **options)
    found = views(model(NET), settings)
    graphviz = Graphviz(dot)
    more = () if hooks is None else (hooks,)
    fitted = fit.draw(found, settings, fit.COLUMN, graphviz.lay_out, *more)
    svg = graphviz.render(fitted.finished, "svg").content
    graph = found[0].selected.graph
    made = page_drawing(svg, fitted.arranged.scene, graph, is_open=hooks is not None)
    return svg.decode(), made.svg


def colors(svg: str) -> set[str]:
    return set(re.findall(r'(?:fill|stroke)="(#\w{6})"', svg)) - {"#ffffff"}


@pytest.mark.parametrize("view", ["full", "overview"])
@pytest.mark.parametrize("theme", THEMES)
def test_books_have_the_colours_of_files(dot, theme, view):
    file, page = drawn(dot, theme=theme, view=view)
    assert colors(plain(page, "x")) == colors(file.replace('"black"', '"#000000"'))
    own = {"#7a1fa2", "#0b5c7a"}
    named = set(re.findall(r"light-dark\((#\w+),", page))
    assert named == (set() if theme == "mono" else own)


@pytest.mark.parametrize("theme", THEMES)
def test_each_class_is_in_the_style_sheet(dot, theme):
    for view in ("full", "overview"):
        _, page = drawn(dot, theme=theme, view=view)
        used = {name for said in re.findall('class="([^"]+)"', page) for name in said.split()}
        assert {name for name in used - {"plain"} if f".{name}" not in CSS} == set()


def test_colours_that_someone_puts_into_a_drawing_are_let_through(dot):
    def changed(made):
        for node in made.get_nodes():
            label = node.get("label") or ""
            node.set("label", label.replace('color="#3e35c4"', 'color="#c2410c"'))
        for edge in made.get_edges():
            edge.set("color", '"#c2410c"')
            edge.set("penwidth", 3)
        return made

    _, page = drawn(dot, Hooks(dot=changed), view="full")
    assert 'edge-mine" color="light-dark(#c2410c,#' in page
    book = plain(page, "x")
    assert "#c2410c" in colors(book)
    # The heads of lines, too.
    for one, color in ((page, 'color="light-dark(#c2410c,'), (book, 'fill="#c2410c"')):
        heads = re.findall("<marker.*?</marker>", one, re.DOTALL)
        assert heads
        assert all(color in head for head in heads)
    with pytest.raises(ValueError, match="none of the"):
        settings = DrawOptions.of()
        found = views(model(NET), settings)
        graphviz = Graphviz(dot)
        fitted = fit.draw(found, settings, fit.COLUMN, graphviz.lay_out, Hooks(dot=changed))
        svg = graphviz.render(fitted.finished, "svg").content
        page_drawing(svg, fitted.arranged.scene, found[0].selected.graph)
