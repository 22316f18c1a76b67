"""Graphs to images in a folder, each drawn once and kept for the next time. Needs no Sphinx."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.graphviz import Rendered
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import code_digest
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.store import key_of, write_whole
from sphinxcontrib_kerasgraph.version import __version__
from sphinxcontrib_kerasgraph.view.selection import Unmet
from sphinxcontrib_kerasgraph.view.views import views
from sphinxcontrib_kerasgraph.web.explore import explored, targets

if TYPE_CHECKING:
    from pathlib import Path

    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.scene.scene import Scene
    from sphinxcontrib_kerasgraph.store import Store
    from sphinxcontrib_kerasgraph.view.views import View


_NAME = re.compile(r"kerasgraph-[0-9a-f]{32}\.(svg|png|pdf)")


@dataclass(frozen=True)
class RenderedImage:
    """An image file in the folder."""

    #: The name of the file, made from the DOT and how it was drawn, the release of ``dot`` aside.
    name: str
    #: The size of an SVG in points, zero of others.
    width: float = 0
    height: float = 0
    #: The ``<map>`` of a PNG, which tells the boxes' tooltips; empty where none can be made. Links
    #: in it begin with ``kerasgraph:``, as those of `Explorable`.
    image_map: str = ""
    #: What ``dot`` complained of, although it drew.
    complaints: str = ""


@dataclass(frozen=True)
class Explorable:
    """What is explored of a picture on a page: its drawing, and what is loaded when it is used."""

    #: Links in it begin with ``kerasgraph:``; see `web.svg`.
    svg: str
    #: JSON, of which `web.explore` tells the form.
    data: str


@dataclass(frozen=True)
class Spot:
    """A box or frame in a picture, and the class that it stands for."""

    target: str
    #: How far from the left and from below, how wide and how high, as parts of the whole.
    place: tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A drawn diagram: its DOT, and its image, which is in the folder."""

    code: str
    image: RenderedImage
    #: How far it is shrunk on a page of LaTeX, at most 1.
    scale: float = 1
    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()
    #: For SVG.
    explorable: Explorable | None = None
    #: For PDF, the larger ones before those inside.
    spots: tuple[Spot, ...] = ()


class Pictures:
    """Draws in one format, ``svg``, ``png`` or ``pdf``, into one folder.

    ``page`` is the width and height in points of the text block of LaTeX.
    """

    def __init__(
        self,
        graphviz: Graphviz,
        image_format: str,
        folder: Path,
        page: tuple[float, float],
        store: Store,
    ) -> None:
        self._graphviz = graphviz
        self._format = image_format
        self._folder = folder
        self._page = page
        self._store = store
        self._drawn: dict[str, Picture | Fault] = {}

    def draw(
        self, graph: ModelGraph, graph_key: str, options: DrawOptions, page_fraction: float
    ) -> Picture:
        """The picture of the graph, which may take ``page_fraction`` of the height of LaTeX's page.

        Raises `Fault` ``graphviz``; `OSError` where the image can't be written.
        """
        key = self.key(graph_key, options, page_fraction)
        drawn = self._drawn.get(key)
        if drawn is None:
            try:
                drawn = self._kept(key) or self._made(graph, options, page_fraction, key)
            except Fault as fault:
                drawn = fault
            self._drawn[key] = drawn
        if isinstance(drawn, Fault):
            raise drawn
        return drawn

    def key(self, graph_key: str, options: DrawOptions, page_fraction: float) -> str:
        """What decides the picture. Raises `Fault` ``graphviz`` if there is no ``dot``."""
        page = (self._page, page_fraction) if self._uses_page(options) else None
        dot = self._graphviz.identity(self._format)
        return key_of(graph_key, options, page, self._format, dot, self._code)

    def remember(self, key: str, picture: Picture) -> None:
        """Take over what another process drew."""
        self._drawn[key] = picture

    @cached_property
    def _code(self) -> str:
        return code_digest("pictures")

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
            explorable = told["explorable"] and Explorable(**told["explorable"])
            image = RenderedImage(**told["image"])
            spots = tuple(Spot(one["target"], tuple(one["place"])) for one in told["spots"])
            picture = Picture(told["code"], image, told["scale"], unmet, explorable, spots)
        except (ValueError, LookupError, TypeError, AttributeError):  # another release's
            return None
        if not data or not _NAME.fullmatch(picture.image.name):
            return None
        self._write(picture.image.name, data)
        return picture

    def _made(
        self, graph: ModelGraph, options: DrawOptions, page_fraction: float, key: str
    ) -> Picture:
        if self._format != "png":
            options = replace(options, layout=replace(options.layout, dpi=None))
        width, height = self._page
        page = Space(width, height * page_fraction)
        fits_page = options.layout.fit == "page" or (
            options.layout.fit == "auto" and self._format == "pdf"
        )
        space = page if fits_page else fit.COLUMN
        found = views(graph, options)
        fitted = fit.draw(found, options, space, self._graphviz.lay_out)
        code = fitted.finished
        image, content = self._image(code)
        picture = Picture(code, image, unmet=found[0].unmet)
        if self._format == "svg":
            explorable = self._explorable(content, fitted, found[0], options)
            picture = replace(picture, explorable=explorable)
        else:
            picture = self._linked(picture, fitted, found[0])
        if self._format == "pdf" and fitted.size is not None:
            picture = replace(picture, scale=page.scale(*fitted.size))
        if not image.complaints:  # which are to be told each time
            head = json.dumps(asdict(picture)).encode()
            self._store.put("drawings", key, head + b"\n" + content)
        return picture

    def _linked(self, picture: Picture, fitted: fit.Fitted, view: View) -> Picture:
        """The picture, which tells what stands where: a bitmap by its map."""
        stand_for = targets(fitted.arranged.scene, view.selected.graph)
        if self._format == "png":
            urls = {name: f"kerasgraph:{target}" for name, target in stand_for.items()}
            image_map = self._graphviz.image_map(fitted.linked(urls))
            return replace(picture, image=replace(picture.image, image_map=image_map))
        spots = [Spot(stand_for[name], at) for name, at in fitted.spots() if name in stand_for]
        spots.sort(key=lambda spot: -spot.place[2] * spot.place[3])
        return replace(picture, spots=tuple(spots))

    def _explorable(
        self, content: bytes, fitted: fit.Fitted, view: View, options: DrawOptions
    ) -> Explorable:
        inside = replace(
            options, select=SelectOptions(raw_operations=options.select.raw_operations)
        )

        def draw(graph: ModelGraph) -> tuple[bytes, Scene]:
            drawn = fit.draw(views(graph, inside), inside, fit.COLUMN, self._graphviz.lay_out)
            return self._graphviz.render(drawn.finished, "svg").content, drawn.arranged.scene

        scene, graph = fitted.arranged.scene, view.selected.graph
        return Explorable(*explored(content, scene, graph, draw))

    def _image(self, code: str) -> tuple[RenderedImage, bytes]:
        """The image of the DOT, which is in the folder then, and what is in the file."""
        port = self._graphviz.program(self._format).is_port
        key = repr((__version__, code, self._graphviz.dot, self._graphviz.args, port))
        stem = f"kerasgraph-{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        path = self._folder / f"{stem}.{self._format}"
        if path.is_file():  # the store was removed, or couldn't be written
            rendered = Rendered(path.read_bytes())
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            rendered = self._graphviz.render(code, self._format)
            if rendered.complaints:  # under another name, to be drawn, and told of, each time
                path = path.with_stem(f"{stem}-odd")
            write_whole(path, rendered.content)
        width, height = rendered.svg_size if self._format == "svg" else (0, 0)
        image = RenderedImage(path.name, width, height, complaints=rendered.complaints)
        return image, rendered.content

    def _write(self, name: str, content: bytes) -> None:
        """Put an image, drawn before, in its place, unless it is there."""
        path = self._folder / name
        if not path.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
