"""The fact beside a layer's class, from configurations and constants written by hand.

Those that Keras gives are in tests/models/test_facts.py.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import VALUES
from effort import tried
from make_graphs import leaf
from sphinxcontrib_kerasgraph.graph import Call, CallKind
from sphinxcontrib_kerasgraph.label.facts import key_fact, merged_facts


def call(kind: str = "other", of_class: str = "Layer", **config) -> Call:
    return replace(leaf("c", of_class), kind=CallKind(kind), config=config)


@pytest.mark.parametrize(
    ("kind", "config", "fact"),
    [
        ("convolution", {"filters": 64, "kernel_size": [7, 7], "strides": [2, 2]}, "64 · 7×7 / 2"),
        ("convolution", {"filters": 8, "kernel_size": [1, 3], "strides": [1, 1]}, "8 · 1×3"),
        (
            "convolution",
            {"filters": 8, "kernel_size": [3], "dilation_rate": [2]},
            "8 · 3 · dilated 2",
        ),
        ("convolution", {"kernel_size": [3, 3], "depth_multiplier": 2}, "3×3 · × 2"),
        ("convolution", {"filters": 8, "kernel_size": [3, 3], "groups": 4}, "8 · 3×3 · 4 groups"),
        ("pooling", {"pool_size": [2, 2], "strides": [1, 2]}, "2×2 / 1×2"),
        ("pooling", {}, ""),
        ("dense", {"units": 10}, "10"),
        ("recurrent", {"units": 7}, "7"),
        ("attention", {"num_heads": 8, "key_dim": 64}, "8 heads · 64"),
        (
            "attention",
            {"num_query_heads": 8, "num_key_value_heads": 2, "head_dim": 64},
            "8 heads · 2 groups · 64",
        ),
        ("embedding", {"input_dim": 30522, "output_dim": 768}, "30,522 × 768"),
        ("regularization", {"rate": 0.25}, "0.25"),
        ("regularization", {"rate": 1 / 3}, "0.333"),
        ("reshape", {"target_shape": [4, 4]}, "4×4"),
        ("reshape", {"padding": [[0, 1], [0, 1]]}, "0, 1 × 0, 1"),
        ("reshape", {"padding": [[1, 1], [1, 1]]}, "1"),
        ("reshape", {"dims": [2, 1]}, "2, 1"),
        ("merge", {"axis": 1}, "axis 1"),
        ("merge", {"axis": -1}, ""),
        ("other", {"layer": {"class_name": "LSTM"}}, "LSTM"),
        # The configuration of an author's own layer may mean anything.
        ("custom", {"units": 10}, ""),
    ],
)
def test_the_fact_of_a_configuration(kind, config, fact):
    assert key_fact(call(kind, **config)) == fact


def test_an_activation_is_the_fact_of_the_layer_of_that_class_alone():
    assert key_fact(replace(call("activation", "Activation"), activation="tanh")) == "tanh"
    assert key_fact(replace(call("activation", "ReLU"), activation="relu")) == ""


def operation(of_class: str, **constants: str) -> str:
    found = replace(
        leaf("o", of_class), is_operation=True, kind=CallKind.OPERATION,
        constants=tuple(constants.items()),
    )  # fmt: skip
    return key_fact(found)


@pytest.mark.parametrize(
    ("of_class", "constants", "fact"),
    [
        ("Add", {"x2": "1"}, "+ 1"),
        ("Subtract", {"x1": "1"}, "1 − x"),
        ("Multiply", {"x2": "0.12345678"}, "× 0.1235"),
        ("Divide", {"x2": "2"}, "÷ 2"),
        ("GreaterEqual", {"x2": "0"}, "≥ 0"),
        ("GetItem", {"key": "[:, 0]"}, "[:, 0]"),
        ("Mean", {"axis": "-1", "keepdims": "True"}, "axis=-1, keepdims=True"),
        ("Shape", {"value": "3"}, "3"),
        ("Add", {}, ""),
    ],
)
def test_the_fact_of_an_operation(of_class, constants, fact):
    assert operation(of_class, **constants) == fact


def test_long_facts_are_cut():
    assert len(operation("Einsum", subscripts="x" * 100)) == 48


@tried(150)
@given(
    st.sampled_from(CallKind),
    st.dictionaries(
        st.sampled_from(
            [
                *("filters", "kernel_size", "strides", "dilation_rate", "groups", "units", "rate"),
                *("num_heads", "key_dim", "input_dim", "output_dim", "target_shape", "padding"),
                *("size", "axis", "layer", "n", "dims", "depth_multiplier", "pool_size"),
            ]
        ),
        VALUES,
    ),
)
def test_a_configuration_that_is_not_keras_s_is_no_error(kind, config):
    assert len(key_fact(call(kind, **config))) <= 48


def dense(*units: object) -> str:
    return merged_facts([call("dense", units=one) for one in units])


def test_facts_of_several():
    assert dense(8, 8) == "8"
    assert dense(8, 64, 16) == "8, 64, 16"
    assert dense(64, 8) == "64, 8"
    convolutions = [
        call("convolution", filters=filters, kernel_size=[size, size])
        for filters, size in ((64, 3), (128, 3), (256, 3))
    ]
    assert merged_facts(convolutions) == "64, 128, 256 · 3×3"
    kernels = [call("convolution", filters=8, kernel_size=[size] * 2) for size in (3, 5)]
    assert merged_facts(kernels) == "8 · 3×3, 5×5"


def test_a_word_is_told_once():
    convolutions = [
        call("convolution", filters=8, kernel_size=[2], dilation_rate=[2**n], groups=n + 1)
        for n in range(3)
    ]
    assert merged_facts(convolutions) == "8 · 2 · dilated 1, 2, 4 · 1, 2, 3 groups"
    attentions = [call("attention", num_heads=heads, key_dim=64) for heads in (4, 8)]
    assert merged_facts(attentions) == "4, 8 heads · 64"


def test_facts_of_other_parts_are_told_as_they_are():
    pools = [call("pooling", pool_size=[2]), call("pooling", pool_size=[2], filters=8)]
    assert merged_facts(pools) == "2, 8 · 2"


def test_facts_that_several_have_not_are_none():
    assert merged_facts([call("merge", axis=1), call("merge", axis=-1)]) == "axis 1, none"


def test_many_texts_are_told_by_the_first_and_the_last():
    many = [call("convolution", kernel_size=[n, n + 1, n + 2]) for n in range(1, 9)]
    assert merged_facts(many) == "1×2×3 … 8×9×10"
