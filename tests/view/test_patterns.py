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


def test_no_pattern_matches_nothing():
    assert not matches(CALL, "enc/head", [])
