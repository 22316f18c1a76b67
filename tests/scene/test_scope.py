"""Where a call stands in the drawing, and what it stands for."""

from __future__ import annotations

from make_graphs import model
from make_scenes import NESTED, PARTS, RESIDUAL, viewed
from sphinxcontrib_kerasgraph.graph import Edge, Port
from sphinxcontrib_kerasgraph.scene.names import NO_CALL
from sphinxcontrib_kerasgraph.scene.scope import Scope
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of


def scope_of(text: str) -> Scope:
    graph = model(text).graph
    return Scope(graph, (graph,))


def test_paths_lead_through_blocks():
    top = scope_of(NESTED)
    block = top.within(top.graph["b"])
    inner = block.within(block.graph["i"])
    assert block.path(block.graph["d"]) == "b/d"
    assert inner.path(inner.graph["c"]) == "b/i/c"
    assert (block.name, inner.name) == ("b", "b/i")
    assert (top.depth, block.depth, inner.depth) == (0, 1, 2)
    assert inner.outer is block
    assert top.within(top.graph["y"]) is None


def folded() -> Scope:
    graph = fuse(fold(model(RESIDUAL))).graph
    return Scope(graph, (graph,))


def test_calls_of_a_repetition_keep_their_paths_and_stand_for_all():
    top = folded()
    [group] = [call for call in top.graph.calls if call.group and call.group.repeats > 1]
    inner = top.within(group)
    assert inner.prefix == ""
    last = len(inner.graph.calls) - 1
    assert [call.id for call in inner.alike(last)] == ["a1", "a2", "a3", "a4"]


def test_a_box_has_no_inside():
    top = folded()
    boxes = [call for call in top.graph.calls if call.group and call.group.repeats == 1]
    assert boxes
    assert [top.within(call) for call in boxes] == [None] * len(boxes)


def test_a_repetition_ends_with_what_it_hands_on():
    top = folded()
    inner = top.within(next(call for call in top.graph.calls if call.group))
    assert inner.ends_with(inner.graph["a1"])
    assert not inner.ends_with(inner.graph.calls[0])
    assert not top.ends_with(top.graph.calls[-1])
    assert inner.hands_on(0)
    assert not inner.numbered


def test_the_longest_way_goes_along_an_edge():
    top = scope_of("x InputLayer\na Dense <- x\nb Add <- a, x\n-> b")
    assert top.on_spine(Edge(Port("x"), Port("a")))
    assert top.on_spine(Edge(Port("a"), Port("b")))
    assert not top.on_spine(Edge(Port("x"), Port("b", 1)))


def test_a_part_stands_for_all_places_where_it_is():
    [places] = parts_of(viewed(PARTS, view="overview", fold="loose").graph.graph).values()
    part = Scope.of_part(places)
    assert len(part.peers) == len(places) == 10
    assert part.name == f"part A{NO_CALL}"
    assert [call.id for call in part.alike(len(part.graph.calls) - 1)] == [
        f"k{n}g" for n in range(10)
    ]
    # All that it takes are texts of its frame.
    assert part.hands_on(0)
    assert part.hands_on(1)
    assert not part.numbered


def test_a_block_hands_nothing_on():
    top = scope_of(NESTED)
    block = top.within(top.graph["b"])
    assert not block.hands_on(0)
    assert not block.ends_with(block.graph["a"])
