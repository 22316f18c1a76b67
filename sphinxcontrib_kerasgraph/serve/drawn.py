"""The drawing of a graph as the page has it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.alone import alone
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.label.words import sentence
from sphinxcontrib_kerasgraph.option_fields import on_page

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
    made = alone(graph, options, Graphviz(timeout=timeout))
    script = f"kerasgraph({made.data})\n"
    name = hashlib.sha256(f"{made.svg}{script}".encode()).hexdigest()[:32]
    unmet = [one.in_words(f"--{on_page(one.option or '')} {{asked}}") for one in made.unmet]
    return Drawn(made.svg, script, f"{name}.js", sentence(graph), (*unmet, *made.complaints))
