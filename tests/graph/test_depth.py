"""Blocks lie in each other so deep, and no deeper; what they have is counted all the same."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.graph import CallGraph, Edge, ModelGraph, Parameters, Port
from sphinxcontrib_kerasgraph.graph.depth import DEEPEST, bounded
from sphinxcontrib_kerasgraph.options import DrawOptions, SelectOptions
from sphinxcontrib_kerasgraph.view.views import views

NET = model("""
    x InputLayer
    block Block <- x
        inner Dense <- ^
        -> inner
    -> block
""")


def nested(depth: int) -> CallGraph:
    """A model with so many blocks in each other, each with a weight of its own."""
    block = NET.graph["block"]
    own = Parameters(1, 1, 1)
    body = replace(block.body, calls=(replace(block.body.calls[0], parameters=own),))
    for at in range(depth - 1):
        inner = replace(block, body=body, layer=f"block{at}", parameters=replace(own, total=at + 2))
        edges = (Edge(Port("", 0), Port("block", 0)),)
        body = CallGraph((inner,), edges, (), (Port("block", 0),))
    calls = (NET.graph["x"], replace(block, body=body, parameters=Parameters(depth, depth, 0)))
    return replace(NET.graph, calls=calls)


def depth_of(graph: CallGraph) -> int:
    return max((1 + depth_of(call.body) for call in graph.calls if call.body), default=0)


def test_what_is_not_too_deep_stays_as_it_is():
    graph = nested(DEEPEST)
    assert bounded(graph) == graph
    assert depth_of(graph) == DEEPEST


def test_what_is_deeper_is_closed_and_says_so():
    graph = bounded(nested(DEEPEST + 9))
    graph.check()
    assert depth_of(graph) == DEEPEST
    *_, (_, last) = graph.walk()
    assert "no more are opened in each other" in last.opaque
    assert sum(call.parameters.own for _, call in graph.walk()) == DEEPEST + 9


@pytest.mark.parametrize("depth", [50, DEEPEST, 200])
def test_the_deepest_is_read_viewed_and_kept_as_python_is(depth):
    """With Python's own limit, and what Sphinx takes of it."""
    assert sys.getrecursionlimit() <= 1_000 or "pytest" in sys.modules
    net = replace(NET, graph=bounded(nested(depth)))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(900)
    try:
        read = ModelGraph.from_data(json.loads(net.to_json()))
        options = DrawOptions(select=SelectOptions(depth="all"))
        assert views(read, options)
    finally:
        sys.setrecursionlimit(limit)
    assert read == net
