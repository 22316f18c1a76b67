"""Which blocks are open: drawn as frames around their calls. All others are one box."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions

#: A depth to which all blocks are open.
ALL = "all"


def expand(graph: ModelGraph, options: DrawOptions) -> ModelGraph:
    """The graph without what is inside closed blocks: every body that is left is open.

    Open are the blocks up to ``depth``; those that a pattern of ``expand`` matches, and what
    these are in; and, with ``expand_nested``, models. A pattern of ``collapse`` overrules.
    """
    return replace(graph, graph=_Expansion(options).view(graph.graph))


def unopened(graph: ModelGraph, options: DrawOptions) -> Iterator[tuple[str, Call]]:
    """The calls that the options would open, but whose inside isn't known, by their paths."""
    expansion = _Expansion(options)
    seen: set[str] = set()
    for path, call in expansion.view(graph.graph).walk():
        if call.opaque and call.layer not in seen and expansion.opens(call, path):
            seen.add(call.layer)
            yield path, call


def unmatched(graph: ModelGraph, patterns: Iterable[str]) -> list[str]:
    """The patterns that match no call."""
    calls = list(graph.graph.walk())
    return [
        pattern
        for pattern in patterns
        if not any(matches(call, path, (pattern,)) for path, call in calls)
    ]


class _Expansion:
    def __init__(self, options: DrawOptions) -> None:
        self._options = options

    def view(self, graph: CallGraph, prefix: str = "") -> CallGraph:
        calls = []
        for call in graph.calls:
            body = call.body
            if body is None:
                calls.append(call)
                continue
            path = prefix + call.id
            if body.calls and self.opens(call, path):
                opened = self.view(body, f"{path}/")
                calls.append(replace(call, body=opened))
            else:
                calls.append(replace(call, body=None, inside=len(body.calls)))
        return replace(graph, calls=tuple(calls))

    def opens(self, call: Call, path: str) -> bool:
        """Whether the options open the call, given that the blocks around it are open."""
        options = self._options
        if matches(call, path, options.collapse):
            return False
        if options.depth == ALL or path.count("/") < int(options.depth):
            return True
        if options.expand_nested and call.kind == "model":
            return True
        if not options.expand:
            return False
        inside = call.body.walk(f"{path}/") if call.body is not None else ()
        return matches(call, path, options.expand) or any(
            matches(one, its_path, options.expand) for its_path, one in inside
        )


def matches(call: Call, path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern is that of the call's path or class."""
    names = (path, call.class_name, f"{call.module}.{call.qualname}")
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)
