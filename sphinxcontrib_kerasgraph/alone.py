"""A drawing for a page of its own, without Sphinx: to be explored, with its links, in no file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.fit import PAGE
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph.public_names import names_of
from sphinxcontrib_kerasgraph.pictures import Pictures
from sphinxcontrib_kerasgraph.store import Store
from sphinxcontrib_kerasgraph.web.links import Templates, classes, linked, with_links

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.selection import Unmet


@dataclass(frozen=True)
class Alone:
    """As `picture.Explorable`, with links to the official pages."""

    svg: str
    data: str
    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()
    #: What ``dot`` complained of, and what of the drawing isn't there.
    complaints: tuple[str, ...] = ()


def alone(graph: ModelGraph, options: DrawOptions, graphviz: Graphviz) -> Alone:
    """The drawing of the graph, in which all closed blocks open.

    Raises `Fault` ``graphviz``; `OSError` if the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        images, kept = Path(folder, "images"), Store(Path(folder, "kept"))
        pictures = Pictures(graphviz, "svg", images, (PAGE.width, PAGE.height or 0), kept)
        picture = pictures.draw(graph, "", options, 1)
    if picture.explorable is None:
        raise Fault("graphviz", picture.lacking, "Use another release of Graphviz.")
    templates = Templates({})
    found = {name: _url(templates, name) for name in classes(graph.graph)}
    links = {name: url for name, url in found.items() if url is not None}
    return Alone(
        linked(picture.explorable.svg, links),
        with_links(picture.explorable.data, links),
        picture.unmet,
        tuple(filter(None, (picture.image.complaints, picture.lacking))),
    )


def _url(templates: Templates, name: str) -> str | None:
    """The official page of a class."""
    return next(filter(None, map(templates.url, names_of(name))), None)
