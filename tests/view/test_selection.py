"""The part of a model that is drawn, and what was asked for in vain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from make_graphs import NOTHING, model, of_graph
from make_scenes import NESTED, RESIDUAL
from sphinxcontrib_kerasgraph.faults import COMMAND, Fault
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.view.selection import Unmet, select

OPAQUE = changed(model(NESTED), "b/i", body=None, opaque="it raised")


def unmet(graph, **options) -> tuple[Unmet, ...]:
    made = model(graph) if isinstance(graph, str) else graph
    return select(made, SelectOptions(**options)).unmet


def test_all_is_met_where_nothing_is_asked_for():
    assert unmet(NESTED) == ()
    assert unmet(NESTED, depth="all", hide=("b/d",), expand=("Inner",), from_=("x",)) == ()


@pytest.mark.parametrize("option", ["expand", "collapse", "hide", "from_", "to"])
def test_a_pattern_that_matches_no_call_is_told_with_its_option(option):
    if option in {"from_", "to"}:  # of which nothing is left
        found = unmet(NESTED, **{option: ("y", "nobody", "no*")})
    else:
        found = unmet(NESTED, **{option: ("nobody", "y", "no*")})
    assert found == (Unmet("nobody", option=option), Unmet("no*", option=option))
    assert found[0].in_words("{option}={asked!r}") == f"{option}='nobody' matches no call"


def test_patterns_match_what_is_inside_of_closed_blocks():
    assert unmet(NESTED, hide=("b/d", "Conv2D", "keras.layers.ReLU", "*/a")) == ()


def test_a_block_that_is_to_be_opened_and_is_not_known_is_told_with_the_reason():
    [found] = unmet(OPAQUE, depth="all")
    assert found == Unmet("b/i", reason="it raised")
    assert found.in_words("") == "what is inside 'b/i' isn't known: it raised"
    assert unmet(OPAQUE, depth=1) == ()
    assert unmet(OPAQUE, expand=("Inner",)) == (found,)


def test_a_layer_that_is_called_twice_is_told_once():
    text = "x InputLayer\na Odd <- x\nb Odd <- a\n-> b"
    graph = model(text)
    for path in ("a", "b"):
        graph = changed(graph, path, opaque="it raised", layer="a")
    assert unmet(graph, depth=1) == (Unmet("a", reason="it raised"),)


def test_a_model_that_is_one_box_is_told():
    graph = replace(model("m Model\n-> m"), opaque="it raised")
    assert unmet(graph) == (Unmet("net", reason="it raised"),)


def test_blocks_come_before_patterns():
    assert [one.asked for one in unmet(OPAQUE, depth="all", hide=("nobody",))] == ["b/i", "nobody"]


def test_boxes_are_counted_with_what_is_hidden_and_without():
    selection = select(model(RESIDUAL), SelectOptions(hide=("ReLU", "BatchNormalization")))
    assert (selection.boxes, selection.hides) == (12, True)
    whole = select(model(RESIDUAL), SelectOptions())
    assert (whole.boxes, whole.hides) == (20, False)
    assert whole.graph == model(RESIDUAL)


@pytest.mark.parametrize(
    "options", [{"hide": ("*",)}, {"from_": ("y",), "to": ("x",)}, {"from_": ("nobody",)}]
)
def test_nothing_is_a_fault(options):
    with pytest.raises(Fault, match="No call is left") as caught:
        select(model(RESIDUAL), SelectOptions(**options))
    assert caught.value.subtype == "option"


def test_of_a_model_without_layers_no_options_are_blamed():
    with pytest.raises(Fault) as caught:
        select(of_graph(NOTHING), SelectOptions())
    assert caught.value.message == "There is nothing to draw: the model has no layers."
    assert not caught.value.advice


def test_groups_that_names_tell_are_opened_as_blocks_are():
    text = "x InputLayer\nb1_a Dense <- x\nb1_b Dense <- b1_a\n-> b1_b"
    closed = select(model(text), SelectOptions(group_names=True))
    assert [call.id for call in closed.graph.graph.calls] == ["x", "b1"]
    assert closed.boxes == 2
    opened = select(model(text), SelectOptions(group_names=True, depth=1))
    assert opened.boxes == 3
    collapsed = select(model(text), SelectOptions(collapse=("b1",)))
    assert (collapsed.boxes, collapsed.unmet) == (2, ())


def test_where_nothing_is_left_patterns_that_match_nothing_are_told():
    with pytest.raises(Fault) as caught:
        select(model(NESTED), SelectOptions(from_=("nobody",), hide=("*",)))
    assert "':from: nobody' matches no call. Check ':from:'" in str(caught.value)
    assert "--from nobody matches no call." in caught.value.told(COMMAND)
    assert ":hide: *" not in str(caught.value)
