"""Layers called by their ``call``: expectations written from the models' code."""

from __future__ import annotations

import keras
import pytest

from graph_text import graph_text
from zoo.recurrent import SUBCLASSED
from zoo_checks import check_real_call, expected, made
from zoo_checks import shown as text


@pytest.mark.parametrize("name", SUBCLASSED)
def test_outputs_are_those_of_the_model(name):
    check_real_call(SUBCLASSED[name])


def test_residual_lstm():
    assert text(SUBCLASSED["residual"]) == expected("""
        series InputLayer
        project Dense <- series
        rnn ResidualLSTM <- project
            lstm LSTM <- ^
            add Add <- ^, lstm
            -> add
        head Dense <- rnn
        -> head
    """)


def test_the_base_class_has_the_weights():
    _, graph = made(SUBCLASSED["residual"])
    block = graph.graph["rnn"]
    base = block.body["lstm"]
    # Of four gates, each of 5 inputs, 5 states and a bias, in 5 units.
    assert (block.parameters.total, block.parameters.own) == (220, 0)
    assert (base.parameters.total, base.parameters.own) == (220, 220)
    assert not block.shared
    assert not base.shared
    assert (base.module, base.qualname, base.kind) == ("keras.layers", "LSTM", "recurrent")
    assert base.config["units"] == 5


def test_base_class_called_twice():
    gru = """
            gru GRU <- ^
            flip Flip <- ^
            gru#2 GRU <- flip
            maximum Maximum <- gru, gru#2
            -> maximum"""
    assert text(SUBCLASSED["there_and_back"]) == expected(f"""
        series InputLayer
        first ThereAndBackGRU <- series{gru}
        second ThereAndBackGRU <- first{gru}
        -> second
    """)
    _, graph = made(SUBCLASSED["there_and_back"])
    assert {call.shared for call in graph.graph["first"].body.calls} == {False, True}


#: As of `zoo.sequences.GatedCell`.
GATED = """
                    concatenate Concatenate <- ^, ^1
                    gate Dense <- concatenate
                    multiply Multiply <- gate, ^1
                    subtract Subtract <- gate
                    candidate Dense <- concatenate
                    multiply_1 Multiply <- subtract, candidate
                    add Add <- multiply, multiply_1
                    -> add, add"""


def test_base_class_over_a_cell_of_the_authors():
    assert text(SUBCLASSED["normalized"]) == expected(f"""
        series InputLayer
        rnn NormalizedRNN <- series
            rnn RNN <- ^
                cell GatedCell <- ^, ~cell:1{GATED}
                -> cell, cell:1
            norm LayerNormalization <- rnn
            -> norm, rnn:1
        gate Dense <- rnn:1
        expand_dims ExpandDims <- gate
        multiply Multiply <- rnn, expand_dims
        -> multiply
    """)


def test_layers_by_their_call():
    cell = GATED.replace("\n    ", "\n")
    assert text(SUBCLASSED["by_call"]) == expected(f"""
        tokens InputLayer
        embed Embedding <- tokens
        lstm LSTM <- embed
        rnn RNN <- lstm
            cell GatedCell <- ^, ~cell:1{cell}
            -> cell, cell:1
        add Add <- rnn, rnn:1
        head Dense <- add
        -> head
    """)


def test_blocks_by_their_call():
    assert text(SUBCLASSED["blocks_by_call"]) == expected("""
        x InputLayer
        unit Unit <- x
            dense Dense <- ^
            norm LayerNormalization <- dense
            -> norm
        stack Sequential <- unit
            given InputLayer <- ^
            in_stack Dense <- given
            -> in_stack
        graph Functional <- stack
            taken InputLayer <- ^
            in_graph Dense <- taken
            -> in_graph
        unit#2 Unit <- graph
            dense Dense <- ^
            norm LayerNormalization <- dense
            -> norm
        -> unit#2
    """)


#: The output, and both states after the step.
ROUNDING = """
                multiply Multiply <- ^
                round Round <- multiply
                lstm_cell LSTMCell <- round, ^1, ^2
                multiply_1 Multiply <- lstm_cell
                round_1 Round <- multiply_1
                -> round_1, lstm_cell:1, lstm_cell:2"""


def test_cell_that_calls_what_it_is():
    inner = ROUNDING.replace("\n", "\n    ")
    assert text(SUBCLASSED["rounding"]) == expected(f"""
        series InputLayer
        one RNN <- series
            cell RoundingCell <- ^, ~cell:1, ~cell:2{ROUNDING}
            -> cell
        two RNN <- one
            stacked_rnn_cells StackedRNNCells <- ^, ~stacked_rnn_cells:1, \
~stacked_rnn_cells:2, ~stacked_rnn_cells:3
                lower RoundingCell <- ^, ^1, ^2{inner}
                upper GRUCell <- lower, ^3
                -> upper, lower:1, lower:2, upper:1
            -> stacked_rnn_cells
        -> two
    """)


def test_subclasses_of_other_layers():
    assert text(SUBCLASSED["subclasses"]) == expected("""
        series InputLayer
        both HalvedBothWays <- series
            bidirectional Bidirectional <- ^
                forward_lstm LSTM <- ^
                backward_lstm LSTM <- ^
                flip Flip <- backward_lstm
                concatenate Concatenate <- forward_lstm, flip
                -> concatenate
            multiply Multiply <- bidirectional
            -> multiply
        scaled ScaledDense <- both
            dense Dense <- ^
            multiply Multiply <- dense
            -> multiply
        twice TwiceScaledDense <- scaled
            dense Dense <- ^
            multiply Multiply <- dense
            add Add <- multiply
            -> add
        attend CrossAttention <- scaled, twice
            multi_head_attention MultiHeadAttention <- ^, ^1
            add Add <- ^, multi_head_attention
            -> add
        -> attend
    """)
    dense = made(SUBCLASSED["subclasses"])[1].graph["scaled"].body["dense"]
    assert (dense.parameters.total, dense.parameters.own) == (20, 20)


def test_calls_in_branches():
    assert text(SUBCLASSED["both_ways_by_call"]) == expected("""
        x InputLayer
        sum Sum <- x
        greater Greater <- sum
        cond Cond <- greater, x
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


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="it is raw TensorFlow")
def test_raw_tensorflow():
    cell = """
                    concat concat <- ^, ^1
                    dense Dense <- concat
                    -> dense, dense"""
    assert text(SUBCLASSED["raw_by_call"]) == expected(f"""
        series InputLayer
        plus PlusRNN <- series
            rnn RNN <- ^
                cell RawCell <- ^, ~cell:1{cell}
                -> cell
            add Add <- rnn
            -> add
        lstm RawLSTM <- plus
            lstm LSTM <- ^
            concat concat <- ^, lstm
            -> concat
        rnn RNN <- lstm
            other RawCell <- ^, ~other:1{cell.replace("    " * 5, "    " * 4)}
            -> other
        head Dense <- rnn
        -> head
    """)


@pytest.mark.parametrize("name", SUBCLASSED)
def test_classes_are_as_they_were(name):
    """What is wrapped while a model is traced is put back."""
    before = {cls: vars(cls)["call"] for cls in (keras.layers.LSTM, keras.layers.Dense)}
    graph_text(made(SUBCLASSED[name])[1].graph)
    assert all(vars(cls)["call"] is call for cls, call in before.items())


def test_base_class_is_one_that_keras_publishes():
    assert text(SUBCLASSED["convolving"]) == expected("""
        image InputLayer
        conv ScaledConv <- image
            conv2d Conv2D <- ^
            multiply Multiply <- conv2d
            -> multiply
        head Dense <- conv
        -> head
    """)
    body = made(SUBCLASSED["convolving"])[1].graph["conv"].body
    assert (body["conv2d"].module, body["conv2d"].kind) == ("keras.layers", "convolution")
    assert body["conv2d"].parameters.own == 3 * 3 * 3 * 4 + 4
