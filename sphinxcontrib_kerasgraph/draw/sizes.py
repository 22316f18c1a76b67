"""How large parts of a drawing will be, about, laid out from top to bottom."""

from __future__ import annotations

from collections import defaultdict
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
_BELOW = 10
_MARGIN = 7
#: The width of the title of a frame, and the height of its title and of the shape at its lower end.
_TITLE = 125
_ENDS = 48
_FONT_SIZE = 9


class Sizes:
    """Estimates, each made once."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._known: dict[tuple[str, str, int, int], tuple[float, float]] = {}

    def of_calls(self, scope: Scope, start: int, stop: int) -> tuple[float, float]:
        """Width and height of the calls from one place up to another, the space below included."""
        key = (scope.prefix, scope.block.id if scope.block else "", start, stop)
        if key not in self._known:
            self._known[key] = self._laid_out(scope, start, stop)
        return self._known[key]

    def _laid_out(self, scope: Scope, start: int, stop: int) -> tuple[float, float]:
        graph = scope.graph
        ranks: dict[str, int] = {BLOCK: -1}
        widths: dict[int, float] = defaultdict(float)
        heights: dict[int, float] = defaultdict(float)
        for at in range(start, stop):
            call = graph.calls[at]
            above = {
                edge.source.call: ranks[edge.source.call]
                for edge in graph.edges_into.get(call.id, ())
                if edge.source.call in ranks
            }
            ranks[call.id] = rank = max(above.values(), default=-1) + 1
            width, height = self._of_call(scope, at)
            widths[rank] += width + _BESIDE
            heights[rank] = max(heights[rank], height)
            for other in above.values():
                for between in range(other + 1, rank):
                    widths[between] += _LANE
        return max(widths.values()), sum(heights.values()) + _BELOW * len(heights)

    def _of_call(self, scope: Scope, at: int) -> tuple[float, float]:
        call = scope.graph.calls[at]
        key = (scope.prefix, call.id, at, at)
        if key not in self._known:
            inner = scope.within(call)
            if inner is None:
                size = label_size(self._drawing.box(scope, at), _FONT_SIZE)
            else:
                width, height = self.of_calls(inner, 0, len(inner.graph.calls))
                size = (max(width, _TITLE) + 2 * _MARGIN, height + _ENDS)
            self._known[key] = size
        return self._known[key]
