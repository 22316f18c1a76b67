"""Which code runs: the step's own, and what it calls a tensor."""

from __future__ import annotations

from inspect import currentframe
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.graph_frame import GraphFrame

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.func_graph import SymbolicGraph

_OWN = __name__.partition(".")[0] + "."


def frame_of(graph: SymbolicGraph) -> GraphFrame | None:
    """Where the code of the step, which builds this graph, is recorded now.

    ``None`` while that of a layer runs: it is drawn as it is elsewhere.
    """
    frame = graph.tracer.frame
    return frame if isinstance(frame, GraphFrame) and frame.graph is graph else None


def local_name(value: Any) -> str | None:
    """The local variable that is the value, where code called what runs now; ``None`` if none is.

    The code is the nearest that isn't of this package.
    """
    frame = currentframe()
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(_OWN):
        frame = frame.f_back
    found = frame.f_locals.items() if frame is not None else ()
    return next((name for name, one in found if one is value), None)
