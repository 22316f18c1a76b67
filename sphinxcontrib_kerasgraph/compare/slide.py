"""Where in a row of the same calls the added or removed ones are: where a block begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.keys import is_named
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.compare.order import Pairs
    from sphinxcontrib_kerasgraph.compare.pairing import Side

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
    order = side.order
    for begin, end in _runs(order, pairs):
        best, kept = _score(side, other, pairs, order, begin, end, 0), dict(pairs)
        for step in (-1, 1):
            trial, first, stop, far = dict(pairs), begin, end, 0
            while far < _FAR and far <= end - begin:
                # The call that is paired, and the one that takes its place.
                given, taken = (first - 1, stop - 1) if step < 0 else (stop, first)
                if not 0 <= given < len(order):
                    break
                one, instead = order[given], order[taken]
                if one not in trial or side.content[one] != side.content[instead]:
                    break
                if is_named(side.calls[one]) or instead in trial:
                    break
                trial[instead] = trial.pop(one)
                first, stop, far = first + step, stop + step, far + 1
                score = _score(side, other, trial, order, first, stop, far)
                if score < best:
                    best, kept = score, dict(trial)
        pairs.clear()
        pairs.update(kept)


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


def _score(
    side: Side, other: Side, pairs: Pairs, order: list[int], begin: int, end: int, far: int
) -> tuple[int, bool, int]:
    """How many tensors go elsewhere, whether no block begins there, how far it is moved."""
    near = order[max(0, begin - _FAR) : end + _FAR]
    broken = sum(1 for one in near if one in pairs for _ in _broken(side, other, pairs, one))
    return broken, side.calls[order[begin]].kind not in _BEGIN, far


def _broken(side: Side, other: Side, pairs: Pairs, one: int) -> Iterator[int]:
    """The inputs that take another tensor, of a call that both have."""
    there = set(other.sources[pairs[one]])
    for at, place, of in side.sources[one]:
        source = pairs.get(place) if place >= 0 else place
        if (at, source, of) not in there:
            yield at
