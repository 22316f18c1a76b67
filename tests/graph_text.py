"""A graph as text, to be compared with an expectation written by hand.

A line for each call, what is inside a block indented below it, and the outputs last:

    x InputLayer
    dense Dense <- x
    block Block <- dense
        inner Dense <- ^
        add Add <- ^, inner
        -> add
    -> block

``^`` is the first input of the block, ``^1`` its second; ``split:1`` the second output of
``split``; ``~cell:1`` comes from the step before. With ``arguments=True`` a source is followed by
the argument that it is given for, where a call has several: ``q=query``.
"""

from __future__ import annotations

import textwrap

from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, Edge, Port


def graph_text(graph: CallGraph, *, arguments: bool = False, indent: str = "") -> str:
    """The text; each line but the first of an expectation may be indented as a whole."""
    into: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target.call, []).append(edge)
    lines = []
    for call in graph.calls:
        edges = sorted(into.get(call.id, ()), key=lambda edge: (edge.target.index, edge.recurrent))
        sources = ", ".join(_source(edge, arguments) for edge in edges)
        lines.append(f"{indent}{call.id} {call.class_name}{' <- ' * bool(sources)}{sources}")
        if call.body is not None:
            lines.append(graph_text(call.body, arguments=arguments, indent=f"{indent}    "))
    lines.append(f"{indent}-> {', '.join(map(_port, graph.outputs))}")
    return "\n".join(lines)


def expected(lines: str) -> str:
    """An expectation, without the indentation that it has as a whole."""
    return textwrap.dedent(lines).strip()


def _source(edge: Edge, arguments: bool) -> str:
    text = "~" * edge.recurrent + _port(edge.source)
    return f"{text}={edge.argument}" if arguments and edge.argument else text


def _port(port: Port) -> str:
    if port.call == BLOCK:
        return f"^{port.index or ''}"
    return f"{port.call}:{port.index}" if port.index else port.call
