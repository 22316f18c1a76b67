"""Models whose code does what few do."""

from __future__ import annotations

import re
import threading
from textwrap import dedent

import keras
import numpy as np
import pytest
from keras import layers, ops

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_dot, model_to_graph
from sphinxcontrib_kerasgraph.graph.depth import DEEPEST
from zoo import nested, odd

RAW = keras.config.backend() == "tensorflow"


def text(model, shape=(4,)) -> str:
    return graph_text(model_to_graph(model, shape).graph)


def expected(lines: str) -> str:
    return dedent(lines).strip()


def test_weights_and_seeds_stay_what_they_are():
    model = odd.Counted()
    model(np.ones((2, 4), "float32"))
    before = list(map(ops.convert_to_numpy, model.variables))
    model_to_graph(model, (4,))
    after = list(map(ops.convert_to_numpy, model.variables))
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_layers_that_were_built_meanwhile_can_be_called():
    model = odd.Counted()
    model_to_graph(model, (4,))
    assert model(np.ones((2, 4), "float32")).shape == (2, 4)


def test_tensor_kept_beside_the_outputs_makes_a_block_opaque():
    graph = model_to_graph(odd.Handing(), (4,)).graph
    assert graph["keeping"].opaque == "its code hands on a tensor that it doesn't return"
    assert graph_text(graph) == expected("""
        x InputLayer
        keeping Keeping <- x
        dense Dense <- keeping
        add Add <- dense, keeping:1
        -> add
    """)


def test_functional_model_built_in_a_call_is_said_to_be_unknown():
    graph = model_to_graph(odd.Building(), (4,))
    assert graph.opaque == "it takes a tensor that none of its calls made"
    assert [call.class_name for call in graph.graph.calls] == ["InputLayer", "Building"]


def test_what_surrounds_the_call_is_drawn():
    assert text(odd.Before()) == expected("""
        x InputLayer
        multiply Multiply <- x
        odd Before <- multiply
            dense Dense <- ^
            -> dense
        -> odd
    """)
    assert text(odd.After()) == expected("""
        x InputLayer
        odd After <- x
            dense Dense <- ^
            -> dense
        multiply Multiply <- odd
        -> multiply
    """)
    assert model_to_graph(odd.After(), (4,)).graph.inputs == ("x",)


def _concat(x):
    import tensorflow as tf

    return tf.concat([x, x], -1)[..., :4]


def _unknown(x):
    return x + ops.cast(ops.arange(x.shape[1]), x.dtype)[:, None]


def _raises(x):
    raise RuntimeError("never")


@pytest.mark.parametrize(
    ("then", "shape"),
    [
        (None, (4,)),
        (_unknown, (None, 4)),
        *([(_concat, (4,)), (_concat, (None, 4))] if RAW else []),
    ],
)
def test_time_does_not_double_with_each_level(then, shape):
    runs = {}
    for depth in (4, 8):
        odd.Level.runs = 0
        graph = model_to_graph(odd.Deep(depth, then), shape)
        runs[depth] = odd.Level.runs
        assert sum(call.class_name == "Level" for _, call in graph.graph.walk()) == depth + 1
    assert runs[8] < 5 * runs[4]  # twice as deep: at most a square, not sixteen times as many


@pytest.mark.slow
def test_failure_is_not_tried_at_each_level_again():
    runs = {}
    for depth in (4, 8):
        odd.Level.runs = 0
        with pytest.raises(ValueError, match="never"):
            model_to_graph(odd.Deep(depth, _raises), (None, 4))
        runs[depth] = odd.Level.runs
    assert runs[8] < 5 * runs[4]


def test_of_a_hundred_levels_the_first_are_opened():
    graph = model_to_graph(odd.Deep(100), (4,))
    levels = [call for _, call in graph.graph.walk() if call.class_name == "Level"]
    assert len(levels) == DEEPEST + 1
    assert [call.opaque is None for call in levels] == [True] * DEEPEST + [False]


def test_a_model_that_calls_itself_ends():
    with pytest.raises(ValueError, match="recursion"):
        model_to_graph(odd.Endless(), (4,))


def test_threads_take_turns():
    texts = []
    methods = [keras.Layer.__call__, keras.Operation.symbolic_call]
    threads = [
        threading.Thread(target=lambda: texts.append(text(nested.Tower(), (6,)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [keras.Layer.__call__, keras.Operation.symbolic_call] == methods
    assert len(texts) == 4


def test_layer_without_a_name():
    inputs = keras.Input((4,), name="x")
    model = keras.Model(inputs, layers.Dense(2, name="last")(layers.ReLU(name="")(inputs)))
    assert text(model, None) == expected("""
        x InputLayer
        re_lu ReLU <- x
        last Dense <- re_lu
        -> last
    """)
    assert "<font" in model_to_dot(model).to_string()


def test_cells_with_several_states():
    cells = layers.StackedRNNCells([layers.LSTMCell(3, name="a"), layers.GRUCell(2, name="b")])
    inputs = keras.Input((5, 4), name="x")
    graph = model_to_graph(keras.Model(inputs, layers.RNN(cells, name="rnn")(inputs))).graph
    rnn = graph["rnn"]
    assert rnn.opaque is None
    [stacked] = rnn.body.calls
    assert [call.id for call in stacked.body.calls] == ["a", "b"]
    recurrent = [edge for edge in rnn.body.edges if edge.recurrent]
    assert [(edge.source.index, edge.target.index) for edge in recurrent] == [
        (1, 1), (2, 2), (3, 3),
    ]  # fmt: skip
    assert [tensor.shape for tensor in stacked.inputs] == [
        (None, 4), (None, 3), (None, 3), (None, 2),
    ]  # fmt: skip


@pytest.mark.skipif(not RAW, reason="in TensorFlow only")
def test_gradients_of_ones_own_add_no_box():
    import tensorflow as tf

    class Own(odd.One):
        def call(self, x):
            @tf.custom_gradient
            def doubled(value):
                return value * 2, lambda upstream: upstream

            return doubled(self.dense(x)) + x

    assert text(Own()) == expected("""
        x InputLayer
        dense Dense <- x
        multiply Multiply <- dense
        add Add <- multiply, x
        -> add
    """)


@pytest.mark.parametrize("read", [float, int, bool, np.asarray])
def test_code_that_reads_values_is_opaque(read):
    graph = model_to_graph(odd.Reading(read), (4,))
    advice = "keras.ops.cond or keras.ops.where" if read is bool else "write it with keras.ops"
    assert graph.opaque.startswith("its code looks at the value of a tensor")
    assert advice in graph.opaque
    assert [call.class_name for call in graph.graph.calls] == ["InputLayer", "Reading"]


def test_number_of_steps_that_is_not_known_asks_for_the_shape():
    try:  # Keras infers the shapes with JAX and torch, for which it takes a size
        reason = model_to_graph(odd.Unrolled(), (None, 4)).opaque
    except ValueError as error:
        reason = str(error)
    assert re.search("'NoneType' object|depends on a size", reason)
    known = model_to_graph(odd.Unrolled(), (3, 4)).graph
    assert sum(call.name == "dense" for call in known.calls) == 3


@pytest.mark.skipif(not RAW, reason="in TensorFlow only")
def test_what_a_layer_hands_back_is_another_tensor():
    assert text(odd.Dropping()) == expected("""
        x InputLayer
        dropout Dropout <- x
        dense Dense <- dropout
        concat concat <- x, dense
        -> concat
    """)


def test_dtype_of_an_unbuilt_sequential_model():
    keras.utils.clear_session()
    model = keras.Sequential([layers.Embedding(9, 4, name="embed")], name="unbuilt")
    graph = model_to_graph(model, (5,), "int32")
    assert graph.graph.calls[0].outputs[0].dtype == "int32"
    assert [call.class_name for call in graph.graph.calls] == ["InputLayer", "Embedding"]
    assert graph.parameters.total == 36


def test_reasons_tell_no_folder():
    graph = model_to_graph(odd.Reading(float), (4,))
    assert "/" not in graph.opaque
    assert "odd.py:" in graph.opaque


def test_loop_over_a_length_that_is_not_known():
    graph = model_to_graph(odd.Stepping(), (None, 4)).graph
    assert graph["fori_loop"].opaque is None
    assert graph_text(graph) == expected("""
        x InputLayer
        fori_loop ForiLoop <- x
            constant Constant
            body_fun body_fun <- constant, ^, ~body_fun
                dense Dense <- ^1
                -> dense
            -> body_fun
        -> fori_loop
    """)
    constant = graph["fori_loop"].body["constant"]
    assert dict(constant.constants) == {"value": "0 … None"}


def test_layer_that_tells_of_other_outputs_than_it_returns():
    graph = model_to_graph(odd.told_of_two())
    assert graph_text(graph.graph) == expected("""
        x InputLayer
        told ToldOfTwo <- x
        -> told
    """)
    assert graph.graph["told"].opaque == "it tells Keras of 2 outputs, and returns another number"
