"""A model in a gallery: its name or a small drawing, which leads to its diagram."""

from __future__ import annotations

import posixpath
from contextlib import suppress
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.errors import NoUri
from sphinx.util.osutil import relative_uri

from sphinxcontrib_kerasgraph.ext.diagrams import alt_of
from sphinxcontrib_kerasgraph.ext.insides import drawn_node
from sphinxcontrib_kerasgraph.ext.links import in_project
from sphinxcontrib_kerasgraph.ext.pages import diagram_of, diagrams_of, pages_of

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.ext.nodes import keras_thumbnail
    from sphinxcontrib_kerasgraph.ext.place import Place
    from sphinxcontrib_kerasgraph.picture import Picture

#: What a thumbnail takes on a page of LaTeX, at most, in centimetres.
_WIDTH, _HEIGHT = 4.6, 4.6


def thumbnail(node: keras_thumbnail, place: Place) -> list[nodes.Element]:
    """The drawing, or the name, as a link where there is something to see. Raises `Fault`."""
    place.graph  # noqa: B018 - raises where there is none
    html = place.app.builder.format == "html" and place.app.builder.name != "epub"
    to = _in_project(node, place)
    to_drawing = to is None and html
    picture = None
    if place.build.image_format is not None and (node["picture"] or to_drawing):
        picture = _picture(node, place)
    found: nodes.Element = nodes.inline("", node["title"])
    if node["picture"]:
        if picture is None:
            return [nodes.inline("")]
        found = _drawing(place, picture, is_file=html)
    if picture is not None and to_drawing:
        to = _path(place, picture)
    if to is None or not isinstance(found, nodes.image | nodes.inline):
        return [found]
    return [nodes.reference("", "", found, refuri=to, internal=True)]


def _picture(node: keras_thumbnail, place: Place) -> Picture:
    asked, build = diagram_of(node), place.build
    picture = build.pictures.draw(
        place.graph, place.outcome.key, asked.options, asked.page_fraction, build.insides_of(asked)
    )
    place.report_unmet(picture.unmet)
    return picture


def _drawing(place: Place, picture: Picture, *, is_file: bool) -> nodes.Element:
    alt = alt_of(place.graph)
    image = picture.image
    if place.app.builder.format == "latex":
        wide = image.width * _HEIGHT > image.height * _WIDTH
        size = {"width": f"{_WIDTH}cm"} if wide else {"height": f"{_HEIGHT}cm"}
        return nodes.image("", uri=image.name, candidates={"?": ""}, alt=alt, **size)
    if is_file:
        more = {"loading": "lazy"}
        uri = _path(place, picture)
        return nodes.image("", uri=uri, candidates={"?": ""}, alt=alt, **more)
    drawn = drawn_node(picture, alt, {})
    drawn["number"], drawn["interactive"] = place.number, False
    return drawn


def _path(place: Place, picture: Picture) -> str:
    """The file of the drawing, from the page on."""
    builder = place.app.builder
    page = builder.get_target_uri(place.docname).partition("#")[0]
    return relative_uri(page, posixpath.join(builder.imagedir, picture.image.name))


def _in_project(node: keras_thumbnail, place: Place) -> str | None:
    """Where the project has a diagram of the model."""
    app = place.app
    for docname, id_ in diagrams_of(pages_of(app.env), node.request, app.tags):
        with suppress(NoUri):  # it isn't in this document
            return in_project(docname, id_, place.docname, app.builder)
    return None
