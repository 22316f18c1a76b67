"""What of a model is another than it was: which calls, for marks in the drawing, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare import counted, in_words
from sphinxcontrib_kerasgraph.compare.difference import (
    ArgumentChanged,
    CallAdded,
    TensorAdded,
    TensorRemoved,
)

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare import Comparison, Difference

#: So many differences are told one by one.
_TOLD = 3
SAME = "The model is the same."


@dataclass(frozen=True)
class Changes:
    """What the page says of a new drawing. Calls are told by their paths in the new model."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    #: In a line.
    words: str = ""


def changes_of(comparison: Comparison) -> Changes:
    """What is to be marked and said of a model that was another one before."""
    found = comparison.differences
    if not found:
        return Changes(words=SAME)
    added = tuple(one.path for one in found if isinstance(one, CallAdded))
    paths = (_changed(one) for one in found)
    changed = tuple(dict.fromkeys(path for path in paths if path and path not in added))
    return Changes(added, changed, _words(comparison))


def _changed(difference: Difference) -> str:
    """The call that has changed; empty if none has, or it isn't there any more."""
    match difference:
        case TensorAdded(route) | TensorRemoved(route) | ArgumentChanged(route=route):
            return route.target.call.new
    place = getattr(difference, "place", None)
    return "" if place is None else str(place.new)


def _words(comparison: Comparison) -> str:
    lines = in_words(comparison.differences)
    more = len(lines) - _TOLD
    told = "; ".join(lines[:_TOLD]) + (f"; and {more} more" if more > 0 else "")
    return f"{counted(comparison).text}: {told}."
