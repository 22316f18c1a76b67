"""Names reveal groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from graph_text import expected, graph_text
from make_graphs import check_graph, dissolved, model, random_models
from sphinxcontrib_kerasgraph.graph import CallGraph, CallKind, ModelGraph, Parameters
from sphinxcontrib_kerasgraph.view.name_groups import group_by_name


def grouped(text: str | ModelGraph, *patterns: str) -> CallGraph:
    """The graph with its groups, which are right."""
    graph = model(text) if isinstance(text, str) else text
    found = group_by_name(graph, patterns or None).graph
    check_graph(found)
    assert dissolved(found) == dissolved(graph.graph)
    return found


def groups(graph: CallGraph) -> list[str]:
    """The paths of the groups."""
    return [path for path, call in graph.walk() if call.kind is CallKind.GROUP]


def chain(*calls: str) -> str:
    """A model of calls one after the other, such as ``"conv_1 Conv2D"``."""
    last, lines = "x", ["x InputLayer"]
    for call in calls:
        lines.append(f"{call} <- {last}")
        last = call.split()[0]
    return "\n".join([*lines, f"-> {last}"])


RESNET = """
    x InputLayer
    conv1_conv Conv2D <- x
    conv1_relu ReLU <- conv1_conv
    conv2_block1_1_conv Conv2D <- conv1_relu
    conv2_block1_1_bn BatchNormalization <- conv2_block1_1_conv
    conv2_block1_0_conv Conv2D <- conv1_relu
    conv2_block1_0_bn BatchNormalization <- conv2_block1_0_conv
    conv2_block1_add Add <- conv2_block1_0_bn, conv2_block1_1_bn
    conv2_block2_1_conv Conv2D <- conv2_block1_add
    conv2_block2_1_bn BatchNormalization <- conv2_block2_1_conv
    conv2_block2_add Add <- conv2_block1_add, conv2_block2_1_bn
    avg_pool MaxPooling2D <- conv2_block2_add
    predictions Dense <- avg_pool
    -> predictions
    """


def test_names_as_those_of_a_resnet_become_nested_groups():
    found = grouped(RESNET)
    assert sorted(groups(found)) == [
        "conv1",
        "conv2",
        "conv2/conv2_block1",
        "conv2/conv2_block1/conv2_block1_0",
        "conv2/conv2_block1/conv2_block1_1",
        "conv2/conv2_block2",
        "conv2/conv2_block2/conv2_block2_1",
    ]
    assert [call.id for call in found.calls] == ["x", "conv1", "conv2", "avg_pool", "predictions"]
    edges = [(edge.source.call, edge.target.call) for edge in found.edges]
    assert edges == [
        ("x", "conv1"),
        ("conv1", "conv2"),
        ("conv2", "avg_pool"),
        ("avg_pool", "predictions"),
    ]
    assert graph_text(found["conv2"].body["conv2_block2"].body) == expected("""
        conv2_block2_1 Group <- ^
            conv2_block2_1_conv Conv2D <- ^
            conv2_block2_1_bn BatchNormalization <- conv2_block2_1_conv
            -> conv2_block2_1_bn
        conv2_block2_add Add <- ^, conv2_block2_1
        -> conv2_block2_add
        """)


def test_only_the_groups_that_patterns_match():
    assert groups(grouped(RESNET, "conv2_block?")) == ["conv2_block1", "conv2_block2"]
    assert groups(grouped(RESNET, "conv1", "*_block2")) == ["conv1", "conv2_block2"]
    assert groups(grouped(RESNET, "avg_pool", "Dense")) == []


def test_no_pattern_is_no_group():
    graph = model(RESNET)
    assert group_by_name(graph, ()) == graph


def test_patterns_match_paths_inside_of_blocks():
    text = """
        x InputLayer
        inner Model <- x
            layer1_a Dense <- ^
            layer1_b Dense <- layer1_a
            -> layer1_b
        layer1_c Dense <- inner
        layer1_d Dense <- layer1_c
        -> layer1_d
        """
    assert groups(grouped(text)) == ["inner/layer1", "layer1"]
    assert groups(grouped(text, "inner/layer1")) == ["inner/layer1"]


@pytest.mark.parametrize(
    "calls",
    [
        ("conv2d_1 Conv2D", "conv2d_2 Conv2D"),
        ("max_pooling2d_1 MaxPooling2D", "max_pooling2d_2 MaxPooling2D"),
        ("conv2d Conv2D", "conv2d_1 Conv2D", "conv2d_2 Conv2D"),
        ("my_block2_1 MyBlock2", "my_block2_2 MyBlock2"),
    ],
)
def test_names_that_keras_made_reveal_nothing(calls):
    assert groups(grouped(chain(*calls))) == []


def test_calls_with_names_that_keras_made_belong_to_the_group_around_them():
    found = grouped(
        chain(
            "dense Dense",
            "block1_in Dense",
            "dense_1 Dense",
            "block1_out Dense",
            "dense_2 Dense",
            "dense_3 Dense",
        )
    )
    assert [call.id for call in found.calls] == ["x", "dense", "block1", "dense_2", "dense_3"]
    assert [call.id for call in found["block1"].body.calls] == [
        "block1_in",
        "dense_1",
        "block1_out",
    ]


def test_what_has_no_number_is_no_group():
    assert groups(grouped(chain("encoder_in Dense", "encoder_out Dense"))) == []


def test_one_call_is_no_group():
    assert groups(grouped(chain("block1_in Dense", "block2_in Dense"))) == []


@pytest.mark.parametrize("name", ["layer_3", "block2a", "stage1.unit2", "enc/layer0", "b-1"])
def test_parts_of_names(name):
    assert groups(grouped(chain(f"{name}_a Dense", f"{name}_b Dense"), name))[0] == name


def test_numbers_are_whole():
    found = grouped(chain("b1_a Dense", "b1_b Dense", "b10_a Dense", "b10_b Dense"))
    assert groups(found) == ["b1", "b10"]


def test_groups_that_are_interleaved_are_not_made():
    found = grouped(chain("b1_a Dense", "b2_a Dense", "b1_b Dense", "b2_b Dense"))
    assert groups(found) == []


def test_a_group_with_another_call_inside_is_not_made():
    found = grouped(chain("b1_a Dense", "odd Dense", "b1_b Dense", "b2_a Dense", "b2_b Dense"))
    assert groups(found) == ["b2"]


def test_branches_are_groups_in_any_order_of_the_calls():
    text = """
        x InputLayer
        b1_a Dense <- x
        b2_a Dense <- x
        b1_b Dense <- b1_a
        b2_b Dense <- b2_a
        y Add <- b1_b, b2_b
        -> y
        """
    found = grouped(text)
    assert groups(found) == ["b1", "b2"]
    assert [(edge.source.call, edge.target.call) for edge in found.edges] == [
        ("x", "b1"),
        ("x", "b2"),
        ("b1", "y"),
        ("b2", "y"),
    ]


def test_inputs_are_in_no_group():
    text = "b1_in InputLayer\nb1_a Dense <- b1_in\nb1_b Dense <- b1_a\n-> b1_b"
    found = grouped(text)
    assert [call.id for call in found.calls] == ["b1_in", "b1"]
    assert found.inputs == ("b1_in",)


def test_a_group_has_an_output_for_each_tensor_that_is_taken():
    text = """
        x InputLayer
        b1_a Dense <- x
        b1_b Dense <- b1_a
        y Add <- b1_a, b1_b
        -> y, b1_a
        """
    found = grouped(text)
    assert groups(found) == ["b1"]
    assert len(found["b1"].outputs) == 2
    assert graph_text(found["b1"].body) == "b1_a Dense <- ^\nb1_b Dense <- b1_a\n-> b1_a, b1_b"


def test_a_call_may_have_the_name_of_a_group():
    found = grouped(chain("b1 Dense", "b1_a Dense", "b1_b Dense"))
    assert len(groups(found)) == 1
    (made,) = [call for call in found.calls if call.kind is CallKind.GROUP]
    assert made.name == "b1"
    assert made.id != "b1"


TOTAL = {"b1_a": Parameters(10, 10, 10), "b1_b": Parameters(5, 0, 5)}


def weighted(text: str) -> ModelGraph:
    graph = model(text)
    calls = [
        replace(call, parameters=TOTAL.get(call.id, Parameters())) for call in graph.graph.calls
    ]
    return replace(graph, graph=replace(graph.graph, calls=tuple(calls)))


def test_a_group_has_the_parameters_of_its_calls():
    found = grouped(weighted(chain("b1_a Dense", "b1_b Dense", "c Dense")))
    assert found["b1"].parameters.total == 15
    assert found["b1"].parameters.own == 0


def test_a_group_knows_how_many_of_its_parameters_training_changes():
    found = grouped(weighted(chain("b1_a Dense", "b1_b Dense", "c Dense")))
    assert found["b1"].parameters.trainable == 10


def test_groups_of_the_same_name_in_different_blocks_share_no_weights():
    text = """
        x InputLayer
        one Model <- x
            b1_a Dense <- ^
            b1_b Dense <- b1_a
            -> b1_b
        two Model <- one
            b1_c Dense <- ^
            b1_d Dense <- b1_c
            -> b1_d
        -> two
        """
    found = grouped(text)
    assert groups(found) == ["one/b1", "two/b1"]
    # Calls that have it in common share their weights.
    assert found["one"].body["b1"].layer != found["two"].body["b1"].layer


@tried(100)
@given(random_models(), st.data())
def test_nothing_is_lost(graph, data):
    names = st.sampled_from(["b1_a", "b1_b", "b1_c2_d", "b2_a", "s1_b1_a", "s1_b1_b", "s1_b2", "y"])
    found = grouped(renamed(graph, data, names))
    for _, call in found.walk():
        if call.kind is CallKind.GROUP:
            assert len(dissolved(call.body)[0]) > 1


def renamed(graph: ModelGraph, data, names) -> ModelGraph:
    """The model with names of which many begin alike."""
    kept = sorted(data.draw(names) for _ in graph.graph.calls)
    calls = [replace(call, name=name) for call, name in zip(graph.graph.calls, kept, strict=True)]
    return replace(graph, graph=replace(graph.graph, calls=tuple(calls)))
