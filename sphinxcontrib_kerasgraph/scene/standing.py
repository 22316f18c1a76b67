"""Which boxes of a scene stand on their heads, and which side by side, for a shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.label.tree import turned
from sphinxcontrib_kerasgraph.scene.resolutions import lanes
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, first_box, last_box, names_in
from sphinxcontrib_kerasgraph.scene.shape import u_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.scene.nets import Net
    from sphinxcontrib_kerasgraph.scene.scene import Item, Scene, Wire
    from sphinxcontrib_kerasgraph.scene.shape import Shape


@dataclass(frozen=True)
class Standing:
    """How the boxes of a scene stand."""

    #: The names of boxes, texts and frames that data passes upwards.
    upwards: frozenset[str] = frozenset()
    #: The names of boxes side by side, from left to right.
    rows: tuple[tuple[str, ...], ...] = ()
    #: The wires that go to the side: in a row, and those from arm to arm that have none.
    level: frozenset[Wire] = frozenset()
    #: The names of boxes one of which stands below the other.
    below: tuple[tuple[str, str], ...] = ()
    #: The names of boxes in lanes from top to bottom, and what is said of each lane.
    lanes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: The name of the box that lanes begin below.
    above_lanes: str | None = None


def scene_shape(scene: Scene, nets: Sequence[Net] = ()) -> Shape | None:
    """The shape of a scene, if it has one; what has letters doesn't count."""
    if scene.is_several:
        return None
    sources: list[set[int]] = [set() for _ in scene.items]
    for wire, source, target in _places(scene):
        # One from a part apart is none: these have no wires to the scene.
        if source < target and not wire.recurrent and not _is_net(wire, nets):
            sources[target].add(source)
    shapes = [item.makes for item in scene.items]
    shape = u_shape(sources, shapes)
    if shape is None and not scene.parts and all(isinstance(item, Box) for item in scene.items):
        return lanes(sources, shapes)
    return shape


def standing(scene: Scene, shape: Shape, nets: Sequence[Net] = ()) -> Standing:
    """How the boxes of a scene of that shape stand."""
    upwards = frozenset(name for at in shape.upwards for name in _all_names(scene.items[at]))
    between: dict[tuple[int, int], list[Wire]] = {}
    for wire, source, target in _places(scene):
        if not wire.recurrent and not _is_net(wire, nets):
            between.setdefault((source, target), []).append(wire)
    rows, level = [], set()
    for row in shape.rows:
        wires = [between[pair] for pair in pairwise(row)]
        level |= {wire for several in wires for wire in several}
        if all(isinstance(scene.items[at], Box) for at in row[1:-1]):
            rows.append((wires[0][0].source, *(several[0].target for several in wires)))
    for (source, target), several in between.items():
        from_left = source not in shape.upwards and source != shape.bottom
        beside = target in shape.collecting and _may_stand(scene, target)
        if beside or (target in shape.upwards and from_left):
            level |= set(several)
    below = tuple(
        (last_box(scene.items[one]), first_box(scene.items[other]))
        for stack in shape.stacks
        for one, other in pairwise(stack)
        if (one, other) not in between
    )
    in_lanes = tuple(
        (_size(scene.items[lane[0]].makes), tuple(scene.items[at].name for at in lane))
        for lane in shape.lanes
    )
    first = min((at for lane in shape.lanes for at in lane), default=0)
    above = scene.items[first - 1].name if first else None
    return Standing(upwards, tuple(rows), frozenset(level), below, in_lanes, above)


def _size(shape: tuple[int | None, ...]) -> str:
    return "×".join(map(str, shape[1:-1]))


def _may_stand(scene: Scene, at: int) -> bool:
    """Whether an item may stand beside one that isn't in the same frame.

    Of a drawing in several parts Graphviz 2.43 loses the frames of which a box has the rank of one
    outside.
    """
    return isinstance(scene.items[at], Box) or not scene.parts


def stood(item: Item) -> Item:
    """The item on its head."""
    if isinstance(item, Box):
        return replace(item, label=turned(item.label))
    return replace(item, items=tuple(map(stood, item.items)))


def _is_net(wire: Wire, nets: Sequence[Net]) -> bool:
    return any((wire.source, wire.port) == (net.source, net.port) for net in nets)


def _places(scene: Scene) -> Iterator[tuple[Wire, int, int]]:
    """The wires between items, and the places of these."""
    place = {name: at for at, item in enumerate(scene.items) for name in names_in(item)}
    for wire in scene.wires:
        yield wire, place[wire.source], place[wire.target]


def _all_names(item: Item) -> Iterator[str]:
    """The names in an item, those of frames included."""
    yield item.name
    if isinstance(item, Frame):
        yield from (text.name for text in item.texts())
        for inner in item.items:
            yield from _all_names(inner)
