"""Networks that keep several resolutions all the way, such as HRNet: one lane for each.

In a lane the data goes straight down; between lanes it is brought to another resolution.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.scene.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sphinxcontrib_kerasgraph.scene.shape import Size

#: So many lanes there are, and so often at least each takes from others, and gives.
_FEWEST = 3
_FEWEST_EXCHANGES = 2
#: What is larger isn't searched for lanes.
_MOST_ITEMS = 300


def lanes(sources: Sequence[Collection[int]], shapes: Sequence[Size]) -> Shape | None:
    """The lanes of a graph, if it has some.

    ``sources`` are the places that each item takes data from, all before its own; ``shapes`` those
    of what each makes, the batch first and the channels last.
    """
    if len(sources) > _MOST_ITEMS:
        return None
    inside = _branched(sources, shapes)
    sizes = {at: shapes[at][1:-1] for at in inside}
    taken: Counter[Size] = Counter()
    given: Counter[Size] = Counter()
    for at in inside:
        for source in sources[at]:
            if source in sizes and sizes[source] != sizes[at]:
                taken[sizes[at]] += 1
                given[sizes[source]] += 1
    known = [size for size in taken if min(taken[size], given[size]) >= _FEWEST_EXCHANGES]
    if len(known) < _FEWEST or any(not size or None in size for size in known):
        return None
    found = {size: [at for at in inside if sizes[at] == size] for size in known}
    ordered = sorted(found.values(), key=lambda lane: (*(-(one or 0) for one in sizes[lane[0]]),))
    return Shape(
        (),
        frozenset(),
        len(sources) - 1,
        tuple(_stacks(sources, ordered)),
        lanes=tuple(map(tuple, ordered)),
    )


def _branched(sources: Sequence[Collection[int]], shapes: Sequence[Size]) -> list[int]:
    """The items beside which there are others: neither before nor behind them."""
    above = [0] * len(sources)
    below = [0] * len(sources)
    users: list[list[int]] = [[] for _ in sources]
    for at, row in enumerate(sources):
        for source in row:
            above[at] |= above[source] | 1 << source
            users[source].append(at)
    for at in reversed(range(len(sources))):
        for source in sources[at]:
            below[source] |= below[at] | 1 << at
    whole = (1 << len(sources)) - 1
    alone = {at for at in range(len(sources)) if above[at] | below[at] | 1 << at == whole}
    return [
        at
        for at, row in enumerate(sources)
        if at not in alone
        # What but brings a lane to the size that all are joined in is no part of the lane there.
        and not (
            users[at]
            and alone.issuperset(users[at])
            and all(shapes[source][1:-1] != shapes[at][1:-1] for source in row)
        )
    ]


def _stacks(
    sources: Sequence[Collection[int]], found: Sequence[Sequence[int]]
) -> Iterator[tuple[int, ...]]:
    """What is joined in a lane, and would stand side by side: its own, then what is brought."""
    depth = [0] * len(sources)
    for at, row in enumerate(sources):
        depth[at] = 1 + max((depth[source] for source in row), default=0)
    everywhere = {at for lane in found for at in lane}
    for lane in found:
        others = everywhere.difference(lane)
        for at in lane:
            inside = [one for one in sources[at] if one in lane]
            brought = {one for one in inside if others.issuperset(sources[one])}
            if brought and len(inside) > 1:
                yield tuple(sorted(inside, key=lambda one: (one in brought, depth[one], one)))
