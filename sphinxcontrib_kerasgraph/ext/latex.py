"""Diagrams in LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.latex import LaTeXTranslator

    from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph

_ALIGNED = {
    "left": "\\noindent{\\raggedright %s\\par}",
    "center": "\\noindent{\\centering %s\\par}",
    "right": "\\noindent{\\raggedleft %s\\par}",
}

#: Sphinx shrinks an image to the height of the page. A caption, or the heading of a chapter, needs
#: its room beside it.
_MAX_HEIGHT = (
    "\\expandafter\\ifx\\csname spx@image@maxheight\\endcsname\\relax\\else"
    "\\csname spx@image@maxheight\\endcsname=%s\\textheight\\fi"
)
_IN_FIGURE = _MAX_HEIGHT % ".85"
_ALONE = _MAX_HEIGHT % ".7"


def visit(translator: LaTeXTranslator, node: kerasgraph) -> None:
    """Include the PDF, shrunk to the text block if it is larger."""
    include = f"\\sphinxincludegraphics[]{{{node['image'].name}}}"
    if isinstance(node.parent, nodes.figure):
        include = f"{{{_IN_FIGURE}{include}}}"
    else:
        include = _ALIGNED[node.get("align", "center")] % f"{_ALONE}{include}"
    for id_ in node["ids"]:
        translator.body.append(translator.hypertarget(id_))
    translator.body.append(f"\n{include}\n")
    raise nodes.SkipNode
