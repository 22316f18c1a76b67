"""What differs between two models, a row for each difference: which call, what, before, after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.compare import difference as d
from sphinxcontrib_kerasgraph.compare import words
from sphinxcontrib_kerasgraph.compare.counts import became, place_of
from sphinxcontrib_kerasgraph.compare.run_text import name_text, size_text
from sphinxcontrib_kerasgraph.compare.runs import runs
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.graph.changed_values import Missing
from sphinxcontrib_kerasgraph.graph.configuration import value_text
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare import Comparison, Difference
    from sphinxcontrib_kerasgraph.compare.tensors import Route


#: What is told where nothing is.
NOTHING = str(Missing.NOTHING)


#: Of a run of so many calls each has its row.
_FEW = 3


@dataclass(frozen=True)
class Follows:
    """Where a call is that is added, removed or moved: what it comes after, if anything.

    It is the value of a row, beside what the call is.
    """

    #: The path of the first call whose output it takes, if it takes one.
    path: str | None

    def __str__(self) -> str:
        return _("first") if self.path is None else _("after {name}", name=self.path)


@dataclass(frozen=True)
class Row:
    """A difference as a table tells it."""

    what: Change
    #: The paths of the call in the old model and in the new one; ``None`` where it isn't. Both are
    #: empty of the model itself.
    place: tuple[str | None, str | None]
    #: What of it differs: ``filters``, or the class of what is added or removed.
    subject: str
    before: Any = Missing.NOTHING
    after: Any = Missing.NOTHING
    #: The rows in whose place this one stands, if it is of a whole run.
    run: tuple[Row, ...] = ()

    @property
    def sign(self) -> str:
        """``+``, ``−``, ``±`` or ``⇄``."""
        return self.what.sign

    @property
    def name(self) -> str:
        """The same in words."""
        return self.what.words

    @property
    def call(self) -> str:
        """The path of the call in the new model, if it is there, else in the old one."""
        old, new = self.place
        return (old if new is None else new) or ""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The call, what of it differs, what was, and what is, as a table has them.

        Of a call that is added or removed it is told where it is, beside what it is.
        """
        if self.what in {Change.ADDED, Change.REMOVED}:
            follows = self.after if self.what is Change.ADDED else self.before
            return self.call, f"{self.subject}, {follows}", "", ""
        return self.call, self.subject, *self._values

    @property
    def _values(self) -> tuple[str, str]:
        shown = value_text(self.before), value_text(self.after)
        if shown[0] == shown[1] and self.before != self.after:
            return repr(self.before), repr(self.after)
        return shown


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """A row for each difference, in the same order."""
    routes = [
        one.route
        for one in comparison.differences
        if isinstance(one, d.TensorAdded | d.TensorRemoved)
    ]
    known = Counter(words.route_text(route) for route in routes)
    unclear = {route for route in routes if known[words.route_text(route)] > 1}
    return tuple(_row(one, unclear) for one in comparison.differences)


def short_rows(comparison: Comparison, every: tuple[Row, ...]) -> tuple[Row, ...]:
    """The same, but one row for many calls that are added, or removed, as a run."""
    by_call = {(row.what, row.call): row for row in every}
    short: dict[tuple[Change, str], Row | None] = {}
    for matching in comparison.matching.levels():
        for run in runs(matching):
            every_key = ((run.change, single.path) for single in run.singles)
            keys = [key for key in every_key if key in by_call]
            if len(keys) > _FEW:
                found = tuple(by_call[key] for key in keys)
                place = tuple(None if path is None else name_text(run) for path in found[0].place)
                short |= dict.fromkeys(keys)
                short[keys[0]] = replace(
                    found[0], place=(place[0], place[1]), subject=size_text(run), run=found
                )
    told = (short.get((row.what, row.call), row) for row in every)
    return tuple(row for row in told if row is not None)


def _row(one: Difference, unclear: set[Route]) -> Row:
    return Row(became(one), place_of(one), *_told(one, unclear))


def _told(one: Difference, unclear: set[Route]) -> tuple[str, Any, Any]:
    """What differs, what was, and what is."""
    nothing = Missing.NOTHING
    match one:
        case d.CallAdded():
            return one.class_name, nothing, Follows(one.follows)
        case d.CallRemoved():
            return one.class_name, Follows(one.follows), nothing
        case d.TensorAdded():
            return _("tensor"), nothing, words.route_text(one.route, exact=one.route in unclear)
        case d.TensorRemoved():
            return _("tensor"), words.route_text(one.route, exact=one.route in unclear), nothing
        case d.ArgumentChanged():
            subject = _("argument of the tensor {way}", way=words.route_text(one.route))
            return subject, _given(one.before), _given(one.after)
        case d.PolicyChanged():
            return _("dtype policy"), one.before, one.after
        case d.InputsReordered() | d.OutputsReordered() | d.OutputChanged():
            return _of_ends(one)
        case d.CallMoved():
            return one.class_name, Follows(one.before), Follows(one.after)
        case d.WrappingChanged():
            block, is_new = f"{one.class_name} {one.path}", one.change is Change.ADDED
            return (_("block around"), *((nothing, block) if is_new else (block, nothing)))
        case d.Undrawn():
            return _("what isn't drawn"), nothing, nothing
    return _of_pair(one)


def _of_ends(
    one: d.InputsReordered | d.OutputsReordered | d.OutputChanged,
) -> tuple[str, Any, Any]:
    """Of the inputs and outputs of a model or block."""
    match one:
        case d.InputsReordered():
            return _("order of inputs"), ", ".join(one.before), ", ".join(one.after)
        case d.OutputsReordered():
            before, after = map(words.makers_text, (one.before, one.after))
            return _("order of outputs"), before, after
        case d.OutputChanged():
            nothing, name = Missing.NOTHING, words.output_text(one)
            both = (nothing, name) if one.change is Change.ADDED else (name, nothing)
            return _("output"), *both


def _of_pair(
    one: d.ModelChanged
    | d.CallRenamed
    | d.CallReplaced
    | d.CallChanged
    | d.InsideChanged
    | d.SharingChanged,
) -> tuple[str, Any, Any]:
    match one:
        case d.CallRenamed():
            return _("name"), one.before, one.after
        case d.CallReplaced():
            return _("class"), one.before, one.after
        case d.InsideChanged():
            known = _("not known"), _("known")
            return (_("inside"), *(known if one.known else known[::-1]))
        case d.SharingChanged():
            return _("shares weights with"), _given(one.before), _given(one.after)
        case d.ModelChanged() | d.CallChanged():
            before, after = one.before, one.after
            if one.aspect is d.Aspect.TENSORS:
                before, after = words.tensors_text(before), words.tensors_text(after)
            return words.subject_text(one), before, after


def _given(value: str | None) -> Any:
    """The value; or nothing, for ``None``."""
    return Missing.NOTHING if value is None else value
