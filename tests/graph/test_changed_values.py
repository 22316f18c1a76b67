"""Which values of two configurations differ."""

from __future__ import annotations

import pytest

from edit_graphs import serialized
from sphinxcontrib_kerasgraph.graph.changed_values import (
    Missing,
    ValueChange,
    changed_values,
    value_at,
    with_values,
)


def test_equal_configurations_differ_in_nothing():
    config = {"units": 8, "kernel_initializer": serialized("HeNormal", seed=[1, {"a": 2}])}
    assert [*changed_values(config, config.copy())] == []


@pytest.mark.parametrize(
    ("old", "new", "keys", "before", "after"),
    [
        ({"units": 8}, {"units": 9}, ("units",), 8, 9),
        ({}, {"rank": None}, ("rank",), Missing.NOTHING, None),
        ({"rank": 4}, {}, ("rank",), 4, Missing.NOTHING),
        ({"strides": [1, 1]}, {"strides": [2, 2]}, ("strides",), [1, 1], [2, 2]),
        # In an object of the same class, what differs there.
        (
            {"init": serialized("HeNormal", seed=1)},
            {"init": serialized("HeNormal", seed=2)},
            ("init", "seed"),
            1,
            2,
        ),
        (
            {"init": serialized("HeNormal")},
            {"init": serialized("Zeros")},
            ("init",),
            serialized("HeNormal"),
            serialized("Zeros"),
        ),
        (
            {"cells": [serialized("LSTMCell", units=1), serialized("LSTMCell", units=2)]},
            {"cells": [serialized("LSTMCell", units=1), serialized("LSTMCell", units=3)]},
            ("cells", "1", "units"),
            2,
            3,
        ),
        # A parameter that has the name of a key beside the configuration.
        (
            {"layer": serialized("Mine", module=1)},
            {"layer": serialized("Mine", module=2)},
            ("layer", "config.module"),
            1,
            2,
        ),
        # A policy is its name.
        (
            {"dtype": serialized("DTypePolicy", name="float32")},
            {"dtype": serialized("DTypePolicy", name="float16")},
            ("dtype",),
            serialized("DTypePolicy", name="float32"),
            serialized("DTypePolicy", name="float16"),
        ),
    ],
)
def test_a_change_has_its_keys_and_both_values(old, new, keys, before, after):
    assert [*changed_values(old, new)] == [ValueChange(keys, before, after)]
    # Which are found by the keys, and can be put back.
    assert (value_at(old, keys), value_at(new, keys)) == (before, after)
    assert with_values(new, {keys: before}) == old
    assert with_values(old, {keys: after}) == new


def test_a_value_that_is_nowhere_is_nothing():
    assert value_at({"init": serialized("HeNormal")}, ("init", "seed")) is Missing.NOTHING
    assert value_at({"init": "he_normal"}, ("init", "seed")) is Missing.NOTHING


def test_names_of_layers_are_no_change():
    old = {"name": "dense", "layer": serialized("LSTM", name="lstm")}
    new = {"name": "logits", "layer": serialized("LSTM", name="lstm_3")}
    assert [*changed_values(old, new)] == []


def test_keys_of_one_alone_can_be_left_out_at_any_depth():
    old = {"a": 1, "init": serialized("HeNormal", seed=1)}
    new = {"b": 1, "init": serialized("HeNormal", seed=2, mode="fan")}
    assert [one.keys for one in changed_values(old, new, all_keys=False)] == [("init", "seed")]
    assert len([*changed_values(old, new)]) == 4


def test_what_is_missing_reads_as_nothing_and_is_no_text():
    assert str(Missing.NOTHING) == "\N{EN DASH}"
    assert Missing.NOTHING != "\N{EN DASH}"
