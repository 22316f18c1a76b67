"""Diagrams in HTML."""

from __future__ import annotations

import hashlib
import posixpath
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph
    from sphinxcontrib_kerasgraph.pictures import Explorable

_LINK = re.compile(r' href="kerasgraph:([^"]*)"')


def visit(translator: HTML5Translator, node: kerasgraph) -> None:
    """Write the drawing, which a script makes explorable; the node's children tell it in words."""
    image, explorable = node["image"], node["explorable"]
    src = escape(posixpath.join(translator.builder.imgpath, image.name))
    alt = escape(node["alt"])
    box = f"kerasgraph align-{node['align']}" if "align" in node else "kerasgraph"
    if explorable is None:
        # Adds the ids and classes of the node.
        translator.body.append(translator.starttag(node, "div", CLASS=box, tabindex="0"))
        map_id = image.image_map.partition('id="')[2].partition('"')[0]
        usemap = f' usemap="#{map_id}"' if map_id else ""
        translator.body.append(f'<img src="{src}" alt="{alt}"{usemap}/>\n{image.image_map}</div>\n')
        raise nodes.SkipNode
    data = _data_file(translator, explorable)
    translator.body.append(translator.starttag(node, "div", CLASS=box, **{"data-src": data}))
    css = escape(
        posixpath.join(posixpath.dirname(translator.builder.imgpath), "_static", "kerasgraph.css")
    )
    svg = _LINK.sub("", explorable.svg)
    svg = svg.replace("<svg ", f'<svg role="graphics-document" aria-label="{alt}" ', 1)
    translator.body.append(
        f'<template shadowrootmode="open"><link rel="stylesheet" href="{css}"/>'
        f'<div class="view"><div class="stage"><div class="sheet">{svg}</div></div></div>'
        f'<p class="alone"><a href="{src}">Drawing alone</a></p><slot></slot></template>\n'
        "<details><summary>Layers as text</summary>\n"
    )


def depart(translator: HTML5Translator, node: kerasgraph) -> None:
    """Close what `visit` opened."""
    translator.body.append("</details></div>\n")


def _data_file(translator: HTML5Translator, explorable: Explorable) -> str:
    """The path, from the page on, of the script that tells of the drawing."""
    builder = translator.builder
    content = f'kerasgraph({explorable.data[:-1]},"links":{{}}}})\n'.encode()
    name = f"kerasgraph-{hashlib.sha256(content).hexdigest()[:32]}.js"
    path = Path(builder.outdir, builder.imagedir, name)
    if not path.is_file():
        write_whole(path, content)
    return posixpath.join(builder.imgpath, name)
