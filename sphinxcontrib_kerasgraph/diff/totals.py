"""What two models amount to, and what is between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Amount
from sphinxcontrib_kerasgraph.label.details import amount_text
from sphinxcontrib_kerasgraph.summary.totals import Totals, size_text
from sphinxcontrib_kerasgraph.wording import N_, _, count, numbers

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare import Comparison
    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: A change of less than so many percent is told in numbers alone; of more, how many times it is.
_LEAST_PERCENT = 0.1
_MOST_PERCENT = 1000
#: A space at which no line ends.
_UNBROKEN = "\N{NO-BREAK SPACE}"


class Quantity(StrEnum):
    """What is counted."""

    PARAMETERS = "parameters"
    TRAINABLE = "trainable"
    FLOPS = "flops"
    #: In bytes.
    MEMORY = "memory"


_NAMES = {
    Quantity.PARAMETERS: N_("Parameters"),
    Quantity.TRAINABLE: N_("Trainable"),
    Quantity.FLOPS: N_("FLOPs"),
    Quantity.MEMORY: N_("Size in memory"),
}


@dataclass(frozen=True)
class Total:
    """A quantity of both models; an amount that isn't complete is unknown in part, or whole."""

    quantity: Quantity
    before: Amount
    after: Amount

    @property
    def name(self) -> str:
        """What it is."""
        return _(_NAMES[self.quantity])

    @property
    def is_same(self) -> bool:
        """Whether both models have the same, as far as that is known."""
        return self.before == self.after

    def text(self, amount: Amount) -> str:
        """One of both in full: ``25,636,712``, ``97.80 MB``."""
        if amount.complete and self.quantity in {Quantity.PARAMETERS, Quantity.TRAINABLE}:
            return count(amount.known)
        return self.short_text(amount)

    def short_text(self, amount: Amount) -> str:
        """The same in three digits: ``25.6 M``."""
        if amount.complete and self.quantity is Quantity.MEMORY:
            return size_text(amount.known)
        return amount_text(amount)

    @property
    def change(self) -> str:
        """What is between: ``+74 %``, ``×237``, ``−12``; empty if it is nothing, or isn't known.

        It is −100 % only if nothing is left.
        """
        before, after = self.before, self.after
        if self.is_same or not (before.complete and after.complete):
            return ""
        difference = after.known - before.known
        sign = "+" if difference > 0 else "−"
        percent = abs(difference) / before.known * 100 if before.known else 0
        looks_same = self.short_text(before) == self.short_text(after)
        if percent < _LEAST_PERCENT or looks_same:
            return sign + self.text(Amount(abs(difference)))
        if difference > 0 and percent > _MOST_PERCENT:
            return "×" + count(round(after.known / before.known))
        told = f"{percent:,.0f}" if percent >= 10 else f"{percent:.2g}"
        if difference < 0 and told == "100" and after.known:
            told = f"{math.floor(percent * 10) / 10}"
        return _("{number} %", number=sign + numbers(told)).replace(" ", _UNBROKEN)

    @property
    def in_short(self) -> str:
        """Both, and what is between: ``25.6 M → 44.7 M (+74 %)``; one, if they are the same."""
        after = self.short_text(self.after)
        if self.is_same:
            return after
        said = f"{self.short_text(self.before)} → {after}"
        return f"{said} ({self.change})" if self.change else said


def totals(comparison: Comparison) -> tuple[Total, ...]:
    """Those of both models, each quantity once."""
    old, new = amounts(comparison.old), amounts(comparison.new)
    return tuple(Total(quantity, old[quantity], new[quantity]) for quantity in Quantity)


def amounts(graph: ModelGraph) -> dict[Quantity, Amount]:
    """Those of one model."""
    found = Totals.of(graph)
    memory = found.memory
    return {
        Quantity.PARAMETERS: Amount(found.parameters.total),
        Quantity.TRAINABLE: Amount(found.parameters.trainable),
        Quantity.FLOPS: found.flops,
        Quantity.MEMORY: Amount(sum((memory or {}).values()), complete=memory is not None),
    }
