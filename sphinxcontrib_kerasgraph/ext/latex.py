"""Diagrams in LaTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.writers.latex import rstdim_to_latexdim

from sphinxcontrib_kerasgraph.ext.sizes import latex_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
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
_ALONE = 0.7
_IN_FIGURE = 0.92
#: What a caption of one line takes, and each further line; of the page, and how long a line is.
_CAPTION, _LINE, _CHARACTERS = 0.06, 0.02, 85

#: Paper by the names that LaTeX's classes have for it, in points.
_PAPER = {"a4paper": (595, 842), "letterpaper": (612, 792), "a5paper": (420, 595)}
_MARGIN = 72


#: A drawing, and links over it. LaTeX leaves out those in a PDF that it includes.
#: ``\kerasgraphlink`` lays what makes a link of its argument over a part of the drawing: how far
#: from the left and from below, how wide and how high, as parts of the whole.
_PREAMBLE = r"""
\newsavebox\kerasgraphbox
\newcommand\kerasgraph[2]{\leavevmode\sbox\kerasgraphbox{#1}%
  \hbox{\rlap{\copy\kerasgraphbox}#2\hskip\wd\kerasgraphbox}}
\newcommand\kerasgraphlink[5]{\rlap{\hskip#1\wd\kerasgraphbox
  \raise#2\ht\kerasgraphbox\hbox{\XeTeXLinkMargin0pt#5{\XeTeXLinkBox{\vrule width0pt
  height#4\ht\kerasgraphbox depth0pt \hskip#3\wd\kerasgraphbox}}}}}
"""


#: A sign that pdflatex may not know, of which a document would fail; those that know all have it
#: as it is.
_SIGN = r"\newcommand\kerasgraphsign[1]{#1}"
_SIGN_OF_PDFLATEX = r"""
\protected\def\kerasgraphsign#1{\ifcsname u8:\detokenize{#1}\endcsname#1\else
  {\fboxsep1pt\fbox{\tiny?}}\fi}
"""

_SIGNS = {"−": r"\ensuremath{-}", "⇄": r"\ensuremath{\leftrightarrow}"}
#: The same, and what isn't in all fonts of LaTeX.
_RARE = re.compile(f"([{''.join(_SIGNS)}]|[^\0-\u017f])")


def add_macros(_app: Sphinx, config: Config) -> None:
    """Add what draws links to the preamble; on ``config-inited``."""
    elements = config.latex_elements
    sign = _SIGN_OF_PDFLATEX if config.latex_engine == "pdflatex" else _SIGN
    preamble = f"{elements.get('preamble', '')}{_PREAMBLE}{sign}"
    config.latex_elements = {**elements, "preamble": preamble}


def text_block(config: Config) -> tuple[float, float]:
    """Width and height in points of the text on a page, with the margins that Sphinx sets."""
    paper = config.latex_elements.get("papersize", "letterpaper")
    width, height = _PAPER.get(paper, _PAPER["letterpaper"])
    return width - 2 * _MARGIN, height - 2 * _MARGIN


def written(text: str, output: str) -> list[nodes.Node]:
    """The text, with signs as LaTeX writes them where it doesn't know them as letters."""
    if output != "latex":
        return [nodes.Text(text)]
    return [
        nodes.raw("", _SIGNS.get(part, rf"\kerasgraphsign{{{part}}}"), format="latex")
        if _RARE.fullmatch(part)
        else nodes.Text(part)
        for part in _RARE.split(text)
        if part
    ]


def typeset(element: nodes.Element) -> None:
    """Have all texts of what is in a document of LaTeX be `written`."""
    for text in list(element.findall(nodes.Text)):
        if not isinstance(text.parent, nodes.raw) and _RARE.search(text):
            text.parent.replace(text, written(text, "latex"))


def page_fraction(node: nodes.Element) -> float:
    """How much of the height of a page a diagram may take, at most 1."""
    if not isinstance(node.parent, nodes.figure):
        return _ALONE
    captions = [child.astext() for child in node.parent if isinstance(child, nodes.caption)]
    lines = len("".join(captions)) // _CHARACTERS
    return max(_ALONE, min(_IN_FIGURE, 1 - _CAPTION - _LINE * lines))


def visit(translator: LaTeXTranslator, node: kerasgraph) -> None:
    """Include the PDF, shrunk to the text block if it is larger."""
    include = f"\\sphinxincludegraphics[{latex_options(node)}]{{{node['image'].name}}}"
    if links := "".join(_links(translator, node)):
        include = f"\\kerasgraph{{{include}}}{{{links}}}"
    if not isinstance(node.parent, nodes.figure):
        translator.body.append("\n\n")  # not all that writes a text ends its paragraph
    include = f"{_MAX_HEIGHT % f'{page_fraction(node):.2f}'}{include}"
    if "figwidth" in node:
        width = rstdim_to_latexdim(node["figwidth"])
        include = f"\\begin{{minipage}}{{{width}}}\\centering{include}\\end{{minipage}}"
    if isinstance(node.parent, nodes.figure) and "align" not in node:
        include = f"{{{include}}}"
    else:
        include = _ALIGNED[node.get("align", "center")] % include
    for id_ in node["ids"]:
        translator.body.append(translator.hypertarget(id_))
    translator.body.append(f"\n{include}\n")
    raise nodes.SkipNode


def _links(translator: LaTeXTranslator, node: kerasgraph) -> Iterator[str]:
    """The links over the boxes and frames of a drawing."""
    for spot in node["image"].spots:
        url = node["links"].get(spot.target)
        if url is not None:
            place = "".join(f"{{{part:.4f}}}" for part in spot.place)
            yield f"%\n\\kerasgraphlink{place}{{{_link(translator, url)}}}"


def _link(translator: LaTeXTranslator, url: str) -> str:
    """What makes a link of its argument."""
    if url.startswith("%"):  # so Sphinx writes what is in the document
        label = translator.idescape(url[1:].replace("#", ":"))
        return f"\\hyperref[{label}]"
    return f"\\href{{{translator.encode_uri(url)}}}"
