"""Groups in the place of stretches of calls."""

from __future__ import annotations

from edit_graphs import changed
from graph_text import expected, graph_text
from make_graphs import check_graph, model
from sphinxcontrib_kerasgraph.graph import CallGraph, CallKind, Change, GroupKind, Marks, Port
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Run
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace

CHAIN = """
    x InputLayer
    a Dense <- x
    b Conv2D <- a
    c Add <- b, x
    d Dense <- c, a
    -> d
    """


def grouped(graph: CallGraph, start: int, stop: int, **settings) -> CallGraph:
    """The graph with one stretch of calls as a group."""
    run = Run.once(EdgesByPlace(graph).incoming, start, stop)
    made = Grouping(graph, [run], GroupKind.STACK, **settings).graph()
    check_graph(made)
    return made


def test_a_group_takes_what_its_calls_take_from_outside_and_hands_on_what_is_taken():
    made = grouped(model(CHAIN).graph, 1, 3)
    assert graph_text(made) == expected("""
        x InputLayer
        a stack  <- x
            a Dense <- ^
            b Conv2D <- a
            -> b, a
        c Add <- a stack, x
        d Dense <- c, a stack:1
        -> d
        """)
    group = made["a stack"]
    assert (group.kind, group.group.kind) == (CallKind.GROUP, GroupKind.STACK)
    assert group.group.carried == (None,)
    assert len(group.outputs) == 2


def test_a_tensor_that_several_calls_of_a_group_take_enters_once():
    made = grouped(model(CHAIN).graph, 1, 4)
    assert [edge.source for edge in made.edges_into["a stack"]] == [Port("x")]
    assert graph_text(made["a stack"].body).splitlines()[2] == "c Add <- b, ^"


def test_outputs_of_the_model_become_those_of_the_group():
    made = grouped(model(CHAIN).graph, 3, 5)
    assert made.outputs == (Port("c stack", 0),)


def test_an_id_that_is_taken_is_told_apart():
    named = grouped(model(CHAIN).graph, 1, 3, names=["x"])
    assert [call.id for call in named.calls] == ["x", "x'", "c", "d"]
    assert named["x'"].name == "x"


def test_the_marks_of_a_group_are_those_of_its_calls():
    added = Marks(change=Change.ADDED)
    one = changed(model(CHAIN), "a", marks=added)
    assert grouped(one.graph, 1, 3)["a stack"].marks.change is Change.CHANGED
    both = changed(one, "b", marks=added)
    assert grouped(both.graph, 1, 3)["a stack"].marks.change is Change.ADDED
