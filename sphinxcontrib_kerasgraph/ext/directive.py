"""``.. keras-model::``, which asks for a diagram. It is drawn in `transform.PlaceModels`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.ext.graphviz import figure_wrapper

from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.ext.asking import ModelDirective, classes_of
from sphinxcontrib_kerasgraph.ext.config import checked_config
from sphinxcontrib_kerasgraph.ext.nodes import keras_model
from sphinxcontrib_kerasgraph.ext.sizes import class_of_width
from sphinxcontrib_kerasgraph.settings import FigureOptions, InsideOptions

if TYPE_CHECKING:
    from docutils import nodes
    from docutils.nodes import Node
    from sphinx.util.docutils import SphinxDirective

    from sphinxcontrib_kerasgraph.ext.nodes import Figured
    from sphinxcontrib_kerasgraph.faults import Fault
    from sphinxcontrib_kerasgraph.target import ModelRequest


class KerasModel(ModelDirective):
    """Leaves a `keras_model` node, in a figure if it has a caption."""

    groups = options.DIRECTIVE

    def asked(self, request: ModelRequest, faults: list[Fault]) -> list[Node]:
        """The node, or the figure."""
        conf = checked_config(self.config)
        figure = options.parse_options(FigureOptions, self.options, conf, tell=faults.append)
        drawing = options.parse_drawing(self.options, conf, tell=faults.append)
        insides = options.parse_options(InsideOptions, self.options, conf, tell=faults.append)
        node = keras_model(
            "", request=request, options=drawing, insides=insides, faulty=bool(faults)
        )
        self.set_source_info(node)
        stand(node, figure)
        shown: nodes.Element = node
        if figure.caption is None:
            node["classes"] += classes_of(figure.figclass)
        else:
            shown = in_figure(self, node, figure)
        self.name_shown(shown, figure.name)
        return [shown]


def stand(node: Figured, given: FigureOptions) -> None:
    """Note on the node how it is to stand on the page."""
    node["classes"] = classes_of(given.class_)
    for name in ("alt", "align", "width", "height", "scale", "figwidth", "interactive"):
        value = getattr(given, name)
        if value is not None:
            node[name] = value


def in_figure(directive: SphinxDirective, node: Figured, given: FigureOptions) -> nodes.figure:
    """The node in a figure with the caption that is given, which may be empty."""
    # Typed for Sphinx's own directive and node, of which it asks no more than ours have.
    figure = figure_wrapper(directive, node, given.caption or "")  # type: ignore[arg-type]
    # Themes would have the figure float, and texts run around it.
    align = figure.attributes.pop("align", None)
    figure["classes"] += ["kerasgraph-figure", *classes_of(given.figclass)]
    if align is not None:
        node["align"] = align
        figure["classes"].append(f"kerasgraph-{align}")
    if given.figwidth is not None:
        figure["classes"].append(class_of_width(given.figwidth))
    return figure
