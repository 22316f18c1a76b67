"""Requests become diagrams, when a page is about to be written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.nodes import keras_model, kerasgraph
from sphinxcontrib_kerasgraph.ext.report import report, warn
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from docutils import nodes

    from sphinxcontrib_kerasgraph.ext.render import Renderer
    from sphinxcontrib_kerasgraph.graph import ModelGraph


class DrawModels(SphinxPostTransform):
    """Puts a drawn diagram, a table, or the note of a fault in the place of each request.

    Sphinx runs post-transforms in its main process, also with ``-j N``; so what failed is known
    there.
    """

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Draw every diagram of the document."""
        wanted = list(self.document.findall(keras_model))
        build = build_of(self.env)
        if not wanted or not build.draws:
            return
        answers = build.answers(node.request for node in wanted)
        for node in wanted:
            result = answers[node.request].result
            drawn: list[nodes.Element]
            try:
                if isinstance(result, Fault):
                    raise result
                drawn = self._drawn(node, result, build.renderer)
            except Fault as fault:
                build.failed.add(node.request)
                drawn = [report(fault, node.request.target, node)]
            for name in ("ids", "names"):
                drawn[0][name].extend(node[name])
            node.replace_self(drawn)

    def _drawn(
        self, node: keras_model, graph: ModelGraph, renderer: Renderer
    ) -> list[nodes.Element]:
        # Imported when the first diagram is drawn, not when Sphinx starts.
        from sphinxcontrib_kerasgraph.draw.words import sentence

        image_format = build_of(self.env).image_format
        alt = node.get("alt") or f"Diagram of {sentence(graph)}"
        if image_format is None:
            from sphinxcontrib_kerasgraph.ext.table import graph_to_table

            return graph_to_table(graph, alt)
        from sphinxcontrib_kerasgraph.draw.dot import graph_to_dot

        options = node.options if image_format == "png" else replace(node.options, dpi=None)
        code = graph_to_dot(graph, options).to_string()
        image = renderer.render(code, image_format)
        if image.complaints:
            advice = (
                "Give a smaller ':dpi:', or use SVG." if "too large" in image.complaints else ""
            )
            fault = Fault("graphviz", f"dot complained: {image.complaints}.", advice)
            warn(fault, node.request.target, node)
        drawn = kerasgraph(code=code, options={}, alt=alt, image=image, classes=node["classes"])
        if "align" in node:
            drawn["align"] = node["align"]
        drawn.source, drawn.line = node.source, node.line
        return [drawn]
