"""A drawing as it is explored on a page: its SVG, and what a script is told of it.

What is told is JSON::

    {"calls": [{"path", "class", "size", "rows": [row], "inside", "alike": call}],
     "rows": [[key, value]],
     "drawings": [{"svg", "spots": [[[call]]], "rows": {spot: [call]},
                   "wires": {"from to": [wire]}}],
     "wires": [text]}

``calls`` are all of the model, what is in a block right after it, open or closed. What is known of
each are places among ``rows``, since many calls have the same; see `label.card` for the keys. Those
with the same ``alike`` are calls of one layer, the first of which it is. The first of the
``drawings`` is that of the page, without its ``svg``; the others are insides of blocks. ``spots``
are its boxes and frames in the order of their elements: the places, among ``calls``, of those that
they stand for, each repetition for itself. In the inside of a block they are counted from the call
after the block, so that blocks with the same inside share a drawing. ``rows`` are those of boxes
that have several, as they stand below each other: the first that a row tells of the calls of each
repetition, counted from 0. The ``wires`` of a drawing are
what its lines are, by their ends, which are places among its spots as in ``data-e`` of the SVG, or
greater numbers where nothing that stands for a call is: places among ``wires``, whose texts have a
line for each tensor: ``query: (None, 8) float32``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.draw.theme import THEMES
from sphinxcontrib_kerasgraph.graph.public_names import class_of
from sphinxcontrib_kerasgraph.label.card import card
from sphinxcontrib_kerasgraph.printable import encodable
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame
from sphinxcontrib_kerasgraph.scene.style import own_kinds
from sphinxcontrib_kerasgraph.view.inside import is_entry
from sphinxcontrib_kerasgraph.view.listing import listed
from sphinxcontrib_kerasgraph.web.palette import palette_of
from sphinxcontrib_kerasgraph.web.rendered import read
from sphinxcontrib_kerasgraph.web.svg import places, to_svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph
    from sphinxcontrib_kerasgraph.scene.scene import Scene
    from sphinxcontrib_kerasgraph.view.listing import Listed
    from sphinxcontrib_kerasgraph.web.rendered import Rendered


_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Drawing:
    """A drawing with its spots and wires, as the JSON has them, but for the texts of wires."""

    svg: str
    spots: list[list[list[int]]]
    rows: dict[str, list[int]]
    wires: dict[str, list[str]]


def page_drawing(
    rendered: bytes,
    scene: Scene,
    graph: CallGraph,
    linked: Mapping[str, str] = _NOTHING,
    *,
    is_open: bool = False,
) -> Drawing:
    """The drawing of a page, of a scene that Graphviz has rendered; the scene shows the graph.

    What is ``linked``, by its path, leads there in place of its class. Raises `ValueError` where
    Graphviz has drawn it otherwise than we ask for, and than others may if it ``is_open``.
    """
    links = targets(scene, graph, linked)
    return _drawing(read(rendered), scene, graph, links, is_open=is_open)


def inside_drawing(
    rendered: bytes, scene: Scene, graph: CallGraph, *, is_open: bool = False
) -> Drawing:
    """The same of what is inside of blocks.

    Tooltips and links would be those of one of the blocks that have it; the script makes those of
    each.
    """
    drawn = read(rendered)
    things = tuple(
        thing if thing.kind == "edge" else replace(thing, tooltip="") for thing in drawn.things
    )
    return _drawing(replace(drawn, things=things), scene, graph, {}, is_open=is_open)


def explored(
    page: Drawing, graph: CallGraph, insides: Iterable[tuple[Sequence[str], Drawing]] = ()
) -> str:
    """The JSON of a page's drawing, which shows the graph, and of insides of blocks, by paths."""
    told = _Told(page)
    for paths, drawing in insides:
        told.add(paths, drawing)
    told.tell(graph)
    return encodable(json.dumps(told.data(), ensure_ascii=False, separators=(",", ":")))


def targets(scene: Scene, graph: CallGraph, linked: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """The classes of boxes and frames by their names, of those that stand for one alone.

    What is ``linked``, by its path, leads there in place of its class.
    """
    known = {one.path: linked.get(one.path, class_of(one.call)) for one in listed(graph)}
    found = {item.name: _link(item, known) for item in _items(scene)}
    return {name: target for name, target in found.items() if target}


def _drawing(
    drawn: Rendered, scene: Scene, graph: CallGraph, links: Mapping[str, str], *, is_open: bool
) -> Drawing:
    numbers = {one.path: at for at, one in enumerate(listed(graph))}
    items = {item.name: item for item in _items(scene)}
    # In the order of their elements: frames lie below lines, and boxes above.
    things = [thing for of in ("cluster", "node") for thing in drawn.things if thing.kind == of]
    shown = [items[thing.name] for thing in things if thing.name in items]
    spots = [
        [[numbers[path] for path in paths if path in numbers] for paths in one.stands_for]
        for one in shown
    ]
    names = [item.name for item in shown]
    palette = palette_of(THEMES[scene.theme], own_kinds(scene), is_open=is_open)
    svg = to_svg(drawn, {name: links.get(name, "") for name in names}, palette=palette)
    rows = {str(at): firsts for at, one in enumerate(shown) if (firsts := _rows(one))}
    return Drawing(svg, spots, rows, _wires(drawn, names))


def _rows(item: Box | Frame) -> list[int]:
    """Which call each row of a box is the first of; nothing where there is but one."""
    if isinstance(item, Frame):
        return []
    firsts = [row.first for row in item.label.rows if row.first is not None]
    return firsts if len(firsts) > 1 else []


def _wires(drawn: Rendered, names: Sequence[str]) -> dict[str, list[str]]:
    numbers = places(drawn, names)
    found: dict[str, list[str]] = {}
    for thing in drawn.things:
        if thing.kind == "edge" and thing.tooltip:
            known = found.setdefault(" ".join(str(numbers[name]) for name in thing.ends), [])
            if thing.tooltip not in known:
                known.append(thing.tooltip)
    return found


class _Told:
    """What is told of a drawing, as it grows."""

    def __init__(self, page: Drawing) -> None:
        self._calls: list[dict[str, Any]] = []
        self._rows: dict[tuple[str, str], int] = {}
        self._wires: dict[str, int] = {}
        self._drawings = [self._drawing(page)]
        #: The drawings of the insides of blocks, by the paths of these.
        self._insides: dict[str, int] = {}

    def data(self) -> dict[str, Any]:
        """The JSON's object."""
        return {
            "calls": self._calls,
            "rows": list(self._rows),
            "drawings": self._drawings,
            "wires": list(self._wires),
        }

    def add(self, paths: Sequence[str], drawing: Drawing) -> None:
        """Add the inside of the blocks at the paths, unless there is a drawing that looks so."""
        told = {"svg": drawing.svg} | self._drawing(drawing)
        if told not in self._drawings:
            self._drawings.append(told)
        self._insides |= dict.fromkeys(paths, self._drawings.index(told))

    def _drawing(self, drawing: Drawing) -> dict[str, Any]:
        rows = {"rows": drawing.rows} if drawing.rows else {}
        return {"spots": drawing.spots, **rows, "wires": self._numbered(drawing)}

    def _numbered(self, drawing: Drawing) -> dict[str, list[int]]:
        return {
            ends: [self._wires.setdefault(text, len(self._wires)) for text in texts]
            for ends, texts in drawing.wires.items()
        }

    def tell(self, graph: CallGraph) -> None:
        """Tell of all calls."""
        found = list(listed(graph))
        several = _several(found)
        for one in found:
            call = one.call
            alike = several.get(call.layer, [])
            rows = card(call, one.arguments, [found[at].path for at in alike])
            told: dict[str, Any] = {
                "path": one.path,
                "class": class_of(call),
                "size": _size(call),
                "rows": [self._rows.setdefault(row, len(self._rows)) for row in rows],
            }
            if alike:
                told["alike"] = alike[0]
            if one.path in self._insides:
                told["inside"] = self._insides[one.path]
            self._calls.append(told)


def _several(calls: Iterable[Listed]) -> dict[str, list[int]]:
    """The places of the calls of layers that are called more than once."""
    found: dict[str, list[int]] = {}
    for at, one in enumerate(calls):
        if not one.call.is_operation:
            found.setdefault(one.call.layer, []).append(at)
    return {layer: places for layer, places in found.items() if len(places) > 1}


def _size(call: Call) -> int:
    """How many calls are inside, at any depth."""
    inner = call.body or call.hidden
    return 0 if inner is None else sum(1 for _ in listed(inner))


def _items(scene: Scene) -> Iterator[Box | Frame]:
    waiting: list[Box | Frame] = [*scene.items, *scene.parts]
    while waiting:
        item = waiting.pop()
        if any(not is_entry(path) for paths in item.stands_for for path in paths):
            yield item
        if isinstance(item, Frame):
            waiting += item.items


def _link(item: Box | Frame, targets: Mapping[str, str]) -> str:
    """The class that all calls of the item have, but for those that are rows of others."""
    firsts = {targets.get(paths[0], "") for paths in item.stands_for}
    return firsts.pop() if len(firsts) == 1 else ""
