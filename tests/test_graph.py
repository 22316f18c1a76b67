"""ModelGraph's JSON refuses what it didn't write."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import (
    FORMAT,
    Call,
    CallGraph,
    Edge,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"format": 0}', f'{{"format": {FORMAT}}}'),
        f'{{"format": {FORMAT}, "parameters": {{}}, "graph": {{}}}}',
        f'{{"format": {FORMAT}, "parameters": {{}}, "graph": {{"calls": [1]}}}}',
    ],
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


def test_json_leaves_out_defaults_and_gives_the_graph_back():
    tensor = Tensor((None, 3), "float32")
    calls = tuple(
        Call(id_, id_, "k", "Q", "core", (tensor,), (tensor,), id_, constants=(("x", "1"),))
        for id_ in ("a:b", "c")
    )
    inner = CallGraph(calls, (Edge(Port("a:b"), Port("c", 1)),), ("a:b",), (Port("c", 2),))
    block = Call("d", "d", "k", "B", "model", (), (), "d", body=inner, inside=2)
    graph = CallGraph((block,), (), (), (Port("d"),))
    model = ModelGraph("m", "k", "Q", "Model", Parameters(3, 2, 1), 1, graph)
    text = model.to_json()
    assert ModelGraph.from_json(text) == model
    assert '"inputs":[["float32",null,3]]' in text
    assert '{"source":"a:b:0","target":"c:1"}' in text
    assert not {"argument", "shared", "opaque", "made_with"} & set(text.split('"'))
