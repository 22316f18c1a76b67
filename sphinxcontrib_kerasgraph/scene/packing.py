"""Where columns and parts that are drawn apart stand, so that together they fit their space.

Columns stand side by side from the top left. Parts come in the order of their first use into the
room that is left, below columns or beside them. Lengths are in points; y goes downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    #: Width and height.
    Size: TypeAlias = tuple[float, float]
    #: The left and the upper end.
    Place: TypeAlias = tuple[float, float]
    #: Left, top, width and height.
    Area: TypeAlias = tuple[float, float, float, float]
    #: How badly a drawing of that width and height fits.
    Badness: TypeAlias = Callable[[float, float], tuple[float, ...]]

#: Between columns, between parts, and between these and those, in points.
GAP = 8
#: The same, less what computing loses.
_NEARLY = GAP - 0.01
#: Widths and heights at which parts are wrapped, of which so many are tried each.
_LIMITS = 5


@dataclass(frozen=True)
class Packed:
    """Where all stands."""

    #: Of columns, then of parts.
    places: tuple[Place, ...]
    width: float
    height: float
    #: How many columns are in a row.
    in_row: int


def pack(
    columns: Sequence[Size],
    parts: Sequence[Size],
    badness: Badness,
    in_row: int | None = None,
    gutters: Sequence[float] = (),
) -> Packed:
    """The places that fit best of those tried.

    ``in_row`` is how many columns stand in a row, if that is given. ``gutters`` are the widths
    between each column and the next, or the heights between them if that begins a row.
    """
    between = list(gutters) or [GAP] * (len(columns) - 1)
    numbers = [in_row] if in_row else [-(-len(columns) // rows) for rows in _rows(len(columns))]
    best: tuple[tuple[float, ...], Packed] | None = None
    for number in dict.fromkeys(numbers):
        first, gaps = _in_rows(columns, number, between)
        for filled in _with_parts(first + gaps, parts):
            packed = filled[: len(first)] + filled[len(first) + len(gaps) :]
            places = tuple((left, top) for left, top, _, _ in packed)
            width = max(left + wide for left, _, wide, _ in packed)
            height = max(top + high for _, top, _, high in packed)
            rows = -(-len(columns) // number)
            bad = (*badness(width, height), rows, width * height)
            if best is None or bad < best[0]:
                best = bad, Packed(places, width, height, number)
    assert best is not None  # noqa: S101 -- there is a first column, always
    return best[1]


def free_spot(taken: Sequence[Area], size: Size, liked: Place, *, is_turned: bool = False) -> Place:
    """Where something small stands: where it is liked, or else where the whole grows least.

    It stands low, or far to the right in a drawing that is turned, where that is its lower end.
    """
    wide, high = size
    width = max(left + other for left, _, other, _ in taken)
    height = max(top + tall for _, top, _, tall in taken)
    lefts, tops = {0.0, width - wide}, {0.0, height - high}
    for left, top, other, tall in taken:
        lefts |= {left, left + other + GAP}
        tops |= {top, top + tall + GAP}

    def badness(spot: Place) -> tuple[float, ...]:
        left, top = spot
        grown = max(width, left + wide) * max(height, top + high) - width * height
        low, far = (left, top) if is_turned else (top, left)
        return round(grown), spot != liked, -low, far

    spots = {liked, *product(sorted(lefts), sorted(tops))}
    free = [
        (left, top)
        for left, top in spots
        if left >= 0 and top >= 0 and _is_free(taken, (left, top, wide, high))
    ]
    return min(free, key=badness)


def _rows(number: int) -> range:
    return range(1, number + 1)


def _in_rows(
    columns: Sequence[Size], in_row: int, between: Sequence[float]
) -> tuple[list[Area], list[Area]]:
    """The columns in rows, and the gaps between rows, in which no part is to stand."""
    placed: list[Area] = []
    gaps: list[Area] = []
    left = top = height = 0.0
    for at, (wide, high) in enumerate(columns):
        if at and at % in_row == 0:
            gap = between[at - 1]
            if gap > GAP:
                gaps.append((0, top + height + gap / 2, 0, 0))
            left, top, height = 0, top + height + gap, 0
        placed.append((left, top, wide, high))
        height = max(height, high)
        if at < len(between):
            left += wide + between[at]
    width = max(left + wide for left, _, wide, _ in placed)
    return placed, [(left, top, width, high) for left, top, _, high in gaps]


def _with_parts(columns: list[Area], parts: Sequence[Size]) -> Iterator[list[Area]]:
    """Ways to place the parts."""
    if not parts:
        yield columns
        return
    width = max(left + wide for left, _, wide, _ in columns)
    height = max(top + high for _, top, _, high in columns)
    most_wide = width + sum(wide + GAP for wide, _ in parts)
    most_high = height + sum(high + GAP for _, high in parts)
    for step in range(_LIMITS + 1):
        share = (step / _LIMITS) ** 2
        for fills in (False, True):
            limit = height + (most_high - height) * share
            yield _filled(columns, parts, limit, by_columns=True, fills=fills)
            limit = width + (most_wide - width) * share
            yield _filled(columns, parts, limit, by_columns=False, fills=fills)


def _filled(
    columns: list[Area],
    parts: Sequence[Size],
    limit: float,
    *,
    by_columns: bool,
    fills: bool,
) -> list[Area]:
    """Each part as far left as it may be within a height; or as high as it may be in a width.

    It is below all that was there over it; or else it ``fills`` a gap between these.
    """
    placed = list(columns)
    for wide, high in parts:

        def badness(spot: Place, wide: float = wide, high: float = high) -> tuple[float, ...]:
            left, top = spot
            if by_columns:
                return max(0.0, top + high - limit), left, top
            return max(0.0, left + wide - limit), top, left

        spots = sorted(set(_spots(placed, wide, fills=fills)), key=badness)
        left, top = next(
            (left, top)
            for left, top in spots
            if not fills or _is_free(placed, (left, top, wide, high))
        )
        placed.append((left, top, wide, high))
    return placed


def _spots(placed: Sequence[Area], wide: float, *, fills: bool) -> Iterator[Place]:
    """Places for a part of that width: below all else, and below each if it fills gaps."""
    for left in {0.0, *(left + other + GAP for left, _, other, _ in placed)}:
        lows = [
            top + tall + GAP
            for at, top, other, tall in placed
            if at < left + wide + _NEARLY and at + other + _NEARLY > left
        ]
        yield left, max(lows, default=0.0)
        if fills:
            yield left, 0.0
            for low in lows:
                yield left, low


def _is_free(placed: Sequence[Area], area: Area) -> bool:
    left, top, wide, high = area
    right, low = left + wide + _NEARLY, top + high + _NEARLY
    left, top = left - _NEARLY, top - _NEARLY
    for at, up, other, tall in placed:
        if at < right and up < low and at + other > left and up + tall > top:
            return False
    return True
