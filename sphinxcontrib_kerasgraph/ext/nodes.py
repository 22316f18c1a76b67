"""The doctree nodes: a request for a diagram, and the drawn diagram that takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.ext.graphviz import graphviz

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.settings import InsideOptions
    from sphinxcontrib_kerasgraph.target import ModelRequest


class keras_model(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801 - as docutils has it
    """Stands for a diagram until the page is written; in a text if a substitution put it there.

    Attributes: ``request``, a `ModelRequest`; ``options``, a `DrawOptions`; ``insides``, an
    `InsideOptions`; ``faulty``, whether one of them had to be left out; ``alt``, ``align`` and
    ``classes`` as of Sphinx's ``graphviz``; ``width``, ``height``, ``scale``, ``figwidth`` and
    ``interactive`` as of `FigureOptions`. Small, since doctrees are pickled.
    """

    @property
    def request(self) -> ModelRequest:
        """Which model is wanted."""
        request: ModelRequest = self["request"]
        return request

    @property
    def options(self) -> DrawOptions:
        """How it is drawn."""
        options: DrawOptions = self["options"]
        return options

    @property
    def insides(self) -> InsideOptions:
        """How what is inside of closed blocks is shown."""
        insides: InsideOptions = self["insides"]
        return insides


class kerasgraph(graphviz):  # noqa: N801
    """A drawn diagram. A graphviz node of Sphinx whose image is there already.

    Beside the attributes of its base, and those of the request that say how it stands on the page,
    it has ``image``, a `RenderedImage`; ``explorable``, an `Explorable`, of SVG; ``links``, where
    classes in it are documented; and ``number``, its place on the page. Visitors of ours write
    it, since those of `sphinx.ext.graphviz` don't escape ``alt``, leave DOT on the page when
    ``dot`` is missing, and write images in place.
    """
