"""The panel beside a drawing tells all that is known of a call, in short words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import NOTHING, TENSOR, leaf
from sphinxcontrib_kerasgraph.graph import CallKind, Change, Marks, Parameters
from sphinxcontrib_kerasgraph.label.card import card

DENSE = leaf("head", "Dense", inputs=1)
GLOROT = {
    "module": "keras.initializers",
    "class_name": "GlorotUniform",
    "config": {"seed": None},
    "registered_name": None,
}
L2 = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.0001}}
POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_bfloat16"}}


def told(call, *args, **fields):
    return dict(card(replace(call, **fields), *args))


def test_tensors_are_told_with_the_names_of_arguments_and_of_outputs():
    call = replace(DENSE, inputs=(TENSOR, TENSOR), output_names=("probabilities",))
    rows = told(call, ("query", "value"))
    assert rows["Input"] == "query: (None, 8) float32\nvalue: (None, 8) float32"
    assert rows["Output"] == "probabilities: (None, 8) float32"
    assert told(DENSE)["Input"] == "(None, 8) float32"


def test_the_class_is_told_with_its_module_where_it_has_one():
    assert told(DENSE)["Class"] == "keras.layers.Dense"
    assert "Class" not in told(DENSE, module="")


def test_the_attribute_is_told_as_the_code_has_it():
    assert told(DENSE, attribute="blocks[0]")["Attribute"] == "self.blocks[0]"
    assert "Attribute" not in told(DENSE)


@pytest.mark.parametrize(
    ("numbers", "parameters", "trainable"),
    [
        (Parameters(total=1200, trainable=1200, own=1200), "1,200", "yes"),
        (Parameters(total=1200, trainable=0, own=1200), "1,200", "no"),
        (Parameters(total=1200, trainable=800, own=1200), "1,200", "800 of them"),
        (Parameters(total=1200, trainable=1200, own=64), "1,200, 64 of its own", "yes"),
        (Parameters(total=1200, trainable=1200, own=0), "1,200", "yes"),
    ],
)
def test_parameters_are_told_with_how_many_are_trained(numbers, parameters, trainable):
    rows = told(DENSE, parameters=numbers)
    assert (rows["Parameters"], rows["Trainable"]) == (parameters, trainable)


def test_nothing_is_told_of_parameters_where_there_are_none():
    assert not {"Parameters", "Trainable"} & told(DENSE).keys()


def test_of_the_configuration_is_told_what_was_chosen():
    config = {"name": "head", "units": 4, "use_bias": True, "kernel_initializer": GLOROT}
    rows = told(DENSE, config=config, chosen=("units",))
    assert rows["units"] == "4"
    assert not {"name", "use_bias", "kernel_initializer"} & rows.keys()


def test_all_of_the_configuration_is_told_where_what_was_chosen_is_not_known():
    """As in snapshots of older releases."""
    config = {"name": "head", "use_bias": True, "kernel_initializer": GLOROT, "noise": None}
    rows = told(DENSE, config=config)
    assert (rows["use_bias"], rows["kernel_initializer"]) == ("True", "glorot_uniform")
    assert not {"name", "noise"} & rows.keys()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (GLOROT, "glorot_uniform"),
        (L2, "l2(l2=0.0001)"),
        (POLICY, "mixed_bfloat16"),
        ([7, 7], "(7, 7)"),
        ([3], "(3,)"),
        ([[0, 1], [0, 1]], "((0, 1), (0, 1))"),
        (1.0009999999e-05, "1.001e-05"),
        ("same", "same"),
        (False, "False"),
        ({"class_name": "function", "config": "my_function"}, "my_function"),
        ({"a": 1, "b": GLOROT}, "a: 1, b: glorot_uniform"),
    ],
)
def test_values_are_told_in_short_words(value, text):
    assert told(DENSE, config={"of": value}, chosen=("of",))["of"] == text


def test_long_values_are_cut():
    text = told(DENSE, config={"of": "a" * 999}, chosen=("of",))["of"]
    assert len(text) == 120
    assert text.endswith("a…")


def test_the_activation_is_told_once_and_not_where_nothing_is_done():
    config = {"activation": "relu"}
    assert [key for key, _ in card(replace(DENSE, activation="relu", config=config))].count(
        "Activation"
    ) == 1
    assert "activation" not in told(DENSE, activation="relu", config=config)
    assert "Activation" not in told(DENSE, activation="linear", config={"activation": "linear"})


def test_operations_tell_their_constants_and_no_configuration():
    rows = told(
        DENSE,
        is_operation=True,
        constants=(("axis", "-1"),),
        config={"newshape": [64]},
        chosen=("newshape",),
    )
    assert rows["axis"] == "-1"
    assert "newshape" not in rows


def test_of_blocks_the_layers_in_the_configuration_are_not_told():
    inner = {"class_name": "Dense", "config": {"units": 4}}
    rows = told(DENSE, body=NOTHING, config={"layer": inner, "rate": 0.5}, chosen=("layer", "rate"))
    assert rows["rate"] == "0.5"
    assert "layer" not in rows


def test_calls_of_one_layer_are_listed():
    assert told(DENSE, (), ("head", "head#2"))["Calls of the layer"] == "head\nhead#2"
    many = told(DENSE, (), [f"head#{at}" for at in range(20)])["Calls of the layer"]
    assert many.endswith("head#11\nand 8 more")


def test_why_a_block_is_opaque_is_told():
    assert told(DENSE, opaque="it raised", kind=CallKind.CUSTOM)["Not opened"] == "it raised"


def test_the_order_of_the_configuration_says_nothing():
    rates = {"low": 1, "high": {"b": 2, "a": 3}}
    turned = {"high": {"a": 3, "b": 2}, "low": 1}
    assert card(replace(DENSE, config=rates)) == card(replace(DENSE, config=turned))


def test_of_a_changed_call_each_row_tells_what_it_was():
    before = replace(DENSE, config={**DENSE.config, "units": 3})
    after = replace(DENSE, config={**DENSE.config, "units": 4}, activation="relu")
    rows = dict(card(replace(after, before=before, marks=Marks(Change.CHANGED))))
    assert next(iter(rows)) == "Change"
    assert rows["Change"] == "changed"
    assert rows["Summary"] == "3 → 4"
    assert rows["Class"] == dict(card(DENSE))["Class"]
    assert rows["Activation"].endswith("→ relu")
    assert dict(card(replace(DENSE, marks=Marks(Change.REMOVED, moved=True))))["Change"] == "moved"
