"""What a picture of two models says beside it: how much differs, and what is to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.counts import counted
from sphinxcontrib_kerasgraph.compare.difference import (
    ArgumentChanged,
    InputsReordered,
    ModelChanged,
    OutputsReordered,
    PolicyChanged,
    Undrawn,
    WrappingChanged,
)
from sphinxcontrib_kerasgraph.compare.summary import orders_of_inputs
from sphinxcontrib_kerasgraph.compare.words import in_words
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.wording import _, and_more

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.compare.comparison import Comparison
    from sphinxcontrib_kerasgraph.compare.difference import Difference

#: What leaves no mark in a picture.
_UNMARKED = ArgumentChanged | InputsReordered | OutputsReordered | Undrawn | WrappingChanged
#: So much of it is told.
_TOLD = 3


def notes(comparison: Comparison) -> tuple[str, ...]:
    """A line or two about two models that are drawn in one picture: its signs are told, too."""
    if not comparison.differences:
        return (_("No differences"),)
    counts = counted(comparison)
    # Connections have no sign in pictures.
    told = [
        text if change is Change.WIRED else f"{change.sign} {text}"
        for change, text in counts.told()
    ]
    if counts.is_equal_but_for_names:
        return (_("Equal but for names: {renamed}.", renamed=" · ".join(told)),)
    told += [
        _("The dtype policy is {new}, was {old}", new=one.after, old=one.before)
        for one in comparison.differences
        if isinstance(one, PolicyChanged)
    ]
    said = " · ".join(told) or counts.text
    if counts.has_nothing_in_common:
        return _("Nothing in common: both are drawn."), said
    return said, *_of_nothing_marked(comparison.differences)


def _of_nothing_marked(differences: Sequence[Difference]) -> Iterator[str]:
    """What differs, but neither at a box nor at a line of the picture."""
    unmarked = [
        one
        for one in differences
        if isinstance(one, _UNMARKED) or (isinstance(one, ModelChanged) and one.keys != ("name",))
    ]
    said = [*in_words(unmarked), *map(str, orders_of_inputs(differences))]
    yield from said[: _TOLD - 1]
    if len(said) >= _TOLD:
        yield and_more(said[_TOLD - 1], len(said) - _TOLD)
