"""The drawing of a graph that fits its space best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.dot import scene_to_cluster, scene_to_dot
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.columns import LEGIBLE, Space
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange, estimated_size, ways
from sphinxcontrib_kerasgraph.scene.names import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pydot

    from sphinxcontrib_kerasgraph.options import DrawOptions, LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged
    from sphinxcontrib_kerasgraph.scene.scene import Scene
    from sphinxcontrib_kerasgraph.view.views import View

#: Ways to break into columns that are laid out, to see how large they really are; so many more
#: where none of them is legible. Of all of keras.applications the best of up to 36 was never behind
#: the ninth by estimate.
_TRIED = 3
_MOST_TRIED = 12
#: How wide a row of boxes may be, in fractions of the space, where the drawing is too wide.
_FRACTIONS = (1, 0.8, 0.65, 0.5, 0.45)

#: Lays out DOT, and returns the width and height in points of each.
Measure = Callable[[Sequence[str]], list[tuple[float, float]]]

#: The text block of A4 paper with margins of one inch, of which a caption takes its part.
PAGE = Space(451, 642)
#: The width of a text column of Sphinx's themes.
COLUMN = Space(550)


def draw(
    views: Sequence[View],
    options: DrawOptions,
    space: Space = PAGE,
    measure: Measure | None = None,
) -> pydot.Dot:
    """The drawing of one of the views, in columns where these make it fit the space better.

    Without ``measure`` sizes are estimated, and the first view is drawn.
    """
    first, *looser = views
    layout = options.layout
    scene = scene_of(first, options.label, layout)
    fits = layout.fit != "none" and (layout.fit != "auto" or first.overview)
    if not fits and layout.columns is None:
        return scene_to_dot(arrange(scene, Layout()), layout)
    if measure is None:
        [starts, *_] = ways(scene, layout, space)
        return scene_to_dot(arrange(scene, Layout(starts)), layout)
    best = _best(scene, layout, space, measure)
    for view in looser:
        # An exact view tells more; a looser one is taken where it is larger on a page.
        if best.scale < LEGIBLE:
            other = _best(scene_of(view, options.label, layout), layout, space, measure)
            best = other if best.scale < other.scale else best
    return best.dot


def draw_cluster(view: View, options: DrawOptions) -> pydot.Cluster:
    """The drawing as a ``cluster`` to be put into another graph, whose nodes have other names."""
    prefix = f"{safe(view.graph.name)}/"
    return scene_to_cluster(scene_of(view, options.label, options.layout, prefix), options.layout)


@dataclass(frozen=True)
class _LaidOut:
    dot: pydot.Dot
    scale: float
    badness: tuple[float, float]


def _best(scene: Scene, options: LayoutOptions, space: Space, measure: Measure) -> _LaidOut:
    """The way to lay out that fits best, of those that are estimated to fit best."""

    def laid_out(trials: Sequence[Arranged]) -> list[_LaidOut]:
        dots = [scene_to_dot(trial, options) for trial in trials]
        sizes = measure([dot.to_string() for dot in dots])
        return [
            _LaidOut(dot, space.scale(*size), space.badness(*size, trial.across))
            for trial, dot, size in zip(trials, dots, sizes, strict=True)
        ]

    first = _promising(scene, options, space, [None])[:_TRIED]
    tried = laid_out(first)
    if max(one.scale for one in tried) < LEGIBLE:
        widest = [None, *(space.width / LEGIBLE * fraction for fraction in _FRACTIONS)]
        others = [one for one in _promising(scene, options, space, widest) if one not in first]
        tried += laid_out(others[: _MOST_TRIED - len(first)])
    return min(tried, key=lambda one: one.badness)


def _promising(
    scene: Scene, options: LayoutOptions, space: Space, widest: Iterable[float | None]
) -> list[Arranged]:
    """Ways to lay out, each once, by how badly they are estimated to fit."""
    layouts = [layout for one in widest for layout in _layouts(scene, options, space, one)]
    badness = [space.badness(*estimated_size(scene, one), one.across) for one in layouts]
    order = sorted(range(len(layouts)), key=badness.__getitem__)
    return list(dict.fromkeys(arrange(scene, layouts[at]) for at in order))


def _layouts(
    scene: Scene, options: LayoutOptions, space: Space, widest: float | None
) -> Iterator[Layout]:
    """Ways to break the scene that may fit."""
    for starts in ways(scene, options, space, widest)[:_TRIED]:
        number = len(starts) + len(scene.parts)
        # Parts that are drawn apart may stand below.
        for across in dict.fromkeys([number, min(2, number)] if scene.parts else [number]):
            yield Layout(starts, across, widest)
