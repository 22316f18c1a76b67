"""What targets lead to: parts, items, methods, layers, functions of tensors, several models."""

from __future__ import annotations

import keras
import pytest

from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import CallKind, ModelGraph
from sphinxcontrib_kerasgraph.target import Target, parse_input_shape


def graph_of(target: str, shape: str | None = None, **calling: object) -> ModelGraph:
    keras.utils.clear_session(free_memory=False)
    parsed = None if shape is None else parse_input_shape(shape)
    return target_to_graph(Target.parse(f"zoo.targets.{target}"), Calling(parsed, **calling))


def text_of(target: str, shape: str | None = None, **calling: object) -> str:
    return graph_text(graph_of(target, shape, **calling).graph)


GENERATOR = """
    input_layer InputLayer
    seeds Dense <- input_layer
    reshape Reshape <- seeds
    -> reshape
"""
DISCRIMINATOR = """
    input_layer InputLayer
    flatten Flatten <- input_layer
    score Dense <- flatten
    -> score
"""


@pytest.mark.parametrize(
    "target",
    [
        "Gan().generator",
        "pair()[0]",
        "pair()[-2]",
        "by_size()['small']",
        "by_size()['large'][0]",
        "BUILDERS['generator']",
        "BUILDERS['generator'](latent=4)",
        "OldGan().generator",
        "OldGan().build_generator()",
        "OldGan().build_generator",
        "both().first",
    ],
)
def test_parts_items_and_methods(target):
    graph = graph_of(target)
    lines = [line.split() for line in graph_text(graph.graph).splitlines()]
    assert [line[1] for line in lines[:-1]] == ["InputLayer", "Dense", "Reshape"]
    assert graph.name == "generator"
    assert graph.model_type == "Sequential"


def test_arguments_of_a_static_method():
    assert text_of("Factory.build(64, classes=10)") == expected(
        """
        input_layer InputLayer
        hidden Dense <- input_layer
        dense Dense <- hidden
        -> dense
        """
    )
    assert graph_of("Factory.build(64, 10)").parameters.total == 4 * 64 + 64 + 64 * 10 + 10


def test_a_model_without_call_is_drawn_as_the_models_that_it_holds():
    graph = graph_of("Gan(latent=4)")
    assert graph_text(graph.graph).rstrip() == expected(
        """
        discriminator Sequential
            input_layer InputLayer
            flatten Flatten <- input_layer
            score Dense <- flatten
            -> score
        generator Sequential
            input_layer_1 InputLayer
            seeds Dense <- input_layer_1
            reshape Reshape <- seeds
            -> reshape
        ->
        """
    )
    assert {call.kind for call in graph.graph.calls} == {CallKind.SUBMODEL}
    assert (graph.qualname, graph.layers) == ("Gan", 2)
    assert graph.parameters.total == (49 + 1) + (4 * 49 + 49)


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("pair", ["generator", "discriminator"]),
        ("both", ["first", "second"]),
        ("by_size", ["small", "large_generator", "large_discriminator"]),
        ("OldGan", ["discriminator", "generator"]),
    ],
)
def test_several_models_side_by_side(target, names):
    graph = graph_of(target)
    assert [call.name for call in graph.graph.calls] == names
    assert all(call.body is not None and not call.inputs for call in graph.graph.calls)
    assert graph.name == target
    assert graph.model_type == "Several"


def test_layers_that_models_have_in_common_are_marked_and_counted_once():
    graph = graph_of("Tied")
    left, right = graph.graph.calls
    assert left.body is not None
    assert right.body is not None
    assert left.body["shared"].shared
    assert right.body["shared"].shared
    assert right.body["shared"].layer == "left/shared"
    assert not left.body["one"].shared
    assert graph.parameters.total == (4 * 4 + 4) + (4 + 1) + (4 * 2 + 2)


def test_shapes_of_several_models_are_given_by_their_names():
    graph = graph_of("HalfKnown")
    assert [call.opaque is None for call in graph.graph.calls] == [True, False]
    assert "input shape" in str(graph.graph.calls[1].opaque)
    assert (
        text_of("HalfKnown", "{'critic': (3,)}")
        .rstrip()
        .endswith(
            expected(
                """
            critic Critic
                x InputLayer
                dense Dense <- x
                -> dense
            ->
            """
            )
        )
    )
    with pytest.raises(Fault, match="shapes of left, right aren't known") as caught:
        graph_of("Unknown")
    assert '{option input-shape={"left": (…), "right": (…)}}' in caught.value.advice
    shown = graph_of("Unknown", "{'left': (3,), 'right': (2,)}").graph.calls
    assert [call.body is not None for call in shown] == [True, True]


def test_a_layer():
    block = graph_of("TransformerBlock(2, 8)", "(5, 8)")
    assert graph_text(block.graph) == expected(
        """
        x InputLayer
        multi_head_attention MultiHeadAttention <- x, x
        add Add <- x, multi_head_attention
        layer_normalization LayerNormalization <- add
        dense Dense <- layer_normalization
        add_1 Add <- layer_normalization, dense
        -> add_1
        """
    )
    assert (block.name, block.model_type, block.layers) == ("transformer_block", "Layer", 3)
    assert text_of("Encoder().blocks[1]", "(5, 8)").startswith("x InputLayer\n")
    assert text_of("Square()", "(3,)") == expected(
        """
        x InputLayer
        square Square <- x
        add Add <- square
        -> add
        """
    )
    assert text_of("Encoder().heads['a']", "(3,)") == expected(
        """
        inputs InputLayer
        dense_2 Dense <- inputs
        -> dense_2
        """
    )


def test_a_function_of_tensors():
    assert text_of("stem", "(9, 9, 3)") == expected(
        """
        x InputLayer
        stem Conv2D <- x
        relu ReLU <- stem
        -> relu
        """
    )
    assert graph_of("stem(filters=2)", "(9, 9, 3)").parameters.total == 9 * 3 * 2 + 2
    assert graph_of("stem", "(9, 9, 3)").name == "stem"
    assert graph_of("conv_block(5)", "(9, 9, 3)").parameters.total == 3 * 5 + 5
    assert text_of("join", "{'left': (2,), 'right': (3,)}") == text_of("join", "[(2,), (3,)]")
    assert text_of("join", "[(2,), (3,)]") == expected(
        """
        left InputLayer
        right InputLayer
        a Dense <- left
        b Dense <- right
        sum Add <- a, b
        -> sum
        """
    )
    assert graph_of("on_top", "(3,)").name == "whole"


def test_a_method():
    assert text_of("Encoder", "(5, 8)", trace="embed").splitlines()[-1] == "-> transformer_block_1"
    with pytest.raises(Fault, match="has no method 'embedd'"):
        graph_of("Encoder", "(5, 8)", trace="embedd")


def test_outputs_of_a_dict_have_names():
    calls = {call.id: call for call in graph_of("Encoder", "(5, 8)").graph.calls}
    named = {call.attribute: call.output_names for call in calls.values() if call.output_names}
    assert named == {"heads['a']": ("a",), "heads['b']": ("b",)}
    heads = graph_of("heads", "(3,)").graph
    assert {call.id: call.output_names for call in heads.calls} == {
        "x": (),
        "m": ("mean",),
        "s": ("spread",),
    }


def test_attributes_that_hold_layers():
    found = {
        path: call.attribute
        for path, call in graph_of("Encoder", "(5, 8)").graph.walk()
        if not call.is_operation
    }
    assert found == {
        "x": None,
        "transformer_block": "blocks[0]",
        "transformer_block/multi_head_attention": "attention",
        "transformer_block/layer_normalization": "norm",
        "transformer_block/dense": "feed",
        "transformer_block_1": "blocks[1]",
        "transformer_block_1/multi_head_attention_1": "attention",
        "transformer_block_1/layer_normalization_1": "norm",
        "transformer_block_1/dense_1": "feed",
        "dense_4": "_hidden",
        "dense_2": "heads['a']",
        "dense_3": "heads['b']",
    }


@pytest.mark.parametrize(
    ("target", "shape", "says", "advice"),
    [
        ("Gan().generatr", None, "which has no 'generatr'", "discriminator, generator"),
        ("by_size()['tiny']", None, "has no item 'tiny'", "'small', 'large'"),
        ("pair()[2]", None, "has no item 2", "It has 2 items"),
        ("number()", None, "returned an object of type int", "a list or dict"),
        ("number().real", None, "is an object of type int, not a Keras model", "a list or dict"),
        ("Factory.build(64)", None, "needs 'classes'", "zoo.targets.Factory.build(64, classes=…)"),
        (
            "TransformerBlock",
            None,
            "needs 'heads' and 'units'",
            "TransformerBlock(heads=…, units=…)",
        ),
        ("stem", None, "needs 'x'", "give their shape: {option input-shape"),
        ("conv_block(5)", None, "returned a function", "{option input-shape"),
        ("nothing", "(3,)", "returned NoneType, and no tensor", "Return a model, or the tensors"),
        ("TransformerBlock(2, 8)", None, "has no input shape", "{option input-shape"),
        ("OldGan.build_generator", None, "is a method", "'zoo.targets.OldGan().build_generator'"),
        ("OldGan.build_generator()", None, "is a method", "'zoo.targets.OldGan().build_generator'"),
        ("Holder", None, "needs 'model'", "no literals, but models, say, write a function"),
        ("BUILDERS", None, "is an object of type dict", "zoo.targets.BUILDERS['generator']"),
        ("BUILDERS.generator", None, "type dict has no 'generator'", "It has: 'generator'"),
        ("Twins", None, "returned an object of type Twins", "'zoo.targets.Twins().build()'"),
        (
            "Gan()",
            '{"generatr": (4,), "discriminator": (7, 7, 1)}',
            "There is no model 'generatr'",
            "{option input-shape}: discriminator, generator",
        ),
    ],
)
def test_what_to_write_instead(target, shape, says, advice):
    with pytest.raises(Fault) as caught:
        graph_of(target, shape)
    assert says in caught.value.message
    assert advice in caught.value.advice


def test_a_method_of_what_is_no_model():
    with pytest.raises(Fault) as caught:
        graph_of("OldGan", trace="build_generator")
    assert "Models side by side have no method 'build_generator'" in caught.value.message
    assert "behind the target" in caught.value.advice
