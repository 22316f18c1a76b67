"""Which operations of TensorFlow are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph_text import expected, graph_text
from make_graphs import model
from sphinxcontrib_kerasgraph.graph import CallGraph, CallKind, ModelGraph
from sphinxcontrib_kerasgraph.options import DrawOptions, LabelOptions, SelectOptions
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations
from sphinxcontrib_kerasgraph.view.views import views

#: Operations of TensorFlow's begin with a small letter; ``cond`` is control flow.
MODEL = """
    x InputLayer
    block Block <- x
        query Dense <- ^
        key Dense <- ^
        transpose transpose <- key
        matmul matmul <- query, transpose
        softmax softmax <- matmul
        unstack unstack <- softmax
        first relu <- unstack
        add Add <- first, unstack:1
        identity identity <- add
        -> identity
    cond cond <- block
        branch branch <- ^
            reshape reshape <- ^
            dense Dense <- reshape
            -> dense
        -> branch
    -> cond
"""


def raw(graph: CallGraph) -> CallGraph:
    """The graph whose classes of small letters are TensorFlow's."""
    calls = []
    for call in graph.calls:
        one = call.with_bodies(map(raw, call.bodies))
        if call.class_name == "cond":
            one = replace(one, module="tf", kind=CallKind.CONTROL, is_operation=True)
        elif call.class_name[0].islower() and call.class_name != "branch":
            one = replace(one, module="tf.nn", is_operation=True)
        calls.append(one)
    return replace(graph, calls=tuple(calls))


def raw_model() -> ModelGraph:
    graph = model(MODEL)
    return replace(graph, graph=raw(graph.graph))


def drawn(which: str) -> str:
    return graph_text(with_raw_operations(raw_model(), which).graph)


def test_all():
    assert drawn("all") == graph_text(raw_model().graph)


def test_joins_and_forks():
    """What has one tensor on each side is left out, and what it took goes on."""
    assert drawn("joins") == expected("""
        x InputLayer
        block Block <- x
            query Dense <- ^
            key Dense <- ^
            matmul matmul <- query, key
            unstack unstack <- matmul
            add Add <- unstack, unstack:1
            -> add
        cond cond <- block
            branch branch <- ^
                dense Dense <- ^
                -> dense
            -> branch
        -> cond
    """)


def test_none():
    assert drawn("none") == expected("""
        x InputLayer
        block Block <- x
            query Dense <- ^
            key Dense <- ^
            add Add <- query, key, query, key
            -> add
        cond cond <- block
            branch branch <- ^
                dense Dense <- ^
                -> dense
            -> branch
        -> cond
    """)


def test_no_operation_of_keras_is_left_out():
    graph = model(MODEL)
    assert with_raw_operations(graph, "none") is graph


@pytest.mark.parametrize("which", ["joins", "all", "none"])
def test_every_view_sees_what_is_left(which):
    options = DrawOptions(
        label=LabelOptions(show_flops=True),
        select=SelectOptions(depth="all", raw_operations=which),
    )
    view, *_ = views(raw_model(), options)
    assert graph_text(view.graph.graph) == drawn(which)
    assert view.unmet == ()
