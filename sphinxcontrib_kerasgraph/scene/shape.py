"""The shape of a network as papers draw it: nested skips along a chain as a U.

The data goes down the left arm, past the bottom, and up the right arm; a skip goes level from the
one to the other. So do the lateral connections of a feature pyramid, whose heads stand beside it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

#: The shape of a tensor.
Size: TypeAlias = "tuple[int | None, ...]"

#: What has fewer skips is no U, and a smaller part than one of so many isn't the shape of it all.
_FEWEST = 2
_LEAST_PART = 3
#: Of so many bottoms, at most, it is seen whether a U has them.
_MOST_TRIED = 3000
_MANY_EDGES = 500


@dataclass(frozen=True)
class Shape:
    """Which items stand side by side, and which of them data passes upwards."""

    #: The places of items side by side, from left to right; from the top of the U down.
    rows: tuple[tuple[int, ...], ...]
    #: The places of those on the right arm, and of what belongs to it.
    upwards: frozenset[int]
    #: The place of the lowest.
    bottom: int
    #: What stands aside of each level, such as its heads, one below the other.
    stacks: tuple[tuple[int, ...], ...] = ()
    #: What takes from several levels at once, and stands aside of one in their middle.
    collecting: frozenset[int] = frozenset()
    #: The places of what stands in lanes from top to bottom, from left to right.
    lanes: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class _Skip:
    """A way from the left arm to the right one that isn't through the bottom."""

    left: int
    right: int
    #: What is on the way, in its order.
    between: tuple[int, ...] = ()
    #: Where the last of several ways from the same place ends.
    last: int = -1


def u_shape(
    sources: Sequence[Collection[int]], shapes: Sequence[Size] | None = None
) -> Shape | None:
    """The U that a graph is, if it is one.

    ``sources`` are the places that each item takes data from, all before its own. ``shapes`` are
    those of what each makes, the batch first, if known: a net whose skips are all of one shape is
    no U but a chain of residual blocks in others.
    """
    graph = _Graph(sources, shapes)
    # Each takes the longer the more edges there are, as in a dense block.
    left = _MOST_TRIED // (1 + sum(map(len, sources)) // _MANY_EDGES)
    for top in graph.joins():
        inside = graph.above(top)
        if _LEAST_PART * (inside.bit_count() + 1) < len(sources) or left <= 0:
            break
        best: tuple[tuple[int, ...], list[_Skip]] | None = None
        for bottom in _places(inside):
            left -= 1
            skips = graph.nested_skips(bottom, top)
            if len(skips) >= _FEWEST and graph.has_levels(skips):
                worth = graph.worth(bottom, skips)
                best = min(best, (worth, skips)) if best else (worth, skips)
        if best is not None:
            return graph.shape(best[0][-1], top, best[1])
    return None


class _Graph:
    """Items by their places; sets of them as the bits of numbers."""

    def __init__(self, sources: Sequence[Collection[int]], shapes: Sequence[Size] | None) -> None:
        self._sources = sources
        self._shapes = shapes
        self._users: list[list[int]] = [[] for _ in sources]
        self._above = [0] * len(sources)
        self._below = [0] * len(sources)
        #: The length of the longest way to each.
        self._depth = [0] * len(sources)
        for at, row in enumerate(sources):
            for source in row:
                self._users[source].append(at)
                self._above[at] |= self._above[source] | 1 << source
                self._depth[at] = max(self._depth[at], self._depth[source] + 1)
        for at in reversed(range(len(sources))):
            for source in sources[at]:
                self._below[source] |= self._below[at] | 1 << at

    def above(self, at: int) -> int:
        """All that the data of an item comes from."""
        return self._above[at]

    def joins(self) -> list[int]:
        """The items that take data from several, those with the most before them first."""
        joins = [at for at, row in enumerate(self._sources) if len(row) > 1]
        return sorted(joins, key=lambda at: (-self._above[at].bit_count(), at))

    def has_levels(self, skips: Sequence[_Skip]) -> bool:
        """Whether skips are of several shapes, channels aside where more is known."""
        if self._shapes is None:
            return True
        shapes = {self._shapes[skip.left] for skip in skips}
        if all(len(shape) > 2 and None not in shape[1:-1] for shape in shapes):
            shapes = {shape[1:-1] for shape in shapes}
        return len(shapes) >= _FEWEST

    def worth(self, bottom: int, skips: Sequence[_Skip]) -> tuple[int, ...]:
        """How good a U with that bottom is, the less the better; and the bottom.

        The more skips the better, but for that of a residual block, which has one shape; of as
        many those that are around the most. Of a long bottom the middle: as much of it goes down
        as up.
        """
        inner = skips[-1]
        of_block = self._shapes is not None and (
            self._shapes[inner.left] == self._shapes[inner.right] == self._shapes[bottom]
        )
        inner = skips[-1 - of_block]
        down = self._depth[bottom] - self._depth[inner.left]
        up = self._depth[inner.right] - self._depth[bottom]
        around = (self._below[inner.left] & self._above[inner.last]).bit_count()
        return of_block - len(skips), -around, abs(down - up), of_block, bottom

    def nested_skips(self, bottom: int, top: int) -> list[_Skip]:
        """The ways around an item up to the top, the outermost first.

        None if some aren't nested, or less than half is inside of them.
        """
        by_left: dict[int, list[_Skip]] = defaultdict(list)
        for skip in self._skips(bottom, self._above[top] | 1 << top):
            if skip is None:
                return []
            by_left[skip.left].append(skip)
        # Of several from one place, as to a gate and to what it weighs, the first counts.
        rows = []
        for left in sorted(by_left):
            ways = sorted(by_left[left], key=lambda skip: skip.right)
            rows.append(replace(ways[0], last=ways[-1].right))
            if not self._are_alike(rows[-1].right, rows[-1].last):
                return []
        if not rows or not self._ends_at(rows[0].last, top):
            return []
        for outer, inner in pairwise(rows):
            if not self._above[inner.left] >> outer.left & 1:
                return []
            if not self._above[outer.right] >> inner.last & 1:
                return []
        inside = self._below[rows[0].left] & self._above[top]
        return rows if 2 * (inside.bit_count() + 2) > self._above[top].bit_count() else []

    def _skips(self, bottom: int, within: int) -> Iterator[_Skip | None]:
        """Each way around an item; ``None`` for one that is more than a chain."""
        left, right = self._above[bottom], self._below[bottom] & within
        for at in _places(right):
            for source in self._sources[at]:
                if left >> source & 1:
                    yield _Skip(source, at)
        between = 0
        for at in _places(within & ~(left | right | 1 << bottom)):
            if self._above[at] & left and self._below[at] & right:
                between |= 1 << at
        for first in _places(between):
            if any(left >> source & 1 for source in self._sources[first]):
                yield self._chain(first, between, within)

    def _chain(self, first: int, between: int, within: int) -> _Skip | None:
        """The skip whose first item on its way that is, if no more than a chain is on it."""
        chain = [first]
        users = self._users_within(first, within)
        while len(users) == 1 and between >> users[0] & 1:
            chain.append(users[0])
            users = self._users_within(users[0], within)
        if any(len(self._sources[at]) > 1 for at in chain):
            return None
        if not users or any(between >> at & 1 for at in users):
            return None
        return _Skip(min(self._sources[first]), min(users), tuple(chain))

    def _users_within(self, at: int, within: int) -> list[int]:
        return [user for user in self._users[at] if within >> user & 1]

    def _are_alike(self, one: int, other: int) -> bool:
        """Whether what two items make is as large, channels aside, as far as is known."""
        return self._shapes is None or self._shapes[one][1:-1] == self._shapes[other][1:-1]

    def _ends_at(self, last: int, top: int) -> bool:
        """Whether the outermost skip ends at the top, or where a gate's result is joined to it."""
        row = self._sources[top]
        joined = (
            len(row) == 2
            and last in row
            and all(at == last or self._above[last] >> at & 1 for at in row)
        )
        return last == top or joined

    def shape(self, bottom: int, top: int, skips: Sequence[_Skip]) -> Shape:
        """The U with that bottom, that end of the outermost skip, and those skips."""
        within = self._above[top] | 1 << top
        left = self._above[bottom]
        right = self._below[bottom] & within
        ends = self._ends(top, within)
        upwards = right | ends
        for at in range(len(self._sources)):
            from_left = (self._above[at] | 1 << at) & (left | 1 << bottom)
            # What the right arm alone takes comes to it from below, too.
            if not from_left and self._below[at] & upwards:
                upwards |= 1 << at
        rows = [(skip.left, *skip.between, skip.right) for skip in skips]
        in_rows = {row[-1] for row in rows}
        rows += [(at,) for at in (bottom, *_places(right)) if at not in in_rows]
        beside = [(*row, *self._beside(row[-1], within | upwards)) for row in rows]
        collecting = []
        for at in _places(~(within | upwards) & (1 << len(self._sources)) - 1):
            levels = [one for one in self._sources[at] if right >> one & 1]
            if len(levels) > 1 and len(levels) == len(self._sources[at]):
                # The nearest to their middle beside which nothing stands yet.
                middle = sum(levels) / len(levels)
                free = [
                    (abs(row[-1] - middle), n)
                    for n, row in enumerate(rows)
                    if row[-1] in levels and len(beside[n]) == len(row)
                ]
                if free:
                    number = min(free)[1]
                    beside[number] = (*rows[number], at)
                    collecting.append(at)
        return Shape(
            tuple(row for row in beside if len(row) > 1),
            frozenset(_places(upwards)),
            bottom,
            self._stacks(within | upwards),
            frozenset(collecting),
        )

    def _stacks(self, without: int) -> tuple[tuple[int, ...], ...]:
        """What is aside, by that alone which it comes from; what joins several stands alone."""
        begin: dict[int, set[int]] = {}
        stacks: dict[int, list[int]] = defaultdict(list)
        for at, row in enumerate(self._sources):
            if without >> at & 1:
                continue
            begin[at] = {at} if any(without >> one & 1 for one in row) else set()
            begin[at].update(*(begin.get(one, ()) for one in row))
            if len(begin[at]) == 1:
                stacks[min(begin[at])].append(at)
        return tuple(map(tuple, stacks.values()))

    def _beside(self, at: int, without: int) -> tuple[int, ...]:
        """What stands beside an item of the right arm, such as a head that takes that alone."""
        for user in self._users[at]:
            if not without >> user & 1 and len(self._sources[user]) == 1:
                return (user,)
        return ()

    def _ends(self, top: int, within: int) -> int:
        """What comes after the top alone, up to where data leaves: more of the right arm."""
        after = self._below[top]
        mixed = 0
        for at in _places(after):
            for source in self._sources[at]:
                is_after = source == top or after >> source & 1
                if not is_after and (self._above[source] | 1 << source) & within:
                    mixed |= 1 << at
        return sum(
            1 << at
            for at in _places(after)
            if not (self._above[at] | self._below[at] | 1 << at) & mixed
        )


def _places(bits: int) -> Iterator[int]:
    """The bits that are set, from the lowest on."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
