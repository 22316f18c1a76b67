"""What differs between two models, in a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.diff.rows import MODEL, What
from sphinxcontrib_kerasgraph.diff.totals import Quantity
from sphinxcontrib_kerasgraph.wording import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.diff.rows import Row
    from sphinxcontrib_kerasgraph.diff.totals import Total

#: A space before a unit, at which no line is to end.
_UNIT, _UNBROKEN = re.compile(r"(?<=\d) (?=[A-Za-z])"), "\N{NO-BREAK SPACE}"
#: Between what is told.
_BETWEEN = " · "
_TOTALS = {
    Quantity.PARAMETERS: N_("parameters {change}"),
    Quantity.TRAINABLE: N_("trainable {change}"),
    Quantity.FLOPS: N_("FLOPs {change}"),
    Quantity.MEMORY: N_("memory {change}"),
}


def headline(rows: Sequence[Row], totals: Iterable[Total]) -> str:
    """``3 added, 1 removed · parameters 25.6 M → 44.7 M (+74 %) · …``; or that nothing differs."""
    if not rows:
        return _("No differences")
    told = [
        _(_TOTALS[one.quantity], change=_UNIT.sub(_UNBROKEN, one.in_short)) for one in _told(totals)
    ]
    return _BETWEEN.join([counts(rows), *(told or [_("parameters, FLOPs and memory unchanged")])])


def counts(rows: Sequence[Row]) -> str:
    """How many calls are added, removed and so on: ``3 added, 1 removed``."""
    found = counted(rows)
    told = {
        What.ADDED: ngettext("{number} added", "{number} added", found[What.ADDED]),
        What.REMOVED: ngettext("{number} removed", "{number} removed", found[What.REMOVED]),
        What.MOVED: ngettext("{number} moved", "{number} moved", found[What.MOVED]),
        What.CHANGED: ngettext("{number} changed", "{number} changed", found[What.CHANGED]),
        What.RENAMED: ngettext("{number} renamed", "{number} renamed", found[What.RENAMED]),
        What.WIRED: ngettext(
            "{number} connection changed", "{number} connections changed", found[What.WIRED]
        ),
        What.MODEL: _("the model itself changed"),
    }
    said = [text for what, text in told.items() if found[what]]
    return ", ".join(said) or _("another name")


def counted(rows: Sequence[Row]) -> dict[What, int]:
    """How many calls there are of each; of connections, how many of these.

    A call counts once, as what comes first in `What`; the name of the model doesn't.
    """
    found: dict[What, set[tuple[str | None, str | None]]] = {what: set() for what in What}
    seen: set[tuple[str | None, str | None]] = set()
    connections = 0
    for what in What:
        for row in rows:
            if row.what is not what or (what is What.RENAMED and row.place == MODEL):
                continue
            connections += what is What.WIRED
            if row.place not in seen:
                seen.add(row.place)
                found[what].add(row.place)
    numbers = {what: len(places) for what, places in found.items()}
    return numbers | {What.WIRED: connections}


def _told(totals: Iterable[Total]) -> list[Total]:
    """The totals that differ; the trainable weights alone where all are as many as before."""
    differing = {one.quantity: one for one in totals if not one.is_same}
    if Quantity.PARAMETERS in differing:
        differing.pop(Quantity.TRAINABLE, None)
    return [*differing.values()]
