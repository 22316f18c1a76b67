"""From which box to which box a wire goes, into frames and out of them."""

from __future__ import annotations

from make_graphs import model
from make_scenes import NESTED, RESIDUAL
from sphinxcontrib_kerasgraph.graph import BLOCK, Port
from sphinxcontrib_kerasgraph.scene.endpoints import Arrival, Endpoints
from sphinxcontrib_kerasgraph.scene.names import NO_CALL
from sphinxcontrib_kerasgraph.scene.scope import Scope
from sphinxcontrib_kerasgraph.view.hide import hide
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse

FULL, COMPACT = Endpoints(compact=False), Endpoints(compact=True)


def scope_of(graph) -> Scope:
    calls = (model(graph) if isinstance(graph, str) else graph).graph
    return Scope(calls, (calls,))


def entries(scope: Scope, call: str, index: int = 0) -> list[Arrival]:
    return [*FULL.entries(scope, Port(call, index))]


def test_what_enters_a_block_is_taken_by_calls_inside():
    top = scope_of(NESTED)
    assert entries(top, "b") == [Arrival("b/d"), Arrival("b/a")]
    assert entries(top, "y") == [Arrival("y")]


def test_what_leaves_a_block_is_made_by_calls_inside():
    top = scope_of(NESTED)
    assert FULL.exits(top, Port("b")) == ["b/a"]
    assert FULL.exits(top, Port("b", 1)) == ["b/d"]
    assert FULL.exits(top, Port("x")) == ["x"]


def test_what_is_taken_from_around_a_block_comes_from_there():
    top = scope_of(NESTED)
    block = top.within(top.graph["b"])
    inner = block.within(block.graph["i"])
    assert FULL.exits(block, Port(BLOCK)) == ["x"]
    assert FULL.exits(inner, Port(BLOCK)) == ["b/d"]


def test_what_a_block_hands_through_comes_from_before_it():
    top = scope_of(
        "x InputLayer\nb Block <- x\n    d Dense <- ^\n    -> d, ^\ny Add <- b, b:1\n-> y"
    )
    assert FULL.exits(top, Port("b", 1)) == ["x"]


def test_what_nobody_inside_takes_ends_at_the_frame():
    top = scope_of(
        "x InputLayer\nm InputLayer\nb Block <- x, m\n    i Inner <- ^\n        d Dense <- ^\n"
        "        -> d\n    -> i\n-> b"
    )
    assert entries(top, "b", 1) == [Arrival("b/i/d", frame="b")]


def test_what_is_handed_through_and_taken_by_nobody_enters_nowhere():
    top = scope_of(
        "x InputLayer\nm InputLayer\nb Block <- x, m\n    d Dense <- ^\n    -> d, ^1\n-> b"
    )
    assert entries(top, "b", 1) == []


def test_what_enters_a_repetition_ends_at_its_text():
    top = scope_of(fuse(fold(model(RESIDUAL))))
    group = next(call for call in top.graph.calls if call.group)
    assert entries(top, group.id) == [Arrival(f"c1 fold{NO_CALL}//in0")]
    inner = top.within(group)
    assert FULL.exits(inner, Port(BLOCK)) == [f"c1 fold{NO_CALL}//in0"]


def test_what_leaves_a_repetition_comes_from_its_sign_or_from_a_text():
    top = scope_of(fuse(fold(model(RESIDUAL))))
    group = next(call for call in top.graph.calls if call.group)
    assert COMPACT.exits(top, Port(group.id)) == ["a1"]  # which tells the shape
    assert FULL.exits(top, Port(group.id)) == [f"c1 fold{NO_CALL}//out0"]


def test_tensors_that_a_hidden_call_joined_come_from_several():
    text = """
        x InputLayer
        a Dense <- x
        b Dense <- x
        j Add <- a, b
        k Block <- j
            d Dense <- ^
            -> d
        -> k
        """
    top = scope_of(hide(model(text), ["j"]))
    block = top.within(top.graph["k"])
    assert FULL.exits(block, Port(BLOCK)) == ["a", "b"]


def test_what_came_from_the_step_before_is_not_what_enters_a_block():
    text = """
        x InputLayer
        l Loop <- x
            k Block <- ~b
                d Dense <- ^
                -> d
            b Dense <- k
            -> b
        -> l
        """
    top = scope_of(text)
    loop = top.within(top.graph["l"])
    block = loop.within(loop.graph["k"])
    assert FULL.exits(block, Port(BLOCK)) == []
