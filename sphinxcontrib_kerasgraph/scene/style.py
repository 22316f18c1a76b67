"""A scene in its theme, with what its colours stand for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import OwnKind
from sphinxcontrib_kerasgraph.label.legend import kinds_of, legend
from sphinxcontrib_kerasgraph.label.tree import plain
from sphinxcontrib_kerasgraph.scene.names import NOTE, Names
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinxcontrib_kerasgraph.scene.scene import Item, Scene
    from sphinxcontrib_kerasgraph.settings import StyleOptions


def in_style(scene: Scene, style: StyleOptions, prefix: str = "") -> Scene:
    """The scene as the options have it; names of boxes begin with ``prefix``."""
    scene = replace(scene, theme=style.theme)
    if not style.legend:
        return scene
    items = list(_all(scene.items + scene.parts))
    labels = [item.label for item in items if isinstance(item, Box)]
    frames = [item for item in items if isinstance(item, Frame)]
    wires = [*scene.wires, *(wire for frame in frames for wire in frame.wires)]
    rows = legend(labels, (one.marks for one in frames), (one.marks for one in wires), style.theme)
    if not rows:
        return scene
    noted = () if scene.note is None else scene.note.label.rows
    return replace(scene, note=Box(Names(prefix)[NOTE], replace(plain(()), rows=(*rows, *noted))))


def own_kinds(scene: Scene) -> list[OwnKind]:
    """The kinds that the author of the page has made, each once."""
    boxes = [item for item in _all(scene.items + scene.parts) if isinstance(item, Box)]
    kinds = dict.fromkeys(kind for box in boxes for kind in kinds_of(box.label))
    return [kind for kind in kinds if isinstance(kind, OwnKind)]


def _all(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, Frame):
            yield from _all(item.items)
