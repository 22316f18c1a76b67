"""Control flow: branches and loops are blocks of the functions that they call."""

from __future__ import annotations

import keras
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import Tensor
from zoo import control
from zoo_checks import check_nothing_is_hidden, check_parameters, check_real_call, expected, made
from zoo_checks import text as text_of


def text(case: str) -> str:
    return text_of(control.SUBCLASSED[case])


def graph_of(case: str):
    return made(control.SUBCLASSED[case])[1].graph


def functional(function):
    keras.utils.clear_session()
    return model_to_graph(function()).graph


@pytest.mark.parametrize("case", control.SUBCLASSED)
def test_every_weight_is_counted_once(case):
    check_parameters(control.SUBCLASSED[case])


@pytest.mark.parametrize("case", control.SUBCLASSED)
def test_nothing_is_hidden(case):
    check_nothing_is_hidden(control.SUBCLASSED[case])


@pytest.mark.parametrize("case", control.SUBCLASSED)
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(control.SUBCLASSED[case])


# Branches.


def test_layers_in_branches():
    graph = graph_of("branches")
    assert graph_text(graph) == expected("""
        x InputLayer
        mean Mean <- x
        greater Greater <- mean
        cond Cond <- greater, x
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1
                right Dense <- ^
                more Dense <- right
                -> more
            select Select <- ^, true_fn, false_fn
            -> select
        -> cond
    """)
    assert graph["cond"].inputs == (Tensor((), "bool"), Tensor((None, 4), "float32"))
    assert graph["cond"].outputs == (Tensor((None, 4), "float32"),)
    assert dict(graph["greater"].constants) == {"x2": "0"}
    edges = graph["cond"].body.edges
    assert [edge.argument for edge in edges if edge.target.call == "select"] == [
        "pred",
        "true_fn",
        "false_fn",
    ]


def test_condition_in_a_branch():
    assert text("nested_branches") == expected("""
        x InputLayer
        sum Sum <- x
        greater Greater <- sum
        cond Cond <- greater, sum, x
            true_fn true_fn <- ^1, ^2
                greater Greater <- ^
                cond Cond <- greater, ^1
                    true_fn true_fn <- ^1
                        large Dense <- ^
                        -> large
                    false_fn false_fn <- ^1
                        middle Dense <- ^
                        -> middle
                    select Select <- ^, true_fn, false_fn
                    -> select
                -> cond
            false_fn false_fn <- ^2
                small Dense <- ^
                -> small
            select Select <- ^, true_fn, false_fn
            -> select
        -> cond
    """)


def test_branches_that_call_nothing_and_that_return_several_things():
    graph = graph_of("skipping")
    assert graph_text(graph) == expected("""
        x InputLayer
        max Max <- x
        greater Greater <- max
        first Skippable <- x, greater
            cond Cond <- ^1, ^
                true_fn true_fn <- ^1
                    dense Dense <- ^
                    add Add <- ^, dense
                    -> add
                false_fn false_fn <- ^1
                    -> ^
                select Select <- ^, true_fn, false_fn
                -> select
            -> cond
        second Skippable <- first, greater
            cond Cond <- ^1, ^
                true_fn true_fn <- ^1
                    dense Dense <- ^
                    add Add <- ^, dense
                    -> add
                false_fn false_fn <- ^1
                    -> ^
                select Select <- ^, true_fn, false_fn
                -> select
            -> cond
        cond Cond <- greater, second
            true_fn true_fn <- ^1
                mean Dense <- ^
                spread Dense <- ^
                -> mean, spread
            false_fn false_fn <- ^1
                mean Dense <- ^
                zeros_like ZerosLike <- mean
                -> mean, zeros_like
            select Select <- ^, true_fn, true_fn:1, false_fn, false_fn:1
            -> select, select:1
        -> cond, cond:1
    """)
    calls = dict(graph.walk())
    assert calls["cond/false_fn/mean"].layer == "cond/true_fn/mean"
    assert [path for path, call in calls.items() if call.shared] == [
        "cond/true_fn/mean",
        "cond/false_fn/mean",
    ]


@pytest.mark.skipif(
    keras.config.backend() == "jax",
    reason="on JAX, Keras takes no symbolic tensor from around a branch",
)
def test_condition_between_symbolic_tensors():
    assert graph_text(functional(control.functional_branches)) == expected("""
        x InputLayer
        sum Sum <- x
        greater Greater <- sum
        hidden Dense <- x
        cond Cond <- greater, hidden, x
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1, ^2
                right Dense <- ^
                add Add <- right, ^1
                -> add
            select Select <- ^, true_fn, false_fn
            -> select
        head Dense <- cond
        -> head
    """)


def test_condition_inside_a_layer_of_a_functional_model():
    assert graph_text(functional(control.functional_around)) == expected("""
        x InputLayer
        keep InputLayer
        skippable Skippable <- x, keep
            cond Cond <- ^1, ^
                true_fn true_fn <- ^1
                    dense Dense <- ^
                    add Add <- ^, dense
                    -> add
                false_fn false_fn <- ^1
                    -> ^
                select Select <- ^, true_fn, false_fn
                -> select
            -> cond
        -> skippable
    """)


def test_switch():
    assert text("experts") == expected("""
        x InputLayer
        gate Dense <- x
        mean Mean <- gate
        argmax Argmax <- mean
        switch Switch <- argmax, x
            branch_0 branch_0 <- ^1
                first Dense <- ^
                -> first
            branch_1 branch_1 <- ^1
                second Dense <- ^
                -> second
            branch_2 branch_2 <- ^1
                -> ^
            select Select <- ^, branch_0, branch_1, branch_2
            -> select
        -> switch
    """)


# Loops.


def test_while_loop():
    """The first variable begins as a number; the input is a variable and taken from around, too."""
    graph = graph_of("settling")
    assert graph_text(graph) == expected("""
        x InputLayer
        while_loop WhileLoop <- x
            constant Constant
            cond cond <- constant, ~body, ^, ~body:1
                less Less <- ^
                -> less
            body body <- constant, ~body, ^, ~body:1, ^
                add Add <- ^
                concatenate Concatenate <- ^1, ^2
                refine Dense <- concatenate
                -> add, refine
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)
    loop = graph["while_loop"]
    assert [tensor.shape for tensor in loop.outputs] == [(), (None, 4)]
    assert loop.outputs[0].dtype == "int32"


def test_while_loop_of_one_variable():
    assert text("shrinking") == expected("""
        x InputLayer
        while_loop WhileLoop <- x
            cond cond <- ^, ~body
                sum Sum <- ^
                greater Greater <- sum
                -> greater
            body body <- ^, ~body
                max Max <- ^
                greater Greater <- max
                cond Cond <- greater, ^
                    true_fn true_fn <- ^1
                        jump Dense <- ^
                        -> jump
                    false_fn false_fn <- ^1
                        shrink Dense <- ^
                        -> shrink
                    select Select <- ^, true_fn, false_fn
                    -> select
                -> cond
            -> body
        -> while_loop
    """)


def test_scan():
    graph = graph_of("scanning")
    assert graph_text(graph) == expected("""
        series InputLayer
        get_item GetItem <- series
        zeros_like ZerosLike <- get_item
        transpose Transpose <- series
        scan Scan <- zeros_like, transpose
            f f <- ^, ~f, ^1
                cell Cell <- ^, ^1
                    concatenate Concatenate <- ^, ^1
                    mix Dense <- concatenate
                    -> mix
                -> cell, cell
            -> f, f:1
        transpose_1 Transpose <- scan:1
        -> transpose_1, scan
    """)
    assert [tensor.shape for tensor in graph["scan"].outputs] == [(None, 3), (5, None, 3)]
    assert graph["scan"].body["f"].inputs == (Tensor((None, 3), "float32"),) * 2


def test_map():
    graph = graph_of("mapping")
    assert graph_text(graph) == expected("""
        x InputLayer
        map Map <- x
            f f <- ^
                dense Dense <- ^
                relu Relu <- dense
                -> relu
            -> f
        map_1 Map <- map
            f f <- ^
                second Dense <- ^
                -> second
            -> f
        head Dense <- map_1
        -> head
    """)
    assert graph["map"].outputs == (Tensor((None, 5, 4), "float32"),)
    assert graph["map"].body["f"].inputs == (Tensor((5, 3), "float32"),)


def test_vectorized_map():
    assert text("vectorized") == expected("""
        x InputLayer
        mean Mean <- x
        summary Dense <- mean
        vectorized_map VectorizedMap <- x, summary
            f f <- ^, ^1
                dense Dense <- ^
                add Add <- dense, ^1
                -> add
            -> f
        -> vectorized_map
    """)


def test_fori_loop():
    graph = graph_of("refining")
    assert graph_text(graph) == expected("""
        x InputLayer
        fori_loop ForiLoop <- x
            constant Constant
            body_fun body_fun <- constant, ^, ~body_fun
                refine Dense <- ^1
                add Add <- ^
                cast Cast <- add
                true_divide TrueDivide <- refine, cast
                -> true_divide
            -> body_fun
        head Dense <- fori_loop
        -> head
    """)
    assert graph["fori_loop"].body["body_fun"].inputs == (
        Tensor((), "int32"),
        Tensor((None, 4), "float32"),
    )
