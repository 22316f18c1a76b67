"""The graphs of models as people write them, against expectations written by hand."""

from __future__ import annotations

from collections import Counter
from textwrap import dedent

import keras
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import CallKind, ModelGraph, Parameters, Tensor
from zoo.nets import SUBCLASSED, functional_with_classes
from zoo_checks import made


def make(case):
    """The model and its graph, made once."""
    return made(SUBCLASSED[case])


def graph_of(case) -> ModelGraph:
    return make(case)[1]


def graph_made_anew(case) -> ModelGraph:
    keras.utils.clear_session()
    function, shape, dtype = SUBCLASSED[case]
    return model_to_graph(function(), shape, dtype)


def text(case) -> str:
    return graph_text(graph_of(case).graph)


def expected(of: str) -> str:
    return dedent(of).strip()


def zeros(shape, dtype):
    """Arguments of zeros in the form of the shapes, for a batch of two."""
    if isinstance(shape, tuple):
        return keras.ops.zeros((2, *shape), dtype or "float32")
    if isinstance(shape, dict):
        of = dtype if isinstance(dtype, dict) else dict.fromkeys(shape, dtype)
        return {key: zeros(one, of[key]) for key, one in shape.items()}
    return [zeros(one, dtype) for one in shape]


def run(model, shape, dtype):
    """What the model returns for zeros, by Keras alone."""
    given = zeros(shape, dtype)
    if model.name in {"captioner", "gan", "siamese"} and not isinstance(shape, tuple):
        return model(**given) if isinstance(given, dict) else model(*given)
    return model(given)


# What is true of every model.


@pytest.mark.parametrize("case", SUBCLASSED)
def test_outputs_are_those_of_keras(case):
    model, graph = make(case)
    _, shape, dtype = SUBCLASSED[case]
    outputs = keras.tree.flatten(run(model, shape, dtype))
    drawn = [graph.graph[port.call].outputs[port.index] for port in graph.graph.outputs]
    assert [tensor.shape[1:] for tensor in drawn] == [tuple(one.shape)[1:] for one in outputs]
    assert [tensor.dtype for tensor in drawn] == [
        keras.backend.standardize_dtype(one.dtype) for one in outputs
    ]
    assert {tensor.shape[0] for tensor in drawn} == {None}


@pytest.mark.parametrize("case", SUBCLASSED)
def test_layers_are_called_as_often_as_by_keras(case, monkeypatch):
    model, graph = make(case)
    _, shape, dtype = SUBCLASSED[case]
    called = Counter()
    call = keras.Layer.__call__

    def counting(layer, *args, **kwargs):
        called[layer.name, type(layer).__name__] += 1
        return call(layer, *args, **kwargs)

    run(model, shape, dtype)  # all is built
    monkeypatch.setattr(keras.Layer, "__call__", counting)
    run(model, shape, dtype)
    monkeypatch.undo()
    called[model.name, type(model).__name__] -= 1
    drawn = Counter(
        (one.name, one.class_name)
        for _, one in graph.graph.walk()
        if not one.is_operation and one.class_name not in {"InputLayer", "add_loss"}
    )
    # A GRU is drawn closed, and calls its cell as often as it likes.
    assert {key: times for key, times in called.items() if times and key[1] != "GRUCell"} == drawn


@pytest.mark.parametrize("case", SUBCLASSED)
def test_parameters_add_up(case):
    model, graph = make(case)
    owned = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
    assert sum(owned.values()) + graph.parameters.own == graph.parameters.total
    assert graph.parameters.total == model.count_params()


@pytest.mark.parametrize("case", SUBCLASSED)
def test_a_model_is_the_same_the_second_time(case):
    model, graph = make(case)
    _, shape, dtype = SUBCLASSED[case]
    assert model_to_graph(model, shape, dtype) == graph


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*looks like it has unbuilt state:UserWarning")
@pytest.mark.parametrize("case", SUBCLASSED)
def test_a_model_that_keras_has_built_is_the_same(case):
    graph = graph_of(case)
    keras.utils.clear_session()
    function, shape, dtype = SUBCLASSED[case]
    model = function()
    run(model, shape, dtype)
    built = model_to_graph(model, shape, dtype)
    assert graph_text(built.graph) == graph_text(graph.graph)
    assert built.parameters == graph.parameters


@pytest.mark.parametrize("case", SUBCLASSED)
def test_json_keeps_everything(case):
    graph = graph_of(case)
    assert ModelGraph.from_json(graph.to_json()) == graph


@pytest.mark.slow
@pytest.mark.parametrize("case", SUBCLASSED)
def test_nothing_depends_on_addresses_and_values(case):
    first = graph_of(case).to_json()
    assert "0x" not in first
    assert graph_made_anew(case).to_json() == first


@pytest.mark.parametrize("case", SUBCLASSED)
def test_calls_come_after_those_they_depend_on(case):
    graphs = [graph_of(case).graph]
    graphs += [call.body for _, call in graphs[0].walk() if call.body is not None]
    for graph in graphs:
        place = {"": -1} | {call.id: at for at, call in enumerate(graph.calls)}
        assert len(place) == len(graph.calls) + 1
        assert all(place[edge.source.call] < place[edge.target.call] for edge in graph.edges)
        assert all(port.call in place for port in graph.outputs)


# Images.


def test_residual_net():
    assert text("residual") == expected("""
        images InputLayer
        stem Conv2D <- images
        same ResidualBlock <- stem
            conv1 Conv2D <- ^
            norm1 BatchNormalization <- conv1
            relu ReLU <- norm1
            conv2 Conv2D <- relu
            norm2 BatchNormalization <- conv2
            add Add <- ^, norm2
            relu#2 ReLU <- add
            -> relu#2
        wider ResidualBlock <- same
            conv1 Conv2D <- ^
            norm1 BatchNormalization <- conv1
            relu ReLU <- norm1
            conv2 Conv2D <- relu
            norm2 BatchNormalization <- conv2
            project Conv2D <- ^
            add Add <- project, norm2
            relu#2 ReLU <- add
            -> relu#2
        pool GlobalAveragePooling2D <- wider
        head Dense <- pool
        -> head
    """)


def test_shapes_of_the_residual_net():
    graph = graph_of("residual").graph
    assert graph["images"].outputs == (Tensor((None, 8, 8, 3), "float32"),)
    assert graph["wider"].inputs == (Tensor((None, 8, 8, 4), "float32"),)
    assert graph["wider"].outputs == (Tensor((None, 4, 4, 8), "float32"),)
    inside = graph["wider"].body["project"]
    assert inside.outputs == (Tensor((None, 4, 4, 8), "float32"),)
    assert inside.layer == "wider/project"
    assert graph["same"].body["conv1"].layer == "same/conv1"
    # A ReLU is called twice, but has no weights to share.
    assert graph["same"].body["relu#2"].layer == "same/relu"
    assert not any(call.shared for _, call in graph.walk())
    assert graph["head"].activation == "softmax"


def test_parameters_of_a_block():
    graph = graph_of("residual").graph
    block = graph["wider"].parameters
    convolutions = (9 * 4 * 8 + 8) + (9 * 8 * 8 + 8) + (4 * 8 + 8)
    assert block.total == convolutions + 2 * 4 * 8
    assert block.trainable == convolutions + 2 * 2 * 8
    assert block.own == 0


def test_unet():
    assert text("unet") == expected("""
        inputs InputLayer
        down_2 Conv2D <- inputs
        pool MaxPooling2D <- down_2
        down_4 Conv2D <- pool
        pool#2 MaxPooling2D <- down_4
        bottom Conv2D <- pool#2
        grow_4 Conv2DTranspose <- bottom
        concat Concatenate <- grow_4, down_4
        up_4 Conv2D <- concat
        grow_2 Conv2DTranspose <- up_4
        concat#2 Concatenate <- grow_2, down_2
        up_2 Conv2D <- concat#2
        mask_out Conv2D <- up_2
        -> mask_out
    """)


def test_squeeze_and_excite():
    assert text("squeeze_excite") == expected("""
        x InputLayer
        conv SeparableConv2D <- x
        excite SqueezeExcite <- conv
            squeeze GlobalAveragePooling2D <- ^
            reduce Dense <- squeeze
            expand Dense <- reduce
            multiply Multiply <- ^, expand
            -> multiply
        -> excite
    """)


# Generative models.


def test_variational_autoencoder():
    # The layer `mean` comes before the operation, whose name would be the same.
    assert text("vae") == expected("""
        inputs InputLayer
        encoder Dense <- inputs
        mean Dense <- encoder
        log_variance Dense <- encoder
        sampling Sampling <- mean, log_variance
        add Add <- log_variance
        square Square <- mean
        subtract Subtract <- add, square
        exp Exp <- log_variance
        subtract_1 Subtract <- subtract, exp
        mean_1 Mean <- subtract_1
        multiply Multiply <- mean_1
        add_loss add_loss <- multiply
        decoder Sequential <- sampling
            input_layer InputLayer <- ^
            wide Dense <- input_layer
            pixels Dense <- wide
            -> pixels
        -> decoder
    """)


def test_constants_of_the_divergence():
    graph = graph_of("vae").graph
    assert graph["add"].constants == (("x1", "1"),)
    assert graph["multiply"].constants == (("x1", "-0.5"),)
    assert graph["subtract"].constants == graph["exp"].constants == ()
    assert graph["sampling"].body is None
    assert graph["sampling"].opaque is None
    assert graph["sampling"].parameters.total == 0
    assert graph["mean"].outputs == (Tensor((None, 2), "float32"),)
    assert graph["multiply"].outputs == graph["add_loss"].inputs == (Tensor((), "float32"),)


def test_drawing_leaves_no_losses_behind():
    model, _ = make("vae")
    assert model.losses == []


def test_inline_autoencoder():
    # The noise is made by no operation of `keras.ops`: of the inputs it has the batch size.
    assert text("inline_vae") == expected("""
        inputs InputLayer
        shape Shape <- inputs
        encoder Dense <- inputs
        split Split <- encoder
        multiply Multiply <- split:1, shape
        add Add <- split, multiply
        decoder Dense <- add
        -> decoder
    """)


def test_generator():
    assert text("generator") == expected("""
        noise InputLayer
        project Dense <- noise
        reshape Reshape <- project
        grow Conv2DTranspose <- reshape
        tanh Tanh <- grow
        -> tanh
    """)


def test_discriminator():
    assert text("discriminator") == expected("""
        images InputLayer
        conv Conv2D <- images
        leaky_relu LeakyRelu <- conv
        flatten Flatten <- leaky_relu
        score Dense <- flatten
        -> score
    """)
    assert graph_of("discriminator").graph["leaky_relu"].constants == (("negative_slope", "0.1"),)


def test_adversaries():
    assert text("gan") == expected("""
        noise InputLayer
        images InputLayer
        generator Generator <- noise
            project Dense <- ^
            reshape Reshape <- project
            grow Conv2DTranspose <- reshape
            tanh Tanh <- grow
            -> tanh
        discriminator Discriminator <- generator
            conv Conv2D <- ^
            leaky_relu LeakyRelu <- conv
            flatten Flatten <- leaky_relu
            score Dense <- flatten
            -> score
        discriminator#2 Discriminator <- images
            conv Conv2D <- ^
            leaky_relu LeakyRelu <- conv
            flatten Flatten <- leaky_relu
            score Dense <- flatten
            -> score
        -> discriminator, discriminator#2
    """)


def test_the_discriminator_is_shared():
    graph = graph_of("gan").graph
    calls = dict(graph.walk())
    assert {path for path, call in calls.items() if call.shared} == {
        f"{block}{inside}"
        for block in ("discriminator", "discriminator#2")
        for inside in ("", "/conv", "/score")
    }
    assert calls["discriminator#2"].layer == "discriminator"
    assert calls["discriminator#2/score"].layer == "discriminator/score"


# Layers and models called several times, and chosen in `call`.


@pytest.mark.parametrize("case", ["siamese", "siamese_by_name"])
def test_siamese(case):
    assert text(case) == expected("""
        left InputLayer
        right InputLayer
        encoder Sequential <- left
            input_layer InputLayer <- ^
            hidden Dense <- input_layer
            code Dense <- hidden
            -> code
        encoder#2 Sequential <- right
            input_layer InputLayer <- ^
            hidden Dense <- input_layer
            code Dense <- hidden
            -> code
        subtract Subtract <- encoder, encoder#2
        absolute Absolute <- subtract
        score Dense <- absolute
        -> score
    """)


def test_the_encoder_is_shared():
    calls = dict(graph_of("siamese").graph.walk())
    assert calls["encoder#2/code"].layer == "encoder/code"
    assert calls["encoder"].shared is calls["encoder#2/hidden"].shared is True
    assert calls["score"].shared is False


def test_mixture_of_experts():
    assert text("experts") == expected("""
        x InputLayer
        gate Dense <- x
        expand_dims ExpandDims <- gate
        expert_0 Dense <- x
        expert_1 Dense <- x
        expert_2 Dense <- x
        stack Stack <- expert_0, expert_1, expert_2
        multiply Multiply <- expand_dims, stack
        sum Sum <- multiply
        -> sum
    """)


def test_constants_of_the_mixture():
    graph = graph_of("experts").graph
    assert graph["expand_dims"].constants == (("axis", "-1"),)
    assert graph["stack"].constants == graph["sum"].constants == (("axis", "1"),)
    arguments = [edge.argument for edge in graph.edges if edge.target.call == "stack"]
    # Keras renamed the parameter.
    assert arguments in (["x[0]", "x[1]", "x[2]"], ["xs[0]", "xs[1]", "xs[2]"])
    assert graph["stack"].outputs == (Tensor((None, 3, 4), "float32"),)


def test_sliced_experts():
    # Python's `sum` begins with 0.
    assert text("sliced_experts") == expected("""
        x InputLayer
        gate Dense <- x
        softmax Softmax <- gate
        get_item GetItem <- softmax
        expert_0 Dense <- x
        multiply Multiply <- get_item, expert_0
        add Add <- multiply
        get_item_1 GetItem <- softmax
        expert_1 Dense <- x
        multiply_1 Multiply <- get_item_1, expert_1
        add_1 Add <- add, multiply_1
        -> add_1
    """)
    graph = graph_of("sliced_experts").graph
    assert graph["add"].constants == (("x1", "0"),)
    assert graph["get_item"].constants == (("key", ":, 0:1"),)
    assert graph["get_item_1"].constants == (("key", ":, 1:2"),)


def test_layers_by_key():
    assert text("by_key") == expected("""
        audio InputLayer
        text InputLayer
        text_branch Dense <- text
        audio_branch Dense <- audio
        merge Average <- text_branch, audio_branch
        -> merge
    """)
    graph = graph_of("by_key").graph
    assert graph["text"].outputs == (Tensor((None, 3), "float32"),)
    assert graph["audio"].outputs == (Tensor((None, 5), "float32"),)


def test_repeated_layer():
    assert text("repeated") == expected("""
        x InputLayer
        step Dense <- x
        add Add <- x, step
        step#2 Dense <- add
        add_1 Add <- add, step#2
        step#3 Dense <- add_1
        add_2 Add <- add_1, step#3
        -> add_2
    """)
    graph = graph_of("repeated")
    steps = [call for call in graph.graph.calls if call.name == "step"]
    assert {call.layer for call in steps} == {"step"}
    assert all(call.shared and call.parameters.own == 20 for call in steps)
    assert graph.parameters.total == 20


def test_what_happens_in_training_only():
    assert text("training") == expected("""
        x InputLayer
        dense Dense <- x
        head Dense <- dense
        -> head
    """)


def test_ignored_outputs():
    assert text("ignored") == expected("""
        x InputLayer
        dense Dense <- x
        probe Dense <- dense
        -> dense
    """)
    assert graph_of("ignored").parameters.total == (3 * 4 + 4) + (4 * 3 + 3)


# Inputs and outputs.


def test_inputs_by_keyword():
    assert text("captioner") == expected("""
        image InputLayer
        text InputLayer
        see Dense <- image
        read Dense <- text
        add Add <- read, see
        -> add
    """)


def test_input_that_may_be_left_out():
    assert text("captioner_of_image") == expected("""
        image InputLayer
        see Dense <- image
        -> see
    """)


def test_dictionaries():
    # Keras sorts dicts by key, inputs and outputs alike.
    assert text("ranker") == expected("""
        item InputLayer
        user InputLayer
        user_vector Embedding <- user
        item_vector Dense <- item
        multiply Multiply <- user_vector, item_vector
        sum Sum <- multiply
        -> item_vector, sum, user_vector
    """)
    graph = graph_of("ranker").graph
    assert graph["user"].outputs == (Tensor((None,), "int32"),)
    assert graph["item"].outputs == (Tensor((None, 3), "float32"),)
    assert graph["sum"].outputs == (Tensor((None,), "float32"),)


def test_nested_lists():
    assert text("nested_lists") == expected("""
        inputs_0 InputLayer
        inputs_1_0 InputLayer
        inputs_1_1 InputLayer
        concatenate Concatenate <- inputs_1_1, inputs_1_0
        first Dense <- inputs_0
        second Dense <- concatenate
        subtract Subtract <- first, second
        -> subtract
    """)
    shapes = [call.outputs[0].shape for call in graph_of("nested_lists").graph.calls[:3]]
    assert shapes == [(None, 3), (None, 4), (None, 5)]


def test_several_outputs():
    assert text("outputs") == expected("""
        x InputLayer
        body Dense <- x
        head Dense <- body
        -> body, head, x
    """)


# Models and layers inside others.


def test_all_kinds_of_models():
    assert text("all_kinds") == expected("""
        x InputLayer
        encoder Functional <- x
            encoder_in InputLayer <- ^
            hidden Dense <- encoder_in
            norm LayerNormalization <- hidden
            -> norm
        middle Sequential <- encoder
            input_layer InputLayer <- ^
            wide Dense <- input_layer
            act ReLU <- wide
            -> act
        head Head <- middle
            dense Dense <- ^
            softmax Softmax <- dense
            -> softmax
        -> head
    """)
    graph = graph_of("all_kinds")
    assert graph.model_type == "Model"
    assert graph.layers == 3
    assert (graph.module, graph.qualname) == ("zoo.nets", "AllKinds")


def test_composite_layers_three_deep():
    assert text("deep") == expected("""
        x InputLayer
        multiply Multiply <- x
        tower Tower <- multiply
            floor_0 Encoder <- ^
                norm LayerNormalization <- ^
                feed FeedForward <- norm
                    wide Dense <- ^
                    narrow Dense <- wide
                    -> narrow
                add Add <- ^, feed
                -> add
            floor_1 Encoder <- floor_0
                norm LayerNormalization <- ^
                feed FeedForward <- norm
                    wide Dense <- ^
                    narrow Dense <- wide
                    -> narrow
                add Add <- ^, feed
                -> add
            -> floor_1
        -> tower
    """)
    calls = dict(graph_of("deep").graph.walk())
    assert calls["tower/floor_1/feed/wide"].layer == "tower/floor_1/feed/wide"
    assert calls["tower/floor_1/feed/wide"].shared is False


def test_functional_model_with_classes():
    keras.utils.clear_session()
    model = functional_with_classes()
    graph = model_to_graph(model)
    assert graph_text(graph.graph) == expected("""
        x InputLayer
        feed FeedForward <- x
            wide Dense <- ^
            narrow Dense <- wide
            -> narrow
        feed#2 FeedForward <- feed
            wide Dense <- ^
            narrow Dense <- wide
            -> narrow
        head Head <- feed#2
            dense Dense <- ^
            softmax Softmax <- dense
            -> softmax
        -> head
    """)
    calls = dict(graph.graph.walk())
    assert calls["feed#2/wide"].layer == "feed/wide"
    assert {path for path, call in calls.items() if call.shared} == {
        "feed",
        "feed/wide",
        "feed/narrow",
        "feed#2",
        "feed#2/wide",
        "feed#2/narrow",
    }
    owned = {call.layer: call.parameters.own for call in calls.values()}
    assert sum(owned.values()) == graph.parameters.total == model.count_params()
    assert graph.model_type == "Functional"


def test_wrappers():
    assert text("wrapped") == expected("""
        x InputLayer
        around_dense Residual <- x
            dense Dense <- ^
            add Add <- ^, dense
            -> add
        outer Residual <- around_dense
            inner Residual <- ^
                feed FeedForward <- ^
                    wide Dense <- ^
                    narrow Dense <- wide
                    -> narrow
                add Add <- ^, feed
                -> add
            add Add <- ^, inner
            -> add
        -> outer
    """)


# Weights.


def test_own_weights():
    assert text("own_weights") == expected("""
        x InputLayer
        scale Weight
        shift Weight
        dense Dense <- x
        multiply Multiply <- scale, dense
        add Add <- multiply, shift
        -> add
    """)
    graph = graph_of("own_weights")
    # The one that counts steps is no part of what is computed.
    assert (graph.parameters.own, graph.parameters.total) == (1, 25)
    assert graph.parameters.trainable == 24
    assert graph.graph["dense"].parameters.own == 18
    assert graph.graph["scale"].parameters == Parameters(3, 3, 3)
    assert graph.graph["scale"].kind == CallKind.WEIGHT
    assert graph.graph["scale"].outputs == (Tensor((3,), "float32"),)


def test_tied_language_model():
    assert text("tied") == expected("""
        tokens InputLayer
        embeddings Weight
        embed PositionedTokens <- tokens
            positions Weight
            tokens_table Embedding <- ^
            add Add <- tokens_table, positions
            -> add
        rnn GRU <- embed
        transpose Transpose <- embeddings
        matmul Matmul <- rnn, transpose
        -> matmul
    """)
    graph = graph_of("tied")
    embed = graph.graph["embed"]
    assert (embed.parameters.own, embed.parameters.total) == (0, 7 * 4 + 11 * 4)
    assert embed.body["positions"].parameters.own == 7 * 4
    # The weights are the embedding's, wherever else they are used.
    table = embed.body["tokens_table"]
    assert (table.parameters.own, table.shared) == (11 * 4, True)
    weight = graph.graph["embeddings"]
    assert (weight.parameters.own, weight.shared) == (0, True)
    assert weight.parameters.total == 11 * 4
    assert (weight.name, embed.body["positions"].name) == ("tokens_table/embeddings", "positions")
    assert graph.graph["tokens"].outputs == (Tensor((None, 7), "int32"),)
    assert graph.graph["matmul"].outputs == (Tensor((None, 7, 11), "float32"),)
    assert graph.parameters.own == 0


def test_weight_that_is_a_number():
    assert text("temperature") == expected("""
        x InputLayer
        temperature Weight
        dense Dense <- x
        true_divide TrueDivide <- dense, temperature
        softmax Softmax <- true_divide
        -> softmax
    """)
    assert graph_of("temperature").graph["temperature"].parameters.own == 1


def test_model_without_layers():
    assert text("by_hand") == expected("""
        x InputLayer
        kernel Weight
        bias Weight
        matmul Matmul <- x, kernel
        add Add <- matmul, bias
        relu Relu <- add
        -> relu
    """)
    graph = graph_of("by_hand")
    assert graph.parameters.own == 0
    assert [graph.graph[name].parameters.own for name in ("kernel", "bias")] == [8, 2]


def test_layer_that_returns_none():
    assert text("optional_outputs") == expected("""
        x InputLayer
        first Cached <- x
            dense Dense <- ^
            -> dense
        second Cached <- first, first
            dense Dense <- ^
            add Add <- dense, ^1
            -> add, dense
        -> second
    """)


def test_mixed_precision():
    # That Keras casts where the precision changes, the code of the model doesn't say.
    assert text("mixed_precision") == expected("""
        x InputLayer
        first Dense <- x
        second Dense <- first
        head Dense <- second
        -> head
    """)


def test_dtypes_of_mixed_precision():
    graph = graph_of("mixed_precision").graph
    assert graph["x"].outputs[0].dtype == "float32"
    assert graph["first"].outputs[0].dtype == graph["second"].inputs[0].dtype == "float16"
    assert graph["second"].outputs[0].dtype == "float16"
    assert graph["head"].inputs[0].dtype == "float16"
    assert graph["head"].outputs[0].dtype == "float32"


def test_frozen_backbone():
    assert text("frozen") == expected("""
        x InputLayer
        backbone FeedForward <- x
            wide Dense <- ^
            narrow Dense <- wide
            -> narrow
        head Dense <- backbone
        -> head
    """)
    graph = graph_of("frozen")
    calls = dict(graph.graph.walk())
    assert calls["backbone"].trainable is False
    assert calls["backbone/wide"].trainable is False
    assert calls["head"].trainable is True
    assert (graph.parameters.total, graph.parameters.trainable) == (86, 10)
    assert calls["backbone"].parameters.trainable == 0
