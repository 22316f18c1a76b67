"""Two models in one graph: nothing of either is lost, and what is drawn tells both apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import NET, configured, edited, inserted, renamed
from effort import tried
from make_graphs import leaf, model, of_graph, random_models
from sphinxcontrib_kerasgraph.compare import Pair, compared, merged
from sphinxcontrib_kerasgraph.graph import BLOCK, Call, Change, ModelGraph, configuration

pairs = edited() | st.tuples(random_models(), random_models())


def both(old: ModelGraph, new: ModelGraph) -> ModelGraph:
    return merged(compared(old, new))


def marks(graph: ModelGraph) -> dict[str, str]:
    return {path: call.marks.change for path, call in graph.graph.walk() if call.marks.change}


def test_an_inserted_call_stands_in_the_place_of_a_tensor():
    old = model(NET)
    graph = both(old, replace(old, graph=inserted(old.graph, 1, leaf("drop", "Dropout", "", 1))))
    assert marks(graph) == {"drop": Change.ADDED}
    assert [
        (edge.source.call, edge.target.call, edge.marks.change) for edge in graph.graph.edges
    ] == [
        ("x", "dense", None),
        ("dense", "drop", Change.ADDED),
        ("dense", "dense_1", Change.REMOVED),
        ("drop", "dense_1", Change.ADDED),
        ("dense_1", "softmax", None),
    ]
    assert graph.notes == ("+ 1 added",)


def test_a_changed_call_knows_what_it_was():
    old = model(NET)
    graph = both(old, configured(old, "dense", units=9))
    assert marks(graph) == {"dense": Change.CHANGED}
    assert graph.graph["dense"].before == old.graph["dense"]
    assert graph.graph["dense_1"].before is None
    assert graph.notes == ("± 1 changed",)


def test_what_differs_in_names_is_said_to_be_equal_but_for_them():
    old = model(NET)
    graph = both(old, replace(old, graph=renamed(old.graph, "softmax", "classes")))
    assert marks(graph) == {"classes": Change.CHANGED}
    assert graph.notes == ("Equal but for names: ± 1 renamed.",)


def test_of_models_with_nothing_in_common_both_are_drawn():
    old = model("x InputLayer\na Embedding/1 <- x\nb LSTM/2 <- a\nc GRU/3 <- b\n-> c")
    new = model("x InputLayer\nd Conv2D/4 <- x\ne Flatten <- d\nf Softmax <- e\n-> f")
    graph = both(old, new)
    assert set(marks(graph).values()) == {Change.ADDED, Change.REMOVED}
    assert graph.notes == ("Nothing in common: both are drawn.", "+ 3 added · − 3 removed")


def test_a_moved_call_is_there_twice():
    old = model(
        "x InputLayer\na Conv2D/8 <- x\nb BatchNormalization <- a\nc ReLU <- b\n"
        "d Conv2D/9 <- c\n-> d"
    )
    new = model(
        "x InputLayer\na Conv2D/8 <- x\nc ReLU <- a\nb BatchNormalization <- c\n"
        "d Conv2D/9 <- b\n-> d"
    )
    graph = both(old, new)
    moved = [call.marks.change for call in graph.graph.calls if call.marks.moved]
    assert moved == [Change.REMOVED, Change.ADDED]
    assert graph.notes == ("⇄ 1 moved",)


def test_nothing_is_marked_where_nothing_differs():
    old = model(NET)
    graph = both(old, old)
    assert graph.graph == old.graph
    assert graph.notes == ("No differences",)


@tried(150)
@given(pairs)
def test_both_models_can_be_read_from_the_graph(pair):
    old, new = pair
    comparison = compared(old, new)
    graph = merged(comparison).graph
    graph.check(complete=False)
    check_sides(comparison.matching, graph)


def nameless(call: Call) -> Call:
    """The call without the names in its configuration, and what it was made with in few words."""
    return replace(call, config=configuration.nameless(call.config), chosen=None)


def check_sides(matching, graph) -> None:
    calls = {call.id: call for call in graph.calls}
    ids = [call.id for call in graph.calls]
    assert len(ids) == len(matching.matches)
    # Each match is the call at its place.
    for match, call in zip(matching.matches, graph.calls, strict=True):
        if isinstance(match, Pair):
            assert not call.marks.is_alone
            assert call.id == match.new.id
            if call.before is None:
                assert call.marks.change is None
            else:
                assert nameless(call.before) == nameless(match.old)
            if match.inside is not None:
                check_sides(match.inside, call.body)
        else:
            assert call.marks.change is match.change
            assert call.marks.moved == (match.twin is not None)
    new_ids = {call.id: call.id for call in matching.new.calls} | {BLOCK: BLOCK}
    old_ids = {
        (match.old if isinstance(match, Pair) else match.call).id: id_
        for match, id_ in zip(matching.matches, ids, strict=True)
        if isinstance(match, Pair) or match.change is Change.REMOVED
    } | {BLOCK: BLOCK}
    for side, names, other in (
        (matching.old, old_ids, Change.ADDED),
        (matching.new, new_ids, Change.REMOVED),
    ):
        drawn = Counter(
            (edge.source, edge.target, edge.recurrent)
            for edge in graph.edges
            if edge.marks.change is not other
        )
        there = Counter(
            (
                replace(edge.source, call=names[edge.source.call]),
                replace(edge.target, call=names[edge.target.call]),
                edge.recurrent,
            )
            for edge in side.edges
        )
        assert drawn == there
    assert set(new_ids) | set(old_ids.values()) == {*calls, BLOCK}


OUTPUTS = "x InputLayer\na Dense/4 <- x\nb Dense/5 <- a\nc Dense/6 <- b\n"


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("a, c", "c", {"a": Change.REMOVED}),
        ("c, a", "c", {"a": Change.REMOVED}),
        ("c", "a, c", {"a": Change.ADDED}),
        ("c", "b", {"b": Change.ADDED, "c": Change.REMOVED}),
        ("a, c", "c, a", {}),
    ],
)
def test_the_outputs_are_those_of_the_new_model_and_others_are_marked(old, new, marked):
    graph = both(model(f"{OUTPUTS}-> {old}"), model(f"{OUTPUTS}-> {new}")).graph
    assert [port.call for port in graph.outputs] == new.split(", ")
    assert {call.id: call.marks.output for call in graph.calls if call.marks.output} == marked
    assert {call.id for call in graph.calls if call.marks.change} == set(marked)


def with_argument(graph: ModelGraph, argument: str) -> ModelGraph:
    *edges, last = graph.graph.edges
    return of_graph(replace(graph.graph, edges=(*edges, replace(last, argument=argument))))


JOIN = "x InputLayer\ny InputLayer\nc Concatenate <- {}\n-> c"
JOINED = model(JOIN.format("x, y"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (JOINED, with_argument(JOINED, "key"), "argument of the tensor from y to c None → key"),
        (JOINED, model(JOIN.format("y, x")), "c takes y, x in this order now"),
        (JOINED, replace(JOINED, qualname="Other"), "its class Model → Other"),
        (JOINED, replace(JOINED, layers=9), "it differs in what isn't drawn"),
        (
            JOINED,
            of_graph(replace(JOINED.graph, inputs=("y", "x"))),
            "the inputs are y, x in this order now",
        ),
        (
            model(f"{OUTPUTS}-> a, c"),
            model(f"{OUTPUTS}-> c, a"),
            "the outputs are c, a in this order now",
        ),
    ],
)
def test_what_leaves_no_mark_is_named_beside_the_picture(old, new, said):
    graph = both(old, new)
    assert marks(graph) == {}
    assert said in graph.notes[1:]
