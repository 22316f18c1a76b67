"""How repetitions are wired: to themselves, each other and the outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.view.overview.sequence import Incoming

#: From how many stretches before a source may come.
_LONGEST_DELAY = 2


@dataclass(frozen=True)
class State:
    """A tensor made by the repetition itself or, some repetitions old, by one before it."""

    #: The place of the call that makes it, from the start of the repetition.
    place: int
    port: int
    #: 0 for the repetition itself, 1 for the one before, 2 for the one before that.
    delay: int


#: The place and port of a source outside of the repetitions; place -1 as in `Incoming`. With a
#: number more where the same tensor is told apart, because it is two tensors elsewhere.
Outside: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True)
class Own:
    """What each repetition takes from outside for itself."""

    #: One for each repetition, in order.
    sources: tuple[Outside, ...]


Rule: TypeAlias = "State | Own | Outside"


class Wiring:
    """How the repetitions of a stretch are wired: to themselves, each other and the outside."""

    def __init__(
        self, incoming: Sequence[Sequence[Incoming]], start: int, length: int, most: int
    ) -> None:
        self._incoming = incoming
        self._start = start
        self._length = length
        #: Where the tensor of a place and port is from, before the first repetition.
        self._initial: dict[tuple[int, int, int], tuple[int, int]] = {}
        #: See `Run`; empty if there is nothing alike.
        self.rules: list[list[Rule]] = self._learn(most) or []
        self.count = self._repeat(most) if self.rules else 0

    def _edge(self, repetition: int, place: int, index: int) -> Incoming:
        return self._incoming[self._start + repetition * self._length + place][index]

    def _origin(self, edge: Incoming) -> tuple[int, int] | None:
        """The repetition and the place in it of an edge's source; ``None`` for outside."""
        if edge.position < self._start:
            return None
        return divmod(edge.position - self._start, self._length)

    def _learn(self, most: int) -> list[list[Rule]] | None:
        """The rules, or ``None`` if there are none.

        Read from the first repetitions; whether it holds is seen later.
        """
        rules: list[list[Rule]] = []
        unsure: list[tuple[int, int]] = []
        for place in range(self._length):
            row: list[Rule] = []
            for index, edge in enumerate(self._incoming[self._start + place]):
                rule = self._rule(place, index, edge, most)
                if rule is None:
                    unsure.append((place, index))
                    rule = (edge.position, edge.port)
                row.append(rule)
            rules.append(row)
        if unsure:
            firsts = {}
            for place, row in enumerate(rules):
                for index, rule in enumerate(row):
                    if isinstance(rule, State) and rule.delay == 1:
                        edge = self._edge(0, place, index)
                        firsts[edge.position, edge.port] = rule
            for place, index in unsure:
                edge = self._edge(1, place, index)
                known = firsts.get((edge.position, edge.port))
                if known is None:
                    return None
                rules[place][index] = State(known.place, known.port, 2)
        return rules

    def _rule(self, place: int, index: int, edge: Incoming, most: int) -> Rule | None:
        origin = self._origin(edge)
        if origin is not None:
            return State(origin[1], edge.port, 0) if origin[0] == 0 else None
        for repetition in range(1, min(most, _LONGEST_DELAY + 1)):
            later = self._edge(repetition, place, index)
            origin = self._origin(later)
            if origin is not None:
                return State(origin[1], later.port, repetition - origin[0])
        later = self._edge(1, place, index)
        if (later.position, later.port) == (edge.position, edge.port):
            return edge.position, edge.port
        return None

    def _repeat(self, most: int) -> int:
        for repetition in range(most):
            seen = dict(self._initial)
            for place in range(self._length):
                for index, rule in enumerate(self.rules[place]):
                    if not self._holds(rule, repetition, self._edge(repetition, place, index)):
                        self._initial = seen
                        return repetition
        return most

    def _holds(self, rule: Rule, repetition: int, edge: Incoming) -> bool:
        source = (edge.position, edge.port)
        if not isinstance(rule, State):
            return source == rule
        origin = repetition - rule.delay
        if origin < 0:
            key = (rule.place, rule.port, origin)
            return edge.position < self._start and self._initial.setdefault(key, source) == source
        start = self._start + origin * self._length
        return source == (start + rule.place, rule.port)

    @property
    def states(self) -> dict[State, Outside]:
        """What is handed on, and its source before the first repetition."""
        delays: dict[tuple[int, int], int] = {}
        for row in self.rules:
            for rule in row:
                if isinstance(rule, State) and rule.delay:
                    key = (rule.place, rule.port)
                    delays[key] = max(delays.get(key, 0), rule.delay)
        return {
            State(place, port, delay): self._initial[place, port, -delay]
            for (place, port), longest in delays.items()
            for delay in range(1, longest + 1)
        }
