"""What a ``call`` is given beside its first tensor: modes, masks, flags, others."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from zoo import arguments
from zoo_checks import check_nothing_is_hidden, check_parameters, check_real_call, expected
from zoo_checks import text as text_of

CASES = arguments.CASES


def text(case: str) -> str:
    return text_of(CASES[case])


# Keras alone takes no mode from the model: it has to be told; and takes a list as a list.
@pytest.mark.parametrize("case", [case for case in CASES if case not in {"list", "mode"}])
def test_outputs_are_those_of_a_real_call(case):
    check_real_call(CASES[case])


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_hidden_or_lost(case):
    check_nothing_is_hidden(CASES[case])
    check_parameters(CASES[case])


def test_mode_without_a_default():
    assert text("mode") == expected("""
        x InputLayer
        hidden Dense <- x
        head Dense <- hidden
        -> head
    """)
    assert text("mode_of_training") == expected("""
        x InputLayer
        hidden Dense <- x
        drop Dropout <- hidden
        head Dense <- drop
        -> head
    """)


IN_USE = """
    x InputLayer
    noisy Noisy <- x
        norm BatchNormalization <- ^
        -> norm
    head Dense <- noisy
    -> head
"""
IN_TRAINING = """
    x InputLayer
    noisy Noisy <- x
        noise GaussianNoise <- ^
        norm BatchNormalization <- noise
        -> norm
    head Dense <- noisy
    -> head
"""


def hands_on_the_mode() -> bool:
    """Whether this Keras has layers inside in the mode of a model whose ``call`` takes none.

    Keras 3.5 hasn't.
    """

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.noise = keras.layers.GaussianNoise(1.0)

        def call(self, x):
            return self.noise(x)

    return bool(np.any(np.asarray(Net()(np.zeros((1, 9)), training=True))))


def test_mode_goes_to_the_layers_inside():
    assert text("inner_mode") == expected(IN_USE)
    in_training = IN_TRAINING if hands_on_the_mode() else IN_USE
    assert text("inner_mode_of_training") == expected(in_training)


def test_functional_models_call_their_layers_in_the_mode():
    model = arguments.noisy_functional()
    assert graph_text(model_to_graph(model).graph) == text("inner_mode")
    in_training = graph_text(model_to_graph(model, training=True).graph)
    assert in_training == expected(IN_TRAINING)
    # Nothing of it is left behind.
    assert graph_text(model_to_graph(model).graph) == text("inner_mode")


def test_mask_without_a_default():
    assert text("no_mask") == expected("""
        x InputLayer
        project Dense <- x
        attention MultiHeadAttention <- project, project
        -> attention
    """)


@pytest.mark.filterwarnings("ignore:Layer 'masked")  # is Keras's own, of a mask that ends there
def test_mask_as_a_tensor():
    shapes, dtypes = {"x": (5, 4), "mask": (5, 5)}, {"x": "float32", "mask": "bool"}
    graph = model_to_graph(arguments.Masked(), shapes, dtypes).graph
    assert graph_text(graph, arguments=True) == expected("""
        mask InputLayer
        x InputLayer
        project Dense <- x
        attention MultiHeadAttention <- project=query, project=value, mask=attention_mask
        -> attention
    """)


def test_flag_without_a_default():
    calls = expected("""
        x InputLayer
        rnn GRU <- x
        head Dense <- rnn
    """)
    assert text("state") == f"{calls}\n-> head, rnn:1"
    assert text("no_state") == f"{calls}\n-> head"


def test_optional_tensor():
    assert text("alone") == expected("""
        x InputLayer
        body Dense <- x
        -> body
    """)
    assert text("spread") == expected("""
        x InputLayer
        context InputLayer
        body Dense <- x
        condition Dense <- context
        add Add <- body, condition
        -> add
    """)


def test_list_for_one_argument():
    assert text("list") == expected("""
        inputs_0 InputLayer
        inputs_1 InputLayer
        left Dense <- inputs_0
        right Dense <- inputs_1
        join Concatenate <- left, right
        -> join
    """)


def test_dict_of_features():
    assert text("features") == expected("""
        item_id InputLayer
        price InputLayer
        user_id InputLayer
        users Embedding <- user_id
        items Embedding <- item_id
        join Concatenate <- users, items, price
        score Dense <- join
        -> score
    """)


def test_any_number_of_tensors():
    assert text("views") == expected("""
        views_0 InputLayer
        views_1 InputLayer
        views_2 InputLayer
        view_0 Dense <- views_0
        view_1 Dense <- views_1
        view_2 Dense <- views_2
        add Add <- view_0, view_1, view_2
        -> add
    """)


def test_tensor_by_name_alone():
    assert text("guided") == expected("""
        guidance InputLayer
        x InputLayer
        body Dense <- x
        guide Dense <- guidance
        add Add <- body, guide
        -> add
    """)
    as_list = model_to_graph(arguments.Guided(), [(4,), (3,)]).graph
    assert graph_text(as_list).splitlines()[2:] == text("guided").splitlines()[2:]


def test_what_is_no_tensor_changes_the_calls():
    assert text("maximum") == expected("""
        x InputLayer
        conv Conv1D <- x
        conv#2 Conv1D <- conv
        maximum GlobalMaxPooling1D <- conv#2
        -> maximum
    """)
    assert text("average") == expected("""
        x InputLayer
        conv Conv1D <- x
        skip Add <- x, conv
        average GlobalAveragePooling1D <- skip
        -> average
    """)


def test_dict_in_a_dict():
    assert text("nested") == expected("""
        codes_input InputLayer
        vitals_input InputLayer
        codes Embedding <- codes_input
        mean GlobalAveragePooling1D <- codes
        vitals Dense <- vitals_input
        add Add <- mean, vitals
        -> add
    """)


def test_two_tensors_and_a_flag():
    calls = """
        source Embedding <- encoder
        target Embedding <- decoder
        attention MultiHeadAttention <- target, source
        scores Dense <- attention
    """.rstrip()
    assert text("two") == expected(f"""
        encoder InputLayer
        decoder InputLayer{calls}
        -> scores
    """)
    assert text("two_and_flag") == expected(f"""
        decoder InputLayer
        encoder InputLayer{calls}
        -> scores, attention
    """)


def test_method_that_takes_a_flag():
    graph = model_to_graph(
        arguments.Autoencoder(), (8,), training=True, call={"noisy": True}, trace="encode"
    ).graph
    assert graph_text(graph) == expected("""
        images InputLayer
        encoder Sequential <- images
            input_layer InputLayer <- ^
            code Dense <- input_layer
            -> code
        noise GaussianNoise <- encoder
        -> noise
    """)


def test_each_of_several_models_gets_what_it_takes():
    pair = {"modes": arguments.Regularised(), "states": arguments.Stateful()}
    graph = model_to_graph(
        pair,
        {"modes": (4,), "states": (7, 4)},
        training=True,
        call={"return_state": True},
    ).graph
    assert [call.name for call in graph["modes"].body.calls] == ["x", "hidden", "drop", "head"]
    assert len(graph["states"].outputs) == 2
    with pytest.raises(ValueError, match="'call' of Regularised has no argument 'nothing'"):
        model_to_graph(pair, {"modes": (4,), "states": (7, 4)}, call={"nothing": 1})


def test_arguments_of_a_functional_model():
    with pytest.raises(ValueError, match="'call' of Functional has no argument 'flag'"):
        model_to_graph(arguments.noisy_functional(), call={"flag": True})


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="the code uses TensorFlow")
def test_code_in_raw_tensorflow_gets_them_too():
    import tensorflow as tf

    class Raw(arguments.Regularised):
        def call(self, x, training, squared):
            x = tf.reshape(self.hidden(x), (-1, 8))
            if training:
                x = self.drop(x)
            return self.head(tf.square(x) if squared else x)

    def calls(**kwargs):
        graph = model_to_graph(Raw(), (4,), **kwargs).graph
        return [call.class_name for call in graph.calls if not call.is_operation]

    assert calls(call={"squared": False}) == ["InputLayer", "Dense", "Dense"]
    with_training = calls(call={"squared": False}, training=True)
    assert with_training == ["InputLayer", "Dense", "Dropout", "Dense"]
    squared = model_to_graph(Raw(), (4,), call={"squared": True}).graph
    assert "square" in {call.class_name for call in squared.calls}
