"""What others make of a drawing before it is drawn: the listeners of Sphinx's events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import pydot

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.scene.scene import Scene

T = TypeVar("T")


def _as_it_is(made: T) -> T:
    return made


@dataclass(frozen=True)
class Hooks:
    """Functions that return what is drawn in place of what they are given."""

    #: Of each scene that is laid out, to find the best.
    scene: Callable[[Scene], Scene] = _as_it_is
    #: Of the one that is drawn, with all in its place.
    dot: Callable[[pydot.Dot], pydot.Dot] = _as_it_is


class Listener(Protocol):
    """Who is told of drawings."""

    def hooks(self, graph: ModelGraph) -> Hooks:
        """What is made of the drawings of this model."""


#: Where nobody listens.
NONE = Hooks()
