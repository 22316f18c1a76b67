"""The views that the options choose, and what they say that they leave out."""

from __future__ import annotations

import gc

import pytest

from make_graphs import model
from make_scenes import NESTED, PARTS, RESIDUAL, residual, viewed
from sphinxcontrib_kerasgraph.graph import Amount, GroupKind
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes
from sphinxcontrib_kerasgraph.view.selection import Unmet
from sphinxcontrib_kerasgraph.view.views import View, views


def kinds(view: View) -> set[GroupKind]:
    """Why calls were put together."""
    return {call.group.kind for _, call in view.graph.graph.walk() if call.group}


def every(graph: str, **options) -> list[View]:
    return views(model(graph), DrawOptions.of(**options))


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, (False, False, set())),
        ({"view": "full"}, (False, False, set())),
        ({"view": "overview"}, (True, True, {GroupKind.FOLD, GroupKind.STACK})),
        ({"layout": "neato"}, (False, False, set())),
        ({"view": "overview", "fold": "none"}, (True, True, {GroupKind.STACK})),
        ({"view": "overview", "fuse": "no"}, (False, True, {GroupKind.FOLD})),
        ({"fuse": "yes"}, (True, False, {GroupKind.STACK})),
        ({"fold": "exact"}, (False, False, {GroupKind.FOLD})),
    ],
)
def test_what_the_options_choose(options, found):
    view = viewed(RESIDUAL, **options)
    assert (view.compact, view.overview, kinds(view)) == found


def distinct(calls: int) -> str:
    """A chain of which nothing is repeated."""
    lines = [f"d{n} Dense/{n} <- {f'd{n - 1}' if n else 'x'}" for n in range(calls - 1)]
    return "\n".join(["x InputLayer", *lines, f"-> d{calls - 2}"])


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        (distinct(20), [False, True]),  # which fits is to be found out
        (distinct(60), [False, True, True]),
        (distinct(61), [True, True]),
        (f"x InputLayer\n{residual(4)}\n-> a4", [False, True]),  # of few calls
        (f"x InputLayer\n{residual(6)}\n-> a6", [True]),  # 25 calls in half as many boxes
    ],
)
def test_every_call_is_one_of_the_ways_where_it_may_fit(graph, found):
    assert [view.overview for view in every(graph)] == found


def test_two_ways_are_left_where_the_better_is_to_be_found_out():
    differing = RESIDUAL.replace("c2 Conv2D/8", "c2 Conv2D/16")
    exact, loose = every(differing, view="overview")
    assert number_of_boxes(loose.graph.graph) < number_of_boxes(exact.graph.graph)
    assert exact.overview
    assert loose.overview


def test_one_is_left_where_the_other_is_no_better_or_the_first_too_large():
    assert len(every(RESIDUAL, view="overview")) == 1
    lines = [f"x InputLayer\n{residual(80)}"]
    many = "\n".join([*lines, "-> a80"])
    for n in range(2, 80, 2):
        many = many.replace(f"c{n} Conv2D/8", f"c{n} Conv2D/{n + 20}")
    [only] = every(many, view="overview")
    assert number_of_boxes(only.graph.graph) < 10


@pytest.mark.parametrize("fold", ["exact", "loose"])
def test_one_way_to_fold_is_one_view(fold):
    assert (
        len(every(RESIDUAL.replace("c2 Conv2D/8", "c2 Conv2D/9"), view="overview", fold=fold)) == 1
    )


def test_parts_are_drawn_apart_where_there_are_too_many_boxes():
    assert GroupKind.PART in kinds(viewed(PARTS, view="overview", fold="loose"))
    few = PARTS[: PARTS.index("k2a")] + "-> s1"
    assert GroupKind.PART not in kinds(viewed(few, view="overview", fold="loose"))
    assert GroupKind.PART not in kinds(viewed(PARTS, view="overview", fold="exact"))


# Notes


def notes(graph: str, **options) -> tuple[str, ...]:
    return viewed(graph, **options).notes


def test_a_drawing_of_every_call_says_nothing():
    for options in ({}, {"view": "full", "depth": "all"}, {"expand_nested": True}):
        assert notes(NESTED, **options) == ()


def test_what_is_put_together_is_counted():
    assert notes(RESIDUAL, view="overview", fold="exact") == (
        "20 calls in 5 boxes;",
        "×N: N times in a row.",
    )
    chain = "x InputLayer\na Conv2D <- x\nb BatchNormalization <- a\n-> b"
    assert notes(chain, view="overview") == ("3 calls in 2 boxes",)
    assert notes("a Conv2D\nb ReLU <- a\n-> b", view="overview") == ("2 calls in 1 box",)


def test_parts_that_are_drawn_apart_are_named():
    *_, last = notes(PARTS, view="overview", fold="loose")
    assert last == "A: drawn once, apart."


def test_thousands_are_told_apart():
    text = f"x InputLayer\n{residual(300)}\n-> a300"
    assert notes(text, view="overview", fold="exact")[0].startswith("1,201 calls in ")


def test_a_part_of_the_model_says_so():
    assert notes(RESIDUAL, from_=("c2",)) == ("Part of the model.",)
    assert notes(RESIDUAL, to=("c2",)) == ("Part of the model.",)


def test_what_is_hidden_is_named():
    assert notes(RESIDUAL, hide=("ReLU", "*Normalization")) == ("Without ReLU, *Normalization.",)
    # Of which nothing is there.
    assert notes(RESIDUAL, hide=("Softmax",)) == ()


def test_all_notes_together_are_in_one_order():
    assert notes(RESIDUAL, from_=("c1",), hide=("ReLU",), view="overview", fold="exact") == (
        "Part of the model.",
        "Without ReLU.",
        "14 calls in 3 boxes;",
        "×N: N times in a row.",
    )


# What goes along


def test_what_is_asked_for_in_vain_goes_along_with_every_view():
    found = every(RESIDUAL.replace("c2 Conv2D/8", "c2 Conv2D/16"), view="overview", hide="nobody")
    assert [view.unmet for view in found] == [(Unmet("nobody", option="hide"),)] * 2


def test_operations_are_counted_if_they_are_to_be_shown():
    flops = {call.marks.flops for call in viewed(RESIDUAL, show_flops=True).graph.graph.calls}
    assert Amount(0) in flops
    assert {call.marks.flops for call in viewed(RESIDUAL).graph.graph.calls} == {None}


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_is_collected_after_as_before(enabled):
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        viewed(RESIDUAL, view="overview")
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()
