"""The drawing of a graph that fits its space best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.dot import (
    PAD,
    dot_to_lay_out,
    placed_to_dot,
    scene_to_cluster,
    scene_to_dot,
)
from sphinxcontrib_kerasgraph.draw.finish import finish
from sphinxcontrib_kerasgraph.draw.placed import placed
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.columns import LEGIBLE, Space
from sphinxcontrib_kerasgraph.scene.layout import (
    Layout,
    arrange,
    estimated_size,
    possible_starts,
)
from sphinxcontrib_kerasgraph.scene.names import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pydot

    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.options import DrawOptions, LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged
    from sphinxcontrib_kerasgraph.scene.scene import Scene
    from sphinxcontrib_kerasgraph.view.views import View

#: Ways to break into columns that are laid out, to see how large they really are; and how many at
#: most, where none of them is legible. Of all of keras.applications the best of up to 36 was never
#: behind the ninth by estimate. With the picture itself ``dot`` runs twelve times at most.
_TRIED = 3
_MOST_TRIED = 11
#: Estimates are off by a tenth. What is estimated to be smaller than this part of what is legible
#: isn't measured to see whether it is.
_HOPELESS = 0.8
#: How wide a rank of boxes may be, in fractions of the space, where the drawing is too wide.
_FRACTIONS = (1, 0.8, 0.65, 0.5, 0.45)

#: Lays out DOT, and returns Graphviz's JSON of each, or ``None`` for what takes too long.
LayOut = Callable[[Sequence[str]], list[str | None]]

#: The text block of A4 paper with margins of one inch, of which a caption takes its part.
PAGE = Space(451, 642)
#: The width of a text column of Sphinx's themes.
COLUMN = Space(550)


def space_alone(options: LayoutOptions) -> Space:
    """The space of a drawing that stands on no page of ours: a page's, if nothing else is asked."""
    return COLUMN if options.fit == "column" else PAGE


@dataclass(frozen=True)
class Fitted:
    """A drawing that was laid out to fit a space."""

    arranged: Arranged
    options: LayoutOptions
    #: Where all is, if Graphviz has laid it out.
    placed: Placed | None = None

    @cached_property
    def dot(self) -> pydot.Dot:
        """As it is to be laid out, which can still be changed."""
        return scene_to_dot(self.arranged, self.options)

    @cached_property
    def finished(self) -> str:
        """The DOT as it is to be drawn."""
        if self.placed is None:
            return self.dot.to_string()
        return placed_to_dot(self.arranged, self.placed, self.options)

    @property
    def size(self) -> tuple[float, float] | None:
        """Its width and height in points, where it was laid out."""
        if self.placed is None:
            return None
        return self.placed.width + 2 * PAD, self.placed.height + 2 * PAD


def draw(
    views: Sequence[View],
    options: DrawOptions,
    space: Space = PAGE,
    lay_out: LayOut | None = None,
) -> Fitted:
    """The drawing of one of the views, in columns where these make it fit the space better.

    Without ``lay_out`` sizes are estimated, and the first view is drawn.
    """
    first, *looser = views
    layout = options.layout
    scene = scene_of(first, options.label, layout)
    fits = layout.fit != "none" and (layout.fit != "auto" or first.overview)
    if lay_out is None:
        return Fitted(_estimated(scene, layout, space, fits=fits), layout)
    trials = _Trials(layout, space, lay_out, _MOST_TRIED)
    if scene.is_several or not (fits or layout.columns is not None):
        return trials.only(_estimated(scene, layout, space, fits=False))
    # Some are left for each other view.
    best = trials.best(scene, _MOST_TRIED - _TRIED * len(looser))
    for view in looser:
        # An exact view tells more; a looser one is taken where it is larger on a page.
        if best.scale < LEGIBLE:
            other = trials.best(scene_of(view, options.label, layout), _MOST_TRIED)
            best = other if best.scale < other.scale else best
    return best


def draw_cluster(view: View, options: DrawOptions) -> pydot.Cluster:
    """The drawing as a ``cluster`` to be put into another graph, whose nodes have other names."""
    prefix = f"{safe(view.graph.name)}/"
    return scene_to_cluster(scene_of(view, options.label, options.layout, prefix), options.layout)


def _estimated(scene: Scene, layout: LayoutOptions, space: Space, *, fits: bool) -> Arranged:
    """The way that fits best, as far as it is known without a layout."""
    if scene.is_several:
        return _side_by_side(scene, layout, space)
    if not fits and layout.columns is None:
        return arrange(scene, Layout())
    [starts, *_] = possible_starts(scene, layout, space)
    return arrange(scene, Layout(starts))


@dataclass(frozen=True)
class _LaidOut(Fitted):
    scale: float = 1
    badness: tuple[float, float] = (0, 0)


class _Trials:
    """Tries ways to lay out, of all views together no more than ``left``."""

    def __init__(self, options: LayoutOptions, space: Space, lay_out: LayOut, left: int) -> None:
        self._options = options
        self._space = space
        self._lay_out = lay_out
        self._left = left

    def best(self, scene: Scene, most: int) -> _LaidOut:
        """The way that fits best, of up to so many that are estimated to fit best."""
        space = self._space
        until = max(0, self._left - most)
        first = _promising(scene, self._options, space, [None])[:_TRIED]
        tried: list[_LaidOut] = []
        if max(one.scale for one in first) > LEGIBLE * _HOPELESS:
            tried = self._laid_out([one.arranged for one in first])
        if max((one.scale for one in tried), default=0) < LEGIBLE:
            widest = [None, *(space.width / LEGIBLE * fraction for fraction in _FRACTIONS)]
            more = _promising(scene, self._options, space, widest)
            others = [one.arranged for one in more if not tried or one not in first]
            tried += self._laid_out(others[: self._left - until])
        return min(tried, key=lambda one: one.badness)

    def only(self, arranged: Arranged) -> Fitted:
        """The one way that there is."""
        [made] = self._laid_out([arranged])
        return made

    def _laid_out(self, ways: Sequence[Arranged]) -> list[_LaidOut]:
        """Those that Graphviz has laid out in time, finished."""
        self._left -= len(ways)
        written = [dot_to_lay_out(arranged, self._options) for arranged in ways]
        told = self._lay_out([code for code, _ in written])
        return [
            self._finished(arranged, placed(said, lines))
            for arranged, (_, lines), said in zip(ways, written, told, strict=True)
            if said is not None
        ]

    def _finished(self, arranged: Arranged, laid_out: Placed) -> _LaidOut:
        made = finish(arranged, laid_out, self._options)
        size = made.width + 2 * PAD, made.height + 2 * PAD
        badness = self._space.badness(*size, arranged.across)
        return _LaidOut(arranged, self._options, made, self._space.scale(*size), badness)


@dataclass(frozen=True)
class _Trial:
    """A way to lay out, and how far it is estimated to be shrunk."""

    arranged: Arranged
    scale: float = field(compare=False)


def _promising(
    scene: Scene, options: LayoutOptions, space: Space, widest: Iterable[float | None]
) -> list[_Trial]:
    """Ways to lay out, each once, by how badly they are estimated to fit."""
    layouts = [layout for one in widest for layout in _layouts(scene, options, space, one)]
    sizes = [estimated_size(scene, layout) for layout in layouts]
    order = sorted(
        range(len(layouts)), key=lambda at: space.badness(*sizes[at], layouts[at].across)
    )
    trials = (_Trial(arrange(scene, layouts[at]), space.scale(*sizes[at])) for at in order)
    return list(dict.fromkeys(trials))


def _layouts(
    scene: Scene, options: LayoutOptions, space: Space, widest: float | None
) -> Iterator[Layout]:
    """Ways to break the scene that may fit."""
    for starts in possible_starts(scene, options, space, widest)[:_TRIED]:
        number = len(starts) + len(scene.parts)
        for across in _numbers_across(scene, options, number):
            yield Layout(starts, across, widest)


def _side_by_side(scene: Scene, options: LayoutOptions, space: Space) -> Arranged:
    """Models beside each other, as many in a row as are as large there as they can be."""
    trials = _promising(scene, options, space, [None])
    best = max(trials, key=lambda one: (one.scale, one.arranged.across))
    return best.arranged


def _numbers_across(scene: Scene, options: LayoutOptions, number: int) -> Iterable[int]:
    """How many columns may stand side by side; parts that are drawn apart may stand below."""
    if scene.is_several:
        rows = range(1, number + 1)
        wanted = [-(-number // row) for row in rows]
        return dict.fromkeys(wanted if options.columns is None else [options.columns])
    return dict.fromkeys([number, min(2, number)] if scene.parts else [number])
