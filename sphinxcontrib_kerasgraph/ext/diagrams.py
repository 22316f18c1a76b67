"""A diagram in the place of its request; or words, for builders that show no images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph.ext.insides import InsideFigures, drawn_node
from sphinxcontrib_kerasgraph.ext.pages import diagram_of
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.ext.nodes import Figured, keras_model
    from sphinxcontrib_kerasgraph.ext.place import Place
    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: Smaller text than this, in points, isn't read without a lens.
_LEAST_FONT_SIZE = 5

_OVERSIZE_ADVICE = (
    "Use ':view: overview', draw part of the model with ':from:', ':to:' or ':hide:', or close "
    "blocks with ':collapse:'."
)


def diagram(node: keras_model, place: Place) -> list[nodes.Element]:
    """The drawn diagram, and what stands below it. Raises `Fault`, and errors of drawing."""
    graph = place.graph
    alt = node.get("alt") or alt_of(graph)
    if place.build.image_format is None:
        return _in_words(node, place, graph, alt)
    return draw(node, place, graph, place.outcome.key, alt)


def alt_of(graph: ModelGraph) -> str:
    """What is told to those who don't see the drawing of the model."""
    # Imported when the first diagram is drawn, not when Sphinx starts.
    from sphinxcontrib_kerasgraph.label.words import sentence

    return _("Diagram of {sentence}", sentence=sentence(graph))


def _in_words(node: keras_model, place: Place, graph: ModelGraph, alt: str) -> list[nodes.Element]:
    from sphinxcontrib_kerasgraph.ext.table import Tables, divide_man, is_in_table
    from sphinxcontrib_kerasgraph.summary.table import summarize

    summary = summarize(graph, node.options.select, node.options.simplify, told_alone=True)
    place.report_unmet(summary.unmet)
    tables = Tables(summary, {}, place.app.builder.format)
    # Most writers can't write a table in a table.
    in_table = is_in_table(node)
    shown = [tables.items()] if in_table else tables.table(nodes.table(""))
    told: list[nodes.Element] = [nodes.paragraph("", alt), *shown]
    if not in_table and place.app.builder.format == "man":
        divide_man(node, told)
    return told


def draw(  # noqa: PLR0913, PLR0917 - what decides a drawing
    node: Figured,
    place: Place,
    graph: ModelGraph,
    key: str,
    alt: str,
    statements: Sequence[str] | None = None,
) -> list[nodes.Element]:
    """The drawn graph, for which the key stands, and what stands below it.

    The list below the drawing has the statements, if there are any, in place of the layers. Raises
    `Fault`, and errors of drawing.
    """
    from sphinxcontrib_kerasgraph.web.links import classes

    asked, build, builder = diagram_of(node), place.build, place.app.builder
    picture = build.pictures.draw(
        graph, key, asked.options, asked.page_fraction, build.insides_of(asked)
    )
    place.report_unmet(picture.unmet)
    _report_size(place, picture.scale)
    complaints = picture.image.complaints
    if complaints:
        advice = "Give a smaller ':dpi:', or use SVG." if "too large" in complaints else ""
        place.report(Fault("graphviz", f"dot complained: {complaints}.", advice))
    if picture.lacking:
        place.report(Fault("graphviz", picture.lacking))
    links = build.links.of(classes(graph.graph), place.app.env.docname, builder)
    below = InsideFigures(picture, place.docname, place.number)
    links = {**links, **below.links(builder)}
    drawn = drawn_node(picture, alt, links)
    drawn["classes"] = node["classes"]
    drawn["number"] = place.number
    if picture.explorable is not None:
        from sphinxcontrib_kerasgraph.ext.table import items_to_list
        from sphinxcontrib_kerasgraph.summary.outline import Item, outline

        items = outline(graph) if statements is None else tuple(map(Item, statements))
        if items:
            drawn += items_to_list(items)
        drawn["listed"] = _("Layers as text") if statements is None else _("Differences as text")
    for name in ("align", "width", "height", "scale", "figwidth", "interactive"):
        if name in node:
            drawn[name] = node[name]
    drawn.source, drawn.line = node.source, node.line
    return [drawn, *below.nodes(links)]


def _report_size(place: Place, scale: float) -> None:
    from sphinxcontrib_kerasgraph.draw.theme import SMALL_FONT_SIZE

    size = SMALL_FONT_SIZE * scale
    if size < _LEAST_FONT_SIZE:
        message = f"On a page of LaTeX the text of the drawing is {size:.1f} points high."
        place.report(Fault("oversize", message, _OVERSIZE_ADVICE))
