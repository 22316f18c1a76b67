"""Which blocks are open: drawn as frames around their calls. All others are one box."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, Marks
from sphinxcontrib_kerasgraph.view.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.options import SelectOptions

#: A depth to which all blocks are open.
ALL = "all"


def expand(graph: ModelGraph, options: SelectOptions) -> ModelGraph:
    """The graph with what is inside closed blocks hidden: every body that is left is open.

    Open are the blocks up to ``depth``; those that a pattern of ``expand`` matches, and what
    these are in; and, with ``expand_nested``, models. A pattern of ``collapse`` overrules.
    """
    return replace(graph, graph=_expanded(graph.graph, options))


def _expanded(
    graph: CallGraph, options: SelectOptions, prefix: str = "", level: int = 0
) -> CallGraph:
    calls = []
    for call in graph.calls:
        body = call.body
        if body is None:
            calls.append(call)
            continue
        path = prefix + call.id
        if body.calls and opens(options, call, path, level):
            deeper = level + (call.kind is not CallKind.SUBMODEL)
            calls.append(replace(call, body=_expanded(body, options, f"{path}/", deeper)))
        else:
            calls.append(closed(call, body))
    return replace(graph, calls=tuple(calls))


def closed(call: Call, body: CallGraph) -> Call:
    """The block with what is inside hidden."""
    marks = Marks.of_all(one.marks for _, one in body.walk())
    # Numbers are those of all that is inside already, and a look is the block's own.
    own = call.marks
    marks = replace(Marks.of_all([own, marks]), flops=own.flops, frozen=own.frozen, style=own.style)
    # What a model's inputs are is no call of it.
    inside = sum(one.kind is not CallKind.INPUT for one in body.calls)
    return replace(call, body=None, inside=inside, hidden=body, marks=marks)


def with_levels(
    graph: CallGraph, prefix: str = "", level: int = 0
) -> Iterator[tuple[str, Call, int]]:
    """Every call with its path, and how many blocks it is in; a model beside others is none."""
    for call in graph.calls:
        path = f"{prefix}{call.id}"
        yield path, call, level
        if call.body is not None:
            deeper = level + (call.kind is not CallKind.SUBMODEL)
            yield from with_levels(call.body, f"{path}/", deeper)


def opens(options: SelectOptions, call: Call, path: str, level: int) -> bool:
    """Whether the options open the call, given that the blocks around it are open.

    A model beside others isn't closed unless it is asked for: it is what is drawn. Nor is a block
    in two models in which something changed.
    """
    if matches(call, path, options.collapse):
        return False
    if call.kind is CallKind.SUBMODEL or _changed_inside(call):
        return True
    if options.depth == ALL or level < int(options.depth):
        return True
    if options.expand_nested and call.kind is CallKind.MODEL:
        return True
    if not options.expand:
        return False
    inside = call.body.walk(f"{path}/") if call.body is not None else ()
    return matches(call, path, options.expand) or any(
        matches(one, its_path, options.expand) for its_path, one in inside
    )


def _changed_inside(call: Call) -> bool:
    """Whether both of two models have the block, and something inside is only in one of them."""
    return call.body is not None and not call.marks.is_alone and call.body.differs
