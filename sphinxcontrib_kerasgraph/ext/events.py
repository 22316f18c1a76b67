"""The events by which extensions, and conf.py, change drawings."""

from __future__ import annotations

import reprlib
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinxcontrib_kerasgraph.draw.hooks import Hooks
    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: ``(app, graph, scene)``, and ``(app, graph, dot)``.
SCENE_CREATED, DOT_CREATED = "kerasgraph-scene-created", "kerasgraph-dot-created"

T = TypeVar("T")


def register(app: Sphinx) -> None:
    """Add the events."""
    app.add_event(SCENE_CREATED)
    app.add_event(DOT_CREATED)


class Listeners:
    """Those who are told of drawings, and may change or replace them."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app

    @classmethod
    def of(cls, app: Sphinx) -> Listeners | None:
        """Those of a build, if there are any."""
        listening = app.events.listeners
        return cls(app) if listening.get(SCENE_CREATED) or listening.get(DOT_CREATED) else None

    def hooks(self, graph: ModelGraph) -> Hooks:
        """What is made of the drawings of this model."""
        # Imported when something is drawn, not when Sphinx starts.
        import pydot

        from sphinxcontrib_kerasgraph.draw.hooks import Hooks
        from sphinxcontrib_kerasgraph.scene.scene import Scene

        scene: Any = partial(self._told, SCENE_CREATED, Scene, graph)
        dot: Any = partial(self._told, DOT_CREATED, pydot.Dot, graph)
        return Hooks(scene, dot)

    def _told(self, event: str, of: type[T], graph: ModelGraph, made: T) -> T:
        """What the listeners make of it, one after the other. Raises `Fault` ``option``."""
        for listener in sorted(
            self._app.events.listeners.get(event, ()), key=lambda one: one.priority
        ):
            try:
                answer = listener.handler(self._app, graph, made)
            except Exception as error:
                raise Fault(
                    "option",
                    f"A listener to {event!r}, {_named(listener.handler)}, raised {_told(error)}.",
                    "Mend it; {more} shows the traceback.",
                    traceback.format_exc(),
                ) from error
            if answer is None:
                continue
            if not isinstance(answer, of):
                raise Fault(
                    "option",
                    f"A listener to {event!r}, {_named(listener.handler)}, returned "
                    f"{reprlib.repr(answer)}.",
                    f"It must be a {of.__name__}, or None where nothing is replaced.",
                )
            made = answer
        return made


def _told(error: Exception) -> str:
    """What an error is, and what it says, if it can say that."""
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - whatever the author's class raises
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _named(handler: Any) -> str:
    """What a listener is called, and where it is from."""
    named = handler if hasattr(handler, "__qualname__") else type(handler)
    # What conf.py defines has no module, or that of all that has none.
    module = named.__module__
    return f"{named.__qualname__!r} of {'conf.py' if module in {None, 'builtins'} else module}"
