"""How much differs: the same in the picture, in the line above a table, and in data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import NET, changed, configured, renamed, serialized
from make_graphs import model
from sphinxcontrib_kerasgraph.compare import compared, counted, merged
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.graph import Change, Parameters

JOINED = "x InputLayer\na Dense <- x\nb Dense <- a\nsum Add <- b, x\n-> sum"


def said(old, new):
    """What the picture says, and what the line."""
    return merged(compared(old, new)).notes, ModelDiff.of(old, new).counts.text


def test_an_input_that_takes_another_tensor_is_one_connection():
    old, new = model(JOINED), model(JOINED.replace("b, x", "b, a"))
    assert said(old, new) == (("1 connection changed",), "1 connection changed")
    assert counted(compared(old, new)).numbers[Change.WIRED] == 1


def test_inputs_in_another_order_are_one_connection():
    old = model("a InputLayer\nb InputLayer\nsub Sub <- a, b\n-> sub")
    new = replace(old, graph=replace(old.graph, inputs=("b", "a")))
    assert said(old, new) == (
        ("1 connection changed", "the inputs are b, a in this order now"),
        "1 connection changed",
    )


def test_what_is_renamed_is_told_apart_from_what_changed():
    old = model(NET)
    new = replace(old, graph=renamed(old.graph, "softmax", "classes"))
    new = configured(new, "dense", size="9")
    assert said(old, new) == (("± 1 changed · ± 1 renamed",), "1 changed, 1 renamed")


def test_a_call_counts_once_as_what_comes_first():
    new = configured(configured(model(NET), "dense", size="9"), "dense", axis=1)
    new = replace(new, graph=renamed(new.graph, "dense", "wide"))
    assert said(model(NET), new) == (("± 1 changed",), "1 changed")


def test_what_is_equal_but_for_names_says_so():
    old = model(NET)
    new = replace(old, graph=renamed(old.graph, "softmax", "classes"), qualname="Net", name="two")
    assert said(old, new) == (
        ("Equal but for names: ± 1 renamed.",),
        "1 renamed, equal but for names",
    )


@pytest.mark.parametrize("more", [{"opaque": "why"}, {"parameters": Parameters(9, 9, 9)}])
def test_what_differs_in_more_than_names_is_not_equal_but_for_them(more):
    old = model(NET)
    new = replace(old, graph=renamed(old.graph, "softmax", "classes"), **more)
    if "opaque" not in more:
        new = changed(new, "dense", parameters=Parameters(9, 9, 9), opaque="why")
    (note, *_more), line = said(old, new)
    assert "qual but for names" not in note + line
    assert "± 1 renamed" in note


def test_what_has_nothing_in_common_says_so():
    old = model("x InputLayer\na Embedding/1 <- x\nb LSTM/2 <- a\n-> b")
    new = model("x InputLayer\nd Conv2D/4 <- x\ne Flatten <- d\n-> e")
    assert said(old, new) == (
        ("Nothing in common: both are drawn.", "+ 2 added · − 2 removed"),
        "2 added, 2 removed, nothing in common",
    )


def test_inputs_of_models_with_nothing_in_common_are_one_only_if_they_are_the_same():
    old = configured(model("x InputLayer\na Dense/1 <- x\n-> a"), "x", batch_shape=[None, 32])
    net = "image InputLayer\nd Conv2D/4 <- image\ne Flatten <- d\nf Softmax <- e\n-> f"
    new = configured(model(net), "image", batch_shape=[None, 64, 64, 3])
    assert said(old, new) == (
        ("Nothing in common: both are drawn.", "+ 4 added · − 2 removed"),
        "4 added, 2 removed, nothing in common",
    )


def test_another_policy_of_dtypes_alone_says_so():
    def of(name: str):
        made = configured(model(NET), "dense", dtype=serialized("DTypePolicy", name=name))
        return configured(made, "dense_1", dtype=serialized("DTypePolicy", name=name))

    old, new = of("float32"), of("float16")
    assert said(old, new) == (("The dtype policy is float16, was float32",), "another dtype policy")
    other = replace(new, module="demo")
    assert said(old, other)[1] == "another dtype policy, the model itself changed"


def test_another_name_alone_says_so():
    old = model(NET)
    assert said(old, replace(old, name="other")) == (("another name",), "another name")
    assert said(old, replace(old, module="demo"))[1] == "the model itself changed"


def test_nothing_says_so():
    assert said(model(NET), model(NET)) == (("No differences",), "")
