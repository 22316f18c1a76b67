"""ModelGraph's JSON refuses what it didn't write."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph, Parameters


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 0}', '{"format": 1}', '{"format": 1, "x": 2}']
)
def test_foreign_json_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        ModelGraph.from_json(text)


def test_json_is_the_same_for_the_same_graph():
    made = [
        ModelGraph("m", "k", "Q", "Model", Parameters(1, 1, 1), 0, CallGraph((), (), (), ()), with_)
        for with_ in ({"keras": "3", "backend": "jax"}, {"backend": "jax", "keras": "3"})
    ]
    assert made[0].to_json() == made[1].to_json()
