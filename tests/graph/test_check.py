"""A graph that doesn't hold together is refused, when it is made and when it is read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from effort import tried
from make_graphs import NET, model, random_models
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, Edge, ModelGraph, Port
from sphinxcontrib_kerasgraph.view.overview.fold import fold


def with_calls(change) -> CallGraph:
    return replace(NET.graph, calls=tuple(map(change, NET.graph.calls)))


def with_edges(*edges: Edge) -> CallGraph:
    return replace(NET.graph, edges=edges)


X_TO_DENSE, DENSE_TO_BLOCK, *INTO_ADD = NET.graph.edges
BODY = NET.graph["block"].body

BROKEN = {
    "two calls have one id: dense": with_calls(
        lambda call: replace(call, id="dense") if call.id == "block" else call
    ),
    "a call has no id": with_calls(
        lambda call: replace(call, id=BLOCK) if call.id == "block" else call
    ),
    "an input of the model isn't there, or twice": replace(NET.graph, inputs=("y",)),
    "two tensors go into one input": with_edges(X_TO_DENSE, X_TO_DENSE, DENSE_TO_BLOCK, *INTO_ADD),
    "there is no output 1 of 'x'": with_edges(
        Edge(Port("x", 1), Port("dense")), DENSE_TO_BLOCK, *INTO_ADD
    ),
    "there is no output -1 of 'x'": with_edges(
        Edge(Port("x", -1), Port("dense")), DENSE_TO_BLOCK, *INTO_ADD
    ),
    "there is no output 0 of 'gone'": replace(NET.graph, outputs=(Port("gone"),)),
    "there is no output 0 of ''": replace(NET.graph, outputs=(Port(BLOCK),)),
    "input 1 of 'add' has no tensor, or isn't there": with_edges(*NET.graph.edges[:-1]),
    "input 2 of 'add' has no tensor, or isn't there": with_edges(
        *NET.graph.edges, Edge(Port("x"), Port("add", 2))
    ),
    "input 0 of 'gone' has no tensor, or isn't there": with_edges(
        *NET.graph.edges, Edge(Port("x"), Port("gone"))
    ),
    "'dense' comes before 'block'": with_edges(
        Edge(Port("block"), Port("dense")), DENSE_TO_BLOCK, *INTO_ADD
    ),
    "the edges into 'add' aren't in order": with_edges(
        X_TO_DENSE, DENSE_TO_BLOCK, *reversed(INTO_ADD)
    ),
    "'block' doesn't hand on what is inside": with_calls(
        lambda call: replace(call, body=replace(BODY, outputs=())) if call.body else call
    ),
    "there is no output 1 of ''": with_calls(
        lambda call: (
            replace(call, body=replace(BODY, outputs=(Port("", 1),))) if call.body else call
        )
    ),
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_graph_that_does_not_hold_together_is_refused(why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        BROKEN[why].check()
    text = replace(NET, graph=BROKEN[why]).to_json()
    with pytest.raises(ValueError, match=rf"^({why}|graph\.edges.* names no output .*)$"):
        ModelGraph.from_json(text)


@settings(tried(50), derandomize=False)
@given(random_models())
def test_any_graph_that_holds_together_is_read_as_it_was(net):
    net.graph.check()
    assert ModelGraph.from_json(net.to_json()) == net


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), "group"),
        ((), "marks"),
        ((), "inside"),
        (("kind",), "fold"),
        (("name",), 3),
        (("outputs",), [["float32", "8"]]),
        (("outputs",), [[None, 8]]),
    ],
)
def test_what_extraction_never_makes_is_refused(path, value):
    data = json.loads(NET.to_json())
    call = data["graph"]["calls"][1]
    if path:
        call[path[0]] = value
    else:
        call[value] = {}
    with pytest.raises(ValueError, match=r".+"):
        ModelGraph.from_data(data)


def test_a_group_has_a_tensor_for_each_of_its_repetitions():
    experts = "\n".join(f"d{n} Dense <- x" for n in range(3))
    graph = fold(model(f"x InputLayer\n{experts}\na Add <- d0, d1, d2\n-> a")).graph
    graph.check()
    [group] = [call for call in graph.calls if call.group]
    assert group.group.leaving == (0, 0, 0)
    odd = replace(group, group=replace(group.group, leaving=(0, 0)), outputs=group.outputs[:2])
    calls = tuple(odd if call is group else call for call in graph.calls)
    with pytest.raises(ValueError, match="has not one tensor for each of its repetitions"):
        replace(graph, calls=calls, edges=graph.edges[:3]).check(complete=False)
