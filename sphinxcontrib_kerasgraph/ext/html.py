"""Diagrams in HTML."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.writers.html5 import HTML5Translator

    from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph
    from sphinxcontrib_kerasgraph.pictures import Explorable

#: In the texts of a drawing there is no ``<``.
_LINK = re.compile(r'<a href="kerasgraph:([^"]*)"')
#: What is between quotes has neither ``<`` nor quotes, since Graphviz escapes them.
_AREA = re.compile(r"<area [^<]*/>")
_AREA_ID = re.compile(r' id="[^"]*"')
#: What is told when the pointer is there is told in words, too.
_AREA_TITLE = re.compile(r'( title="([^"]*)" alt=")(")')
_AREA_LINK = re.compile(r'(?<=<area shape="rect") href="kerasgraph:([^"]*)"')


def visit(translator: HTML5Translator, node: kerasgraph) -> None:
    """Write the drawing, which a script makes explorable; the node's children tell it in words."""
    image, explorable = node["image"], node["explorable"]
    src = escape(posixpath.join(translator.builder.imgpath, image.name))
    alt = escape(node["alt"])
    box = f"kerasgraph align-{node['align']}" if "align" in node else "kerasgraph"
    if explorable is None:
        # Adds the ids and classes of the node.
        translator.body.append(translator.starttag(node, "div", CLASS=box, tabindex="0"))
        image_map = _image_map(translator, node) if image.image_map else ""
        usemap = f' usemap="#{_map_id(node)}"' if image_map else ""
        translator.body.append(f'<img src="{src}" alt="{alt}"{usemap}/>\n{image_map}</div>\n')
        raise nodes.SkipNode
    links = node["links"]
    data = _data_file(translator, explorable, links)
    translator.body.append(translator.starttag(node, "div", CLASS=box, **{"data-src": data}))
    css = escape(
        posixpath.join(posixpath.dirname(translator.builder.imgpath), "_static", "kerasgraph.css")
    )
    svg = _LINK.sub(partial(_linked, links), explorable.svg)
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


def _map_id(node: kerasgraph) -> str:
    """Unique on the page, where a drawing may be twice."""
    return f"kerasgraph-map-{node['number']}"


def _image_map(translator: HTML5Translator, node: kerasgraph) -> str:
    """The map of a bitmap, with its links; empty if there is nothing in it."""
    links = node["links"]
    areas = []
    for area in _AREA.findall(node["image"].image_map):
        linked = _AREA_LINK.sub(partial(_linked_area, links), _AREA_ID.sub("", area))
        linked = _AREA_TITLE.sub(r"\1\2\3", linked)
        # An area without a link, which but tells, is no valid EPUB.
        if " href=" in linked or translator.builder.name != "epub":
            areas.append(linked)
    if not areas:
        return ""
    id_ = _map_id(node)
    return "\n".join([f'<map id="{id_}" name="{id_}">', *areas, "</map>\n"])


def _linked_area(links: Mapping[str, str], match: re.Match[str]) -> str:
    url = links.get(unescape(match[1]))
    return f' href="{escape(url)}"' if url else ""


def _linked(links: Mapping[str, str], match: re.Match[str]) -> str:
    """The start of a box that leads to the documentation of its class, if there is any."""
    url = links.get(unescape(match[1]))
    return f'<a href="{escape(url)}"' if url else "<a"


def _data_file(
    translator: HTML5Translator, explorable: Explorable, links: Mapping[str, str]
) -> str:
    """The path, from the page on, of the script that tells of the drawing."""
    builder = translator.builder
    shown = {name: url for name, url in links.items() if f'"{name}"' in explorable.data}
    told = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    content = f'kerasgraph({explorable.data[:-1]},"links":{told}}})\n'.encode()
    name = f"kerasgraph-{hashlib.sha256(content).hexdigest()[:32]}.js"
    path = Path(builder.outdir, builder.imagedir, name)
    if not path.is_file():
        write_whole(path, content)
    return posixpath.join(builder.imgpath, name)
