"""Sequence models: what is drawn is what their code does."""

from __future__ import annotations

import keras
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph.graph import CallGraph, Tensor
from zoo import sequences
from zoo_checks import (
    check_nothing_is_hidden,
    check_parameters,
    check_real_call,
    expected,
    made,
    outline,
)
from zoo_checks import text as text_of

#: Keras 3.8 doesn't have all layers.
HAS_REVERSIBLE = hasattr(keras.layers, "ReversibleEmbedding")
CASES = list(sequences.SUBCLASSED)

GATED_CELL = expected("""
    concatenate Concatenate <- ^, ^1
    gate Dense <- concatenate
    multiply Multiply <- gate, ^1
    subtract Subtract <- gate
    candidate Dense <- concatenate
    multiply_1 Multiply <- subtract, candidate
    add Add <- multiply, multiply_1
    -> add, add
""")

ATTENTION = expected("""
    query Dense <- ^
    reshape Reshape <- query
    transpose Transpose <- reshape
    key Dense <- ^1
    reshape_1 Reshape <- key
    transpose_1 Transpose <- reshape_1
    value Dense <- ^1
    reshape_2 Reshape <- value
    transpose_2 Transpose <- reshape_2
    transpose_3 Transpose <- transpose_1
    matmul Matmul <- transpose, transpose_3
    true_divide TrueDivide <- matmul
    softmax Softmax <- true_divide
    matmul_1 Matmul <- softmax, transpose_2
    transpose_4 Transpose <- matmul_1
    reshape_3 Reshape <- transpose_4
    out Dense <- reshape_3
    -> out
""")


def text(case: str) -> str:
    return text_of(sequences.SUBCLASSED[case])


def graph_of(case: str):
    return made(sequences.SUBCLASSED[case])[1].graph


@pytest.mark.parametrize("case", CASES)
def test_every_weight_is_counted_once(case):
    check_parameters(sequences.SUBCLASSED[case])


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_hidden(case):
    check_nothing_is_hidden(sequences.SUBCLASSED[case])


@pytest.mark.parametrize("case", CASES)
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(sequences.SUBCLASSED[case])


# Transformers.


@pytest.mark.parametrize("case", ["transformer", "transformer_known"])
def test_transformer(case):
    assert outline(graph_of(case)) == expected("""
        source InputLayer
        target InputLayer
        source_embedding Positions <- source
        encoder_0 EncoderLayer <- source_embedding
        encoder_1 EncoderLayer <- encoder_0
        target_embedding Positions <- target
        decoder_0 DecoderLayer <- target_embedding, encoder_1
        decoder_1 DecoderLayer <- decoder_0, encoder_1
        head Dense <- decoder_1
        -> head
    """)


def test_transformer_sizes():
    graph = graph_of("transformer")
    assert graph["encoder_1"].outputs == (Tensor((None, None, 8), "float32"),)
    assert graph["head"].outputs == (Tensor((None, None, 20), "float32"),)
    known = graph_of("transformer_known")
    assert known["encoder_1"].outputs == (Tensor((None, 6, 8), "float32"),)
    assert known["head"].outputs == (Tensor((None, 5, 20), "float32"),)


@pytest.mark.parametrize("case", ["transformer", "transformer_known"])
def test_attention_of_operations(case):
    encoder = graph_of(case)["encoder_0"].body
    attention = encoder["attention"]
    assert graph_text(attention.body) == ATTENTION
    assert attention.body["out"].outputs[0].shape[-1] == 8
    assert dict(attention.body["transpose"].constants) == {"axes": "(0, 2, 1, 3)"}


def test_two_layers_of_one_class_do_not_share():
    graph = graph_of("transformer")
    layers = {call.layer for path, call in graph.walk() if path.endswith("attention/query")}
    assert layers == {"encoder_0/attention/query", "encoder_1/attention/query"}
    assert not any(call.shared for _, call in graph.walk())


def test_positions_come_from_the_shape():
    assert graph_text(graph_of("transformer")["source_embedding"].body) == expected("""
        shape Shape <- ^
        tokens Embedding <- ^
        places Embedding <- shape
        add Add <- tokens, places
        -> add
    """)


def test_positions_are_constant_if_the_shape_is_known():
    assert graph_text(graph_of("transformer_known")["source_embedding"].body) == expected("""
        constant Constant
        tokens Embedding <- ^
        places Embedding <- constant
        add Add <- tokens, places
        -> add
    """)


@pytest.mark.parametrize("case", ["transformer", "transformer_known"])
def test_encoder_layer(case):
    assert outline(graph_of(case)["encoder_0"].body) == expected("""
        attention Attention <- ^, ^
        add Add <- ^, attention
        norm LayerNormalization <- add
        network Sequential <- norm
        add_1 Add <- norm, network
        last_norm LayerNormalization <- add_1
        -> last_norm
    """)


@pytest.mark.parametrize("case", ["transformer", "transformer_known"])
def test_sequential_inside_a_layer(case):
    network = graph_of(case)["encoder_0"].body["network"]
    assert graph_text(network.body) == expected("""
        input_layer InputLayer <- ^
        widen Dense <- input_layer
        narrow Dense <- widen
        -> narrow
    """)
    assert network.body["widen"].activation == "relu"


def visible(graph: CallGraph) -> str:
    """What is told of the mask, an array beside tensors."""
    assert graph["constant"].name == "visible"
    return dict(graph["constant"].constants)["value"]


def test_causal_mask_of_a_known_size():
    body = graph_of("transformer_known")["decoder_0"].body
    assert outline(body) == expected("""
        constant Constant
        before Attention <- ^, ^, constant
        add Add <- ^, before
        before_norm LayerNormalization <- add
        across Attention <- before_norm, ^1
        add_1 Add <- before_norm, across
        across_norm LayerNormalization <- add_1
        -> across_norm
    """)
    assert visible(body) == "bool[5, 5]"
    assert "where Where <- ^2, true_divide" in graph_text(body["before"].body).splitlines()
    assert graph_text(body["across"].body) == ATTENTION


def test_causal_mask_of_a_size_not_known():
    body = graph_of("transformer")["decoder_0"].body
    assert outline(body) == expected("""
        constant Constant
        before Attention <- ^, ^, constant
        add Add <- ^, before
        before_norm LayerNormalization <- add
        across Attention <- before_norm, ^1
        add_1 Add <- before_norm, across
        across_norm LayerNormalization <- add_1
        -> across_norm
    """)
    assert visible(body) == "bool[None, None]"
    assert "where Where <- ^2, true_divide" in graph_text(body["before"].body).splitlines()
    assert graph_text(body["across"].body) == ATTENTION


def test_language_model():
    assert text("language") == expected("""
        tokens InputLayer
        embed Positions <- tokens
            shape Shape <- ^
            tokens Embedding <- ^
            places Embedding <- shape
            add Add <- tokens, places
            -> add
        attention MultiHeadAttention <- embed, embed
        add Add <- embed, attention
        head Dense <- add
        -> head
    """)


def test_named_arguments_of_attention():
    graph = graph_of("captioner")
    assert graph_text(graph) == expected("""
        image InputLayer
        words InputLayer
        project Dense <- image
        reshape Reshape <- project
        embed Embedding <- words
        cross CrossAttention <- embed, reshape
            attention MultiHeadAttention <- ^1, ^, ^1
            add Add <- ^, attention
            norm LayerNormalization <- add
            -> norm
        head Dense <- cross
        -> head
    """)
    assert graph["image"].outputs == (Tensor((None, 4, 4, 6), "float32"),)
    assert graph["words"].outputs == (Tensor((None, None), "int32"),)
    assert {
        edge.argument: edge.source.index
        for edge in graph["cross"].body.edges
        if edge.target.call == "attention"
    } == {"query": 0, "key": 1, "value": 1}
    assert {
        edge.argument: edge.source.call for edge in graph.edges if edge.target.call == "cross"
    } == {"x": "embed", "context": "reshape"}


def test_text_cnn():
    assert text("text_cnn") == expected("""
        tokens InputLayer
        embed Embedding <- tokens
        conv_2 Conv1D <- embed
        pool GlobalMaxPooling1D <- conv_2
        conv_3 Conv1D <- embed
        pool#2 GlobalMaxPooling1D <- conv_3
        conv_4 Conv1D <- embed
        pool#3 GlobalMaxPooling1D <- conv_4
        concatenate Concatenate <- pool, pool#2, pool#3
        dropout Dropout <- concatenate
        head Dense <- dropout
        -> head
    """)


def test_tied_embedding():
    graph = graph_of("tied")
    assert graph_text(graph) == expected("""
        tokens InputLayer
        embeddings Weight
        embed Embedding <- tokens
        gru GRU <- embed
        transpose Transpose <- embeddings
        matmul Matmul <- gru, transpose
        -> matmul
    """)
    assert graph["matmul"].outputs == (Tensor((None, None, 30), "float32"),)


@pytest.mark.skipif(not HAS_REVERSIBLE, reason="this Keras has no ReversibleEmbedding")
def test_reversible_embedding():
    graph = graph_of("tied_reversible")
    assert graph_text(graph) == expected("""
        tokens InputLayer
        embed ReversibleEmbedding <- tokens
        gru GRU <- embed
        embed#2 ReversibleEmbedding <- gru
        -> embed#2
    """)
    assert [call.id for call in graph.calls if call.shared] == ["embed", "embed#2"]
    assert graph["embed#2"].layer == "embed"
    assert dict(graph["embed#2"].constants) == {"reverse": "True"}


# Recurrent networks.


def test_mask_goes_to_recurrent_layers():
    assert text("masked_reader") == expected("""
        tokens InputLayer
        embed Embedding <- tokens
        not_equal NotEqual <- tokens
        drop SpatialDropout1D <- embed
        first LSTM <- drop, not_equal
        last LSTM <- first, not_equal
        head Dense <- last
        -> head
    """)
    edges = graph_of("masked_reader").edges
    assert [edge.argument for edge in edges if edge.target.call == "first"] == ["sequences", "mask"]


def test_mask_goes_through_wrappers():
    assert text("masked_tagger") == expected("""
        tokens InputLayer
        embed Embedding <- tokens
        not_equal NotEqual <- tokens
        both Bidirectional <- embed, not_equal
            forward_lstm LSTM <- ^, ^1
            backward_lstm LSTM <- ^, ^1
            flip Flip <- backward_lstm
            concatenate Concatenate <- forward_lstm, flip
            -> concatenate
        tags TimeDistributed <- both, not_equal
            dense Dense <- ^
            -> dense
        -> tags
    """)


def test_cell_of_ones_own():
    graph = graph_of("own_cell")
    assert outline(graph) == expected("""
        series InputLayer
        rnn RNN <- series
        head Dense <- rnn
        -> head
    """)
    assert outline(graph["rnn"].body) == expected("""
        cell GatedCell <- ^, ~cell:1
        -> cell
    """)
    cell = graph["rnn"].body["cell"]
    assert graph_text(cell.body) == GATED_CELL
    assert cell.inputs == (Tensor((None, 3), "float32"), Tensor((None, 6), "float32"))


def test_stacked_cells():
    graph = graph_of("stacked_cells")
    assert graph["rnn"].outputs == (Tensor((None, None, 6), "float32"),)
    body = graph["rnn"].body
    assert outline(body) == expected("""
        stacked_rnn_cells StackedRNNCells <- ^, ~stacked_rnn_cells:1, ~stacked_rnn_cells:2
        -> stacked_rnn_cells
    """)
    cells = body["stacked_rnn_cells"].body
    assert outline(cells) == expected("""
        lower GRUCell <- ^, ^1
        upper GatedCell <- lower, ^2
        -> upper, lower:1, upper:1
    """)
    assert graph_text(cells["upper"].body) == GATED_CELL
    assert [tensor.shape for tensor in body["stacked_rnn_cells"].inputs] == [
        (None, 3),
        (None, 5),
        (None, 6),
    ]


def test_states_go_from_one_lstm_to_another():
    assert text("seq2seq") == expected("""
        source InputLayer
        target InputLayer
        encoder LSTM <- source
        decoder LSTM <- target, encoder:1, encoder:2
        head Dense <- decoder
        -> head
    """)


def test_states_go_from_one_cell_to_another():
    graph = graph_of("cell_seq2seq")
    assert graph_text(graph) == expected("""
        source InputLayer
        target InputLayer
        encoder RNN <- source
            encoder_cell GRUCell <- ^, ~encoder_cell:1
            -> encoder_cell, encoder_cell:1
        decoder RNN <- target, encoder:1
            decoder_cell GRUCell <- ^, ^1, ~decoder_cell:1
            -> decoder_cell, decoder_cell:1
        head Dense <- decoder
        -> head, decoder:1
    """)
    assert graph["decoder"].outputs == (
        Tensor((None, None, 8), "float32"),
        Tensor((None, 8), "float32"),
    )


def test_states_of_both_directions():
    assert text("both_ways_seq2seq") == expected("""
        source InputLayer
        target InputLayer
        encoder Bidirectional <- source
            forward_lstm LSTM <- ^
            backward_lstm LSTM <- ^
            flip Flip <- backward_lstm
            concatenate Concatenate <- forward_lstm, flip
            -> concatenate, forward_lstm:1, forward_lstm:2, backward_lstm:1, backward_lstm:2
        concatenate Concatenate <- encoder:1, encoder:3
        concatenate_1 Concatenate <- encoder:2, encoder:4
        decoder LSTM <- target, concatenate, concatenate_1
        attention Attention <- decoder, encoder
        add Add <- decoder, attention
        -> add
    """)


def test_cell_of_an_rnn_is_called_by_itself_too():
    graph = graph_of("feed_back")
    assert graph_text(graph) == expected("""
        inputs InputLayer
        warm_up RNN <- inputs
            cell LSTMCell <- ^, ~cell:1, ~cell:2
            -> cell, cell:1, cell:2
        head Dense <- warm_up
        cell LSTMCell <- head, warm_up:1, warm_up:2
        head#2 Dense <- cell
        cell#2 LSTMCell <- head#2, cell:1, cell:2
        head#3 Dense <- cell#2
        stack Stack <- head, head#2, head#3
        -> stack
    """)
    assert graph["cell"].layer == graph["cell#2"].layer == "warm_up/cell"
    shared = [path for path, call in graph.walk() if call.shared]
    assert shared == ["warm_up/cell", "head", "cell", "head#2", "cell#2", "head#3"]


def test_both_directions():
    graph = graph_of("both_ways")
    assert outline(graph) == expected("""
        series InputLayer
        sum Bidirectional <- series
        concat Bidirectional <- sum
        last Bidirectional <- concat
        -> last
    """)
    assert outline(graph["sum"].body) == expected("""
        forward_rnn RNN <- ^
        backward_rnn RNN <- ^
        flip Flip <- backward_rnn
        add Add <- forward_rnn, flip
        -> add
    """)
    for direction in ("forward_rnn", "backward_rnn"):
        body = graph["sum"].body[direction].body
        assert outline(body) == "cell GatedCell <- ^, ~cell:1\n-> cell"
        assert graph_text(body["cell"].body) == GATED_CELL
    assert graph_text(graph["concat"].body) == expected("""
        forward_lstm LSTM <- ^
        backward_lstm LSTM <- ^
        flip Flip <- backward_lstm
        concatenate Concatenate <- forward_lstm, flip
        -> concatenate
    """)
    assert graph_text(graph["last"].body) == expected("""
        forward_gru GRU <- ^
        backward_gru GRU <- ^
        concatenate Concatenate <- forward_gru, backward_gru
        -> concatenate
    """)
    assert not any(call.shared for _, call in graph.walk())
    assert [call.outputs[0].shape for call in graph.calls] == [
        (None, 5, 3),
        (None, 5, 6),
        (None, 5, 8),
        (None, 8),
    ]


# Wrappers.


def test_layers_on_each_frame():
    graph = graph_of("video")
    assert graph_text(graph) == expected("""
        video InputLayer
        smooth TimeDistributed <- video
            smooth_conv Conv2D <- ^
            -> smooth_conv
        frames TimeDistributed <- smooth
            encoder FrameEncoder <- ^
                conv Conv2D <- ^
                pool GlobalAveragePooling2D <- conv
                dense Dense <- pool
                -> dense
            -> encoder
        lstm LSTM <- frames
        head Dense <- lstm
        -> head
    """)
    assert graph["frames"].outputs == (Tensor((None, 5, 6), "float32"),)
    assert graph["frames"].body["encoder"].inputs == (Tensor((None, 8, 8, 3), "float32"),)


def test_wrapper_in_a_wrapper():
    """The input has the name of a layer, too."""
    assert text("documents") == expected("""
        document_input InputLayer
        sentences TimeDistributed <- document_input
            words Bidirectional <- ^
                forward_lstm LSTM <- ^
                backward_lstm LSTM <- ^
                concatenate Concatenate <- forward_lstm, backward_lstm
                -> concatenate
            -> words
        document Bidirectional <- sentences
            forward_gru GRU <- ^
            backward_gru GRU <- ^
            concatenate Concatenate <- forward_gru, backward_gru
            -> concatenate
        -> document
    """)


def test_paths_out_of_a_stack():
    """What the last layer would hand on is used by nothing; ``sum`` begins with 0."""
    graph = graph_of("causal_net")
    assert graph_text(graph) == expected("""
        series InputLayer
        first Conv1D <- series
        filter_0 Conv1D <- first
        tanh Tanh <- filter_0
        gate_0 Conv1D <- first
        sigmoid Sigmoid <- gate_0
        multiply Multiply <- tanh, sigmoid
        add Add <- first, multiply
        filter_1 Conv1D <- add
        tanh_1 Tanh <- filter_1
        gate_1 Conv1D <- add
        sigmoid_1 Sigmoid <- gate_1
        multiply_1 Multiply <- tanh_1, sigmoid_1
        add_1 Add <- multiply
        add_2 Add <- add_1, multiply_1
        relu Relu <- add_2
        out Conv1D <- relu
        -> out
    """)
    assert dict(graph["add_1"].constants) == {"x1": "0"}
