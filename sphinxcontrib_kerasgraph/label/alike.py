"""Calls that are drawn as one, in order, and in which repetition each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, overload

from sphinxcontrib_kerasgraph.graph import GroupKind

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

#: The number of a repetition in each of the folds around it, or of what stands side by side, the
#: outermost first.
Place: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Alike(Sequence["Call"]):
    """Calls at the same place of all repetitions around it."""

    calls: tuple[Call, ...]
    #: For each, where it is.
    places: tuple[Place, ...]

    @overload
    def __getitem__(self, at: int) -> Call: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Call]: ...
    def __getitem__(self, at: int | slice) -> Call | Sequence[Call]:
        """One of the calls, or several without their places."""
        return self.calls[at]

    def __len__(self) -> int:
        """How many calls there are."""
        return len(self.calls)


def places_of(calls: Sequence[Call]) -> tuple[Place, ...]:
    """Where each of the calls is; those of which that isn't known are repetitions in a row."""
    return calls.places if isinstance(calls, Alike) else tuple((at,) for at in range(len(calls)))


def places_inside(calls: Sequence[Call]) -> tuple[Place, ...]:
    """Where each of the graphs inside of these calls is, in the order of `bodies`."""
    return tuple(
        (*place, number) if call.is_group(GroupKind.FOLD, GroupKind.BESIDE) else place
        for call, place in zip(calls, places_of(calls), strict=True)
        for number in range(len(call.bodies))
    )


def alike_inside(calls: Sequence[Call], at: int) -> Alike:
    """The calls at that place of all graphs inside of these calls."""
    bodies: list[CallGraph] = [body for call in calls for body in call.bodies]
    return Alike(tuple(body.calls[at] for body in bodies), places_inside(calls))
