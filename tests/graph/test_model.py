"""ModelGraph's JSON refuses what it didn't write."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    FORMAT,
    Call,
    CallGraph,
    CallKind,
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
    first, second = (
        Call(id_, id_, "k", "Q", CallKind.OTHER, (tensor,), (tensor,), id_, constants=(("x", "1"),))
        for id_ in ("a:b", "c")
    )
    edges = (Edge(Port(BLOCK), Port("a:b")), Edge(Port("a:b"), Port("c")))
    inner = CallGraph((first, second), edges, (), (Port("c"),))
    source = Call("x", "x", "k", "I", CallKind.INPUT, (), (tensor,), "x")
    block = Call("d", "d", "k", "B", CallKind.MODEL, (tensor,), (tensor,), "d", body=inner)
    graph = CallGraph((source, block), (Edge(Port("x"), Port("d")),), ("x",), (Port("d"),))
    model = ModelGraph("m", "k", "Q", "Model", Parameters(3, 2, 1), 1, graph)
    text = model.to_json()
    again = ModelGraph.from_json(text)
    assert again == model
    assert again.graph["d"].kind is CallKind.MODEL
    assert '"inputs":[["float32",null,3]]' in text
    assert '{"source":"a:b:0","target":"c:0"}' in text
    assert not {"argument", "shared", "opaque", "made_with"} & set(text.split('"'))


def test_what_was_chosen_is_kept_and_unknown_in_graphs_of_older_releases():
    tensor = Tensor((None, 3), "float32")
    call = Call("x", "x", "k", "I", CallKind.INPUT, (), (tensor,), "x", chosen=("units",))
    graph = CallGraph((call,), (), ("x",), (Port("x"),))
    text = ModelGraph("m", "k", "Q", "Model", Parameters(), 1, graph).to_json()
    assert ModelGraph.from_json(text).graph["x"].chosen == ("units",)
    older = text.replace('"chosen":["units"],', "")
    assert older != text
    assert ModelGraph.from_json(older).graph["x"].chosen is None
