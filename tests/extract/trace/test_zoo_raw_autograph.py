"""Python's own conditions and loops, where a tensor decides: as autograph converts them."""

from __future__ import annotations

import re

import keras
import pytest
from keras import layers, ops

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

import tensorflow as tf

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.extract.trace import ways
from sphinxcontrib_kerasgraph.extract.trace.protocol import Way
from zoo.raw_autograph import FUNCTIONAL, OPAQUE, STEPS, SUBCLASSED, Denses
from zoo_checks import (
    check_nothing_is_hidden,
    check_parameters,
    check_real_call,
    expected,
    made,
    shown,
)

CALLED = SUBCLASSED | STEPS
MODELS = CALLED | FUNCTIONAL


def text(case: str) -> str:
    return shown(MODELS[case])


@pytest.mark.parametrize("case", MODELS)
def test_all_is_known_of_it(case):
    check_parameters(MODELS[case])
    check_nothing_is_hidden(MODELS[case])


@pytest.mark.parametrize("case", CALLED)
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(CALLED[case])


# Conditions.


def test_early_return():
    """That the function has returned is no data."""
    assert text("early_return") == expected("""
        x InputLayer
        mean Mean <- x
        greater Greater <- mean
        cond cond <- greater, x
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1
                right Dense <- ^
                -> right
            select Select <- ^, true_fn, false_fn
            -> select
        -> cond
    """)


def test_layers_in_both_branches():
    assert text("branches") == expected("""
        x InputLayer
        greater Greater <- x
        cond cond <- greater, x
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1
                right Dense <- ^
                more Dense <- right
                -> more
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_more_than_two_ways():
    assert text("chain") == expected("""
        x InputLayer
        sum Sum <- x
        greater Greater <- sum
        cond cond <- greater, x, sum
            true_fn true_fn <- ^1
                large Dense <- ^
                -> large
            false_fn false_fn <- ^2, ^1
                greater Greater <- ^
                cond cond <- greater, ^1
                    true_fn true_fn <- ^1
                        middle Dense <- ^
                        -> middle
                    false_fn false_fn <- ^1
                        small Dense <- ^
                        -> small
                    select Select <- ^, true_fn, false_fn
                    -> select
                -> cond
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_branch_alone():
    assert text("skipping") == expected("""
        x InputLayer
        max Max <- x
        greater Greater <- max
        cond cond <- greater, x
            true_fn true_fn <- ^1
                dense Dense <- ^
                -> dense
            false_fn false_fn <- ^1
                -> ^
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_several_variables():
    """By name: what is made, then the scale, which begins as a number."""
    assert text("several") == expected("""
        x InputLayer
        max Max <- x
        greater Greater <- max
        cond cond <- greater, x
            true_fn true_fn <- ^1
                constant Constant
                left Dense <- ^
                right Dense <- ^
                -> left, right, constant
            false_fn false_fn <- ^1
                right Dense <- ^
                mean Mean <- ^
                -> right, ^, mean
            select Select <- ^, true_fn, true_fn:1, true_fn:2, false_fn, false_fn:1, false_fn:2
            -> select, select:1, select:2
        head Dense <- cond
        multiply Multiply <- cond:1, cond:2
        -> head, multiply
    """)


def test_expression():
    assert text("expression") == expected("""
        x InputLayer
        mean Mean <- x
        greater Greater <- mean
        max Max <- x
        less Less <- max
        logical_and LogicalAnd <- greater, less
        cond cond <- logical_and, x
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1
                right Dense <- ^
                -> right
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_branch_that_hands_on_nothing():
    assert text("penalized") == expected("""
        x InputLayer
        mean Mean <- x
        greater Greater <- mean
        cond cond <- greater, x
            true_fn true_fn <- ^1
                first Dense <- ^
                sum Sum <- first
                add_loss add_loss <- sum
                ->
            false_fn false_fn
                ->
            ->
        head Dense <- x
        -> head
    """).replace("->\n", "-> \n")


# Loops.


def test_cell_in_a_loop_that_fills_an_array():
    """The variables are the step, the array and the state."""
    assert text("recurrent") == expected("""
        series InputLayer
        constant Constant
        constant_1 Constant
        get_item GetItem <- series
        begin Dense <- get_item
        while_loop while_loop <- constant, constant_1, begin, series
            cond cond <- ^, ~body, ^1, ~body:1, ^2, ~body:2
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1, ^2, ~body:2, ^3
                get_item GetItem <- ^3, ^
                cell GRUCell <- get_item, ^2
                add Add <- ^
                stack stack <- ^1, cell, ^
                -> add, stack, cell:1
            -> body, body:1, body:2
        head Dense <- while_loop:1
        -> head, while_loop:2
    """)


def test_condition_in_a_loop():
    assert text("choosing") == expected("""
        series InputLayer
        constant Constant
        get_item GetItem <- series
        begin Dense <- get_item
        while_loop while_loop <- constant, begin, series
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1, ^2
                get_item GetItem <- ^2, ^
                mean Mean <- ^1
                greater Greater <- mean
                cond cond <- greater, get_item, ^1
                    true_fn true_fn <- ^1, ^2
                        cell GRUCell <- ^, ^1
                        -> cell:1
                    false_fn false_fn <- ^2
                        other Dense <- ^
                        -> other
                    select Select <- ^, true_fn, false_fn
                    -> select
                add Add <- ^
                -> add, cond
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_loop_over_a_tensor():
    """Which item it is begins as a number of Python's."""
    assert text("rows") == expected("""
        series InputLayer
        get_item GetItem <- series
        first Dense <- get_item
        while_loop while_loop <- first, series
            constant Constant
            cond cond <- constant, ~body, ^, ~body:1
                less Less <- ^
                -> less
            body body <- constant, ~body, ^, ~body:1, ^1
                read read <- ^2, ^
                first Dense <- read
                add Add <- ^1, first
                add_1 Add <- ^
                -> add_1, add
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_loop_as_long_as_a_series():
    """Its length is a size, which is no data."""
    assert text("length") == expected("""
        series InputLayer
        constant Constant
        get_item GetItem <- series
        first Dense <- get_item
        while_loop while_loop <- constant, first, series
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1, ^2
                second Dense <- ^1
                get_item GetItem <- ^2, ^
                first Dense <- get_item
                add Add <- second, first
                add_1 Add <- ^
                -> add_1, add
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_loop_while_a_tensor_is_large():
    assert text("settling") == expected("""
        x InputLayer
        while_loop while_loop <- x
            cond cond <- ^, ~body
                absolute Absolute <- ^
                max Max <- absolute
                greater Greater <- max
                -> greater
            body body <- ^, ~body
                shrink Dense <- ^
                tanh Tanh <- shrink
                multiply Multiply <- tanh
                -> multiply
            -> body
        head Dense <- while_loop
        -> head
    """)


def test_loop_that_is_left():
    """Whether it was is a variable, the last one: nothing asks for it after the loop."""
    assert text("breaking") == expected("""
        x InputLayer
        constant Constant
        while_loop while_loop <- constant, x
            constant Constant
            cond cond <- ^, ~body, ^1, ~body:1, constant, ~body:2
                less Less <- ^
                logical_not LogicalNot <- ^2
                logical_and LogicalAnd <- less, logical_not
                -> logical_and
            body body <- ^, ~body, ^1, ~body:1, constant, ~body:2
                refine Dense <- ^1
                absolute Absolute <- refine
                max Max <- absolute
                less Less <- max
                cond cond <- less, ^2
                    true_fn true_fn
                        constant Constant
                        -> constant
                    false_fn false_fn <- ^1
                        -> ^
                    select Select <- ^, true_fn, false_fn
                    -> select
                add Add <- ^
                -> add, refine, cond
            -> body, body:1, body:2
        head Dense <- while_loop:1
        -> head
    """)


def test_steps_that_do_less():
    """Whether one is at its end is decided by a condition, and decides another one."""
    assert text("continuing") == expected("""
        x InputLayer
        constant Constant
        while_loop while_loop <- constant, x
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1
                refine Dense <- ^1
                mean Mean <- refine
                greater Greater <- mean
                cond cond <- greater
                    true_fn true_fn
                        constant Constant
                        -> constant
                    false_fn false_fn
                        constant Constant
                        -> constant
                    select Select <- ^, true_fn, false_fn
                    -> select
                logical_not LogicalNot <- cond
                cond_1 cond <- logical_not, ^1, refine
                    true_fn true_fn <- ^1, ^2
                        add Add <- ^, ^1
                        -> add
                    false_fn false_fn <- ^1
                        -> ^
                    select Select <- ^, true_fn, false_fn
                    -> select
                add Add <- ^
                -> add, cond_1
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_variable_that_a_loop_assigns_first():
    """It comes last, and is given to no step."""
    assert text("late") == expected("""
        x InputLayer
        constant Constant
        while_loop while_loop <- constant, x
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1
                first Dense <- ^1
                maximum maximum <- ^1, first
                add Add <- ^
                -> add, maximum, first
            -> body, body:1, body:2
        head Dense <- while_loop:2
        -> head
    """)


# Where the code is.


def test_function_with_a_condition():
    graph = expected("""
        x InputLayer
        first Dense <- x
        greater Greater <- first
        cond cond <- greater, first
            true_fn true_fn <- ^1
                tanh Tanh <- ^
                -> tanh
            false_fn false_fn <- ^1
                -> ^
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)
    assert text("helper") == graph
    assert text("compiled_helper") == graph


def test_compiled_call():
    assert text("compiled") == expected("""
        x InputLayer
        greater Greater <- x
        cond cond <- greater, x
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1
                right Dense <- ^
                -> right
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_methods():
    assert text("method") == expected("""
        x InputLayer
        constant Constant
        first Dense <- x
        while_loop while_loop <- constant, first
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1
                mean Mean <- ^1
                greater Greater <- mean
                cond cond <- greater, ^1
                    true_fn true_fn <- ^1
                        second Dense <- ^
                        -> second
                    false_fn false_fn <- ^1
                        -> ^
                    select Select <- ^, true_fn, false_fn
                    -> select
                add Add <- ^
                -> add, cond
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_layer_in_a_functional_model():
    assert text("functional") == expected("""
        x InputLayer
        first Dense <- x
        gated Gated <- first
            mean Mean <- ^
            greater Greater <- mean
            cond cond <- greater, ^
                true_fn true_fn <- ^1
                    left Dense <- ^
                    -> left
                false_fn false_fn <- ^1
                    right Dense <- ^
                    -> right
                select Select <- ^, true_fn, false_fn
                -> select
            -> cond
        head Dense <- gated
        -> head
    """)


def test_loop_of_a_layer_in_a_branch_of_the_model():
    assert text("nested") == expected("""
        x InputLayer
        mean Mean <- x
        greater Greater <- mean
        cond cond <- greater, x
            true_fn true_fn <- ^1
                halved Halved <- ^
                    dense Dense <- ^
                    tanh Tanh <- dense
                    while_loop while_loop <- tanh
                        cond cond <- ^, ~body
                            absolute Absolute <- ^
                            max Max <- absolute
                            greater Greater <- max
                            -> greater
                        body body <- ^, ~body
                            true_divide TrueDivide <- ^
                            -> true_divide
                        -> body
                    -> while_loop
                -> halved
            false_fn false_fn <- ^1
                first Dense <- ^
                -> first
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_cell_in_keras_own_loop():
    assert text("cells") == expected("""
        series InputLayer
        rnn RNN <- series
            cell Cell <- ^, ~cell:1
                mix Dense <- ^
                add Add <- mix, ^1
                mean Mean <- add
                greater Greater <- mean
                cond cond <- greater, add
                    true_fn true_fn <- ^1
                        more Dense <- ^
                        -> more
                    false_fn false_fn <- ^1
                        -> ^
                    select Select <- ^, true_fn, false_fn
                    -> select
                -> cond, cond
            -> cell
        -> rnn
    """)


# What isn't converted.


@pytest.mark.parametrize(
    ("case", "says"),
    {
        "returns": r"ValueError: the else branch must also have a return statement \(raw_aut",
        "taken_up": r"'y' must be defined before the loop \(raw_autograph.py:\d+\)",
        "other_dtype": r"'y' has dtype float32 in the main branch, but dtype int32 in the else",
        "generated": r"known before it runs \(raw_autograph.py:\d+\), and .* is in no file: write",
    }.items(),
)
def test_reasons(case, says):
    """They say which line it is, and what to write."""
    graph = made(OPAQUE[case])[1]
    assert re.search(says, graph.opaque)
    assert re.search(r"keras.ops.cond or keras.ops.where .* keras.ops.while_loop", graph.opaque)
    assert "/" not in graph.opaque
    assert "generated_file" not in graph.opaque


def test_reason_for_code_that_computes_in_numpy():
    reason = made(OPAQUE["numeric"])[1].opaque
    assert reason.startswith("its code looks at the value of a tensor")
    assert reason.endswith("write it with keras.ops")


def test_what_works_is_not_converted(monkeypatch):
    """A loop over numbers is drawn step by step, as ever."""

    def never(*_):
        raise AssertionError("converted")

    monkeypatch.setattr(ways, "_CONVERTED", Way(never, answers=ways._CONVERTED.answers))

    class Loop(Denses):
        def call(self, x):
            for _ in tf.range(2):
                x = self.first(x)
            return x

    graph = model_to_graph(Loop("first"), (4,)).graph
    assert [call.name for call in graph.calls] == ["x", "first", "first"]


def test_reason_of_a_function_that_keras_calls():
    """Autograph leaves alone what Keras's own code calls."""
    condition = layers.Lambda(lambda x: x if ops.mean(x) > 0 else -x, name="condition")

    class Around(Denses):
        def call(self, x):
            return self.head(condition(x))

    reason = model_to_graph(Around(), (4,)).opaque
    assert re.search(r"\(test_zoo_raw_autograph.py:\d+\): write keras.ops.cond", reason)
