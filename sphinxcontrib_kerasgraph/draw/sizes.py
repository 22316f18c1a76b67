"""How large parts of a drawing will be, about, laid out from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.measure import label_size
from sphinxcontrib_kerasgraph.graph import BLOCK

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.drawing import Drawing
    from sphinxcontrib_kerasgraph.draw.scope import Scope

#: Between boxes side by side, for an edge that passes by, between boxes one below the other, and
#: around what is in a frame; in points.
_BESIDE = 9
_LANE = 10
_BELOW = 9
_MARGIN = 7
#: The width of the title of a frame, and the height of its title and of the shape at its lower end.
_TITLE = 125
_ENDS = 48
_FONT_SIZE = 9


@dataclass
class Row:
    """Boxes side by side."""

    calls: list[str] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def add(self, id_: str, width: float, height: float) -> None:
        """Put a box at its end."""
        self.calls.append(id_)
        self.width += width + _BESIDE
        self.height = max(self.height, height)

    def beside(self, below: Row) -> str:
        """The box under which the next of the row below comes."""
        return self.calls[min(len(below.calls), len(self.calls) - 1)]


@dataclass
class Rows:
    """Boxes in rows, from top to bottom."""

    rows: list[Row] = field(default_factory=list)
    #: What is lower than it need be, for want of room: a box above it, and the box.
    lowered: list[tuple[str, str]] = field(default_factory=list)

    def row(self, rank: int) -> Row:
        """The row of that number."""
        while len(self.rows) <= rank:
            self.rows.append(Row())
        return self.rows[rank]


class Sizes:
    """Estimates, each made once; ``widest`` is how wide a row of boxes may be, if limited."""

    def __init__(self, drawing: Drawing, widest: float | None = None) -> None:
        self._drawing = drawing
        self._widest = widest
        self._known: dict[tuple[str, str, int, int], tuple[float, float]] = {}

    def of_calls(self, scope: Scope, start: int, stop: int) -> tuple[float, float]:
        """Width and height of the calls from one place up to another, the space below included."""
        key = (scope.prefix, scope.name, start, stop)
        if key not in self._known:
            self._known[key] = self._laid_out(scope, start, stop)
        return self._known[key]

    def _laid_out(self, scope: Scope, start: int, stop: int) -> tuple[float, float]:
        rows = self.rows(scope, start, stop)
        width = max(row.width for row in rows.rows)
        return width, sum(row.height + _BELOW for row in rows.rows)

    def rows(self, scope: Scope, start: int, stop: int) -> Rows:
        """The calls from one place up to another, in rows of which none is wider than allowed."""
        graph = scope.graph
        ranks: dict[str, int] = {BLOCK: -1}
        laid = Rows()
        for at in range(start, stop):
            call = graph.calls[at]
            above = {
                edge.source.call: ranks[edge.source.call]
                for edge in graph.edges_into.get(call.id, ())
                if edge.source.call in ranks
            }
            width, height = self._of_call(scope, at)
            rank = max(above.values(), default=-1) + 1
            lowered = False
            while (
                self._widest
                and laid.row(rank).width + width > self._widest
                and laid.row(rank).calls
            ):
                rank += 1
                lowered = True
            if lowered:
                laid.lowered.append((laid.rows[rank - 1].beside(laid.row(rank)), call.id))
            ranks[call.id] = rank
            laid.row(rank).add(call.id, width, height)
            for other in above.values():
                for between in range(other + 1, rank):
                    laid.row(between).width += _LANE
        return laid

    def _of_call(self, scope: Scope, at: int) -> tuple[float, float]:
        call = scope.graph.calls[at]
        key = (scope.name, call.id, at, at)
        if key not in self._known:
            inner = scope.within(call)
            if inner is None:
                size = label_size(self._drawing.box(scope, at), _FONT_SIZE)
            else:
                width, height = self.of_calls(inner, 0, len(inner.graph.calls))
                size = (max(width, _TITLE) + 2 * _MARGIN, height + _ENDS)
            self._known[key] = size
        return self._known[key]
