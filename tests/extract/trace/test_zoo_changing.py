"""Lists and dicts that change after a call: its edges are from what was in them then."""

from __future__ import annotations

import pytest

from zoo import changing
from zoo_checks import check_real_call, expected
from zoo_checks import text as text_of

CASES = changing.SUBCLASSED | changing.FUNCTIONAL


def text(case: str) -> str:
    return text_of(CASES[case])


@pytest.mark.parametrize("case", changing.SUBCLASSED)
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(CASES[case])


def test_list_whose_items_are_replaced():
    assert text("replaced") == expected("""
        x InputLayer
        first Dense <- x
        second Dense <- x
        pair Pair <- first, first
            left Dense <- ^
            right Dense <- ^1
            subtract Subtract <- left, right
            -> subtract
        add Add <- second, second
        add_1 Add <- pair, add
        -> add_1
    """)


def test_list_that_a_functional_model_was_given():
    inside = """
            left InputLayer <- ^
            right InputLayer <- ^1
            dense Dense <- right
            subtract Subtract <- left, dense
            -> subtract
    """.rstrip()
    assert text("replaced_for_model") == expected(f"""
        x InputLayer
        first Dense <- x
        second Dense <- x
        pair Functional <- first, first{inside}
        pair#2 Functional <- second, second{inside}
        add Add <- pair, pair#2
        -> add
    """)


def test_lists_that_grow():
    assert text("growing") == expected("""
        x InputLayer
        block DenseBlock <- x
            step_0 Dense <- ^
            join Concatenate <- ^, step_0
            step_1 Dense <- join
            join#2 Concatenate <- ^, step_0, step_1
            -> join#2
        concatenate Concatenate <- block
        after_0 Dense <- concatenate
        concatenate_1 Concatenate <- block, after_0
        after_1 Dense <- concatenate_1
        stack Stack <- after_0, after_1
        -> stack
    """)


def test_dict_that_is_filled():
    assert text("filled") == expected("""
        x InputLayer
        first Dense <- x
        one Gather <- first
            add Add <- ^
            dense Dense <- add
            -> dense
        two Gather <- first, one
            add Add <- ^
            add_1 Add <- add, ^1
            dense Dense <- add_1
            -> dense
        -> two
    """)


LOOKS = """
        look_0 Look <- data, start
            attention MultiHeadAttention <- ^1, ^
            -> attention
        look_1 Look <- data, look_0
            attention MultiHeadAttention <- ^1, ^
            -> attention
        -> look_1
"""


def test_dict_in_a_loop():
    looks = LOOKS.replace("<- data", "<- x")
    assert text("looping") == expected(f"""
        x InputLayer
        start Dense <- x{looks}""")


def test_dict_that_functional_models_were_given():
    inside = """
            data InputLayer <- ^
            latents InputLayer <- ^1
            attention MultiHeadAttention <- latents, data
            -> attention
    """.rstrip()
    assert text("looping_models") == expected(f"""
        x InputLayer
        start Dense <- x
        look_0 Functional <- x, start{inside}
        look_1 Functional <- x, look_0{inside}
        -> look_1
    """)


def test_dict_of_the_inputs():
    assert text("in_its_inputs") == expected(f"""
        data InputLayer
        start Dense <- data{LOOKS}""")


def test_dict_that_a_block_changes():
    assert text("in_place") == expected("""
        a InputLayer
        b InputLayer
        normalize Normalize <- a, b
            norm LayerNormalization <- ^
            -> norm, ^1
        gather Gather <- normalize, normalize:1
            add Add <- ^
            add_1 Add <- add, ^1
            dense Dense <- add_1
            -> dense
        -> gather
    """)


def test_list_that_was_returned():
    assert text("changed_outputs") == expected("""
        x InputLayer
        split Split <- x
        dense Dense <- split
        -> dense, split:1
    """)


def test_functional_model():
    assert text("functional_list") == expected("""
        x InputLayer
        join_0 Concatenate <- x, x
        step_0 Dense <- join_0
        twice Add <- step_0, step_0
        join_1 Concatenate <- x, step_0, x
        step_1 Dense <- join_1
        sum Add <- twice, step_1
        -> sum
    """)
