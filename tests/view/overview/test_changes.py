"""What is drawn as one has changed in the same way, in views of two models in one graph."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import configured, edited, renamed
from effort import tried
from make_graphs import model, random_models, what_repeats
from sphinxcontrib_kerasgraph.compare import compared, merged
from sphinxcontrib_kerasgraph.graph import CallGraph, GroupKind
from sphinxcontrib_kerasgraph.options import DrawOptions, SimplifyOptions
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of
from sphinxcontrib_kerasgraph.view.views import views


@tried(100)
@given(
    edited() | st.tuples(random_models(), random_models()),
    st.sampled_from(["exact", "loose"]),
)
def test_no_box_stands_for_calls_of_other_changes(pair, strength):
    options = DrawOptions(simplify=SimplifyOptions(view="overview", fold=strength, fuse="yes"))
    for view in views(merged(compared(*pair)), options):
        check_alike(view.graph.graph)


def check_alike(graph: CallGraph) -> None:
    for calls in parts_of(graph).values():
        check_same([body for call in calls for body in call.bodies])
        # A part is a piece of what one model has, or of what both have.
        assert len({one.marks.is_alone for one in calls[0].bodies[0].calls}) == 1
    for call in graph.calls:
        check_same(call.bodies)
        for body in call.bodies:
            check_alike(body)
        if call.is_group(GroupKind.STACK):
            for one, other in pairwise(call.body.calls):
                assert one.marks.change is other.marks.change or not (
                    one.marks.is_alone or other.marks.is_alone
                )


def check_same(graphs) -> None:
    """The graphs, which are drawn as one, have changed in the same places."""
    for one, other in pairwise(graphs):
        assert [call.marks.distinction for call in one.calls] == [
            call.marks.distinction for call in other.calls
        ]
        assert [edge.marks.distinction for edge in one.edges] == [
            edge.marks.distinction for edge in other.edges
        ]
        for mine, its in zip(one.calls, other.calls, strict=True):
            check_same([*mine.bodies, *its.bodies])


BLOCK = "c{0} Conv2D/8 <- {1}\nb{0} BatchNormalization <- c{0}\na{0} Add <- b{0}, {1}\n"


def rows(number: int, changed: int = 0):
    text = "x InputLayer\n" + "".join(
        BLOCK.format(at, f"a{at - 1}" if at else "x") for at in range(number)
    )
    graph = model(f"{text}-> a{number - 1}")
    for at in range(changed):
        graph = configured(graph, f"c{at}", size="9")
    return graph


def test_repetitions_that_were_added_are_a_row_of_their_own():
    graph = fold(merged(compared(rows(4), rows(9))))
    assert what_repeats(graph.graph) == ["4 × c0 b0 a0", "5 × c4 b4 a4"]


def test_repetitions_that_changed_are_a_row_of_their_own():
    graph = fold(merged(compared(rows(9), rows(9, changed=3))))
    assert what_repeats(graph.graph) == ["3 × c0 b0 a0", "6 × c3 b3 a3"]


def test_a_row_tells_what_was_the_same_before():
    """Layers that are alike now, but were not, aren't the same in an exact fold."""
    old = configured(rows(6), "c1", size="7")
    graph = fold(merged(compared(old, configured(rows(6), "c0", size="8"))))
    assert all("c0" not in told or "c1" not in told for told in what_repeats(graph.graph))


def test_a_box_has_rows_of_what_both_models_have_or_of_what_one_has():
    old = model("x InputLayer\na Dense/1 <- x\nb BatchNormalization <- a\n-> b")
    new = model(
        "x InputLayer\na Dense/2 <- x\nb BatchNormalization <- a\nc ReLU <- b\nd Dense/3 <- c\n-> d"
    )
    graph = fuse(merged(compared(old, new))).graph
    assert [[one.id for one in call.body.calls] for call in graph.calls if call.group] == [
        ["a", "b"],
        ["c", "d"],
    ]


def test_inputs_beside_each_other_are_those_that_changed_alike():
    text = "".join(f"i{at} InputLayer\n" for at in range(6))
    old = model(f"{text}all Concatenate <- {', '.join(f'i{at}' for at in range(6))}\n-> all")
    new = replace(old, graph=renamed(old.graph, "i2", "other"))
    beside = what_repeats(fold(old).graph), what_repeats(fold(merged(compared(old, new))).graph)
    assert beside[0] == ["6 × i0"]
    assert not any("other" in told for told in beside[1])
    options = DrawOptions(simplify=SimplifyOptions(view="overview", fold="exact"))
    for view in views(merged(compared(old, new)), options):
        check_alike(view.graph.graph)
