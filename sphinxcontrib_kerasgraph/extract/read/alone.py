"""How a model is read: one at a time, as deep as it is, and what was read holds together."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import CallGraph

#: Calls of Python in each other; each takes about a kilobyte of the stack, which has eight
#: megabytes.
_RECURSION = 4_000

#: Keras's methods are the process's: one model is traced at a time.
_lock = threading.RLock()


@contextlib.contextmanager
def tracing_alone() -> Iterator[None]:
    """Trace no other model meanwhile.

    And let layers be in layers as deep as Keras itself can call them: a trace takes more calls.
    """
    with _lock:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _RECURSION))
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)


def check(graph: CallGraph, name: str) -> None:
    """Raise `Fault` ``internal`` unless the graph of the model of that name holds together."""
    try:
        graph.check()
    except ValueError as error:
        raise Fault(
            "internal",
            f"What was read of the model {name!r} doesn't hold together: {error}.",
            "Please report this.",
        ) from error
