"""Graphs to images in the builder's image folder, each drawn once and kept for the next builds."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.ext.latex import text_block
from sphinxcontrib_kerasgraph.ext.render import RenderedImage, Renderer
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import code_digest
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.store import key_of
from sphinxcontrib_kerasgraph.view.selection import Unmet
from sphinxcontrib_kerasgraph.view.views import views

if TYPE_CHECKING:
    from sphinx.builders import Builder

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.store import Store


_NAME = re.compile(r"kerasgraph-[0-9a-f]{32}\.(svg|png|pdf)")


@dataclass(frozen=True)
class Picture:
    """A drawn diagram: its DOT, and its image, which is in the image folder."""

    code: str
    image: RenderedImage
    #: How far it is shrunk on a page of LaTeX, at most 1.
    scale: float = 1
    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()


class Drawings:
    """Draws for one builder, in ``svg``, ``png`` or ``pdf``."""

    def __init__(self, builder: Builder, image_format: str, store: Store) -> None:
        self._format = image_format
        self._renderer = Renderer(builder)
        self._store = store
        self._page = text_block(builder.config)
        self._drawn: dict[str, Picture | Fault] = {}

    def draw(
        self, graph: ModelGraph, graph_key: str, options: DrawOptions, share: float
    ) -> Picture:
        """The picture of the graph; ``share`` is its share of the height of a page of LaTeX.

        Raises `Fault` ``graphviz``; `OSError` where the image can't be written.
        """
        key = self.key(graph_key, options, share)
        drawn = self._drawn.get(key)
        if drawn is None:
            try:
                drawn = self._kept(key) or self._made(graph, options, share, key)
            except Fault as fault:
                drawn = fault
            self._drawn[key] = drawn
        if isinstance(drawn, Fault):
            raise drawn
        return drawn

    def key(self, graph_key: str, options: DrawOptions, share: float) -> str:
        """What decides the picture. Raises `Fault` ``graphviz`` if there is no ``dot``."""
        page = (self._page, share) if self._uses_page(options) else None
        dot = self._renderer.identity(self._format)
        return key_of(graph_key, options, page, self._format, dot, self._code)

    def remember(self, key: str, picture: Picture) -> None:
        """Take over what another process drew."""
        self._drawn[key] = picture

    @cached_property
    def _code(self) -> str:
        return code_digest(
            "draw",
            "label",
            "scene",
            "view",
            "view/overview",
            "graph",
            "ext/drawings.py",
            "ext/render.py",
        )

    def _uses_page(self, options: DrawOptions) -> bool:
        return options.layout.fit == "page" or self._format == "pdf"

    def _kept(self, key: str) -> Picture | None:
        content = self._store.get("drawings", key)
        if content is None:
            return None
        try:
            head, _, data = content.partition(b"\n")
            told = json.loads(head)
            unmet = tuple(Unmet(**one) for one in told["unmet"])
            picture = Picture(told["code"], RenderedImage(**told["image"]), told["scale"], unmet)
        except (ValueError, LookupError, TypeError, AttributeError):  # another release's
            return None
        if not data or not _NAME.fullmatch(picture.image.name):
            return None
        self._renderer.write(picture.image.name, data)
        return picture

    def _made(self, graph: ModelGraph, options: DrawOptions, share: float, key: str) -> Picture:
        if self._format != "png":
            options = replace(options, layout=replace(options.layout, dpi=None))
        width, height = self._page
        page = Space(width, height * share)
        fits_page = options.layout.fit == "page" or (
            options.layout.fit == "auto" and self._format == "pdf"
        )
        space = page if fits_page else fit.COLUMN
        found = views(graph, options)
        code = fit.draw(found, options, space, self._renderer.sizes).to_string()
        image = self._renderer.render(code, self._format)
        scale = page.scale(*self._renderer.sizes([code])[0]) if self._format == "pdf" else 1
        picture = Picture(code, image, scale, found[0].unmet)
        if not image.complaints:  # which are to be told each time
            head = json.dumps(asdict(picture)).encode()
            self._store.put("drawings", key, head + b"\n" + self._renderer.read(image.name))
        return picture
