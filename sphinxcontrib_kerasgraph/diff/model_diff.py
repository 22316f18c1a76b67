"""Two models, what they are called, and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare import compared, counted, in_words, merged, statements
from sphinxcontrib_kerasgraph.diff.headline import headline
from sphinxcontrib_kerasgraph.diff.rows import rows, short_rows
from sphinxcontrib_kerasgraph.diff.totals import totals

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare import Comparison, Counts, Statement
    from sphinxcontrib_kerasgraph.diff.rows import Row
    from sphinxcontrib_kerasgraph.diff.totals import Total
    from sphinxcontrib_kerasgraph.graph import ModelGraph


@dataclass(frozen=True, eq=False)
class ModelDiff:
    """What becomes of one model, the old one, in another, the new one."""

    #: What readers know the models by: what was asked for.
    old_name: str
    new_name: str
    comparison: Comparison

    @classmethod
    def of(
        cls, old: ModelGraph, new: ModelGraph, old_name: str = "", new_name: str = ""
    ) -> ModelDiff:
        """The models beside each other; by the names of their own, if no others are given."""
        return cls(old_name or old.name, new_name or new.name, compared(old, new))

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.comparison.differences

    @cached_property
    def graph(self) -> ModelGraph:
        """Both models in one graph, with what changed as marks."""
        return merged(self.comparison)

    def shown(self, context: int | str | None) -> ModelGraph:
        """The same as it is drawn: what is farther than so many calls from any change is put away.

        For ``all``, or ``None``, that is nothing.
        """
        return replace(self.graph, context=context if isinstance(context, int) else None)

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """Parameters, operations and memory, before and after."""
        return totals(self.comparison)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What differs, a row for each difference."""
        return rows(self.comparison)

    @cached_property
    def short_rows(self) -> tuple[Row, ...]:
        """The same, but one for each long run of calls that are added, or removed."""
        return short_rows(self.comparison, self.rows)

    @cached_property
    def counts(self) -> Counts:
        """How many calls are added, removed and so on."""
        return counted(self.comparison)

    @cached_property
    def headline(self) -> str:
        """What differs, in a line."""
        return headline(self.counts, self.totals)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What differs, in words: a line for each of the `rows`."""
        return tuple(in_words(self.comparison.differences))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What differs as a person would state it: what is alike is told once."""
        return statements(self.comparison)
