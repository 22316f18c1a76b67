"""Diagrams in HTML."""

from __future__ import annotations

import hashlib
import posixpath
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinxcontrib_kerasgraph import wording
from sphinxcontrib_kerasgraph.ext import language
from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph, kerasgraph_scroll
from sphinxcontrib_kerasgraph.ext.sizes import class_of_width, pixels, rule, share
from sphinxcontrib_kerasgraph.store import write_whole
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.writers.html5 import HTML5Translator

    from sphinxcontrib_kerasgraph.picture import Explorable, RenderedImage

_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
#: Where a PNG tells its width and height.
_PNG_SIZE = slice(16, 24)


def add_files(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add style sheet and script to a page that has a diagram; on ``html-page-context``."""
    drawn = [] if doctree is None else list(doctree.findall(kerasgraph))
    builder: Any = app.builder
    if drawn or (doctree is not None and any(doctree.findall(_is_of_ours))):
        # Not by `app`, which would add them to all pages of a further build.
        builder.add_css_file("kerasgraph-page.css", priority=500)
    if any(map(_is_interactive, drawn)) and builder.name != "epub":
        if wording.key():  # other than English
            builder.add_js_file(language.SCRIPT, priority=499, defer="defer")
        builder.add_js_file("kerasgraph.js", priority=500, defer="defer")


def _is_of_ours(node: nodes.Node) -> bool:
    """Whether a list or table is of ours."""
    if not isinstance(node, nodes.bullet_list | nodes.table):
        return False
    return any(name.startswith("kerasgraph-") for name in node["classes"])


def visit(translator: HTML5Translator, node: kerasgraph) -> None:
    """Write the drawing, which a script makes explorable; the node's children tell it in words."""
    own, of_figure = share(node), node.get("figwidth")
    translator.body += [_style_sheet(translator, width) for width in _widths(node)]
    if own is None and not isinstance(node.parent, nodes.figure):
        own = of_figure
    classes = ["kerasgraph"]
    if "align" in node:
        classes.append(f"kerasgraph-{node['align']}")
    if own is not None:
        classes.append(class_of_width(own))
    attributes = {"CLASS": " ".join(classes)}

    def start(**further: str) -> str:
        """The tag, with the ids and classes of the node."""
        # Typed as if the first of the attributes were `empty`.
        return translator.starttag(node, "div", **attributes, **further)  # type: ignore[arg-type]

    if node["explorable"] is None:
        translator.body.append(f"{start(tabindex='0')}{_image(translator, node)}</div>\n")
        raise nodes.SkipNode
    if translator.builder.name == "epub":
        # Imported when a diagram is written, as all that is of `web`, not when Sphinx starts.
        from sphinxcontrib_kerasgraph.web.plain import plain

        translator.body.append(start())
        # With links it is more than an image.
        svg = _svg(node)
        svg = svg.replace("graphics-document", "document" if "<a href" in svg else "img", 1)
        translator.body.append(plain(svg, f"kerasgraph-{node['number']}-"))
        if node.children:
            translator.body.append(f"\n{_details(node)}")
        return
    if _is_interactive(node):
        attributes["data-src"] = posixpath.join(translator.builder.imgpath, node["data"])
    folder = posixpath.dirname(translator.builder.imgpath)
    css = escape(posixpath.join(folder, "_static", "kerasgraph.css"))
    title = escape(_("Drawing alone"))
    alone = escape(posixpath.join(translator.builder.imgpath, node["image"].name))
    translator.body.append(
        f'{start()}<template shadowrootmode="open"><link rel="stylesheet" href="{css}"/>'
        f'<div class="view"><div class="stage"><div class="sheet">{_svg(node)}</div></div></div>'
        f'<p class="alone"><a href="{alone}">{title}</a></p><slot></slot></template>\n'
    )
    if node.children:  # what is inside of a block is told with the whole
        translator.body.append(_details(node))


def _details(node: kerasgraph) -> str:
    """What is closed at first, and opens by its title."""
    title = escape(node["listed"])
    return f"<details><summary>{title}</summary>\n"


def depart(translator: HTML5Translator, node: kerasgraph) -> None:
    """Close what `visit` opened."""
    translator.body.append("</details></div>\n" if node.children else "</div>\n")


def visit_scroll(translator: HTML5Translator, node: kerasgraph_scroll) -> None:
    """Open what a table is scrolled in, also by keys."""
    further = {"tabindex": "0", "role": "region", "aria-label": node["label"]}
    start = translator.starttag(node, "div", CLASS="kerasgraph-scroll", **further)
    translator.body.append(start)


def depart_scroll(translator: HTML5Translator, node: kerasgraph_scroll) -> None:
    """Close what `visit_scroll` opened."""
    translator.body.append("</div>\n")


def _is_interactive(node: kerasgraph) -> bool:
    return node["explorable"] is not None and node["interactive"]


def _svg(node: kerasgraph) -> str:
    """The drawing, in its size."""
    from sphinxcontrib_kerasgraph.web.links import linked

    svg = linked(node["explorable"].svg, node["links"])
    natural = _SIZE.search(svg)
    if natural is not None:
        width, height = pixels(node, int(natural[1]), int(natural[2]))
        svg = _SIZE.sub(f'width="{width}" height="{height}"', svg, count=1)
    named = f'<svg role="graphics-document" aria-label="{escape(node["alt"])}" '
    return svg.replace("<svg ", named, 1)


def _image(translator: HTML5Translator, node: kerasgraph) -> str:
    """The image, in its size, and its map, which has an id of its own on the page."""
    from sphinxcontrib_kerasgraph.web.image_map import ImageMap

    builder, image = translator.builder, node["image"]
    natural = _natural(image, Path(builder.outdir, builder.imagedir, image.name))
    width, height = pixels(node, *natural)
    src = escape(posixpath.join(builder.imgpath, image.name))
    said = f'<img src="{src}" alt="{escape(node["alt"])}" width="{width}" height="{height}"'
    name = f"kerasgraph-{node['number']}"
    in_epub = builder.name == "epub"
    image_map = ImageMap(name, node["links"], width / natural[0], links_alone=in_epub)
    mapped = image_map.written(image.image_map)
    # In a part of the text's width the image is shrunk, and a map would be wrong.
    if not mapped or share(node) is not None:
        return f"{said}/>\n"
    return f'{said} usemap="#{name}"/>\n{mapped}'


def _natural(image: RenderedImage, path: Path) -> tuple[int, int]:
    """The width and height of an image in pixels of CSS."""
    if path.suffix == ".svg":
        from sphinxcontrib_kerasgraph.web.svg import PIXELS_A_POINT

        return round(image.width * PIXELS_A_POINT), round(image.height * PIXELS_A_POINT)
    content = path.read_bytes()[_PNG_SIZE]
    return int.from_bytes(content[:4], "big"), int.from_bytes(content[4:], "big")


def write_beside(made: nodes.Element, builder: Builder) -> None:
    """Write what drawings in HTML have beside their images, before any page is. Raises `OSError`.

    A page that is written can't be told of a fault any more.
    """
    if builder.format != "html":
        return
    for node in made.findall(kerasgraph):
        for width in _widths(node):
            _write(builder, _sheet_name(width), rule(width).encode())
        if _is_interactive(node) and builder.name != "epub":
            node["data"] = _write_data(builder, node["explorable"], node["links"])


def _write_data(builder: Builder, explorable: Explorable, links: Mapping[str, str]) -> str:
    """The name of the script that tells of the drawing."""
    from sphinxcontrib_kerasgraph.web.links import with_links

    content = f"kerasgraph({with_links(explorable.data, links)})\n".encode()
    name = f"kerasgraph-{hashlib.sha256(content).hexdigest()[:32]}.js"
    _write(builder, name, content)
    return name


def _widths(node: kerasgraph) -> list[str]:
    """Those of the drawing and of its figure for which rules are needed."""
    widths = [share(node), node.get("figwidth")]
    return list(dict.fromkeys(width for width in widths if width is not None))


def _sheet_name(width: str) -> str:
    return f"{class_of_width(width)}.css"


def _style_sheet(translator: HTML5Translator, width: str) -> str:
    """A link to the rule of a width: a style on the element is against a strict policy."""
    path = posixpath.join(translator.builder.imgpath, _sheet_name(width))
    return f'<link rel="stylesheet" href="{escape(path)}"/>\n'


def _write(builder: Builder, name: str, content: bytes) -> None:
    """Write a file beside the images."""
    path = Path(builder.outdir, builder.imagedir, name)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
