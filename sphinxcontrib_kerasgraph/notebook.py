"""Graphs and DOT that show themselves in notebooks: as a drawing, and in words.

By IPython's protocol ``_repr_mimebundle_``: the richest form that a notebook can show is shown.
"""

from __future__ import annotations

from typing import Any

import pydot

from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.faults import PYTHON, Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.label.words import sentence
from sphinxcontrib_kerasgraph.options import DrawOptions, FoldOptions, LayoutOptions, SelectOptions
from sphinxcontrib_kerasgraph.summary.table import summarize
from sphinxcontrib_kerasgraph.view.views import views


class ShownGraph(ModelGraph):
    """The `ModelGraph` of a model object; a notebook shows its drawing, and a terminal its rows."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The drawing that `plot_model` makes, and the layers as text.

        Where Graphviz is missing, or fails, the text says so.
        """
        graphviz, options = Graphviz(), DrawOptions()
        text = _text(self)
        try:
            fitted = fit.draw(
                views(self, options), options, fit.space_alone(LayoutOptions()), graphviz.lay_out
            )
            return {"text/plain": text, "image/svg+xml": _svg(graphviz, fitted.finished)}
        except Fault as fault:
            return {"text/plain": f"{text}\n\nNot drawn: {fault.told(PYTHON)}"}


class ShownDot(pydot.Dot):
    """DOT, laid out and drawn when a notebook shows it."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The drawing; the DOT as text where Graphviz is missing, or fails."""
        try:
            return {"image/svg+xml": _svg(Graphviz(), self.to_string())}
        except Fault:
            return {"text/plain": self.to_string()}


def _svg(graphviz: Graphviz, code: str) -> str:
    """The drawing, from its element on: what comes before can't stand in a page."""
    svg = graphviz.render(code, "svg").content.decode()
    return svg[svg.index("<svg") :]


def _text(graph: ModelGraph) -> str:
    summary = summarize(graph, SelectOptions(depth="all"), FoldOptions(), told_alone=True)
    found = [tuple(column.head for column in summary.columns)]
    found += [("  " * line.level + line.texts[0], *line.texts[1:]) for line in summary.lines()]
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in found
    )
    return "\n".join([sentence(graph), "", *lines])
