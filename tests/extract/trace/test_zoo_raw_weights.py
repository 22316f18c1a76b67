"""Raw TensorFlow with the model's own weights: what joins data and a weight is a box."""

from __future__ import annotations

import keras
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

from zoo.raw_weights import SUBCLASSED
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


# Edges lead to nodes that there are.
@pytest.mark.parametrize("case", sorted(SUBCLASSED.keys() - {"messages"}))
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(SUBCLASSED[case])


def test_class_token_and_positions():
    assert text("class_token") == expected("""
        x InputLayer
        token Weight
        positions Weight
        patches Dense <- x
        concat concat <- token, patches
        add Add <- concat, positions
        block Dense <- add
        -> block
    """)


def test_lookup_in_a_codebook():
    assert text("codebook") == expected("""
        x InputLayer
        codes Weight
        encoder Dense <- x
        power Power <- encoder
        power_1 Power <- codes
        add Add <- power, power_1
        matmul matmul <- encoder, codes
        multiply Multiply <- matmul
        subtract Subtract <- add, multiply
        gather gather <- codes, subtract
        subtract_1 Subtract <- gather, encoder
        add_1 Add <- encoder, subtract_1
        decoder Dense <- add_1
        -> decoder
    """)
    _, graph = made(SUBCLASSED["codebook"])
    assert dict(graph.graph["power"].constants) == {"x2": "2"}
    assert dict(graph.graph["multiply"].constants) == {"x1": "2"}


def test_messages_along_the_edges_of_a_graph():
    assert text("messages") == expected("""
        nodes InputLayer
        edges InputLayer
        kernel Weight
        bias Weight
        matmul matmul <- nodes, kernel
        get_item GetItem <- edges
        gather gather <- matmul, get_item
        get_item_1 GetItem <- edges
        unsorted_segment_sum unsorted_segment_sum <- gather, get_item_1
        bias_add bias_add <- unsorted_segment_sum, bias
        head Dense <- bias_add
        -> head
    """)
    _, graph = made(SUBCLASSED["messages"])
    assert graph.graph["unsorted_segment_sum"].module == "tf.math"


def test_functions_of_all_modules_of_keras_ops():
    assert text("softmax") == expected("""
        x InputLayer
        score Dense <- x
        softmax Softmax <- score
        multiply Multiply <- softmax, x
        maximum Maximum <- multiply, x
        normalize Normalize <- maximum
        -> normalize
    """)


def test_functions_under_other_names():
    assert text("activated") == expected("""
        x InputLayer
        dense Dense <- x
        concat concat <- dense, x
        gelu Gelu <- concat
        softmax Softmax <- gelu
        -> softmax
    """)


def test_weights_right_and_left_of_an_operator():
    assert text("biased") == expected("""
        x InputLayer
        scale Weight
        bias Weight
        dense Dense <- x
        multiply Multiply <- scale, dense
        add Add <- multiply, bias
        -> add
    """)


def test_weight_of_a_layer_that_is_called():
    """It is counted there."""
    assert text("tied_by_hand") == expected("""
        ids InputLayer
        embeddings Weight
        embed Embedding <- ids
        dense Dense <- embed
        matmul matmul <- dense, embeddings
        -> matmul
    """)
    _, graph = made(SUBCLASSED["tied_by_hand"])
    assert graph.graph["embed"].parameters.own == 80
    assert graph.graph["embeddings"].parameters.own == 0


def test_sparse_tensor_times_a_weight():
    assert text("sparse_kernel") == expected("""
        x InputLayer
        kernel Weight
        gather_nd gather_nd <- x, x
        sparse_dense_matmul sparse_dense_matmul <- x, gather_nd, kernel
        head Dense <- sparse_dense_matmul
        -> head
    """)


def test_weight_given_to_a_layer():
    assert text("queries") == expected("""
        x InputLayer
        latents Weight
        attention MultiHeadAttention <- latents, x
        -> attention
    """)
    _, graph = made(SUBCLASSED["queries"])
    edges = [edge for edge in graph.graph.edges if edge.target.call == "attention"]
    assert [edge.argument for edge in edges] == ["query", "value"]


def test_weight_is_what_was_assigned_to_it():
    assert text("counting") == expected("""
        x InputLayer
        mean Weight
        subtract Subtract <- x, mean
        subtract_1 Subtract <- x, x
        concat concat <- subtract, subtract_1
        dense Dense <- concat
        -> dense
    """)
