"""Diagrams in HTML."""

from __future__ import annotations

import posixpath
from html import escape
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph

#: A drawing wider than its column is shrunk so far at most, to stay legible; then it is scrolled.
_SMALLEST_SCALE = 0.7
_PIXELS_A_POINT = 96 / 72


def visit(translator: HTML5Translator, node: kerasgraph) -> None:
    """Write the image in a box that scrolls when the drawing is too large."""
    image = node["image"]
    src = escape(posixpath.join(translator.builder.imgpath, image.name))
    alt = escape(node["alt"])
    # Adds the ids and classes of the node.
    box = f"kerasgraph align-{node['align']}" if "align" in node else "kerasgraph"
    translator.body.append(translator.starttag(node, "div", CLASS=box, tabindex="0"))
    if image.name.endswith(".svg"):
        translator.body.append(
            f'<object data="{src}" type="image/svg+xml" role="img" aria-label="{alt}"'
            f'{_size(image.width, image.height)}>\n<p class="warning">{alt}</p></object>'
        )
    else:
        map_id = image.image_map.partition('id="')[2].partition('"')[0]
        usemap = f' usemap="#{map_id}"' if map_id else ""
        translator.body.append(f'<img src="{src}" alt="{alt}"{usemap}/>\n{image.image_map}')
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _size(width: float, height: float) -> str:
    """The attributes for an image of that size in points; none if it isn't known."""
    if not width or not height:
        return ""
    across, down = round(width * _PIXELS_A_POINT), round(height * _PIXELS_A_POINT)
    least = round(across * _SMALLEST_SCALE)
    style = f"min-width: {least}px; aspect-ratio: {across} / {down}"
    return f' width="{across}" height="{down}" style="{style}"'
