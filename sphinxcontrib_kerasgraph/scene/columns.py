"""Breaks a long chain into columns side by side, so that the drawing fits its space."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.scene.packing import GAP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: More columns are never tried.
_MOST = 12
#: A drawing that is to be read without zooming is shrunk so far at most. One that is shrunk further
#: is folded loosely, if that makes it larger, or put in more rows.
LEGIBLE = 0.75
#: How much larger a drawing must be to be worth another column, a further tensor that crosses, or a
#: last column that is so much shorter than the others, as that of a head alone.
_COST_OF_COLUMN = 0.01
_COST = 0.15
_COST_OF_STUMP = 0.04
_STUMP = 0.25
#: Where pages scroll, text that is shrunk less is as good as any.
_LARGE = 0.9
#: How small the smallest text of a drawing of every call may be on a page, in points, and how small
#: it is if it isn't shrunk; and how far it may be shrunk where pages scroll.
_SMALLEST, _TEXT = 6, 9
_SMALLEST_SCALE = 0.7
#: Lanes and notes at the side come after a layout is chosen.
_SLACK = 0.02
#: Where that many tensors would cross, no column ends: connectors would confuse.
_MOST_CROSSING = 3


@dataclass(frozen=True)
class Space:
    """What a drawing has to fit in, in points."""

    width: float
    #: ``None`` where pages scroll.
    height: float | None = None
    #: How much of the height of a drawing is seen at once, where pages scroll.
    seen: float = 607
    #: Whether what is told as the width of a drawing is its height: columns of a drawing from left
    #: to right are rows.
    is_turned: bool = False

    def scale(self, width: float, height: float) -> float:
        """How far a drawing of that size is shrunk to fit; at most 1."""
        if self.is_turned:
            width, height = height, width
        scale = min(1.0, self.width / max(width, 1))
        return scale if self.height is None else min(scale, self.height / max(height, 1))

    def holds(self, width: float, height: float) -> bool:
        """Whether a drawing of every call of that size is read at ease."""
        scale = self.scale(width, height)
        if self.is_turned:
            height = width
        if self.height is None:
            return scale >= _SMALLEST_SCALE and height * scale <= self.seen
        return scale * _TEXT >= _SMALLEST

    def badness(
        self, width: float, height: float, columns: int, cost: float = 0
    ) -> tuple[float, ...]:
        """How badly a drawing of that size fits: how far it is shrunk, then how high it is.

        Where pages scroll, all drawings fit that aren't shrunk too far; best are those that are
        seen at once, and that are hardly shrunk. ``cost`` is for what confuses the reader, as a
        part of the scale.
        """
        shrunk = self.scale(width, height)
        if self.is_turned:
            width, height = height, width
        scale = shrunk * (1 - cost) - _COST_OF_COLUMN * columns
        if self.height is None:
            unseen = max(0.0, height * shrunk / (self.seen * (1 - _SLACK)) - 1)
            small = max(0.0, _LARGE - shrunk)
            confusing = cost + _COST_OF_COLUMN * columns
            unshown = max(0.0, _SMALLEST_SCALE + _SLACK - shrunk)
            return (unshown, round(unseen + small + confusing, 2), height)
        return (-scale, height)


@dataclass(frozen=True)
class Slab:
    """Boxes between two places where the chain may be broken, and their height in points."""

    start: int
    stop: int
    height: float


def ways_to_break(
    crossing: Sequence[int],
    size: Callable[[int, int], tuple[float, float]],
    space: Space,
    number: int | None = None,
) -> list[tuple[int, ...]]:
    """Where columns begin: before which calls of a sequence, the first included.

    ``crossing`` tells how many tensors go from before each place to it or beyond; ``size`` about
    the width and height of the calls from one place up to another; ``number`` how many columns
    there are, or else there are as many as fit the space. The best guess comes first, then the
    best ones of other numbers of columns.
    """
    best: dict[int, tuple[tuple[float, ...], tuple[int, ...]]] = {}
    for most in range(1, _MOST_CROSSING + 1):
        places = [at for at, count in enumerate(crossing[:-1]) if at and count <= most]
        ends = [0, *places, len(crossing) - 1]
        slabs = [Slab(start, stop, size(start, stop)[1]) for start, stop in pairwise(ends)]
        for firsts in {_starts(slabs, limit) for limit in _limits(slabs)}:
            starts = tuple(slabs[at].start for at in firsts)
            columns = [size(start, stop) for start, stop in pairwise([*starts, ends[-1]])]
            width = sum(wide for wide, _ in columns) + GAP * (len(columns) - 1)
            heights = [high for _, high in columns]
            height = max(heights)
            badness = space.badness(
                width, height, len(columns), cost_of(heights, [crossing[at] for at in starts[1:]])
            )
            known = best.get(len(columns))
            best[len(columns)] = min(known, (badness, starts)) if known else (badness, starts)
    if number is not None:
        return [best[max(count for count in best if count <= number)][1]]
    return [starts for _, starts in sorted(best.values())]


def cost_of(heights: Sequence[float], crossing: Sequence[int]) -> float:
    """What columns of these heights cost, between which so many tensors cross.

    More than one crosses by connectors, for each of which the reader looks.
    """
    cost = _COST * max((count - 1 for count in crossing), default=0)
    if len(heights) > 1 and heights[-1] < _STUMP * max(heights):
        cost += _COST_OF_STUMP
    return cost


def _limits(slabs: Sequence[Slab]) -> list[float]:
    """Heights of columns that are tried."""
    whole = sum(slab.height for slab in slabs)
    least = max(slab.height for slab in slabs)
    steps = 60
    limits = {whole / number for number in range(1, _MOST + 1)}
    limits |= {least + (whole - least) * (step / steps) ** 2 for step in range(steps + 1)}
    return sorted(limit for limit in limits if limit >= least)


def _starts(slabs: Sequence[Slab], limit: float) -> tuple[int, ...]:
    """The first slab of each column, none being higher than the limit."""
    starts = [0]
    height = 0.0
    for at, slab in enumerate(slabs):
        if height and height + slab.height > limit + 0.01:
            starts.append(at)
            height = 0.0
        height += slab.height
    return tuple(starts)
