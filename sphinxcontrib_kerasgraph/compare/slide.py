"""Where in a row of the same calls the added or removed ones are: where a block begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.keys import is_named
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.compare.order import Pairs
    from sphinxcontrib_kerasgraph.compare.side import Side

#: What blocks begin with, rather than with a norm or an activation.
_BEGIN = frozenset(
    {CallKind.CONVOLUTION, CallKind.DENSE, CallKind.ATTENTION, CallKind.RECURRENT, CallKind.MODEL}
)
#: No further than so many calls.
_FAR = 64


def slid(old: Side, new: Side, pairs: Pairs) -> Pairs:
    """The pairs with each run of added or removed calls where it connects best.

    Between equal calls a run can stand in several places: of a block with a skip around it, but
    one leaves the skips of the other blocks as they are.
    """
    back = {other: one for one, other in pairs.items()}
    _slide(new, old, back)
    pairs = {one: other for other, one in back.items()}
    _slide(old, new, pairs)
    return pairs


def _slide(side: Side, other: Side, pairs: Pairs) -> None:
    """Move the runs of calls of one graph that the other has not."""
    for begin, end in _runs(side.order, pairs):
        run = _Run(side, other, begin, end, dict(pairs))
        best = min([run, *run.moved(-1), *run.moved(1)], key=_Run.score)
        pairs.clear()
        pairs.update(best.pairs)


@dataclass(frozen=True)
class _Run:
    """Calls in a row that only one graph has, and the pairs of the others."""

    side: Side
    other: Side
    #: From where to where they stand in `Side.order`.
    begin: int
    end: int
    pairs: Pairs
    #: How far it is from where it was.
    far: int = 0

    def moved(self, step: int) -> Iterator[_Run]:
        """The run further and further up or down, as long as the calls are the same."""
        run: _Run | None = self
        while run is not None and run.far < min(_FAR, self.end - self.begin + 1):
            run = run.next(step)
            if run is not None:
                yield run

    def next(self, step: int) -> _Run | None:
        """The run one call further; ``None`` if it can't stand there."""
        side, order = self.side, self.side.order
        # The call that is paired, and the one that takes its place.
        given, taken = (self.begin - 1, self.end - 1) if step < 0 else (self.end, self.begin)
        if not 0 <= given < len(order):
            return None
        one, instead = order[given], order[taken]
        if one not in self.pairs or side.content[one] != side.content[instead]:
            return None
        if is_named(side.calls[one]):
            return None
        pairs = dict(self.pairs)
        pairs[instead] = pairs.pop(one)
        return replace(
            self, begin=self.begin + step, end=self.end + step, pairs=pairs, far=self.far + 1
        )

    def score(self) -> tuple[int, bool, int]:
        """How many tensors go elsewhere, whether no block begins there, how far it is moved."""
        order = self.side.order
        near = order[max(0, self.begin - _FAR) : self.end + _FAR]
        broken = sum(self._broken(one) for one in near if one in self.pairs)
        return broken, self.side.calls[order[self.begin]].kind not in _BEGIN, self.far

    def _broken(self, one: int) -> int:
        """How many inputs take another tensor, of a call that both have."""
        there = set(self.other.sources[self.pairs[one]])
        sources = (
            (at, self.pairs.get(place) if place >= 0 else place, of)
            for at, place, of in self.side.sources[one]
        )
        return sum(source not in there for source in sources)


def _runs(order: list[int], pairs: Pairs) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at, one in enumerate(order):
        if one in pairs:
            continue
        if found and found[-1][1] == at:
            found[-1] = found[-1][0], at + 1
        else:
            found.append((at, at + 1))
    return found
