"""Finds what a graph repeats: the same structure, several times in a row.

Calls are taken in the order of `sequence.linear`, which keeps together what belongs together. There
a repeated structure is a stretch of calls that equals the stretch before it, when the sources of
edges are read from where a call stands: a source is inside the same stretch, at the same place in
the stretch before it (or two before, as the cells of NASNet take them), or one and the same tensor
from outside for all of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.view.overview.sequence import crossing, last_uses
from sphinxcontrib_kerasgraph.view.overview.wiring import State, Wiring

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.view.overview.sequence import Incoming
    from sphinxcontrib_kerasgraph.view.overview.wiring import Outside, Rule

#: How many of the next calls of the same kind are tried as the same place in the next stretch.
_TRIED_NEXT = 4
#: Contexts, in calls, that tell which calls are alike; the longer one finds long periods.
_CONTEXTS = (1, 8)
#: Starts of a stretch that are tried for each stretch of calls that are alike.
_TRIED_STARTS = 4
#: A fold that saves fewer boxes is no gain: its frame costs as much.
_LEAST_SAVED = 3


class Joint(Enum):
    """How a call hangs together with the one before it in the sequence."""

    #: The one before joins branches: a block ends with it.
    BLOCK = auto()
    #: Data forks here, or the two have nothing to do with each other.
    FORK = auto()
    #: It is the next part of a straight chain.
    CHAIN = auto()
    #: It is read as one with the call before, as an activation with its layer.
    SAME_UNIT = auto()


@dataclass(frozen=True)
class Drawn:
    """What is drawn of a call in the sequence."""

    joint: Joint
    #: How many boxes: none of what is read as one with the call before, all that are inside of an
    #: open block.
    boxes: int = 1
    #: Whether a stage begins with it: the call before it made the data coarser.
    begins_stage: bool = False


@dataclass(frozen=True)
class Run:
    """Repetitions in a row: ``count`` stretches of ``length`` calls, from ``start`` on."""

    start: int
    length: int
    count: int
    #: For each call of a repetition, for each edge into it, where it is from.
    rules: Sequence[Sequence[Rule]]
    #: What is handed on, and where the first repetition takes it from.
    states: dict[State, Outside]
    #: How many boxes needn't be drawn.
    saved: int
    #: What is taken of every repetition, and not of the last alone: the place and the port.
    gathered: frozenset[tuple[int, int]] = frozenset()
    #: See `Group`.
    lacking: frozenset[str] = frozenset()

    @classmethod
    def once(cls, incoming: Sequence[Sequence[Incoming]], start: int, stop: int) -> Run:
        """A stretch that nothing repeats."""
        rules: list[list[Rule]] = [
            [
                State(edge.position - start, edge.port, 0)
                if edge.position >= start
                else (edge.position, edge.port)
                for edge in edges
            ]
            for edges in incoming[start:stop]
        ]
        return cls(start, stop - start, 1, rules, {}, 0)

    @property
    def stop(self) -> int:
        """The place after the last call."""
        return self.start + self.length * self.count


@dataclass(frozen=True)
class _Stretch:
    """Calls from one place up to another, each but the last ones like that ``length`` later."""

    first: int
    stop: int
    length: int
    #: How many boxes its repetitions save at most.
    saved: int


@dataclass(frozen=True)
class Preference:
    """Which of several runs are taken."""

    #: Those with the shortest repetitions, else those that save most.
    shortest_first: bool
    #: A straight chain of fewer calls is left as it is.
    shortest_chain: int = 0

    def rank(self, stretch: _Stretch) -> tuple[int, int, int]:
        """Lower for what is taken first."""
        if self.shortest_first:
            return stretch.length, -stretch.saved, stretch.first
        return -stretch.saved, stretch.length, stretch.first


def find_runs(
    keys: Sequence[int],
    drawn: Sequence[Drawn],
    incoming: Sequence[Sequence[Incoming]],
    outgoing: Sequence[tuple[int, int]],
    preference: Preference,
) -> list[Run]:
    """Runs of which none overlaps another, in order.

    ``keys`` tells which calls are alike, ``-1`` one that must stay alone; ``drawn`` what is drawn
    of each; ``incoming`` lists the edges into each, as many for calls that are alike; ``outgoing``
    are the sources of the outputs.
    """
    finder = _Finder(keys, drawn, incoming, outgoing, preference.shortest_chain)
    taken = [False] * len(keys)
    chosen = []
    for stretch in sorted(finder.alike(), key=preference.rank):
        free = stretch.stop - stretch.first - sum(taken[stretch.first : stretch.stop])
        run = finder.best_run(stretch) if free >= 2 * stretch.length else None
        if run is not None and not any(taken[run.start : run.stop]):
            taken[run.start : run.stop] = [True] * (run.stop - run.start)
            chosen.append(run)
    return sorted(chosen, key=lambda run: run.start)


class _Finder:
    def __init__(
        self,
        keys: Sequence[int],
        drawn: Sequence[Drawn],
        incoming: Sequence[Sequence[Incoming]],
        outgoing: Sequence[tuple[int, int]],
        shortest_chain: int,
    ) -> None:
        self._keys = keys
        #: How many boxes are drawn of all calls before each place.
        self._boxes = list(accumulate((one.boxes for one in drawn), initial=0))
        self._shortest_chain = shortest_chain
        self._joints = [one.joint for one in drawn]
        self._begins_stage = [one.begins_stage for one in drawn]
        self._incoming = incoming
        self._last_use = last_uses(incoming, outgoing)
        uses = Counter((edge.position, edge.port) for edges in incoming for edge in edges)
        uses.update(outgoing)
        self._last_uses_of_call: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (position, port), last in self._last_use.items():
            self._last_uses_of_call[position].append((port, last))
        self._uses_of_call = [0] * (len(keys) + 1)
        for (position, _), number in uses.items():
            self._uses_of_call[position] += number
        self._crossing = crossing(self._last_use, len(keys))
        #: For each tensor, the places that take it, and the numbers of the edges into them.
        self._users: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for place, edges in enumerate(incoming):
            for number, edge in enumerate(edges):
                self._users[edge.position, edge.port].append((place, number))
        for number, source in enumerate(outgoing):
            self._users[source].append((len(keys), number))

    def alike(self) -> Iterator[_Stretch]:
        """Stretches in which each call is like the one ``length`` places after it."""
        keys = self._keys
        known: dict[int, int] = {}
        for place, length in self._guesses():
            if place < known.get(length, 0):
                continue
            first, last = place, place
            while last + length < len(keys) and keys[last] == keys[last + length] >= 0:
                last += 1
            while first > 0 and keys[first - 1] == keys[first - 1 + length] >= 0:
                first -= 1
            known[length] = last + 1
            saved = self._boxes[last] - self._boxes[first]
            if last - first >= length and saved >= _LEAST_SAVED:
                yield _Stretch(first, last + length, length, saved)

    def _guesses(self) -> Iterator[tuple[int, int]]:
        """Places, rising, and lengths after which calls that are alike follow."""
        keys = self._keys
        indices = []
        for context in _CONTEXTS:
            by_key: dict[tuple[int, ...], list[int]] = defaultdict(list)
            of_place = []
            for place in range(len(keys)):
                alike = by_key[tuple(keys[place : place + context])]
                of_place.append((alike, len(alike)))
                alike.append(place)
            indices.append(of_place)
        for place in range(len(keys)):
            if keys[place] < 0:
                continue
            lengths = {
                later - place
                for of_place in indices
                for alike, index in (of_place[place],)
                for later in alike[index + 1 : index + 1 + _TRIED_NEXT]
            }
            for length in sorted(lengths):
                yield place, length

    def best_run(self, stretch: _Stretch) -> Run | None:
        """The best repetitions in it, which may start anywhere within the first ``length``."""
        first, stop, length = stretch.first, stretch.stop, stretch.length
        # How the second repetition begins, since what is before the first may be another thing.
        joints = self._joints[first + length : first + 2 * length]
        wanted = {Joint.BLOCK, Joint.FORK}
        if wanted.isdisjoint(joints):
            # A repetition starts in the middle of a chain only if it is nothing but a chain.
            wanted = {Joint.CHAIN}
            if stop - first < self._shortest_chain:
                return None
        # Nor where more tensors cross than elsewhere in it.
        crossing_ = list(self._crossing_but_collected(stretch))
        least = min(crossing_)
        starts = [
            start
            for start, joint, count in zip(
                range(first, stop - 2 * length + 1), joints, crossing_, strict=False
            )
            if joint in wanted and count == least
        ]
        ranked = sorted(
            starts,
            key=lambda start: (
                -((stop - start) // length),
                self._joints[start + length] is not Joint.BLOCK,
                not self._begins_stage[start + length],
                self._uses_of_call[start - 1] < 2,
                start,
            ),
        )
        best: Run | None = None
        for start in ranked[:_TRIED_STARTS]:
            run = self._repetitions(start, length, (stop - start) // length)
            if run is not None and (best is None or run.saved > best.saved):
                best = run
        return best

    def _repetitions(self, start: int, length: int, most: int) -> Run | None:
        """The repetitions from there on, as far as their edges are alike."""
        wiring = Wiring(self._incoming, start, length, most)
        count = wiring.count
        if count < 2:
            return None
        states = wiring.states
        kept_back = {(state.place, state.port) for state in states if state.delay > 1}
        count, gathered = self._taken_beyond(start, length, count, kept_back)
        if gathered and not states:  # they are side by side, not in a row
            return None
        # Nor does it end where more tensors cross than between the repetitions.
        most = self._crossing[start + length] - len(gathered)
        while count > 1 and self._crossing[start + count * length] - count * len(gathered) > most:
            count -= 1
        saved = (count - 1) * (self._boxes[start + length] - self._boxes[start])
        if count < 2 or saved < _LEAST_SAVED:
            return None
        return Run(start, length, count, wiring.rules, states, saved, gathered)

    def _crossing_but_collected(self, stretch: _Stretch) -> Iterator[int]:
        """How many tensors cross the starts of the second repetition of a stretch.

        Not counted is what the stretch makes and only what is beyond it takes: that may be taken of
        all repetitions.
        """
        collected = 0
        first, length = stretch.first, stretch.length
        for place in range(first, first + 2 * length):
            if place >= first + length:
                yield self._crossing[place] - collected
            collected += sum(last >= stretch.stop for _, last in self._last_uses_of_call[place])

    def _taken_beyond(
        self, start: int, length: int, whole: int, kept_back: Container[tuple[int, int]]
    ) -> tuple[int, frozenset[tuple[int, int]]]:
        """How many of the repetitions are one fold, for what is taken of them beyond the last.

        That is made by the last one, or by all of them for the same calls, in order: the second is
        the places and ports of what these make.
        """
        stop = start + whole * length
        uses: dict[tuple[int, int], dict[int, list[tuple[int, int]]]] = defaultdict(dict)
        for position in range(start, stop):
            for port, last in self._last_uses_of_call[position]:
                if last >= stop:
                    repetition, place = divmod(position - start, length)
                    uses[place, port][repetition] = [
                        use for use in self._users[position, port] if use[0] >= stop
                    ]
        count, gathered = whole, set()
        for made, by_repetition in uses.items():
            together = _taken_together(by_repetition)
            if together > 1:
                gathered.add(made)
                count = min(count, together)
                continue
            for repetition in by_repetition:
                if repetition != whole - 2 or made not in kept_back:
                    count = min(count, repetition + 1)
        return count, frozenset(gathered)


def _taken_together(uses: Mapping[int, Sequence[tuple[int, int]]]) -> int:
    """Of how many repetitions, from the first on, the same calls take a tensor, in order.

    ``uses`` are the places of these calls and the numbers of the edges, by the repetition. Of the
    last one, other calls may take it, too.
    """
    before = uses.get(0, ())
    count = int(bool(before))
    while count and count in uses:
        left = list(uses[count])
        found = []
        for place, number in before:
            use = min((one for one in left if one[0] == place and one[1] > number), default=None)
            if use is None:
                return count
            left.remove(use)
            found.append(use)
        count += 1
        if left:
            return count
        before = found
    return count
