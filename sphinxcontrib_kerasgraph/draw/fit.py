"""The drawing of a graph that fits its space best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.columns import LEGIBLE, Space
from sphinxcontrib_kerasgraph.draw.dot import Layout, graph_to_dot
from sphinxcontrib_kerasgraph.draw.drawing import Drawing
from sphinxcontrib_kerasgraph.view.shown import views

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pydot

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.shown import Shown

#: Ways to break into columns that are laid out, to see how large they really are.
_TRIED = 3
#: How wide a row of boxes may be, in shares of the space, where the drawing is too wide.
_SHARES = (1, 0.8, 0.65, 0.5, 0.45)

#: Lays out DOT, and returns the width and height in points of each.
Measure = Callable[[Sequence[str]], list[tuple[float, float]]]

#: The text block of A4 paper with margins of one inch, of which a caption takes its part.
PAGE = Space(451, 642)
#: The width of a text column of Sphinx's themes.
COLUMN = Space(550)


def draw(
    graph: ModelGraph,
    options: DrawOptions,
    space: Space = PAGE,
    measure: Measure | None = None,
) -> pydot.Dot:
    """The drawing as the options want it, in columns where these make it fit the space better.

    Without ``measure`` sizes are estimated.
    """
    found = views(graph, options)
    fits = options.fit != "none" and (options.fit != "auto" or found[0].overview)
    if not fits and options.columns is None:
        return graph_to_dot(found[0], options)
    if measure is None:
        [first, *_] = Drawing(found[0], options).ways(space)
        return graph_to_dot(found[0], options, Layout(first))
    best = _best(found[0], options, space, measure)
    for shown in found[1:]:
        # An exact view tells more; a looser one is taken where it is larger on a page.
        if best.scale < LEGIBLE:
            looser = _best(shown, options, space, measure)
            best = looser if best.scale < looser.scale else best
    return best.dot


@dataclass(frozen=True)
class _LaidOut:
    dot: pydot.Dot
    scale: float
    badness: tuple[float, float]


def _best(shown: Shown, options: DrawOptions, space: Space, measure: Measure) -> _LaidOut:
    def laid_out(widest: Iterable[float | None]) -> list[_LaidOut]:
        ways = [way for one in widest for way in _ways(shown, options, space, one)]
        sizes = measure([dot.to_string() for dot, _ in ways])
        return [
            _LaidOut(dot, space.scale(*size), space.badness(*size, across))
            for (dot, across), size in zip(ways, sizes, strict=True)
        ]

    tried = laid_out([None])
    if max(one.scale for one in tried) < LEGIBLE:
        tried += laid_out(space.width / LEGIBLE * share for share in _SHARES)
    return min(tried, key=lambda one: one.badness)


def _ways(
    shown: Shown, options: DrawOptions, space: Space, widest: float | None
) -> Iterator[tuple[pydot.Dot, int]]:
    """Drawings that may fit, each with how many columns stand side by side."""
    drawing = Drawing(shown, options, widest=widest)
    for starts in drawing.ways(space)[:_TRIED]:
        number = len(starts) + drawing.parts
        # Parts that are drawn apart may stand below.
        for across in {number, min(2, number)} if drawing.parts else {number}:
            yield graph_to_dot(shown, options, Layout(starts, widest, across)), across
