"""Which tensors go from call to call in two matched graphs."""

from __future__ import annotations

from dataclasses import replace

from edit_graphs import NESTED
from make_graphs import model, of_graph
from sphinxcontrib_kerasgraph.compare import Place, TensorMatch, matched, matched_tensors
from sphinxcontrib_kerasgraph.compare.match import MODEL
from sphinxcontrib_kerasgraph.compare.tensors import End, Route
from sphinxcontrib_kerasgraph.graph import BLOCK, Edge, ModelGraph, Port

JOINED = """
    x InputLayer
    a Dense <- x
    sub Subtract <- a, x
    -> sub
"""


def tensors(old: str | ModelGraph, new: str | ModelGraph) -> tuple[TensorMatch, ...]:
    old, new = (model(one) if isinstance(one, str) else one for one in (old, new))
    return matched_tensors(matched(old, new))


def route(source: str, target: str, at: int = 0, *, recurrent: bool = False) -> Route:
    """A route in the model itself, between calls whose names stay."""
    return Route(MODEL, End(Place(source, source), 0), End(Place(target, target), at), recurrent)


def test_the_tensors_of_the_same_graphs_are_in_both():
    found = tensors(JOINED, JOINED)
    assert all(tensor.old == tensor.new and not tensor.explained for tensor in found)
    assert {tensor.route for tensor in found} == {
        route("x", "a"),
        route("a", "sub"),
        route("x", "sub", 1),
        route("sub", ""),
    }


def test_an_output_is_an_edge_to_what_is_around():
    [output] = [one for one in tensors(JOINED, JOINED) if one.old.source.call == "sub"]
    assert output.new == Edge(Port("sub"), Port(BLOCK))
    assert output.route.target.call == MODEL


def test_a_tensor_that_goes_elsewhere_is_one_that_comes_and_one_that_goes():
    gone, come = (
        one for one in tensors(JOINED, JOINED.replace("<- a, x", "<- a, a")) if one.old != one.new
    )
    assert gone == TensorMatch(Edge(Port("x"), Port("sub", 1)), None, route("x", "sub", 1))
    assert come == TensorMatch(None, Edge(Port("a"), Port("sub", 1)), route("a", "sub", 1))


def test_an_inserted_call_explains_the_tensor_that_went_past_it():
    new = JOINED.replace("sub Subtract <- a,", "more Dropout <- a\n    sub Subtract <- more,")
    old_alone = [one for one in tensors(JOINED, new) if one.new is None]
    new_alone = [one for one in tensors(JOINED, new) if one.old is None]
    assert old_alone == [
        TensorMatch(Edge(Port("a"), Port("sub")), None, route("a", "sub"), explained=True)
    ]
    assert new_alone == [
        TensorMatch(
            None,
            Edge(Port("a"), Port("more")),
            None,
            explained=True,
            source=End(Place("a", "a"), 0),
        ),
        TensorMatch(
            None,
            Edge(Port("more"), Port("sub")),
            None,
            explained=True,
            target=End(Place("sub", "sub"), 0),
        ),
    ]
    # And the other route round.
    assert [one for one in tensors(new, JOINED) if one.old is None] == [
        TensorMatch(None, Edge(Port("a"), Port("sub")), route("a", "sub"), explained=True)
    ]


def test_ids_of_edges_are_those_of_their_graph_and_ways_have_both():
    [first, *_] = tensors("x InputLayer\na Dense <- x\n-> a", "x InputLayer\nb Dense <- x\n-> b")
    assert (first.old.source, first.new.source) == (Port("a"), Port("b"))
    assert first.route == Route(MODEL, End(Place("a", "b"), 0), End(MODEL, 0))


def test_another_argument_leaves_a_tensor_where_it_is():
    old = model(JOINED)
    *edges, last = old.graph.edges
    new = of_graph(replace(old.graph, edges=(*edges, replace(last, argument="key"))))
    [found] = [one for one in tensors(old, new) if one.old != one.new]
    assert (found.old.argument, found.new.argument) == (None, "key")


def test_a_tensor_for_the_next_step_is_another_one():
    old = model(JOINED)
    *edges, last = old.graph.edges
    new = of_graph(replace(old.graph, edges=(*edges, replace(last, recurrent=True))))
    gone, come = (one.route for one in tensors(old, new) if one.old != one.new)
    assert gone == route("x", "sub", 1)
    assert come == route("x", "sub", 1, recurrent=True)


def test_tensors_inside_a_block_come_from_it_and_go_to_it():
    block = matched(model(NESTED), model(NESTED)).pairs[1]
    routes = {one.route for one in matched_tensors(block.inside)}
    inner = Place("block/inner", "block/inner")
    assert Route(block.place, End(block.place, 0), End(inner, 0)) in routes
    add = Place("block/add", "block/add")
    assert Route(block.place, End(add, 0), End(block.place, 0)) in routes
    assert len(routes) == 4
