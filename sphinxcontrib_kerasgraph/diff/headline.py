"""What differs between two models, in a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.diff.totals import Quantity
from sphinxcontrib_kerasgraph.wording import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.compare import Counts
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


def headline(counts: Counts, totals: Iterable[Total]) -> str:
    """``3 added, 1 removed · parameters 25.6 M → 44.7 M (+74 %) · …``; or that nothing differs."""
    if not counts.text:
        return _("No differences")
    told = [
        _(_TOTALS[one.quantity], change=_UNIT.sub(_UNBROKEN, one.in_short)) for one in _told(totals)
    ]
    return _BETWEEN.join([counts.text, *(told or [_("parameters, FLOPs and memory unchanged")])])


def _told(totals: Iterable[Total]) -> list[Total]:
    """The totals that differ; the trainable weights alone where all are as many as before."""
    differing = {one.quantity: one for one in totals if not one.is_same}
    if Quantity.PARAMETERS in differing:
        differing.pop(Quantity.TRAINABLE, None)
    return [*differing.values()]
