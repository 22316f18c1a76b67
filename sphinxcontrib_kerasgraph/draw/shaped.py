"""Other pictures of a scene: in the shape of its network, and with letters in place of lines.

A picture is better than another if it is as legible, and there is less to follow with the eye.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.scene.columns import LEGIBLE
from sphinxcontrib_kerasgraph.scene.layout import Layout, Tag, arrange
from sphinxcontrib_kerasgraph.scene.nets import nets_of
from sphinxcontrib_kerasgraph.scene.standing import scene_shape

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.columns import Space
    from sphinxcontrib_kerasgraph.scene.layout import Arranged
    from sphinxcontrib_kerasgraph.scene.scene import Scene

#: How long a line is worth a numbered circle, or a letter; in points.
_CIRCLE = 150
_TAG = 20
#: How much shorter all is at least with letters, and how much higher a drawing may be that is worth
#: it where pages scroll.
_SHORTER = 0.75
_HIGHER = 1.25
#: How much smaller text may be.
_SMALLER = 0.95


def shaped_ways(scene: Scene, layout: Layout, options: LayoutOptions) -> list[Arranged]:
    """Up to two other ways to lay out what was laid out so."""
    if options.rankdir != "TB" or options.layout != "dot" or scene.is_several:
        return []
    nets = nets_of(scene)
    shape = None if options.shape == "none" else scene_shape(scene, nets)
    ways = []
    if shape is not None and options.columns in {None, 1}:
        ways.append(arrange(scene, Layout(shape=shape, nets=nets)))
    if nets and not (ways and options.shape == "u"):
        ways.append(arrange(scene, replace(layout, nets=nets)))
    return ways


def is_better(one: tuple[Arranged, Placed], other: tuple[Arranged, Placed], space: Space) -> bool:
    """Whether the first of two pictures, shaped or with letters, is the better one."""
    scales = [min(LEGIBLE, space.scale(it.width, it.height)) for _, it in (one, other)]
    if scales[0] < scales[1] * _SMALLER:
        return False
    if space.height is None and one[1].height > other[1].height * _HIGHER:
        return False
    shorter = 1 if one[0].layout.shape else _SHORTER
    return _to_follow(*one) < _to_follow(*other) * shorter


def _to_follow(arranged: Arranged, placed: Placed) -> float:
    """How much there is to follow with the eye, in points."""
    tags = sum(isinstance(thing, Tag) for thing in arranged.things)
    ends = _CIRCLE * arranged.circles + _TAG * (tags + len(arranged.lettered))
    return ends + sum(curve.length for curve in placed.curves.values())
