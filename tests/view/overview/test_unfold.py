"""Nothing that is folded, loosely or exactly, or fused is lost, in any graph."""

from __future__ import annotations

from hypothesis import given

from effort import tried
from make_graphs import check_graph, check_view, random_models
from sphinxcontrib_kerasgraph.graph import Call
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse


@tried(150)
@given(random_models())
def test_what_is_folded_exactly_can_be_unfolded(graph):
    check_graph(graph.graph)
    check_view(graph, fold(graph, exact=True))


@tried(150)
@given(random_models())
def test_what_is_folded_loosely_can_be_unfolded(graph):
    check_view(graph, fold(graph, exact=False))


@tried(150)
@given(random_models())
def test_what_is_folded_and_fused_can_be_unfolded(graph):
    for exact in (True, False):
        view = fold(graph, exact=exact)
        fused = fuse(view)
        check_view(graph, fused)
        assert boxes(fused.graph) <= boxes(view.graph)


@tried(150)
@given(random_models())
def test_repetitions_that_are_folded_exactly_have_the_same_configuration(graph):
    for _, call in fold(graph, exact=True).graph.walk():
        if call.group:
            rows = [[facts(one) for one in copy.flat()] for copy in call.group.copies]
            assert rows == rows[:1] * len(rows)


def facts(call: Call) -> tuple:
    inside = call.body and [facts(one) for one in call.body.flat()]
    return call.qualname, call.config["size"], inside
