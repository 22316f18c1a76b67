"""A number of operations, of which a part may not be known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction


class UnknownSizeError(Exception):
    """A size isn't known."""


@dataclass(frozen=True)
class Work:
    """How many operations calls take."""

    #: Additions, multiplications and what else TensorFlow's profiler has numbers for.
    arithmetic: int = 0
    #: Functions of single numbers (``relu``, ``exp``) and comparisons, which it leaves out.
    functions: int = 0
    #: Whether that is all.
    complete: bool = True

    @property
    def amount(self) -> Amount:
        """All of them."""
        return Amount(self.arithmetic + self.functions, complete=self.complete)

    def __add__(self, other: Work) -> Work:
        return Work(
            self.arithmetic + other.arithmetic,
            self.functions + other.functions,
            self.complete and other.complete,
        )

    def __mul__(self, times: int | Fraction) -> Work:
        return Work(int(self.arithmetic * times), int(self.functions * times), self.complete)

    @classmethod
    def sum(cls, several: Iterable[Work]) -> Work:
        """All together."""
        return reduce(add, several, cls())


NONE = Work()
#: Of a call of which nothing is known.
UNKNOWN_WORK = Work(complete=False)
