"""The graph of a model, against get_config() and against expectations written by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import keras
import pytest

from config_graph import calls_and_edges
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import BLOCK, Edge, ModelGraph, Port, Tensor
from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.full import call_label
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.options import LabelOptions
from zoo import first, hard, shapes
from zoo.catalogue import MODELS, build

SHOW_DTYPE = LabelOptions(show_dtype=True)


def graph_of(function):
    keras.utils.clear_session()
    return model_to_graph(function())


def edges_of(graph: ModelGraph) -> Counter[tuple[str, str]]:
    return Counter((edge.source.call, edge.target.call) for edge in graph.graph.edges)


@pytest.mark.parametrize("name", MODELS)
def test_calls_and_edges_are_those_of_get_config(name):
    model = build(name)
    calls, edges = calls_and_edges(model)
    graph = model_to_graph(model)
    assert sorted(call.id for call in graph.graph.calls) == sorted(calls)
    assert edges_of(graph) == edges


@pytest.mark.parametrize("name", MODELS)
def test_totals_are_those_of_count_params(name):
    model = build(name)
    graph = model_to_graph(model)
    assert graph.parameters.total == model.count_params()
    totals = {call.layer: call.parameters.total for call in graph.graph.calls}
    assert sum(totals.values()) == model.count_params()


@pytest.mark.parametrize("name", MODELS)
def test_json_keeps_everything(name):
    graph = model_to_graph(build(name))
    assert ModelGraph.from_json(graph.to_json()) == graph


@pytest.mark.parametrize("name", MODELS)
def test_calls_come_after_those_they_depend_on(name):
    graph = model_to_graph(build(name)).graph
    place = {call.id: at for at, call in enumerate(graph.calls)}
    assert all(place[edge.source.call] < place[edge.target.call] for edge in graph.edges)


def test_resnet50_has_177_calls():
    assert len(model_to_graph(build("ResNet50")).graph.calls) == 177


def test_facts_of_a_call():
    graph = graph_of(first.mlp)
    dense = graph.graph["dense"]
    assert dense.inputs == (Tensor((None, 784), "float32"),)
    assert dense.outputs == (Tensor((None, 128), "float32"),)
    assert (dense.module, dense.qualname, dense.kind) == ("keras.layers", "Dense", "dense")
    assert dense.activation == "relu"
    assert dense.trainable is True
    assert dense.parameters.total == dense.parameters.own == 784 * 128 + 128
    assert dense.config["units"] == 128
    assert graph.model_type == "Sequential"


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="written in raw TensorFlow")
def test_custom_layer():
    layer = graph_of(first.custom).graph["linear"]
    assert (layer.module, layer.qualname, layer.kind) == ("zoo.first", "Linear", "custom")
    assert layer.parameters.total == 20 * 32 + 32
    assert layer.config.get("units") == 32


def test_shared_layer_is_one_layer_of_two_calls():
    graph = graph_of(shapes.shared).graph
    assert [call.id for call in graph.calls] == ["x", "dense", "dense#2", "double"]
    assert graph["dense"].layer == graph["dense#2"].layer == "dense"
    assert [call.id for call in graph.calls if call.shared] == ["dense", "dense#2"]


def test_parallel_edges_are_kept():
    assert edges_of(graph_of(shapes.shared))["dense#2", "double"] == 2


def test_constants_of_operations():
    graph = graph_of(shapes.operations).graph
    constants = {call.id: dict(call.constants) for call in graph.calls}
    assert constants["multiply"] == {"x2": "2"}
    assert constants["add"] == {"x2": "1"}
    assert constants["get_item"] == {"key": ":, :2"}
    assert constants["subtract"] == {"x1": "1"}
    assert constants["mean"] == {"axis": "-1"}


def test_arguments_are_named_where_there_are_several():
    edges = graph_of(shapes.attention).graph.edges
    assert {edge.source.call: edge.argument for edge in edges if edge.target.call == "mha"} == {
        "q": "query",
        "v": "value",
    }
    assert {edge.argument for edge in graph_of(first.mlp).graph.edges} == {None}


def entered(block) -> dict[int, str]:
    """By the number of the block's input, the call inside that takes it."""
    return {
        edge.source.index: edge.target.call
        for edge in block.body.edges
        if edge.source.call == BLOCK
    }


def test_nested_models_hold_their_calls():
    graph = graph_of(shapes.nested).graph
    paths = [path for path, _ in graph.walk()]
    assert {"encoder/hidden", "encoder/code", "encoder#2/hidden"} <= set(paths)
    assert any(path.startswith("head/inner_head/") for path in paths)
    # The second call of the encoder uses the weights of the first.
    assert dict(graph.walk())["encoder#2/hidden"].layer == "encoder/hidden"
    assert entered(graph["encoder"]) == {0: "code_in"}


def test_dictionary_inputs_go_where_their_names_say():
    graph = graph_of(shapes.dictionaries).graph
    inner = graph["inner"]
    into = {
        edge.target.index: edge.source.call for edge in graph.edges if edge.target.call == "inner"
    }
    inside = entered(inner)
    assert {inside[index]: source for index, source in into.items()} == {"a": "p", "b": "q"}


def test_mixed_precision_dtypes():
    graph = graph_of(shapes.mixed_precision).graph
    assert graph["x"].outputs[0].dtype == "float32"
    assert graph["dense"].outputs[0].dtype == "float16"


def test_frozen_layer():
    graph = graph_of(shapes.frozen)
    assert graph.graph["dense"].trainable is False
    assert graph.graph["x"].trainable is None
    assert graph.parameters.trainable == 8


def test_input_shape_builds_a_sequential_model():
    keras.utils.clear_session()
    graph = model_to_graph(shapes.unbuilt(), (7,))
    assert [call.id for call in graph.graph.calls] == ["input_layer", "dense", "relu"]
    assert graph.graph["dense"].inputs == (Tensor((None, 7), "float32"),)


def test_subclassed_model_that_was_called_knows_its_shape():
    keras.utils.clear_session()
    model = shapes.Net(5)
    model(keras.ops.zeros((2, 3)))
    graph = model_to_graph(model)
    assert [call.id for call in graph.graph.calls] == ["inputs", "dense"]
    assert graph.graph["dense"].inputs == (Tensor((None, 3), "float32"),)
    assert graph.model_type == "Model"


def test_unbuilt_model_is_refused_with_advice():
    with pytest.raises(ValueError, match=r"no input shape.*input_shape="):
        model_to_graph(shapes.unbuilt())


def test_other_dtypes_for_a_model_that_has_inputs_are_refused():
    given = keras.Input((4,))
    model = keras.Model(given, keras.layers.Dense(2)(given))
    assert model_to_graph(model, (4,), "float32") == model_to_graph(model)
    with pytest.raises(ValueError, match=r"already has inputs of the shape \(None, 4\)"):
        model_to_graph(model, (4,), "int32")


def test_input_shape_for_a_model_that_has_inputs_is_refused():
    with pytest.raises(ValueError, match=r"already has inputs of the shape \(None, 784\)"):
        model_to_graph(first.mlp(), (3,))


def test_wrong_input_shape_is_refused():
    with pytest.raises(ValueError, match="can't be called with the input shape"):
        model_to_graph(shapes.Net(), {"a": (3,), "b": (4,)})


@pytest.mark.filterwarnings("ignore:Layer 'inner'")
def test_mask_enters_a_nested_model_beside_its_input():
    graph = graph_of(hard.masked).graph
    inner = graph["inner"]
    assert [tensor.dtype for tensor in inner.inputs] == ["float32", "bool"]
    assert entered(inner) == {0: "inner_in"}
    sources = {
        edge.target.index: edge.source.call for edge in graph.edges if edge.target.call == "inner"
    }
    assert sources == {0: "embed", 1: "not_equal"}


@pytest.mark.parametrize("function", [hard.keyword_dictionary, hard.reversed_dictionary])
def test_nested_inputs_go_where_keras_sends_them(function):
    graph = graph_of(function).graph
    inner = graph["inner"]
    into = {
        edge.target.index: edge.source.call for edge in graph.edges if edge.target.call == "inner"
    }
    inside = entered(inner)
    assert {inside[at]: source for at, source in into.items()} == {"p": "a", "q": "b"}
    assert [tensor.shape for tensor in inner.inputs] == [
        inner.body[inside[at]].outputs[0].shape for at in range(len(inner.inputs))
    ]


def test_model_with_a_call_of_its_own_is_not_taken_for_its_graph():
    keras.utils.clear_session()
    graph = model_to_graph(hard.Extended())
    assert edges_of(graph) == {("inputs", "base"): 1, ("base", "dense"): 1}
    assert graph.graph["dense"].outputs == (Tensor((None, 7), "float32"),)
    assert graph.graph["dense"].parameters.total == 2 * 7 + 7


def test_function_from_the_middle_of_a_graph_is_a_block():
    graph = graph_of(hard.function_inside).graph
    assert [path for path, _ in graph.walk()] == ["b", "function", "function/inside"]
    assert entered(graph["function"]) == {0: "inside"}
    assert graph["function"].body.outputs == (Port("inside"),)


def test_layer_with_an_odd_config_is_drawn():
    call = graph_of(hard.odd).graph["odd"]
    assert call.activation is None
    assert key_fact(call) == ""


def test_arrays_are_constants():
    graph = graph_of(hard.arrays).graph
    assert dict(graph["multiply"].constants) == {"x2": "8.0"}
    assert graph["stack"].constants == (("axis", "1"),)
    assert dict(graph["constant"].constants) == {"value": "float32[1, 4]"}
    assert graph["constant"].outputs == graph["stack"].inputs[1:]
    assert Edge(Port("constant"), Port("stack", 1)) in {
        replace(edge, argument=None) for edge in graph.edges
    }


def test_numbers_of_layers_are_those_of_keras():
    for name in ("mlp", "operations", "MobileNetV3Small"):
        model = build(name)
        assert model_to_graph(model).layers == len(model.layers)


def test_unprintable_names_are_made_printable():
    inputs = keras.Input(shape=(2,), name="in\x00\x1b\ud800")
    graph = model_to_graph(keras.Model(inputs, keras.layers.ReLU()(inputs), name="m\x07"))
    assert graph.name == "m\ufffd"
    assert graph.graph.calls[0].id == "in\ufffd\ufffd\ufffd"


def test_paths_of_layers_are_none_of_files(monkeypatch):
    """By them weights are shared; modules may be found in ``/src``."""
    monkeypatch.syspath_prepend("/src")
    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, name="src")], name="net")
    inputs = keras.Input((2,))
    [*_, block] = model_to_graph(keras.Model(inputs, net(inputs))).graph.calls
    assert block.body["src"].layer == "net/src"


@pytest.mark.parametrize("made", [object(), keras.ops.abs, [keras.layers.Dense(3), 3]])
def test_what_is_no_model_is_refused(made):
    with pytest.raises(ValueError, match="is no Keras model"):
        model_to_graph(made)


@pytest.mark.filterwarnings("ignore:Layer InputLayer does not have:UserWarning")
def test_quantized_layers():
    keras.utils.clear_session()
    model = first.mlp()
    model.quantize("int8")
    graph = model_to_graph(model)
    dense = graph.graph["dense"]
    assert dense.outputs[0].dtype == "float32"
    assert graph.parameters.total == model.count_params()
    assert sum(call.parameters.own for call in graph.graph.calls) == graph.parameters.total
    assert graph.parameters.trainable < graph.parameters.total  # a quantized kernel isn't trained
    assert "int8_from_float32" in plain_text(call_label([dense], SHOW_DTYPE))


def test_mixed_precision_is_told_by_its_policy():
    dense = graph_of(shapes.mixed_precision).graph["dense"]
    label = plain_text(call_label([dense], SHOW_DTYPE))
    assert "float16, mixed_float16" in label


def test_model_is_left_as_it_was():
    """Neither Keras's methods nor its records of the model's calls are changed afterwards."""
    keras.utils.clear_session()
    model = shapes.nested()
    nodes = {layer.name: len(layer._inbound_nodes) for layer in model._flatten_layers()}
    config = model.to_json()
    methods = [keras.Layer.__call__, keras.Operation.symbolic_call, keras.Variable.__mul__]
    model_to_graph(model)
    assert {layer.name: len(layer._inbound_nodes) for layer in model._flatten_layers()} == nodes
    assert model.to_json() == config
    assert methods == [
        keras.Layer.__call__,
        keras.Operation.symbolic_call,
        keras.Variable.__mul__,
    ]
    assert "__array_ufunc__" not in vars(keras.KerasTensor)
