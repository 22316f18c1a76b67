"""How much differs between two models: how many calls of each kind of change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare import difference as d
from sphinxcontrib_kerasgraph.compare.summary import has_nothing_in_common, is_equal_but_for_names
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from sphinxcontrib_kerasgraph.compare.comparison import Comparison
    from sphinxcontrib_kerasgraph.compare.difference import Difference

#: The place of the model itself.
MODEL = "", ""


@dataclass(frozen=True)
class Counts:
    """What pictures, tables and words have in common to say of two models."""

    #: For each change, how many calls there are; of connections, how many inputs or outputs.
    numbers: Mapping[Change, int]
    #: Whether anything does, be it the name of the model alone.
    differs: bool
    #: Whether the policy of dtypes is another, and whether the model itself is in anything else.
    has_policy: bool
    has_more: bool
    is_equal_but_for_names: bool
    has_nothing_in_common: bool

    @property
    def text(self) -> str:
        """In a line: ``3 added, 1 removed``; nothing where nothing differs."""
        told = [text for _change, text in self.told()]
        if self.has_policy:
            told.append(_("another dtype policy"))
        if self.is_equal_but_for_names:
            told.append(_("equal but for names"))
        elif self.has_more:
            told.append(_("the model itself changed"))
        if self.has_nothing_in_common:
            told.append(_("nothing in common"))
        if self.differs and not told:
            told.append(_("another name"))
        return ", ".join(told)

    def told(self) -> Iterator[tuple[Change, str]]:
        """How many there are of each kind that is there; but for the model itself."""
        number = self.numbers
        texts = {
            Change.ADDED: ngettext("{number} added", "{number} added", number[Change.ADDED]),
            Change.REMOVED: ngettext(
                "{number} removed", "{number} removed", number[Change.REMOVED]
            ),
            Change.MOVED: ngettext("{number} moved", "{number} moved", number[Change.MOVED]),
            Change.CHANGED: ngettext(
                "{number} changed", "{number} changed", number[Change.CHANGED]
            ),
            Change.RENAMED: ngettext(
                "{number} renamed", "{number} renamed", number[Change.RENAMED]
            ),
            Change.WIRED: ngettext(
                "{number} connection changed", "{number} connections changed", number[Change.WIRED]
            ),
        }
        yield from ((change, text) for change, text in texts.items() if number[change])


def counted(comparison: Comparison) -> Counts:
    """How many calls there are of each kind of change.

    A call counts once, as what comes first in `Change`. An input that takes another tensor than it
    did is one connection, and the name of the model isn't counted.
    """
    found = comparison.differences
    places: dict[Change, set[Hashable]] = {change: set() for change in Change}
    for one in found:
        change = became(one)
        places[change].add(_end(one) if change is Change.WIRED else place_of(one))
    seen: set[Hashable] = {MODEL}
    numbers: dict[Change, int] = {}
    for change in Change:
        if change in {Change.WIRED, Change.MODEL}:
            numbers[change] = len(places[change])
            continue
        numbers[change] = len(places[change] - seen)
        seen |= places[change]
    of_model = [one for one in found if became(one) is Change.MODEL]
    policies = [one for one in of_model if isinstance(one, d.PolicyChanged)]
    return Counts(
        numbers,
        bool(found),
        bool(policies),
        len(of_model) > len(policies),
        is_equal_but_for_names(comparison),
        has_nothing_in_common(comparison),
    )


def became(one: Difference) -> Change:
    """What became of the call that differs, or of the model."""
    match one:
        case d.CallAdded():
            return Change.ADDED
        case d.CallRemoved():
            return Change.REMOVED
        case d.CallMoved():
            return Change.MOVED
        case d.CallRenamed():
            return Change.RENAMED
        case d.TensorAdded() | d.TensorRemoved() | d.ArgumentChanged():
            return Change.WIRED
        case d.InputsReordered() | d.OutputsReordered():
            return Change.WIRED
        case d.ModelChanged():
            return Change.RENAMED if one.keys == ("name",) else Change.MODEL
        case d.PolicyChanged() | d.WrappingChanged() | d.Undrawn():
            return Change.MODEL
    return Change.CHANGED


def place_of(one: Difference) -> tuple[str | None, str | None]:
    """The paths of the call in the old model and in the new one; ``None`` where it isn't.

    Both are empty of the model itself.
    """
    match one:
        case d.CallAdded():
            return None, one.path
        case d.CallRemoved():
            return one.path, None
        case d.TensorAdded() | d.TensorRemoved() | d.ArgumentChanged():
            place = one.route.target.call
        case d.InputsReordered() | d.OutputsReordered():
            place = one.block
        case d.ModelChanged() | d.PolicyChanged() | d.WrappingChanged() | d.Undrawn():
            return MODEL
        case _:
            place = one.place
    return place.old, place.new


def _end(one: Difference) -> Hashable:
    """Where a tensor ends that goes another way."""
    if isinstance(one, d.TensorAdded | d.TensorRemoved | d.ArgumentChanged):
        return one.route.block, one.route.target
    return place_of(one)
