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
        shown = self._figure(node, figure)
        self.name_shown(shown, figure.name)
        return [shown]

    def _figure(self, node: keras_model, given: FigureOptions) -> nodes.Element:
        """The node, as it is to stand on the page, in a figure if it has a caption."""
        node["classes"] = classes_of(given.class_)
        for name in ("alt", "align", "width", "height", "scale", "figwidth", "interactive"):
            value = getattr(given, name)
            if value is not None:
                node[name] = value
        if given.caption is None:
            node["classes"] += classes_of(given.figclass)
            return node
        # Typed for Sphinx's own directive and node, of which it asks no more than ours have.
        figure = figure_wrapper(self, node, given.caption)  # type: ignore[arg-type]
        # Themes would have the figure float, and texts run around it.
        align = figure.attributes.pop("align", None)
        figure["classes"] += ["kerasgraph-figure", *classes_of(given.figclass)]
        if align is not None:
            node["align"] = align
            figure["classes"].append(f"kerasgraph-{align}")
        if given.figwidth is not None:
            figure["classes"].append(class_of_width(given.figwidth))
        return figure
