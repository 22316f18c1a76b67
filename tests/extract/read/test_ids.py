"""Every call has an id of its own."""

from __future__ import annotations

import itertools

from sphinxcontrib_kerasgraph.extract.read.ids import first_free, unique


def test_unique_names():
    assert unique(["a", "b", "a", "a~2", "a"]) == ["a", "b", "a~2", "a~2~2", "a~3"]
    assert unique(["a", "b"], taken=["a", "a~2"]) == ["a~3", "b"]


def test_first_free_name_is_taken_from_then_on():
    taken = {"x"}
    names = ("x" + "_input" * times for times in itertools.count())
    assert first_free(names, taken) == "x_input"
    assert taken == {"x", "x_input"}
