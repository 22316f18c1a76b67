"""Models that use raw TensorFlow: their layers, and what joins or forks data between these."""

from __future__ import annotations

import keras
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("Keras runs on another backend", allow_module_level=True)

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import Tensor
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations
from zoo import raw_tensorflow
from zoo_checks import check_nothing_is_hidden, check_parameters, check_real_call, expected, made
from zoo_checks import shown as text_of

SUBCLASSED = raw_tensorflow.SUBCLASSED


def text(case: str) -> str:
    return text_of(SUBCLASSED[case])


def graph_of(case: str):
    return with_raw_operations(made(SUBCLASSED[case])[1]).graph


#: Control flow of which nothing is promised but that no layer vanishes from the picture.
OTHER_CONTROL_FLOW = ["raw_scan", "raw_fold", "raw_case"]
DRAWN = [name for name in SUBCLASSED if name not in OTHER_CONTROL_FLOW]


@pytest.mark.parametrize("case", DRAWN)
def test_every_weight_is_counted_once(case):
    check_parameters(SUBCLASSED[case])


@pytest.mark.parametrize("case", DRAWN)
def test_nothing_is_hidden(case):
    check_nothing_is_hidden(SUBCLASSED[case])


# The last operation of the mixture, which changes the shape, is passed through.
@pytest.mark.parametrize("case", [name for name in SUBCLASSED if name != "raw_mixture"])
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(SUBCLASSED[case])


@pytest.mark.parametrize("case", OTHER_CONTROL_FLOW)
def test_layers_in_other_control_flow_are_not_lost(case):
    """What isn't known is said to be so; what is drawn leads to the output."""
    _, graph = made(SUBCLASSED[case])
    calls = dict(graph.graph.walk())
    if graph.opaque or any(call.opaque for call in calls.values()):
        return
    [path] = [path for path, call in calls.items() if call.name == "dense"]
    block, _, id_ = path.rpartition("/")
    inside = calls[block].body if block else graph.graph
    assert any(edge.source.call == id_ for edge in inside.edges) or any(
        port.call == id_ for port in inside.outputs
    )


def test_attention():
    graph = graph_of("attending")
    assert graph_text(graph) == expected("""
        x InputLayer
        memory InputLayer
        first Dense <- x
        attention RawAttention <- first, memory
            query Dense <- ^
            key Dense <- ^1
            value Dense <- ^1
            matmul matmul <- query, key
            true_divide TrueDivide <- matmul
            matmul_1 matmul <- true_divide, value
            -> matmul_1
        add Add <- first, attention
        norm LayerNormalization <- add
        -> norm
    """)
    body = graph["attention"].body
    assert body["matmul"].outputs == (Tensor((None, 5, 7), "float32"),)
    assert body["matmul_1"].outputs == (Tensor((None, 5, 4), "float32"),)


def test_all_operations_that_data_goes_through():
    """What makes a number of a shape, such as the square root of a width, isn't among them."""
    graph = with_raw_operations(made(SUBCLASSED["attending"])[1], "all").graph
    assert graph_text(graph["attention"].body) == expected("""
        query Dense <- ^
        key Dense <- ^1
        value Dense <- ^1
        matmul matmul <- query, key
        true_divide TrueDivide <- matmul
        softmax softmax <- true_divide
        matmul_1 matmul <- softmax, value
        -> matmul_1
    """)


def test_none_of_the_operations():
    """But one that makes an output of a block, of several tensors."""
    graph = with_raw_operations(made(SUBCLASSED["attending"])[1], "none").graph
    assert graph_text(graph["attention"].body) == expected("""
        query Dense <- ^
        key Dense <- ^1
        value Dense <- ^1
        true_divide TrueDivide <- query, key
        matmul_1 matmul <- true_divide, value
        -> matmul_1
    """)


def test_joined_and_taken_apart():
    graph = graph_of("raw_residual")
    assert graph_text(graph) == expected("""
        image InputLayer
        first Conv2D <- image
        second Conv2D <- first
        skip Conv2D <- image
        concat concat <- skip, second
        unstack unstack <- concat
        add Add <- unstack, unstack:3
        head Dense <- add
        -> head
    """)
    assert graph["unstack"].outputs == (Tensor((None, 32), "float32"),) * 4
    assert graph["concat"].outputs == (Tensor((None, 4, 4, 8), "float32"),)
    assert graph["concat"].module == "tf"
    assert graph["concat"].is_operation
    assert dict(graph["unstack"].constants) == {"axis": "1"}


def test_mixture_of_experts():
    assert text("raw_mixture") == expected("""
        x InputLayer
        split split <- x
        expert_0 Dense <- split
        expert_1 Dense <- split:1
        gate Dense <- x
        stack stack <- expert_0, expert_1
        get_item GetItem <- gate
        multiply Multiply <- stack, get_item
        -> multiply
    """)


def test_call_is_a_tf_function():
    assert text("compiled") == expected("""
        x InputLayer
        left Dense <- x
        right Dense <- x
        concat concat <- left, right
        head Dense <- concat
        -> head
    """)


def test_call_uses_a_tf_function():
    assert text("compiled_helper") == expected("""
        x InputLayer
        dense Dense <- x
        dense#2 Dense <- dense
        add Add <- x, dense#2
        head Dense <- add
        -> head
    """)


def test_cond():
    graph = graph_of("raw_branches")
    assert graph_text(graph) == expected("""
        x InputLayer
        greater Greater <- x
        first Dense <- x
        cond cond <- greater, first
            true_fn true_fn <- ^1
                left Dense <- ^
                -> left
            false_fn false_fn <- ^1
                right Dense <- ^
                add Add <- right, ^
                -> add
            select Select <- ^, true_fn, false_fn
            -> select
        -> cond
    """)
    assert graph["cond"].inputs == (Tensor((), "bool"), Tensor((None, 4), "float32"))


def test_cond_on_the_tensor_that_goes_on():
    """What decides is made of the input, but isn't what the branches take."""
    assert text("raw_branches_of_one") == expected("""
        x InputLayer
        greater Greater <- x
        cond cond <- greater, x
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


def test_while_loop():
    assert text("raw_settling") == expected("""
        x InputLayer
        constant Constant
        while_loop while_loop <- constant, x
            cond cond <- ^, ~body, ^1, ~body:1
                less Less <- ^
                -> less
            body body <- ^, ~body, ^1, ~body:1, ^1
                add Add <- ^
                refine Dense <- ^1
                add_1 Add <- refine, ^2
                -> add, add_1
            -> body, body:1
        head Dense <- while_loop:1
        -> head
    """)


def test_map_fn():
    graph = graph_of("raw_mapping")
    assert graph_text(graph) == expected("""
        x InputLayer
        map_fn map_fn <- x
            f f <- ^
                dense Dense <- ^
                -> dense
            -> f
        head Dense <- map_fn
        -> head
    """)
    assert graph["map_fn"].body["f"].inputs == (Tensor((5, 4), "float32"),)


def test_weight_used_outside_a_loop_and_in_it():
    """It is a box in each body that takes it."""
    assert text("shared_weight") == expected("""
        x InputLayer
        table Weight
        matmul matmul <- x, table
        map_fn map_fn <- matmul
            f f <- ^
                table Weight
                matmul matmul <- ^, table
                dense Dense <- matmul
                -> dense
            -> f
        -> map_fn
    """)


def test_operations_of_keras_inside_a_raw_model():
    graph = graph_of("around_keras")
    assert graph_text(graph) == expected("""
        x InputLayer
        dense Dense <- x
        split split <- dense
        gather Gather <- split, split:1
            concatenate Concatenate <- ^, ^1
            dense Dense <- concatenate
            -> dense
        -> gather
    """)
    assert [tensor.shape for tensor in graph["split"].outputs] == [(None, 1), (None, 3)]
    edges = [edge for edge in graph.edges if edge.target.call == "gather"]
    assert [edge.argument for edge in edges] == ["left", "right"]


def test_raw_layers_in_a_functional_model():
    keras.utils.clear_session()
    graph = with_raw_operations(model_to_graph(raw_tensorflow.functional_raw()))
    assert graph_text(graph.graph) == expected("""
        x InputLayer
        first Dense <- x
        gate RawGate <- first
            dense Dense <- ^
            multiply Multiply <- ^, dense
            -> multiply
        scale RawScale <- gate
        -> scale
    """)


def test_positions_come_from_what_has_the_shape():
    graph = graph_of("placed")
    assert graph_text(graph) == expected("""
        ids InputLayer
        embed RawPositions <- ids
            shape Shape <- ^
            tokens Embedding <- ^
            places Embedding <- shape
            add Add <- tokens, places
            -> add
        head Dense <- embed
        -> head
    """)
    assert graph["embed"].body["places"].inputs == (Tensor((None,), "int32"),)
    assert graph["head"].outputs == (Tensor((None, None, 1), "float32"),)


def test_loss():
    assert text("autoencoder") == expected("""
        x InputLayer
        encoder Dense <- x
        subtract Subtract <- encoder, encoder
        add Add <- encoder, subtract
        decoder Dense <- add
        subtract_1 Subtract <- x, decoder
        add_loss add_loss <- subtract_1
        -> decoder
    """)


def test_table_is_looked_up():
    model, graph = made(SUBCLASSED["looked"])
    assert graph_text(with_raw_operations(graph).graph) == expected("""
        ids InputLayer
        table Weight
        gather gather <- table, ids
        head Dense <- gather
        -> head
    """)
    assert graph.graph["head"].inputs == (Tensor((None, 3, 4), "float32"),)
    assert graph.graph["table"].parameters.own == 40
    assert model.count_params() == 45


def test_data_picked_by_data():
    assert text("picking") == expected("""
        x InputLayer
        score Dense <- x
        top_k top_k <- score
        embed Dense <- x
        gather gather <- embed, top_k:1
        get_item GetItem <- top_k
        multiply Multiply <- gather, get_item
        other Dense <- multiply
        greater Greater <- multiply
        where where <- greater, other
        -> where
    """)


def test_size_of_another_tensor_is_no_data():
    assert text("pyramid") == expected("""
        image InputLayer
        fine Conv2D <- image
        coarse Conv2D <- fine
        concat concat <- fine, coarse
        head Conv2D <- concat
        -> head
    """)


def test_weight_of_a_block():
    graph = graph_of("scaling")
    assert graph_text(graph) == expected("""
        x InputLayer
        scaled Scaled <- x
            scale Weight
            dense Dense <- ^
            multiply Multiply <- dense, scale
            concat concat <- multiply, ^
            -> concat
        head Dense <- scaled
        -> head
    """)
    assert graph["scaled"].body["scale"].parameters.own == 3
    assert graph["scaled"].parameters.total == 3 + 15


def test_operations_have_the_names_of_tf():
    graph = graph_of("pooled")
    assert graph_text(graph) == expected("""
        x InputLayer
        score Dense <- x
        einsum einsum <- score, x
        maximum maximum <- einsum, x
        -> maximum
    """)
    assert dict(graph["einsum"].constants) == {"equation": "bti,btj->bj"}


def test_mask_goes_to_recurrent_layers():
    """The comparison of the tokens with 0 is a call, as it is on symbolic tensors."""
    assert text("raw_masked") == expected("""
        tokens InputLayer
        embed Embedding <- tokens
        not_equal NotEqual <- tokens
        lstm LSTM <- embed, not_equal
        -> lstm
    """)
