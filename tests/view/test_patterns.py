"""Which calls a pattern means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf
from sphinxcontrib_kerasgraph.view.patterns import matches

CALL = replace(leaf("head", "Outer.Dense"), module="keras.layers")


@pytest.mark.parametrize(
    "pattern",
    ["enc/head", "*/head", "enc/*", "Dense", "D*e", "keras.layers.Outer.Dense", "keras.*", "*"],
)
def test_path_class_and_full_name_are_matched(pattern):
    assert matches(CALL, "enc/head", [pattern])
    assert matches(CALL, "enc/head", ["nobody", pattern])


@pytest.mark.parametrize("pattern", ["head", "dense", "Dens", "enc", "Outer.Dense", ""])
def test_nothing_else_is(pattern):
    assert not matches(CALL, "enc/head", [pattern])


ADD = replace(leaf("add", "Add"), module="keras.src.ops.numpy", is_operation=True)


@pytest.mark.parametrize("pattern", ["keras.ops.add", "keras.ops.*", "keras.src.ops.numpy.Add"])
def test_operations_are_matched_by_the_names_of_their_functions_too(pattern):
    assert matches(ADD, "plus", [pattern])
    assert not matches(CALL, "enc/head", [pattern])


def test_names_of_functions_are_whole():
    assert not matches(ADD, "plus", ["add"])
    assert not matches(ADD, "plus", ["keras.ops.subtract"])
    assert matches(replace(CALL, qualname="Dense"), "x", ["tf.keras.layers.Dense"])


def test_no_pattern_matches_nothing():
    assert not matches(CALL, "enc/head", [])
