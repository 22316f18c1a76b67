"""Breaks a long chain into columns side by side, so that the drawing fits its space."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Between columns, in points; for ``pack``.
GAP = 8
#: More columns are never tried.
_MOST = 12
#: A drawing that is to be read without zooming is shrunk so far at most. One that is shrunk further
#: is folded loosely, if that makes it larger, or put in more rows.
LEGIBLE = 0.75
#: How much larger a drawing must be to be worth another column, or a further tensor that crosses.
_COST_OF_COLUMN = 0.01
_COST_OF_HEIGHT = 0.1
_COST = 0.15
#: Where that many tensors would cross, no column ends: connectors would confuse.
_MOST_CROSSING = 3


@dataclass(frozen=True)
class Space:
    """What a drawing has to fit in, in points; ``height`` is ``None`` where pages scroll."""

    width: float
    height: float | None = None

    def scale(self, width: float, height: float) -> float:
        """How far a drawing of that size is shrunk to fit; at most 1."""
        scale = min(1.0, self.width / max(width, 1))
        return scale if self.height is None else min(scale, self.height / max(height, 1))

    def badness(
        self, width: float, height: float, columns: int, crossing: int = 0
    ) -> tuple[float, float]:
        """How badly a drawing of that size fits: how far it is shrunk, then how high it is.

        Where pages scroll, all drawings that stay legible fit; the lowest is best.
        """
        scale = self.scale(width, height) * (1 - _COST * crossing) - _COST_OF_COLUMN * columns
        if self.height is None:
            return (max(0.0, LEGIBLE - scale), height * (1 + _COST_OF_HEIGHT * columns))
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
    best: dict[int, tuple[tuple[float, float], tuple[int, ...]]] = {}
    for most in range(1, _MOST_CROSSING + 1):
        places = [at for at, count in enumerate(crossing[:-1]) if at and count <= most]
        ends = [0, *places, len(crossing) - 1]
        slabs = [Slab(start, stop, size(start, stop)[1]) for start, stop in pairwise(ends)]
        for firsts in {_starts(slabs, limit) for limit in _limits(slabs)}:
            starts = tuple(slabs[at].start for at in firsts)
            columns = [size(start, stop) for start, stop in pairwise([*starts, ends[-1]])]
            width = sum(wide for wide, _ in columns) + GAP * (len(columns) - 1)
            height = max(high for _, high in columns)
            # Each connector is to be looked for by the reader.
            badness = space.badness(width, height, len(columns), most - 1)
            known = best.get(len(columns))
            best[len(columns)] = min(known, (badness, starts)) if known else (badness, starts)
    if number is not None:
        return [best[max(count for count in best if count <= number)][1]]
    return [starts for _, starts in sorted(best.values())]


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
