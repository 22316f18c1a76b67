"""The calls of a graph in an order in which what belongs together stands together."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from effort import tried
from make_graphs import model, random_models
from make_scenes import NESTED, RESIDUAL
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind, Change, Marks
from sphinxcontrib_kerasgraph.view.overview.sequence import (
    EdgesByPlace,
    Incoming,
    crossing,
    in_sequence,
    last_uses,
    linear,
)


def order(text: str) -> str:
    graph = model(text).graph
    return " ".join(graph.calls[at].id for at in linear(graph))


BRANCHES = """
    x InputLayer
    a1 Dense <- x
    b1 Conv2D <- x
    a2 Dense <- a1
    b2 Conv2D <- b1
    b3 Conv2D <- b2
    y Add <- a2, b3
    -> y
    """


def test_a_branch_stands_as_a_whole_the_longest_first():
    assert order(BRANCHES) == "x b1 b2 b3 a1 a2 y"


def test_the_order_in_which_calls_were_made_does_not_matter():
    other = """
        x InputLayer
        b1 Conv2D <- x
        b2 Conv2D <- b1
        a1 Dense <- x
        a2 Dense <- a1
        b3 Conv2D <- b2
        y Add <- a2, b3
        -> y
        """
    assert order(other) == order(BRANCHES)


def test_inputs_come_first_even_if_nothing_takes_them():
    assert order("a Constant\nx InputLayer\nz InputLayer\ny Add <- a, x\n-> y") == "x z a y"


def test_what_many_take_comes_before_all_of_them():
    """A memory that three blocks take isn't in the first of them."""
    text = """
        x InputLayer
        m Dense <- x
        a Conv2D <- x
        b Add <- a, m
        c Conv2D <- b
        d Add <- c, m
        e Conv2D <- d
        f Add <- e, m
        -> f
        """
    assert order(text) == "x m a b c d e f"
    assert order(text.replace("f Add <- e, m", "f Add <- e, e")) == "x a m b c d e f"


def test_arranged_once_a_graph_knows_how_it_was():
    graph = model(BRANCHES).graph
    made = in_sequence(graph)
    assert made.order == ("x", "a1", "b1", "a2", "b2", "b3", "y")
    assert in_sequence(made) is made


@tried(150)
@given(random_models())
def test_any_order_holds_together(net):
    check(net.graph)
    for _, call in net.graph.walk():
        for body in call.bodies:
            check(body)


def check(graph: CallGraph) -> None:
    """The same calls and edges, each after what it takes."""
    made = in_sequence(graph)
    assert sorted(linear(graph)) == list(range(len(graph.calls)))
    assert {*made.edges} == {*graph.edges}
    assert len(made.edges) == len(graph.edges)
    for edge in made.edges:
        if not edge.recurrent and edge.source.call != BLOCK:
            assert made.places[edge.source.call] < made.places[edge.target.call]
    assert made.outputs == graph.outputs


# EdgesByPlace


def test_edges_are_told_by_places():
    wires = EdgesByPlace(model(NESTED).graph["b"].body)  # d, i, a
    assert wires.incoming == [
        [Incoming(-1, 0)],
        [Incoming(0, 0)],
        [Incoming(1, 0), Incoming(-1, 0)],
    ]
    assert wires.outgoing == [(2, 0), (0, 0)]
    assert wires.alone == set()


def test_what_an_edge_is_to_its_call_is_its_role():
    graph = model("x InputLayer\na Add <- x, x\n-> a").graph
    added = Marks(change=Change.ADDED)
    edges = (replace(graph.edges[0], argument="query", marks=added), graph.edges[1])
    [_, roles] = EdgesByPlace(replace(graph, edges=edges)).roles
    assert roles == [(0, "query", added.distinction), (1, None, Marks().distinction)]


def test_inputs_stubs_and_loops_stay_alone():
    text = """
        x InputLayer
        l Loop <- x
            a Add <- ^, ~d
            b ReLU <- a
            d Dense <- b
            -> d
        -> l
        """
    graph = model(text).graph
    assert EdgesByPlace(graph).alone == {0}
    assert EdgesByPlace(graph["l"].body).alone == {0, 2}
    stubbed = replace(graph, calls=(graph.calls[0], replace(graph.calls[1], kind=CallKind.STUB)))
    assert EdgesByPlace(stubbed).alone == {0, 1}


# Crossing


def crossings(text: str) -> list[int]:
    graph = model(text).graph
    wires = EdgesByPlace(graph)
    return crossing(last_uses(wires.incoming, wires.outgoing), len(graph.calls))


def test_tensors_cross_from_their_source_to_their_last_use():
    assert crossings("x InputLayer\na Dense <- x\nb Dense <- a\n-> b") == [0, 1, 1, 1]
    assert crossings("x InputLayer\na Dense <- x\nb Add <- a, x\n-> b, x") == [0, 1, 2, 2]
    # A tensor that several take crosses once; two of one call are two.
    assert crossings("x InputLayer\na Dense <- x\nb Dense <- x\n-> a, b") == [0, 1, 2, 2]
    assert crossings("x InputLayer\ns Split <- x\nb Add <- s, s:1\n-> b") == [0, 1, 2, 1]


def test_the_last_use_of_an_output_is_behind_all():
    graph = model("x InputLayer\na Dense <- x\n-> x, a").graph
    wires = EdgesByPlace(graph)
    assert last_uses(wires.incoming, wires.outgoing) == {(0, 0): 2, (1, 0): 2}


def test_an_arranged_model_is_narrow_between_its_blocks():
    graph = in_sequence(model(RESIDUAL).graph)
    wires = EdgesByPlace(graph)
    found = crossing(last_uses(wires.incoming, wires.outgoing), len(graph.calls))
    assert max(found) == 2
    assert [graph.calls[at - 1].id for at, count in enumerate(found) if at and count == 1] == [
        "x", "d", "a1", "a2", "a3", "a4", "p", "y",
    ]  # fmt: skip
