"""Data that raw TensorFlow leads through arrays, ragged and sparse tensors, foreign functions."""

from __future__ import annotations

import keras
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

from sphinxcontrib_kerasgraph.graph import CallKind
from zoo.raw_flow import OPAQUE, SUBCLASSED
from zoo_checks import (
    check_nothing_is_hidden,
    check_parameters,
    check_real_call,
    expected,
    made,
    shown,
)


def text(case: str) -> str:
    return shown(SUBCLASSED[case])


@pytest.mark.parametrize("case", SUBCLASSED)
def test_all_is_known_of_it(case):
    check_parameters(SUBCLASSED[case])
    check_nothing_is_hidden(SUBCLASSED[case])


# One image has four windows, and the lengths of the rows are those of all values.
@pytest.mark.parametrize(
    "case", sorted(SUBCLASSED.keys() - {"windows", "ragged_rows", "ragged_given", "array_loop"})
)
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(SUBCLASSED[case])


@pytest.mark.parametrize("case", sorted(SUBCLASSED.keys() - {"array_loop"}))
def test_no_constant_stands_for_data(case):
    _, graph = made(SUBCLASSED[case])
    assert [path for path, call in graph.graph.walk() if call.kind == CallKind.CONSTANT] == []


def test_idle_cast_in_window_attention():
    assert text("windows") == expected("""
        x InputLayer
        attention WindowAttention <- x
            qkv Dense <- ^
            split Split <- qkv
            cast Cast <- split
            transpose Transpose <- split:1
            matmul Matmul <- cast, transpose
            reshape Reshape <- matmul
            softmax Softmax <- reshape
            reshape_1 Reshape <- softmax
            matmul_1 Matmul <- reshape_1, split:2
            out Dense <- matmul_1
            -> out
        norm LayerNormalization <- attention
        -> norm
    """)


def test_activation_that_does_nothing():
    assert text("linear") == expected("""
        x InputLayer
        first Dense <- x
        concat concat <- first, x
        head Dense <- concat
        -> head
    """)


def test_casts_and_copies_that_do_nothing():
    """An idle cast of Keras's is a call, as it is on symbolic tensors."""
    assert text("idle") == expected("""
        x InputLayer
        first Dense <- x
        cast Cast <- first
        concat concat <- cast, x
        head Dense <- concat
        -> head
    """)


def test_array_that_a_loop_of_python_writes():
    """What is read is what was written at that place."""
    assert text("array") == expected("""
        series InputLayer
        get_item GetItem <- series
        first Dense <- get_item
        get_item_1 GetItem <- series
        first#2 Dense <- get_item_1
        get_item_2 GetItem <- series
        first#3 Dense <- get_item_2
        stack stack <- first, first#2, first#3
        head Dense <- stack
        head#2 Dense <- first#3
        -> head, head#2
    """)


def test_array_that_a_loop_of_tensorflow_writes():
    """It is what it was, with one more, at the place that the step tells."""
    assert text("array_loop") == expected("""
        series InputLayer
        constant Constant
        constant_1 Constant
        while_loop while_loop <- constant, constant_1, series
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1, ^2
                add Add <- ^
                get_item GetItem <- ^2, ^
                first Dense <- get_item
                stack stack <- ^1, first, ^
                -> add, stack
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_loop_that_tensorflow_makes():
    """It takes the first step, and the array of all; its fourth variable is the sum."""
    assert text("folded") == expected("""
        series InputLayer
        first Dense <- series
        while_loop while_loop <- first, first
        head Dense <- while_loop:3
        -> head
    """)


def test_ragged_rows():
    assert text("ragged_rows") == expected("""
        values InputLayer
        lengths InputLayer
        first Dense <- values
        to_tensor to_tensor <- first, lengths
        head Dense <- to_tensor
        -> head
    """)


def test_ragged_tensor_given_to_a_layer():
    """It is made of values and of lengths, which the layer takes as one."""
    assert text("ragged_given") == expected("""
        values InputLayer
        lengths InputLayer
        first Dense <- values
        ragged_tensor RaggedTensor <- first, lengths
        longest Longest <- ragged_tensor
        head Dense <- longest
        -> head
    """)


def test_sparse_tensor_given_to_a_layer():
    """Its places and its values are those of the input."""
    assert text("sparse_given") == expected("""
        x InputLayer
        gather_nd gather_nd <- x, x
        sparse_tensor SparseTensor <- x, gather_nd
        first Dense <- sparse_tensor
        head Dense <- first
        -> head
    """)


def test_function_of_numpy():
    assert text("of_numpy") == expected("""
        x InputLayer
        first Dense <- x
        head Dense <- first
        -> head
    """)


def test_function_of_python():
    assert text("of_python") == expected("""
        x InputLayer
        first Dense <- x
        py_function py_function <- first, x
        head Dense <- py_function
        -> head
    """)


def test_data_in_a_variable_of_tensorflow_is_said_not_to_be_followed():
    _, graph = made(OPAQUE["remembering"])
    assert "UnfollowedDataError" in graph.opaque
    assert "variable of TensorFlow's" in graph.opaque
