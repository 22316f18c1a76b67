"""The drawing of a graph as the page has it."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.fit import PAGE
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.label.words import sentence
from sphinxcontrib_kerasgraph.option_fields import on_page
from sphinxcontrib_kerasgraph.pictures import Pictures
from sphinxcontrib_kerasgraph.store import Store
from sphinxcontrib_kerasgraph.web.links import Templates, classes, linked, with_links

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions


@dataclass(frozen=True)
class Drawn:
    """What the page needs of a drawing."""

    svg: str
    #: The script that tells of it, and its name, which tells it and the drawing from others.
    script: str
    name: str
    #: The model in a sentence.
    sentence: str
    #: What the options ask for in vain, and what ``dot`` complained of.
    complaints: tuple[str, ...] = ()


def drawn(graph: ModelGraph, options: DrawOptions, timeout: float) -> Drawn:
    """The drawing of a graph. Raises `Fault` ``graphviz``; `OSError` if the disk is full."""
    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        place = Path(folder)
        pictures = Pictures(
            Graphviz(timeout=timeout),
            "svg",
            place / "images",
            (PAGE.width, PAGE.height or 0),
            Store(place / "kept"),
        )
        picture = pictures.draw(graph, "", options, 1)
    if picture.explorable is None:
        raise Fault("graphviz", picture.lacking)
    templates = Templates({})
    links = {name: url for name in classes(graph.graph) if (url := templates.url(name))}
    svg = linked(picture.explorable.svg, links)
    script = f"kerasgraph({with_links(picture.explorable.data, links)})\n"
    name = hashlib.sha256(f"{svg}{script}".encode()).hexdigest()[:32]
    unmet = [one.in_words(f"--{on_page(one.option or '')} {{asked}}") for one in picture.unmet]
    complaints = [one for one in (picture.image.complaints, picture.lacking) if one]
    return Drawn(svg, script, f"{name}.js", sentence(graph), (*unmet, *complaints))
