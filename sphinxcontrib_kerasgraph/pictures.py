"""Graphs to images in a folder, each drawn once and kept for the next time. Needs no Sphinx."""

from __future__ import annotations

import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import wording
from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.elements import for_map
from sphinxcontrib_kerasgraph.draw.graphviz import Rendered
from sphinxcontrib_kerasgraph.draw.hooks import NONE
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import code_digest
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.picture import Explorable, InsideFigure, Picture, RenderedImage, Spot
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.schema import count, each, parsed
from sphinxcontrib_kerasgraph.settings import InsideOptions, StyleOptions, levels
from sphinxcontrib_kerasgraph.store import key_of, write_whole
from sphinxcontrib_kerasgraph.version import __version__
from sphinxcontrib_kerasgraph.view.inside import insides as insides_of
from sphinxcontrib_kerasgraph.view.views import View, views
from sphinxcontrib_kerasgraph.web.explore import explored, inside_drawing, page_drawing, targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.draw.hooks import Hooks, Listener
    from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.scene.scene import Scene
    from sphinxcontrib_kerasgraph.store import Store
    from sphinxcontrib_kerasgraph.styles import StyleRule
    from sphinxcontrib_kerasgraph.view.inside import Inside
    from sphinxcontrib_kerasgraph.web.explore import Drawing


#: What is drawn where no page asks for more.
_NO_FIGURES = InsideOptions()
_NAME = re.compile(r"kerasgraph-[0-9a-f]{32}\.(svg|png|pdf)")


class Pictures:
    """Draws in one format, ``svg``, ``png`` or ``pdf``, into one folder.

    ``page`` is the width and height in points of the text block of LaTeX.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a build draws with
        self,
        graphviz: Graphviz,
        image_format: str,
        folder: Path,
        page: tuple[float, float],
        store: Store,
        style: tuple[StyleRule, ...] = (),
        listener: Listener | None = None,
    ) -> None:
        """``style`` are rules for all pictures; the ``listener`` may change each."""
        self._style = style
        self._listener = listener
        self._graphviz = graphviz
        self._format = image_format
        self._folder = folder
        self._page = page
        self._store = store
        self._drawn: dict[str, Picture | Fault] = {}

    def draw(
        self,
        graph: ModelGraph,
        graph_key: str,
        options: DrawOptions,
        page_fraction: float,
        insides: InsideOptions = _NO_FIGURES,
    ) -> Picture:
        """The picture of the graph, which may take ``page_fraction`` of the height of LaTeX's page.

        Raises `Fault` ``graphviz``; `OSError` where the image can't be written.
        """
        key = self.key(graph_key, options, page_fraction, insides)
        options = self._styled(options)
        drawn = self._drawn.get(key)
        if drawn is None:
            try:
                drawn = self._kept(key) or self._made(graph, options, page_fraction, insides, key)
            except Fault as fault:
                drawn = fault
            self._drawn[key] = drawn
        if isinstance(drawn, Fault):
            raise drawn
        return drawn

    def key(
        self,
        graph_key: str,
        options: DrawOptions,
        page_fraction: float,
        insides: InsideOptions = _NO_FIGURES,
    ) -> str:
        """What decides the picture. Raises `Fault` ``graphviz`` if there is no ``dot``."""
        options = self._styled(options)
        page = (self._page, page_fraction) if self._uses_page(options) else None
        dot = self._graphviz.identity(self._format)
        if self._format != "svg":  # in which nothing is opened
            insides = replace(insides, insides="none")
        return key_of(
            graph_key, options, page, insides, self._format, dot, self._code, wording.key()
        )

    def _styled(self, options: DrawOptions) -> DrawOptions:
        """The options with the rules for all pictures, those of the page first."""
        style = (*options.style.style, *self._style)
        return replace(options, style=replace(options.style, style=style))

    def remember(self, key: str, drawn: Picture | Fault) -> None:
        """Take over what another process drew, or why it couldn't."""
        self._drawn[key] = drawn

    @cached_property
    def _code(self) -> str:
        return code_digest("pictures")

    def _uses_page(self, options: DrawOptions) -> bool:
        return options.layout.fit == "page" or self._format == "pdf"

    def _kept(self, key: str) -> Picture | None:
        # What a listener does to a drawing isn't known from its key.
        content = None if self._listener else self._store.get("drawings", key)
        if content is None:
            return None
        try:
            head, _, data = content.partition(b"\n")
            sizes, told = parsed(head)
            sizes = each(count)(sizes)
            picture = Picture.from_data(told)
            images = list(picture.images)
            contents = list(_parts(data, sizes))
            named = all(_NAME.fullmatch(one.name) for one in images)
        except (ValueError, TypeError):  # another release's
            return None
        if not named or not all(contents) or len(contents) != len(images):
            return None
        for one, part in zip(images, contents, strict=True):
            self._write(one.name, part)
        return picture

    def _made(
        self,
        graph: ModelGraph,
        options: DrawOptions,
        page_fraction: float,
        insides: InsideOptions,
        key: str,
    ) -> Picture:
        if self._format != "png":
            options = replace(options, layout=replace(options.layout, dpi=None))
        width, height = self._page
        page = Space(width, height * page_fraction)
        fits_page = options.layout.fit == "page" or (
            options.layout.fit == "auto" and self._format == "pdf"
        )
        space = page if fits_page else fit.COLUMN
        hooks = NONE if self._listener is None else self._listener.hooks(graph)
        drawing = self._laid_out(graph, options, space, hooks)
        shown = drawing.view.selected.graph
        figures = levels(insides.inside_figures)
        opened = levels(insides.insides) if self._format == "svg" else 0
        drawn, lacking = self._insides(shown, (opened, figures), options, space, hooks)
        below = [one for one in drawn if one.inside.level <= figures]
        linked = {path: f"#{one.inside.paths[0]}" for one in below for path in one.inside.paths}
        told = [
            (one.inside.paths, one.told)
            for one in drawn
            if one.told is not None and one.inside.level <= opened
        ]
        picture, content = self._picture(drawing, page, linked, told)
        contents = [content]
        for one in below:
            path = one.inside.paths[0]
            inner, content = self._picture(one, page, _within(linked, f"{path}/"))
            figure = InsideFigure(one.inside.paths, one.inside.block.class_name, inner)
            picture = replace(picture, insides=(*picture.insides, figure))
            contents.append(content)
        lacking = picture.lacking or lacking
        picture = replace(picture, unmet=drawing.view.unmet, lacking=lacking)
        is_told = picture.image.complaints or lacking
        if not is_told and self._listener is None:  # which are to be told each time
            head = json.dumps([list(map(len, contents)), asdict(picture)]).encode()
            self._store.put("drawings", key, b"\n".join([head, b"".join(contents)]))
        return picture

    def _laid_out(
        self, graph: ModelGraph, options: DrawOptions, space: Space, hooks: Hooks
    ) -> _Drawing:
        found = views(graph, options)
        return _Drawing(found[0], fit.draw(found, options, space, self._graphviz.lay_out, hooks))

    def _picture(
        self,
        drawing: _Drawing,
        page: Space,
        linked: Mapping[str, str],
        insides: Iterable[tuple[Sequence[str], Drawing]] = (),
    ) -> tuple[Picture, bytes]:
        """The picture of what was laid out, and what is in its file.

        It tells what stands where: a bitmap by its map. ``linked`` are the figures to which blocks
        lead, by the paths of these.
        """
        fitted, shown = drawing.fitted, drawing.graph
        image, content = self._image(fitted.finished, drawing.boxes)
        picture = Picture(fitted.finished, image)
        if self._format == "svg":
            try:
                is_open = self._listener is not None
                told = page_drawing(content, drawing.scene, shown, linked, is_open=is_open)
            except ValueError as error:  # of a dot that draws otherwise, or was told to
                lacking = f"The drawing is but an image: dot has drawn it otherwise, {error}"
                return replace(picture, lacking=lacking), content
            explorable = Explorable(told.svg, explored(told, shown, insides))
            return replace(picture, explorable=explorable), content
        image = self._located(image, fitted, targets(drawing.scene, shown, linked))
        scale: float = 1
        if self._format == "pdf" and fitted.size is not None:
            scale = page.scale(*fitted.size)
        return replace(picture, image=image, scale=scale), content

    def _insides(
        self,
        graph: CallGraph,
        depth: tuple[float, float],
        options: DrawOptions,
        space: Space,
        hooks: Hooks,
    ) -> tuple[list[_DrawnInside], str]:
        """What is inside of the closed blocks, drawn; and what of it can't be.

        The picture of the model is there without it, whatever is wrong. ``depth`` is how many
        levels are opened, and of how many there are images in the folder.
        """
        every = insides_of(graph, max(depth))
        if not every:
            return [], ""
        chosen = SelectOptions(raw_operations=options.select.raw_operations)
        # Calls have their looks already.
        style = StyleOptions(options.style.theme)
        options = replace(options, select=chosen, style=style)

        def drawn(inside: Inside) -> _DrawnInside | Exception:
            try:
                drawing = self._laid_out(inside.graph, options, space, hooks)
                code = drawing.fitted.finished
                if inside.level <= depth[1]:
                    _, rendered = self._image(code, drawing.boxes)
                else:
                    rendered = self._graphviz.render(code, self._format, drawing.boxes).content
                told = None
                if self._format == "svg":  # which may be drawn otherwise than it can be read
                    told = inside_drawing(
                        rendered, drawing.scene, inside.calls, is_open=hooks is not NONE
                    )
            except Exception as error:  # noqa: BLE001
                return error
            return _DrawnInside(drawing.view, drawing.fitted, inside, told)

        if hooks is NONE:
            with ThreadPoolExecutor(os.cpu_count()) as threads:  # which wait for Graphviz mostly
                try:
                    found = list(threads.map(drawn, every))
                except BaseException:  # on Ctrl-C
                    self._graphviz.give_up()
                    raise
        else:  # whose code needn't bear threads
            found = list(map(drawn, every))
        faulty = [
            (inside, one)
            for inside, one in zip(every, found, strict=True)
            if isinstance(one, Exception)
        ]
        lacking = ""
        if faulty:
            paths = [path for inside, _ in faulty for path in inside.paths]
            more = f" and of {len(paths) - 1} more" if len(paths) > 1 else ""
            lacking = f"What is inside of {paths[0]!r}{more} can't be drawn: {faulty[0][1]}"
        return [one for one in found if not isinstance(one, Exception)], lacking

    def _located(
        self, image: RenderedImage, fitted: fit.Fitted, stand_for: Mapping[str, str]
    ) -> RenderedImage:
        """The image, which tells what stands where: a bitmap by its map."""
        if self._format == "png":
            urls = {name: f"kerasgraph:{target}" for name, target in stand_for.items()}
            return replace(image, image_map=self._graphviz.image_map(for_map(fitted.linked(urls))))
        spots = [Spot(stand_for[name], at) for name, at in fitted.spots() if name in stand_for]
        spots.sort(key=lambda spot: -spot.place[2] * spot.place[3])
        return replace(image, spots=tuple(spots))

    def _image(self, code: str, boxes: Collection[str]) -> tuple[RenderedImage, bytes]:
        """The image of the DOT with these boxes, which is in the folder then, and its content."""
        port = self._graphviz.program(self._format).is_port
        key = repr((__version__, code, self._graphviz.dot, self._graphviz.args, port))
        stem = f"kerasgraph-{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        path = self._folder / f"{stem}.{self._format}"
        if path.is_file():  # the store was removed, or couldn't be written
            rendered = Rendered(path.read_bytes())
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            rendered = self._graphviz.render(code, self._format, boxes)
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


@dataclass(frozen=True)
class _Drawing:
    """What is shown, laid out."""

    view: View
    fitted: fit.Fitted

    @property
    def graph(self) -> CallGraph:
        """What the scene shows."""
        return self.view.selected.graph

    @property
    def scene(self) -> Scene:
        """What is drawn."""
        return self.fitted.arranged.scene

    @property
    def boxes(self) -> Collection[str]:
        """The names of what has to be in it; none are known if a listener may have changed it."""
        return self.scene.names if self.fitted.hooks is NONE else ()


@dataclass(frozen=True)
class _DrawnInside(_Drawing):
    """The same of what is inside of blocks, and what of it is told beside SVG."""

    inside: Inside
    told: Drawing | None

    @property
    def graph(self) -> CallGraph:
        """What the scene shows, by the paths in the block."""
        return self.inside.calls


def _within(linked: Mapping[str, str], prefix: str) -> dict[str, str]:
    """What leads elsewhere, by the paths from a block on."""
    found = linked.items()
    return {path.removeprefix(prefix): at for path, at in found if path.startswith(prefix)}


def _parts(content: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    """The content in parts of these sizes."""
    begin = 0
    for size in sizes:
        yield content[begin : begin + size]
        begin += size
