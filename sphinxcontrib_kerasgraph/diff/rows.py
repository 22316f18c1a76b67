"""What differs between two models, a row for each difference: which call, what, before, after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.compare import difference as d
from sphinxcontrib_kerasgraph.compare import words
from sphinxcontrib_kerasgraph.compare.values import Missing
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.wording import N_, _

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare import Comparison, Difference, Place
    from sphinxcontrib_kerasgraph.compare.tensors import Route


class What(StrEnum):
    """What became of a call; in the order in which it is told."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    RENAMED = "renamed"
    #: A tensor goes another way.
    WIRED = "wired"
    #: The model as a whole is another.
    MODEL = "model"


#: What is shown in front of a row, in plain text too; the same as on boxes.
SIGNS = {
    What.ADDED: "+",
    What.REMOVED: "−",
    What.MOVED: "⇄",
    What.CHANGED: "±",
    What.RENAMED: "±",
    What.WIRED: "⇄",
    What.MODEL: "±",
}
NAMES = {
    What.ADDED: N_("added"),
    What.REMOVED: N_("removed"),
    What.MOVED: N_("moved"),
    What.CHANGED: N_("changed"),
    What.RENAMED: N_("renamed"),
    What.WIRED: N_("connected otherwise"),
    What.MODEL: N_("the model itself"),
}
#: The place of the model itself.
MODEL = "", ""
#: What is told where nothing is.
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Follows:
    """Where a call is that is added or removed."""

    #: The path of the first call whose output it takes, if it takes one.
    path: str | None

    def __str__(self) -> str:
        return _("first") if self.path is None else _("after {name}", name=self.path)


@dataclass(frozen=True)
class Row:
    """A difference as a table tells it."""

    what: What
    #: The paths of the call in the old model and in the new one; ``None`` where it isn't. Both are
    #: empty of the model itself.
    place: tuple[str | None, str | None]
    #: What of it differs: ``filters``, or the class of what is added or removed.
    subject: str
    before: Any = Missing.NOTHING
    after: Any = Missing.NOTHING

    @property
    def sign(self) -> str:
        """``+``, ``−``, ``±`` or ``⇄``."""
        return SIGNS[self.what]

    @property
    def name(self) -> str:
        """The same in words."""
        return _(NAMES[self.what])

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
        if self.what in {What.ADDED, What.REMOVED}:
            follows = self.after if self.what is What.ADDED else self.before
            return self.call, f"{self.subject}, {follows}", "", ""
        return self.call, self.subject, *self._values

    @property
    def _values(self) -> tuple[str, str]:
        shown = _shown(self.before), _shown(self.after)
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


def _row(one: Difference, unclear: set[Route]) -> Row:
    match one:
        case d.CallAdded():
            return Row(What.ADDED, (None, one.path), one.class_name, after=Follows(one.follows))
        case d.CallRemoved():
            return Row(What.REMOVED, (one.path, None), one.class_name, Follows(one.follows))
        case d.TensorAdded() | d.TensorRemoved() | d.ArgumentChanged():
            return _of_tensor(one, unclear)
        case d.ModelChanged():
            what = What.RENAMED if one.keys == ("name",) else What.MODEL
            return Row(what, MODEL, words.subject_text(one), one.before, one.after)
        case d.PolicyChanged():
            return Row(What.MODEL, MODEL, _("dtype policy"), one.before, one.after)
        case d.InputsReordered():
            told = ", ".join(one.before), ", ".join(one.after)
            return Row(What.MODEL, _place(one.block), _("order of inputs"), *told)
        case d.CallMoved():
            ends = Follows(one.before), Follows(one.after)
            return Row(What.MOVED, _place(one.place), one.class_name, *ends)
        case d.WrappingChanged():
            block, is_new = f"{one.class_name} {one.path}", one.change is Change.ADDED
            sides = (Missing.NOTHING, block) if is_new else (block, Missing.NOTHING)
            return Row(What.MODEL, MODEL, _("block around"), *sides)
        case d.Undrawn():
            return Row(What.MODEL, MODEL, _("what isn't drawn"))
    return _of_pair(one)


def _of_pair(
    one: d.CallRenamed | d.CallReplaced | d.CallChanged | d.InsideChanged | d.SharingChanged,
) -> Row:
    place = _place(one.place)
    match one:
        case d.CallRenamed():
            return Row(What.RENAMED, place, _("name"), one.before, one.after)
        case d.CallReplaced():
            return Row(What.CHANGED, place, _("class"), one.before, one.after)
        case d.InsideChanged():
            told = _("not known"), _("known")
            return Row(What.CHANGED, place, _("inside"), *(told if one.known else told[::-1]))
        case d.SharingChanged():
            told = _given(one.before), _given(one.after)
            return Row(What.CHANGED, place, _("shares weights with"), *told)
        case d.CallChanged():
            before, after = one.before, one.after
            if one.aspect is d.Aspect.TENSORS:
                before, after = words.tensors_text(before), words.tensors_text(after)
            return Row(What.CHANGED, place, words.subject_text(one), before, after)


def _of_tensor(
    one: d.TensorAdded | d.TensorRemoved | d.ArgumentChanged, unclear: set[Route]
) -> Row:
    place = _place(one.route.target.call)
    way = words.route_text(one.route, exact=one.route in unclear)
    match one:
        case d.TensorAdded():
            return Row(What.WIRED, place, _("tensor"), after=way)
        case d.TensorRemoved():
            return Row(What.WIRED, place, _("tensor"), way)
        case d.ArgumentChanged():
            subject = _("argument of the tensor {way}", way=way)
            return Row(What.WIRED, place, subject, _given(one.before), _given(one.after))


def _place(place: Place) -> tuple[str, str]:
    return place.old, place.new


def _given(value: str | None) -> Any:
    """The value; or nothing, for ``None``."""
    return Missing.NOTHING if value is None else value


def _shown(value: Any) -> str:
    return NOTHING if value is Missing.NOTHING else words.value_text(value)
