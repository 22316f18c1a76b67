"""A decoder of 70 billion parameters, to full depth, without its weights."""

from __future__ import annotations

from textwrap import dedent

import keras
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import CallGraph
from zoo.llama import Llama, small


@pytest.fixture(scope="module")
def graph():
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return model_to_graph(Llama(), (None,), "int32")


def test_parameters_are_those_of_llama_3_70b(graph):
    block = 2 * 8192 * 8192 + 2 * 8192 * 1024 + 3 * 8192 * 28_672 + 2 * 8192
    assert graph.parameters.total == 80 * block + 2 * 128_256 * 8192 + 8192 == 70_553_706_496
    owned = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
    assert sum(owned.values()) == graph.parameters.total


def test_every_block_is_open_to_full_depth(graph):
    blocks = [call for call in graph.graph.calls if call.class_name == "Decoder"]
    assert [call.id for call in blocks] == [f"block_{number}" for number in range(80)]
    assert not any(call.opaque for _, call in graph.graph.walk())
    texts = {graph_text(call.body) for call in blocks}
    assert texts == {
        dedent("""\
            attention_norm RMSNorm <- ^
            attention GroupedQueryAttention <- attention_norm
                shape Shape <- ^
                query Dense <- ^
                reshape Reshape <- query
                rotary RotaryEmbedding <- reshape
                key Dense <- ^
                reshape_1 Reshape <- key
                rotary#2 RotaryEmbedding <- reshape_1
                value Dense <- ^
                reshape_2 Reshape <- value
                repeat Repeat <- rotary#2
                repeat_1 Repeat <- reshape_2
                einsum Einsum <- rotary, repeat
                true_divide TrueDivide <- einsum
                where Where <- shape, true_divide
                softmax Softmax <- where
                einsum_1 Einsum <- softmax, repeat_1
                reshape_3 Reshape <- einsum_1
                output Dense <- reshape_3
                -> output
            add Add <- ^, attention
            feed_forward_norm RMSNorm <- add
            feed_forward FeedForward <- feed_forward_norm
                gate Dense <- ^
                silu Silu <- gate
                up Dense <- ^
                multiply Multiply <- silu, up
                down Dense <- multiply
                -> down
            add_1 Add <- add, feed_forward
            -> add_1""")
    }


def test_unknown_length_is_none_everywhere(graph):
    attention = dict(graph.graph.walk())["block_7/attention"]
    assert attention.body["einsum"].outputs[0].shape == (None, 64, None, None)
    assert attention.body["rotary#2"].outputs[0].shape == (None, None, 8, 128)
    assert attention.body["reshape_3"].outputs[0].shape == (None, None, 8192)
    assert dict(attention.body["reshape_3"].constants)["newshape"] == "(-1, None, 8192)"


def test_known_length_is_shown():
    keras.utils.clear_session()
    graph = model_to_graph(small(), (16,), "int32")
    attention = dict(graph.graph.walk())["block_1/attention"]
    assert isinstance(attention.body, CallGraph)
    assert attention.body["einsum"].outputs[0].shape == (None, 4, 16, 16)
