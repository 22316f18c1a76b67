"""The drawing of a graph that fits its space best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.dot import (
    PAD,
    dot_to_lay_out,
    placed_to_dot,
    scene_to_cluster,
    scene_to_dot,
)
from sphinxcontrib_kerasgraph.draw.finish import finish
from sphinxcontrib_kerasgraph.draw.hooks import NONE, Hooks
from sphinxcontrib_kerasgraph.draw.placed import placed
from sphinxcontrib_kerasgraph.draw.shaped import is_better, shaped_ways
from sphinxcontrib_kerasgraph.draw.texts import with_texts_beside
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.columns import LEGIBLE, Space
from sphinxcontrib_kerasgraph.scene.layout import (
    Layout,
    arrange,
    cost_of_layout,
    estimated_size,
    possible_starts,
)
from sphinxcontrib_kerasgraph.scene.names import safe
from sphinxcontrib_kerasgraph.scene.style import in_style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pydot

    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.options import DrawOptions, LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged
    from sphinxcontrib_kerasgraph.scene.scene import Scene
    from sphinxcontrib_kerasgraph.view.views import View

#: Ways to break into columns that are laid out, to see how large they really are; and how many at
#: most, where none of them is legible. Of all of keras.applications the best of up to 36 was never
#: behind the ninth by estimate.
_TRIED = 3
_MOST_TRIED = 11
#: So many of them are finished at most: a draft may seem to fit that is too large with its lanes.
_FINISHED = 3
#: Estimates are off by a tenth. What is estimated to be smaller than this part of what is legible
#: isn't measured to see whether it is.
_HOPELESS = 0.8
#: How much larger a drawing must be to be worth a circle at which a line goes on.
_COST_OF_CIRCLE = 0.08
#: How wide a rank of boxes may be, in fractions of the space, where the drawing is too wide.
_FRACTIONS = (1, 0.8, 0.65, 0.5, 0.45)

#: With more wires ranks aren't made narrower: each would pass by many more of them.
_MANY_WIRES = 1000

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
    #: As it is laid out, if that isn't as it is drawn: with connectors in place of gutters.
    laid_out: Arranged | None = None
    hooks: Hooks = NONE

    @cached_property
    def dot(self) -> pydot.Dot:
        """As it is to be laid out, which can still be changed."""
        return self.hooks.dot(scene_to_dot(self.laid_out or self.arranged, self.options))

    @cached_property
    def finished(self) -> str:
        """The DOT as it is to be drawn."""
        return self.linked({})

    def linked(self, urls: Mapping[str, str]) -> str:
        """The same, with where boxes and frames lead, by their names, if it was laid out."""
        if self.placed is None:
            text: str = self.dot.to_string()
            return text
        placed = self.placed
        if self.options.layout == "dot":  # others have told where texts are
            placed = with_texts_beside(self.arranged, placed)
        return placed_to_dot(self.arranged, placed, self.options, urls, self.hooks)

    def spots(self) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
        """Where frames and boxes are, by their names, if it was laid out.

        That is how far from the left and from below, how wide and how high, as parts of the whole.
        """
        if self.placed is None:
            return
        width, height = _padded(self.placed)
        for name, rect in (*self.placed.frames.items(), *self.placed.boxes.items()):
            left, bottom = (rect.left + PAD) / width, (rect.bottom + PAD) / height
            size = (rect.right - rect.left) / width, (rect.top - rect.bottom) / height
            yield name, (left, bottom, *size)

    @property
    def size(self) -> tuple[float, float] | None:
        """Its width and height in points, where it was laid out."""
        return None if self.placed is None else _padded(self.placed)


def _padded(placed: Placed) -> tuple[float, float]:
    return placed.width + 2 * PAD, placed.height + 2 * PAD


def draw(
    views: Sequence[View],
    options: DrawOptions,
    space: Space = PAGE,
    lay_out: LayOut | None = None,
    hooks: Hooks = NONE,
) -> Fitted:
    """The drawing of one of the views, in columns where these make it fit the space better.

    Without ``lay_out`` sizes are estimated.
    """
    if lay_out is None:
        return _estimated(views, options, space, hooks)
    trials = _Trials(options, space, lay_out, hooks)
    overviews = [view for view in views if view.overview]
    full = None
    if not views[0].overview:
        full = trials.best(views[0], _MOST_TRIED)
        if not overviews or full.is_held:
            return full
    # Some trials are left for each other view.
    exact, *looser = overviews
    best = trials.best(exact, trials.left - _TRIED * len(looser))
    for view in looser:
        # An exact view tells more; a looser one is taken where it is larger on a page.
        if best.scale < LEGIBLE:
            other = trials.best(view, trials.left)
            best = other if best.scale < other.scale else best
    return full if full is not None and full.badness <= best.badness else best


def draw_cluster(view: View, options: DrawOptions) -> pydot.Cluster:
    """The drawing as a ``cluster`` to be put into another graph, whose nodes have other names."""
    prefix = f"{safe(view.graph.name)}/"
    scene = scene_of(view, options.label, options.layout, prefix)
    return scene_to_cluster(in_style(scene, options.style, prefix), options.layout)


def _scene(view: View, options: DrawOptions, hooks: Hooks, *, dense: bool = False) -> Scene:
    scene = scene_of(view, options.label, options.layout, dense=dense)
    return hooks.scene(in_style(scene, options.style))


def _estimated(views: Sequence[View], options: DrawOptions, space: Space, hooks: Hooks) -> Fitted:
    """The drawing that fits best, as far as it is known without a layout."""
    layout = options.layout
    for view in views:
        scene = _scene(view, options, hooks)
        way = _estimated_way(view, scene, layout, space)
        last = view.overview or view is views[-1]
        if last or space.holds(*estimated_size(scene, way, space)):
            break
    return Fitted(arrange(scene, way), layout, hooks=hooks)


def _estimated_way(view: View, scene: Scene, layout: LayoutOptions, space: Space) -> Layout:
    """How a view is to be broken, as far as that is known without a layout."""
    if scene.is_several:
        ways = _layouts(scene, layout, space, None)
        sizes = {way: space.scale(*estimated_size(scene, way, space)) for way in ways}
        return max(sizes, key=lambda way: (sizes[way], way.across))
    if not _is_broken(view, layout):
        return Layout(is_turned=layout.is_sideways)
    [starts, *_] = possible_starts(scene, layout, space)
    return Layout(starts, is_turned=layout.is_sideways)


def _is_broken(view: View, layout: LayoutOptions) -> bool:
    """Whether it is to be broken into columns where that fits better."""
    if layout.columns is not None:
        return True
    return layout.fit != "none" and (layout.fit != "auto" or view.overview)


@dataclass(frozen=True, kw_only=True)
class _LaidOut(Fitted):
    laid_out: Arranged
    #: Where Graphviz has put all of that.
    draft: Placed
    scale: float = 1
    badness: tuple[float, ...] = ()
    #: Whether the space holds it, if every call is drawn.
    is_held: bool = True

    @property
    def rank(self) -> tuple[bool, tuple[float, ...]]:
        """Lower for what is better: what is read at ease before all."""
        return not self.is_held, self.badness

    @property
    def picture(self) -> tuple[Arranged, Placed]:
        """What is where."""
        if self.placed is None:
            raise ValueError("it isn't laid out")
        return self.arranged, self.placed


class _Trials:
    """Tries ways to lay out, of all views together about ``left``."""

    def __init__(self, options: DrawOptions, space: Space, lay_out: LayOut, hooks: Hooks) -> None:
        self._options = options
        self._hooks = hooks
        self._space = space
        self._lay_out = lay_out
        self.left = _MOST_TRIED

    def best(self, view: View, most: int) -> _LaidOut:
        """The way that fits best, of up to so many that are estimated to fit best.

        Where that isn't read at ease, boxes of fewer rows may be, and then other ways.
        """
        layout = self._options.layout
        scene = _scene(view, self._options, self._hooks)
        if scene.is_several or not _is_broken(view, layout):
            way = _estimated_way(view, scene, layout, self._space)
            return self._shaped(self._best_finished(self._laid_out([arrange(scene, way)])))
        self.left = max(self.left, _TRIED)
        until = max(0, self.left - most)
        ways = [_Ways(scene, layout, self._space)]
        found = self._best_of(ways[0].promising)
        if view.compact and not self._is_settled(found):
            dense = _scene(view, self._options, self._hooks, dense=True)
            if dense != scene:
                ways.append(_Ways(dense, layout, self._space))
                found += self._best_of(ways[1].promising)
        if not self._is_settled(found):
            # Some are left for the shape of the network.
            left = self.left - until - len(shaped_ways(scene, Layout(), layout))
            for one in ways:
                number = max(0 if found else 1, left // len(ways))
                found += self._best_of(one.others(number))
        return self._shaped(min(found, key=lambda one: one.rank))

    def _is_settled(self, found: Sequence[_LaidOut]) -> bool:
        """Whether one of them is read at ease, and large where there is a page to fill."""
        scrolls = self._space.height is None
        return any(one.is_held and (scrolls or one.scale >= LEGIBLE) for one in found)

    def _best_of(self, ways: Sequence[Arranged]) -> list[_LaidOut]:
        """The best of these; none if there are none."""
        return [self._best_finished(self._laid_out(ways))] if ways else []

    def _best_finished(self, drafts: Sequence[_LaidOut]) -> _LaidOut:
        """The best of them when it is finished, or another one if that isn't read at ease then."""
        made: list[_LaidOut] = []
        for draft in sorted(drafts, key=lambda one: one.badness)[:_FINISHED]:
            made.append(self._finished(draft))
            if made[-1].is_held or not draft.is_held:
                break
        return min(made, key=lambda one: one.rank)

    def _shaped(self, best: _LaidOut) -> _LaidOut:
        """The best so far, or that in the shape of the network, or with letters."""
        layout = self._options.layout
        try:
            ways = shaped_ways(best.arranged.scene, best.arranged.layout, layout)
            drafts = self._laid_out(ways[: max(0, self.left)])
        except Fault:  # of what Graphviz can't draw so there is a picture
            return best
        made = map(self._finished, drafts)  # the second only if it is looked at
        if layout.shape == "u":
            return next((one for one in made if one.arranged.upwards), best)
        for one in made:  # in the shape of the network before all
            if is_better(one.picture, best.picture, self._space):
                return one
        return best

    def _laid_out(self, ways: Sequence[Arranged]) -> list[_LaidOut]:
        """Drafts of those that Graphviz has laid out in time."""
        if not ways:
            return []
        self.left -= len(ways)
        written = [dot_to_lay_out(arranged, self._options.layout) for arranged in ways]
        told = self._lay_out([code for code, _ in written])
        return [
            self._drawn(arranged, placed(said, lines, arranged.scene.names), is_draft=True)
            for arranged, (_, lines), said in zip(ways, written, told, strict=True)
            if said is not None
        ]

    def _finished(self, draft: _LaidOut) -> _LaidOut:
        """The drawing of a draft."""
        return self._drawn(draft.laid_out, draft.draft, is_draft=False)

    def _drawn(self, way: Arranged, laid_out: Placed, *, is_draft: bool) -> _LaidOut:
        options, space = self._options.layout, self._space
        arranged, made = finish(way, laid_out, options, space, is_draft=is_draft)
        size = _padded(made)
        cost = arranged.cost + _COST_OF_CIRCLE * arranged.circles
        badness = space.badness(*size, arranged.across, cost)
        return _LaidOut(
            arranged,
            options,
            made,
            laid_out=way,
            draft=laid_out,
            scale=space.scale(*size),
            badness=badness,
            is_held=space.holds(*size),
            hooks=self._hooks,
        )


class _Ways:
    """Ways to lay out a scene, each once, those first that are estimated to fit best."""

    def __init__(self, scene: Scene, options: LayoutOptions, space: Space) -> None:
        self._scene = scene
        self._options = options
        self._space = space

    @cached_property
    def promising(self) -> list[Arranged]:
        """The few that are estimated to fit best; none if they are hopeless."""
        first = list(islice(self._by_estimate([None]), _TRIED))
        is_hopeless = max(scale for _, scale in first) <= LEGIBLE * _HOPELESS
        return [] if is_hopeless else [way for way, _ in first]

    def others(self, number: int) -> list[Arranged]:
        """So many besides those, of narrow ranks of boxes among them."""
        widest: list[float | None] = [None]
        if not self._options.is_sideways and len(self._scene.wires) <= _MANY_WIRES:
            widest += [self._space.width / LEGIBLE * fraction for fraction in _FRACTIONS]
        ways = (way for way, _ in self._by_estimate(widest) if way not in self.promising)
        return list(islice(ways, number))

    def _by_estimate(self, widest: Iterable[float | None]) -> Iterator[tuple[Arranged, float]]:
        """Each way, and how far it is estimated to be shrunk; arranged when it is asked for."""
        scene, options, space = self._scene, self._options, self._space
        layouts = [layout for one in widest for layout in _layouts(scene, options, space, one)]
        sizes = [estimated_size(scene, layout, space) for layout in layouts]
        costs = [cost_of_layout(scene, layout) for layout in layouts]
        order = sorted(
            range(len(layouts)),
            key=lambda at: space.badness(*sizes[at], layouts[at].across, costs[at]),
        )
        seen: set[Arranged] = set()
        for at in order:
            way = arrange(scene, layouts[at])
            if way not in seen:
                seen.add(way)
                yield way, space.scale(*sizes[at])


def _layouts(
    scene: Scene, options: LayoutOptions, space: Space, widest: float | None
) -> Iterator[Layout]:
    """Ways to break the scene that may fit."""
    for starts in possible_starts(scene, options, space, widest)[:_TRIED]:
        number = len(starts) + len(scene.parts)
        for across in _numbers_across(scene, options, number):
            yield Layout(starts, across, widest, is_turned=options.is_sideways)


def _numbers_across(scene: Scene, options: LayoutOptions, number: int) -> Iterable[int]:
    """How many columns may stand side by side; parts that are drawn apart may stand below."""
    if scene.is_several:
        rows = range(1, number + 1)
        wanted = [-(-number // row) for row in rows]
        return dict.fromkeys(wanted if options.columns is None else [options.columns])
    return [number]
