"""The differences of two models, applied to the old one, give the new one."""

from __future__ import annotations

import pytest
from hypothesis import given

from apply_differences import Applied, told
from edit_graphs import NESTED, NET, chain, configured, edited
from effort import tried
from make_graphs import model
from sphinxcontrib_kerasgraph.compare import compared
from sphinxcontrib_kerasgraph.graph import ModelGraph


def check(old: ModelGraph, new: ModelGraph) -> None:
    differences = compared(old, new).differences
    applied = Applied(old.graph, differences).told()
    assert applied == told(new.graph, differences)


@tried(200)
@given(edited())
def test_the_differences_of_random_edits_make_the_new_model_of_the_old_one(pair):
    old, new = pair
    check(old, new)
    check(new, old)


@pytest.mark.parametrize("more", [[("Dropout", 1)], [("Conv2D", 8), ("ReLU", 0)], []])
def test_what_is_inserted_between_equal_blocks(more):
    block = [("Conv2D", 8), ("ReLU", 0)]
    old, new = chain(block * 4), chain(block * 2 + more + block * 2)
    check(old, new)
    check(new, old)


def test_a_value_deep_inside():
    check(model(NESTED), configured(model(NESTED), "block/inner/conv", size="16"))


def test_layers_in_another_order():
    check(
        chain([("Conv2D", 8), ("Norm", 0), ("ReLU", 0)]),
        chain([("Conv2D", 8), ("ReLU", 0), ("Norm", 0)]),
    )


def test_a_test_that_can_fail():
    differences = compared(model(NET), model(NESTED)).differences
    assert Applied(model(NET).graph, differences[1:]).told() != told(
        model(NESTED).graph, differences[1:]
    )
