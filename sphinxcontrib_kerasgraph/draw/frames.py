"""Frames that Graphviz has put so close that they touch."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.ground import Ground
    from sphinxcontrib_kerasgraph.draw.placed import Placed, Rect

#: Between frames, and at least around what is in them, in points.
_APART = 4
_AROUND = 2


def with_frames_apart(placed: Placed, ground: Ground) -> Placed:
    """The drawing with those frames a little smaller that touch another."""
    frames = dict(placed.frames)
    by_parent: dict[tuple[str, ...], list[str]] = {}
    for name in frames:
        by_parent.setdefault(ground.around(name), []).append(name)
    for names in by_parent.values():
        for one, other in combinations(names, 2):
            if frames[one].overlaps(frames[other], _APART):
                smaller = _smaller(frames[one], frames[other])
                frames[one], frames[other] = (
                    _around(rect, frames[name], list(ground.inside(name)))
                    for name, rect in zip((one, other), smaller, strict=True)
                )
    return replace(placed, frames=frames)


def _smaller(one: Rect, other: Rect) -> tuple[Rect, Rect]:
    """The two, apart in the direction in which they are nearly so."""
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.bottom, other.bottom) - min(one.top, other.top)
    by = (_APART - max(across, down)) / 2
    if across >= down:
        if one.left < other.left:
            return replace(one, right=one.right - by), replace(other, left=other.left + by)
        return replace(one, left=one.left + by), replace(other, right=other.right - by)
    if one.bottom < other.bottom:
        return replace(one, top=one.top - by), replace(other, bottom=other.bottom + by)
    return replace(one, bottom=one.bottom + by), replace(other, top=other.top - by)


def _around(rect: Rect, before: Rect, inside: list[Rect]) -> Rect:
    """The frame, no smaller than what is in it needs, and no larger than it was."""
    if not inside:
        return before
    return replace(
        rect,
        left=max(before.left, min(rect.left, min(one.left for one in inside) - _AROUND)),
        bottom=max(before.bottom, min(rect.bottom, min(one.bottom for one in inside) - _AROUND)),
        right=min(before.right, max(rect.right, max(one.right for one in inside) + _AROUND)),
        top=min(before.top, max(rect.top, max(one.top for one in inside) + _AROUND)),
    )
