"""Which members of two sequences belong together: as many as can, in the order of both."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence


def rising(values: Sequence[int]) -> list[int]:
    """The places of as many values as can be, each larger than the one before it."""
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(values)
    for at, value in enumerate(values):
        length = bisect_left(ends, value)
        if length == len(ends):
            ends.append(value)
            last.append(at)
        else:
            ends[length], last[length] = value, at
        before[at] = last[length - 1] if length else -1
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def aligned(
    old: Sequence[int],
    new: Sequence[int],
    keys: Sequence[tuple[Sequence[Hashable], Sequence[Hashable]]],
) -> Iterator[tuple[int, int]]:
    """Members that belong together: by the first of the keys; those between them by the others.

    Of each key there are two lists: which key the members of the old sequence have, and the new.
    """
    if not keys or not old or not new:
        return
    (of_old, of_new), *others = keys
    start = 0
    while start < min(len(old), len(new)) and of_old[old[start]] == of_new[new[start]]:
        yield old[start], new[start]
        start += 1
    stop = 0
    while (
        stop < min(len(old), len(new)) - start and of_old[old[-1 - stop]] == of_new[new[-1 - stop]]
    ):
        yield old[-1 - stop], new[-1 - stop]
        stop += 1
    old, new = old[start : len(old) - stop], new[start : len(new) - stop]
    at, to = 0, 0
    for begin, end in [
        *common([of_old[one] for one in old], [of_new[one] for one in new]),
        (len(old), len(new)),
    ]:
        yield from aligned(old[at:begin], new[to:end], others)
        if begin < len(old):
            yield old[begin], new[end]
        at, to = begin + 1, end + 1


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The places of a longest common subsequence, in both.

    A row of the table is one whole number, with a bit for each place of ``new`` (Hyyrö, *Bit-
    Parallel LCS-length Computation Revisited*, 2004), so that a thousand by a thousand take
    milliseconds.
    """
    masks: dict[Hashable, int] = {}
    for at, one in enumerate(new):
        masks[one] = masks.get(one, 0) | 1 << at
    full = (1 << len(new)) - 1
    # A bit is 0 where one more is common than without that place.
    rows = [full]
    for one in old:
        row = rows[-1]
        both = row & masks.get(one, 0)
        rows.append(((row + both) | (row - both)) & full)
    found = []
    at, to = len(old), len(new)
    while at and to:
        bit = 1 << (to - 1)
        if rows[at] & bit:
            to -= 1
        elif not rows[at - 1] & bit:
            at -= 1
        else:
            at, to = at - 1, to - 1
            found.append((at, to))
    return found[::-1]
