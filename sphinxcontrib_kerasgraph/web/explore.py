"""A drawing as it is explored on a page: its SVG, and what a script is told of it.

What is told is JSON::

    {"calls": [{"path", "class", "size", "rows": [[key, value]], "inside"}],
     "drawings": [{"svg", "spots": [[[call]]]}]}

``calls`` are all of the model, what is in a block right after it, open or closed. The first of the
``drawings`` is that of the page, without its ``svg``; the others are insides of blocks. ``spots``
are its boxes and frames in the order of their elements: the places, among ``calls``, of those that
they stand for, each repetition for itself. In the inside of a block they are counted from the call
after the block, so that blocks with the same inside share a drawing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph import CallKind, ModelGraph
from sphinxcontrib_kerasgraph.label.card import card
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame
from sphinxcontrib_kerasgraph.view.inside import inside, key_of_inside
from sphinxcontrib_kerasgraph.web.links import class_of
from sphinxcontrib_kerasgraph.web.rendered import read
from sphinxcontrib_kerasgraph.web.svg import to_svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph
    from sphinxcontrib_kerasgraph.scene.scene import Scene


#: Draws the inside of a block: the SVG of Graphviz, and the scene.
DrawInside = Callable[[ModelGraph], tuple[bytes, "Scene"]]


def explored(
    rendered: bytes, scene: Scene, graph: CallGraph, draw_inside: DrawInside
) -> tuple[str, str]:
    """The SVG of a scene that Graphviz has rendered, and the JSON; the scene shows the graph."""
    svg, spots = _drawing(rendered, scene, graph)
    drawings: list[dict[str, Any]] = [{"spots": spots}]
    numbers: dict[str, int] = {}
    calls = []
    for path, call, is_closed in _calls(graph):
        told: dict[str, Any] = {"path": path, "class": class_of(call), "rows": card(call)}
        told["size"] = _size(call)
        within = inside(call) if is_closed else None
        if within is not None:
            key = key_of_inside(call)
            if key not in numbers:
                numbers[key] = len(drawings)
                inner = call.body or call.hidden or within.graph
                svg_inside, spots = _drawing(*draw_inside(within), inner)
                drawings.append({"svg": svg_inside, "spots": spots})
            told["inside"] = numbers[key]
        calls.append(told)
    data = {"calls": calls, "drawings": drawings}
    return svg, json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _drawing(rendered: bytes, scene: Scene, graph: CallGraph) -> tuple[str, list[Any]]:
    drawn = read(rendered)
    calls = list(_calls(graph))
    numbers = {path: at for at, (path, *_) in enumerate(calls)}
    targets = {path: class_of(call) for path, call, _ in calls}
    items = {item.name: item for item in _items(scene)}
    things = [thing for kind in ("cluster", "node") for thing in drawn.things if thing.kind == kind]
    shown = [items[thing.name] for thing in things if thing.name in items]
    links = {item.name: _link(item, targets) for item in shown}
    spots = [
        [[numbers[path] for path in paths if path in numbers] for paths in one.stands_for]
        for one in shown
    ]
    return to_svg(drawn, links), spots


def _calls(
    graph: CallGraph, prefix: str = "", *, is_closed: bool = False
) -> Iterator[tuple[str, Call, bool]]:
    """Every call with its path, what is in a block after it; and whether the block is closed."""
    for call in graph.calls:
        if call.kind is CallKind.STUB:
            continue
        path = prefix + call.id
        closed = is_closed or call.hidden is not None
        yield path, call, closed
        inner = call.body or call.hidden
        if inner is not None:
            yield from _calls(inner, f"{path}/", is_closed=closed)


def _size(call: Call) -> int:
    """How many calls are inside, at any depth."""
    inner = call.body or call.hidden
    return 0 if inner is None else sum(1 for _ in _calls(inner))


def _items(scene: Scene) -> Iterator[Box | Frame]:
    waiting: list[Box | Frame] = [*scene.items, *scene.parts]
    while waiting:
        item = waiting.pop()
        if item.stands_for:
            yield item
        if isinstance(item, Frame):
            waiting += item.items


def _link(item: Box | Frame, targets: Mapping[str, str]) -> str:
    """The class that all calls of the item have, but for those that are rows of others."""
    firsts = {targets.get(paths[0], "") for paths in item.stands_for}
    return firsts.pop() if len(firsts) == 1 else ""
