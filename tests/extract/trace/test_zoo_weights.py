"""Weights and arrays beside tensors: each has a box, an edge, and its parameters once."""

from __future__ import annotations

import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph.graph import CallKind, Parameters
from zoo import weights
from zoo_checks import check_real_call, expected, made
from zoo_checks import text as text_of

CASES = weights.SUBCLASSED | weights.FUNCTIONAL


def text(case: str, *, arguments: bool = False) -> str:
    if arguments:
        return graph_text(made(CASES[case])[1].graph, arguments=True)
    return text_of(CASES[case])


@pytest.mark.parametrize("case", weights.SUBCLASSED)
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(CASES[case])


def test_learned_queries():
    assert text("perceiver", arguments=True) == expected("""
        x InputLayer
        look LearnedQueries <- x
            latents Weight
            expand_dims ExpandDims <- latents
            tile Tile <- expand_dims
            attention MultiHeadAttention <- tile=query, ^=value
            add Add <- attention=x1, tile=x2
            norm LayerNormalization <- add
            -> norm
        head Dense <- look
        -> head
    """)
    latents = made(CASES["perceiver"])[1].graph["look"].body["latents"]
    assert latents.parameters == Parameters(12, 12, 12)
    assert (latents.name, latents.trainable, latents.shared) == ("latents", True, False)


def test_class_token_and_places():
    assert text("vision") == expected("""
        patches InputLayer
        embed PatchEmbedding <- patches
            token Weight
            places Weight
            project Dense <- ^
            broadcast_to BroadcastTo <- token
            concatenate Concatenate <- broadcast_to, project
            add Add <- concatenate, places
            -> add
        attention MultiHeadAttention <- embed, embed
        add Add <- embed, attention
        get_item GetItem <- add
        head Dense <- get_item
        -> head
    """)


def test_layer_that_is_never_called():
    assert text("kernel_by_hand") == expected("""
        x InputLayer
        kernel Weight
        first Dense <- x
        matmul Matmul <- first, kernel
        -> matmul
    """)
    graph = made(CASES["kernel_by_hand"])[1]
    kernel = graph.graph["kernel"]
    assert (kernel.name, kernel.parameters.own) == ("second/kernel", 12)
    assert graph.parameters.own == 3  # the bias, which nothing takes


def test_bias_in_a_block():
    assert text("biased") == expected("""
        x InputLayer
        scores Scorer <- x
            position_bias Weight
            query Dense <- ^
            key Dense <- ^
            swapaxes Swapaxes <- key
            matmul Matmul <- query, swapaxes
            add Add <- matmul, position_bias
            softmax Softmax <- add
            -> softmax
        matmul Matmul <- scores, x
        -> matmul
    """)
    scores = made(CASES["biased"])[1].graph["scores"]
    assert (scores.parameters.own, scores.body["position_bias"].parameters.own) == (0, 25)


def test_computed_from_a_weight_alone():
    assert text("contrastive") == expected("""
        image_input InputLayer
        text_input InputLayer
        logit_scale Weight
        image Dense <- image_input
        text Dense <- text_input
        transpose Transpose <- text
        matmul Matmul <- image, transpose
        exp Exp <- logit_scale
        multiply Multiply <- matmul, exp
        -> multiply
    """)


def test_first_state():
    assert text("first_state") == expected("""
        x InputLayer
        state Weight
        repeat Repeat <- state
        gru GRU <- x, repeat
        -> gru
    """)
    graph = made(CASES["first_state"])[1].graph
    assert "initial_state" in {edge.argument for edge in graph.edges}


def test_slice_of_a_table():
    assert text("table_slice") == expected("""
        x InputLayer
        table Weight
        get_item GetItem <- table
        multiply Multiply <- get_item
        add Add <- x, multiply
        dense Dense <- add
        -> dense
    """)


def test_weight_and_array_as_arguments_of_blocks():
    assert text("handed_over") == expected("""
        x InputLayer
        shift Weight
        constant Constant
        block_0 Shifted <- x, shift
            dense Dense <- ^
            add Add <- dense, ^1
            -> add
        block_1 Shifted <- block_0, shift
            dense Dense <- ^
            add Add <- dense, ^1
            -> add
        block_2 Shifted <- block_1, constant
            dense Dense <- ^
            add Add <- dense, ^1
            -> add
        -> block_2
    """)
    graph = made(CASES["handed_over"])[1].graph
    assert graph["constant"].name == "shift"
    assert graph["shift"].parameters.own == 4


def test_arrays_for_a_layer():
    # As many as there are in the batch of x.
    assert text("ones_as_keys", arguments=True) == expected("""
        x InputLayer
        shape Shape <- x
        constant_1 Constant
        attention MultiHeadAttention <- x=query, shape=value, constant_1=attention_mask
        -> attention
    """)
    graph = made(CASES["ones_as_keys"])[1].graph
    assert graph["constant_1"].name == "attention_mask"
    assert dict(graph["constant_1"].constants) == {"value": "bool[1, 3, 4]"}


def test_weight_that_changes_before_it_is_used():
    assert text("running_mean") == expected("""
        x InputLayer
        mean Weight
        dense Dense <- x
        multiply Multiply <- mean
        mean_1 Mean <- dense
        multiply_1 Multiply <- mean_1
        add Add <- multiply, multiply_1
        subtract Subtract <- dense, add
        -> subtract
    """)
    graph = made(CASES["running_mean"])[1]
    mean = graph.graph["mean"]
    assert (mean.kind, mean.trainable) == (CallKind.WEIGHT, False)
    assert mean.parameters == Parameters(3, 0, 3)
    assert graph.parameters.own == 1  # the counter


def test_tied_table_in_a_block():
    assert text("tied_head") == expected("""
        words InputLayer
        embed Embedding <- words
        head TiedInBlock <- embed
            embeddings Weight
            norm LayerNormalization <- ^
            transpose Transpose <- embeddings
            matmul Matmul <- norm, transpose
            -> matmul
        -> head
    """)
    graph = made(CASES["tied_head"])[1].graph
    weight = graph["head"].body["embeddings"]
    assert weight.name == "embed/embeddings"
    assert (weight.shared, graph["embed"].shared) == (True, True)
    assert (weight.parameters.own, graph["embed"].parameters.own) == (0, 36)


def test_arrays_in_functional_models():
    assert text("functional_positions") == expected("""
        x InputLayer
        constant Constant
        constant~2 Constant
        sum Add <- x, constant
        average Average <- sum, constant~2
        -> average
    """)
    assert text("functional_state") == expected("""
        x InputLayer
        constant Constant
        constant~2 Constant
        lstm LSTM <- x, constant, constant~2
        -> lstm
    """)


def test_weight_in_a_functional_model():
    assert text("functional_weight") == expected("""
        x InputLayer
        scale Weight
        multiply Multiply <- x, scale
        dense Dense <- multiply
        -> dense
    """)
    # It is none of the model's weights, as Keras counts them.
    graph = made(CASES["functional_weight"])[1]
    assert graph.graph["scale"].parameters == Parameters(4, 4, 0)
    assert graph.parameters.total == 10
