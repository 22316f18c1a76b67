"""The table of a model's layers, as the options want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.printable import in_cell
from sphinxcontrib_kerasgraph.summary.columns import column, default_columns, lacking
from sphinxcontrib_kerasgraph.summary.rows import rows_of, walk
from sphinxcontrib_kerasgraph.summary.totals import Totals
from sphinxcontrib_kerasgraph.view.flops.totals import with_flops
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations
from sphinxcontrib_kerasgraph.view.selection import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph
    from sphinxcontrib_kerasgraph.options import FoldOptions, SelectOptions
    from sphinxcontrib_kerasgraph.summary.columns import Column
    from sphinxcontrib_kerasgraph.summary.rows import Row
    from sphinxcontrib_kerasgraph.view.selection import Unmet


@dataclass(frozen=True)
class Line:
    """A row as it is written: a text for each column."""

    #: How many blocks and repetitions it is inside of.
    level: int
    texts: tuple[str, ...]
    #: The call whose class it leads to; ``None`` of what is repeated.
    call: Call | None


@dataclass(frozen=True)
class Summary:
    """A model, or part of it, as a table."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: Totals
    #: Whether rows are of a part of the model alone; the totals are of all.
    is_part: bool
    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()
    #: The columns that no layer has anything for, which are left out.
    lacking: tuple[str, ...] = ()

    def lines(self) -> list[Line]:
        """The rows in their order, those inside of a row after it."""
        return [
            Line(
                level,
                tuple(in_cell(one.text(row)) for one in self.columns),
                None if row.is_repetition else row.call,
            )
            for level, row in walk(self.rows)
        ]


def summarize(
    graph: ModelGraph,
    options: SelectOptions,
    folding: FoldOptions,
    columns: Sequence[str] = (),
    *,
    told_alone: bool = False,
) -> Summary:
    """The table of what the options choose; columns as the model asks for, if none are given.

    A table has a row for every call unless an overview is asked for: it may be long. ``told_alone``
    if nothing else is told of the model. Raises `Fault` ``option`` if no call is left.
    """
    shown = with_raw_operations(graph, options.raw_operations)
    selection = select(with_flops(shown) if "flops" in columns else shown, options)
    strength = folding.fold
    if strength == "auto":
        strength = "exact" if folding.view == "overview" else "none"
    part = selection.graph
    if strength != "none":
        part = fold(part, exact=strength == "exact", exact_branches=folding.fold == "exact")
    rows = rows_of(part.graph)
    asked = tuple(map(column, columns))
    missing = lacking(asked, rows)
    known = tuple(one for one in asked if one.name not in missing)
    return Summary(
        columns=known or default_columns(rows, told_alone=told_alone),
        rows=rows,
        totals=Totals.of(graph),
        is_part=bool(options.from_ or options.to or options.hide),
        unmet=selection.unmet,
        lacking=tuple(missing),
    )
