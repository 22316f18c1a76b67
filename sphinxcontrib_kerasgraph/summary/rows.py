"""The calls of a model as rows: what is inside of a block, or repeated, in rows of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallKind, GroupKind
from sphinxcontrib_kerasgraph.label.alike import Alike, alike_inside
from sphinxcontrib_kerasgraph.label.names import group_names, times_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

_REPEATED = (GroupKind.FOLD, GroupKind.BESIDE)


@dataclass(frozen=True)
class Source:
    """What a call takes a tensor from."""

    name: str
    #: Its place among the rows beside each other; ``None`` of what lies beyond the part shown.
    at: int | None
    #: Whether the tensor is of the step before.
    recurrent: bool = False


@dataclass(frozen=True)
class Row:
    """A call, or the calls at the same place of all repetitions, and what is inside."""

    calls: Alike
    name: str
    #: How often it is there: ``×3``; nothing for once.
    times: str = ""
    sources: tuple[Source, ...] = ()
    inside: tuple[Row, ...] = ()
    #: The numbers of weights of each, those of a layer that stands further up aside.
    parameters: tuple[int, ...] = ()
    #: Whether these are the weights of layers that stand further up.
    shares: bool = False

    @property
    def call(self) -> Call:
        """The first of its calls."""
        return self.calls[0]

    @property
    def is_repetition(self) -> bool:
        """Whether it stands for what is repeated, whose layers are the rows inside."""
        return self.call.is_group(*_REPEATED)

    @property
    def weights(self) -> int:
        """How many numbers are in the weights of all that it stands for."""
        return sum(self.parameters) + self.is_repetition * sum(one.weights for one in self.inside)

    @property
    def title(self) -> str:
        """The name, and how often it is there."""
        return " ".join(filter(None, (self.times, self.name)))


def rows_of(graph: CallGraph, *, through: bool = False) -> tuple[Row, ...]:
    """The rows of a graph in the order of its calls; ``through`` closed blocks, too."""
    return _Reader(through=through).rows([graph], [_alone(call) for call in graph.calls])


def walk(rows: Sequence[Row], level: int = 0) -> Iterator[tuple[int, Row]]:
    """Each row with the number of those that it is inside of, those inside after it."""
    for row in rows:
        yield level, row
        yield from walk(row.inside, level + 1)


def _alone(call: Call) -> Alike:
    return Alike((call,), ((),))


class _Reader:
    """Reads graphs row by row: a layer's weights count where it stands first."""

    def __init__(self, *, through: bool) -> None:
        self._through = through
        self._counted: set[str] = set()

    def rows(
        self,
        graphs: Sequence[CallGraph],
        calls: Sequence[Alike],
        lacking: frozenset[str] = frozenset(),
    ) -> tuple[Row, ...]:
        """The rows of graphs that are alike, given the calls at each place of them.

        ``lacking`` are ids of calls that aren't there; see `Group.lacking`.
        """
        told = [_without(each, lacking) for each in calls if each[0].kind is not CallKind.STUB]
        places = {each[0].id: at for at, each in enumerate(told)}
        names = {each[0].id: _name(each) for each in told}
        graph = graphs[0]
        found = []
        for each in told:
            sources = dict.fromkeys(
                Source(names.get(id_) or graph[id_].name, places.get(id_), edge.recurrent)
                for edge in graph.edges_into.get(each[0].id, ())
                if (id_ := edge.source.call) != BLOCK
            )
            found.append(self._row(each, tuple(sources), lacking))
        return tuple(found)

    def _row(self, calls: Alike, sources: tuple[Source, ...], lacking: frozenset[str]) -> Row:
        first, times = calls[0], ""
        while first.is_group(*_REPEATED) and len(first.bodies[0].calls) == 1:
            # Of one call, which is known by its own name.
            times = " ".join(filter(None, (times, times_text(calls))))
            lacking = lacking.union(*_lacking(calls))
            calls = _without(alike_inside(calls, 0), lacking)
            first = calls[0]
        if first.is_group(*_REPEATED):
            times = " ".join(filter(None, (times, times_text(calls))))
            lacking = lacking.union(*_lacking(calls))
        elif first.group is None:
            lacking = frozenset()
        numbers, shares = self._numbers(calls)
        bodies = _bodies(calls, through=self._through)
        inside: tuple[Row, ...] = ()
        if bodies:
            places = range(len(bodies[0].calls))
            inner = [_inside(calls, bodies, at) for at in places]
            inside = self.rows(bodies, inner, lacking)
        return Row(calls, _name(calls), times, sources, inside, numbers, shares)

    def _numbers(self, calls: Alike) -> tuple[tuple[int, ...], bool]:
        """The weights of each, and whether they are those of layers that were counted before."""
        if calls[0].group is not None:
            return (), False
        found, again = [], 0
        for call in calls:
            if call.layer in self._counted:
                again += call.parameters.total
            else:
                self._counted.add(call.layer)
                found.append(call.parameters.total)
        return tuple(found), again > 0 and not any(found)


def _bodies(calls: Alike, *, through: bool) -> list[CallGraph]:
    if through and calls[0].hidden is not None:
        return [call.hidden for call in calls if call.hidden is not None]
    return [body for call in calls for body in call.bodies]


def _inside(calls: Alike, bodies: Sequence[CallGraph], at: int) -> Alike:
    if calls[0].bodies:
        return alike_inside(calls, at)
    return Alike(tuple(body.calls[at] for body in bodies), calls.places)


def _lacking(calls: Sequence[Call]) -> Iterator[frozenset[str]]:
    return (call.group.lacking for call in calls if call.group is not None)


def _without(calls: Alike, lacking: frozenset[str]) -> Alike:
    """Those of the calls that are there, which the first one is."""
    kept = [at for at, call in enumerate(calls.calls) if call.id not in lacking]
    return Alike(tuple(calls[at] for at in kept), tuple(calls.places[at] for at in kept))


def _name(calls: Alike) -> str:
    """The layer's name, as often as it is called; those of the first and last of several."""
    if calls[0].is_group(*_REPEATED) and (name := group_names(calls)):
        return name
    first, last = _first(calls[0]), _last(calls[-1])
    return first if first == last else f"{first} … {last}"


def _first(call: Call) -> str:
    return _first(call.bodies[0].calls[0]) if call.is_group(*_REPEATED) else call.id


def _last(call: Call) -> str:
    return _last(call.bodies[-1].calls[-1]) if call.is_group(*_REPEATED) else call.id
