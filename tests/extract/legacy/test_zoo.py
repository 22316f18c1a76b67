"""Models of Keras 2: their graphs are what their code says."""

from __future__ import annotations

from collections import Counter

import pytest
import tf_keras

from config_graph import legacy_calls_and_edges
from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import CallKind, ModelGraph, Tensor
from zoo import legacy

_made = {}


def made(case):
    """The model, in a fresh session, and its graph; made once."""
    if case not in _made:
        tf_keras.backend.clear_session()
        function, shape, dtype = legacy.MODELS[case]
        model = function()
        _made[case] = model, model_to_graph(model, shape, dtype)
    return _made[case]


def text(case):
    return graph_text(made(case)[1].graph, arguments=True)


@pytest.mark.parametrize("case", legacy.MODELS)
def test_every_weight_is_counted_once(case):
    model, graph = made(case)
    own = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
    assert sum(own.values()) + graph.parameters.own == graph.parameters.total
    assert graph.parameters.total == model.count_params()


@pytest.mark.parametrize("case", [name for name in legacy.MODELS if name != "holding"])
def test_nothing_is_hidden(case):
    _, graph = made(case)
    assert graph.opaque is None
    assert {path: call.opaque for path, call in graph.graph.walk() if call.opaque} == {}
    assert ModelGraph.from_json(graph.to_json()) == graph


@pytest.mark.parametrize("case", legacy.MODELS)
def test_the_model_is_left_as_it_was(case):
    """Keras's own record of its calls is the same after a second look."""
    model, _ = made(case)
    layers = [model, *model.submodules]
    before = [
        (layer, len(layer.inbound_nodes)) for layer in layers if hasattr(layer, "inbound_nodes")
    ]
    again = model_to_graph(model, *legacy.MODELS[case][1:])
    assert graph_text(again.graph) == graph_text(made(case)[1].graph)
    assert [(layer, len(layer.inbound_nodes)) for layer, _ in before] == before


def test_what_made_it_is_told():
    _, graph = made("perceptron")
    assert graph.made_with == {"tf_keras": tf_keras.__version__, "backend": "tensorflow"}
    assert (graph.module, graph.qualname, graph.model_type) == (
        "tf_keras",
        "Sequential",
        "Sequential",
    )
    assert graph.layers == 3


def test_sequential():
    _, graph = made("perceptron")
    assert text("perceptron") == expected("""
        input_1 InputLayer
        dense Dense <- input_1
        dropout Dropout <- dense
        dense_1 Dense <- dropout
        -> dense_1
    """)
    dense = graph.graph["dense"]
    assert (dense.module, dense.kind, dense.activation) == (
        "tf_keras.layers",
        CallKind.DENSE,
        "relu",
    )
    assert dense.inputs == (Tensor((None, 5), "float32"),)
    assert dense.outputs == (Tensor((None, 4), "float32"),)
    assert dense.config["units"] == 4
    assert dense.parameters.own == 24


def test_sequential_that_is_built_with_the_shape():
    assert text("unbuilt") == expected("""
        flatten_input InputLayer
        flatten Flatten <- flatten_input
        dense Dense <- flatten
        -> dense
    """)


def test_shared_layer_and_functions():
    _, graph = made("branches")
    assert text("branches") == expected("""
        left InputLayer
        right InputLayer
        shared Dense <- left
        tf.__operators__.add add <- shared
        tf.__operators__.getitem_1 getitem <- tf.__operators__.add
        shared#2 Dense <- right
        tf.__operators__.getitem getitem <- shared#2
        tf.math.multiply multiply <- tf.__operators__.getitem
        tf.concat concat <- tf.__operators__.getitem_1=values[0], tf.math.multiply=values[1]
        tf.nn.softmax softmax <- tf.concat
        tf.math.reduce_mean reduce_mean <- tf.__operators__.add
        -> tf.nn.softmax, tf.math.reduce_mean
    """)
    calls = {call.id: call for call in graph.graph.calls}
    assert calls["tf.__operators__.add"].constants == (("y", "1.0"),)
    assert calls["tf.math.multiply"].constants == (("x", "2.0"),)
    assert calls["tf.__operators__.getitem"].constants == (("slice_spec", ":, 0"),)
    assert calls["tf.__operators__.getitem_1"].constants == (("slice_spec", ":, -1"),)
    assert calls["tf.concat"].constants == (("axis", "-1"),)
    assert calls["tf.nn.softmax"].kind == CallKind.ACTIVATION
    assert calls["tf.concat"].kind == CallKind.MERGE
    assert calls["tf.concat"].module == "tf"
    assert calls["tf.math.multiply"].module == "tf.math"
    assert calls["shared"].shared
    assert calls["shared#2"].layer == "shared"


def test_model_that_is_called_twice():
    _, graph = made("siamese")
    assert text("siamese") == expected("""
        a InputLayer
        b InputLayer
        encoder Functional <- a
            image InputLayer <- ^
            conv Conv2D <- image
            pool GlobalAveragePooling2D <- conv
            -> pool
        encoder#2 Functional <- b
            image InputLayer <- ^
            conv Conv2D <- image
            pool GlobalAveragePooling2D <- conv
            -> pool
        difference Subtract <- encoder=inputs[0], encoder#2=inputs[1]
        head Sequential <- difference
            hidden_input InputLayer <- ^
            hidden Dense <- hidden_input
            out Dense <- hidden
            -> out
        -> head
    """)
    assert graph.graph["encoder"].kind == CallKind.MODEL
    assert graph.graph["encoder"].parameters.own == 0
    assert graph.graph["encoder"].parameters.total == 112


def test_dicts():
    """Inputs and outputs of a model are in the order of the keys of its dicts."""
    assert text("dictionaries") == expected("""
        pixels InputLayer
        words InputLayer
        two_sided Functional <- pixels=inputs['image'], words=inputs['text']
            i InputLayer <- ^
            t InputLayer <- ^1
            joined Concatenate <- t=inputs[0], i=inputs[1]
            kind Dense <- joined
            score Dense <- joined
            -> kind, score
        -> two_sided, two_sided:1
    """)


def test_loss_that_is_added_to_a_model():
    _, graph = made("autoencoder")
    assert text("autoencoder") == expected("""
        x InputLayer
        mean Dense <- x
        spread Dense <- x
        code Lambda <- mean=inputs[0], spread=inputs[1]
        again Dense <- code
        tf.math.subtract subtract <- x=x, again=y
        tf.math.square square <- tf.math.subtract
        tf.math.reduce_mean reduce_mean <- tf.math.square
        add_loss add_loss <- tf.math.reduce_mean
        -> again
    """)
    assert graph.graph["add_loss"].kind == CallKind.LOSS


def test_subclassed():
    _, graph = made("tower")
    assert text("tower") == expected("""
        x InputLayer
        block0 Residual <- x
            inner Dense <- ^
            norm LayerNormalization <- inner
            add add <- ^=x, norm=y
            relu relu <- add
            -> relu
        block1 Residual <- block0
            inner Dense <- ^
            norm LayerNormalization <- inner
            add add <- ^=x, norm=y
            relu relu <- add
            -> relu
        scaled Scaled <- block1
        head Dense <- scaled
        negative negative <- scaled
        head#2 Dense <- negative
        -> head#2, head
    """)
    assert (graph.module, graph.model_type) == ("zoo.legacy", "Model")
    block = graph.graph["block0"]
    assert (block.module, block.kind) == ("zoo.legacy", CallKind.CUSTOM)
    assert block.body["add"].is_operation
    assert graph.graph["scaled"].parameters.own == 6


def test_models_in_a_subclassed_model():
    tower = "\n".join(f"    {line}" for line in text("tower").splitlines()[1:])
    tower = tower.replace("<- x\n", "<- ^\n", 1)
    lines = text("stacked").splitlines()
    assert "\n".join(lines[:8]) == expected("""
        image InputLayer
        encoder Functional <- image
            image InputLayer <- ^
            conv Conv2D <- image
            pool GlobalAveragePooling2D <- conv
            -> pool
        project Dense <- encoder
        tower Tower <- project
    """)
    assert "\n".join(lines[8:-1]) == tower
    assert lines[-1] == "-> tower:1"


def test_masks_and_keywords():
    """The mask of an input goes with it; what is made of it comes from there."""
    assert text("attending") == expected("""
        memory InputLayer
        words InputLayer
        embed Embedding <- words
        attention MultiHeadAttention <- embed=query, memory=value, memory=key
        weigh Weighing <- attention
            score Dense <- ^
            cast cast <- ^
            getitem getitem <- cast
            multiply multiply <- score=x, getitem=y
            multiply_1 multiply <- ^=x, multiply=y
            reduce_sum reduce_sum <- multiply_1
            -> reduce_sum
        -> weigh
    """)


def test_wrappers():
    assert text("tagger") == expected("""
        words InputLayer
        embed Embedding <- words
        both Bidirectional <- embed
            forward_lstm LSTM <- ^
            backward_lstm LSTM <- ^
            reverse reverse <- backward_lstm
            concat concat <- forward_lstm=values[0], reverse=values[1]
            -> concat
        tags TimeDistributed <- both
            tag Dense <- ^
            -> tag
        -> tags
    """)


def test_cell():
    assert text("recurrent") == expected("""
        steps InputLayer
        rnn RNN <- steps
            cell Cell <- ^=x, ~cell:1=states[0]
                take Dense <- ^
                keep Dense <- ^1
                add add <- take=x, keep=y
                tanh tanh <- add
                -> tanh, tanh
            -> cell
        -> rnn
    """)


def test_what_cannot_be_opened_says_why():
    _, graph = made("holding")
    assert text("holding") == expected("""
        x InputLayer
        before Dense <- x
        switching Switching <- before
        -> switching
    """)
    assert graph.graph["switching"].opaque == (
        "it calls layers in functions that it gives to tf.cond, which Keras 2 can't record"
    )
    assert graph.graph["switching"].parameters.own == 20


def test_functional_with_its_own_training():
    _, graph = made("trained")
    assert text("trained") == expected("""
        x InputLayer
        dense Dense <- x
        -> dense
    """)
    assert (graph.module, graph.qualname, graph.model_type) == (
        "zoo.legacy",
        "Trained",
        "Functional",
    )


def test_half_precision():
    """A layer casts what it is given; the sum is in its dtype."""
    _, graph = made("halved")
    body = graph.graph["halved"].body
    assert body["dense"].outputs == (Tensor((None, 4), "float16"),)
    assert [call.class_name for call in body.calls if call.kind == CallKind.WEIGHT] == ["Weight"]


def test_calls_and_edges_of_models_in_a_model_are_those_of_get_config():
    """As of the applications; here a model is called twice."""
    model, graph = made("siamese")
    calls, edges = legacy_calls_and_edges(model)
    assert sorted(call.id for call in graph.graph.calls) == sorted(calls)
    assert edges == Counter((edge.source.call, edge.target.call) for edge in graph.graph.edges)
