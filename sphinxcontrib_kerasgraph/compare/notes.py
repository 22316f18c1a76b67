"""What a picture of two models says beside it: how much differs, and what is to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.counts import counted
from sphinxcontrib_kerasgraph.compare.difference import PolicyChanged
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare.comparison import Comparison


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
    return (said,)
