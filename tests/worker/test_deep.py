"""Models in models are drawn as deep as any picture is read, or are told of; nothing ends in us."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.graph.depth import DEEPEST
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker


@pytest.fixture(scope="module")
def worker():
    worker = Worker({}, timeout=500)
    yield worker
    worker.close()


def levels(graph: ModelGraph) -> int:
    found = [path.count("/") for path, _ in graph.graph.walk()]
    return max(found)


@pytest.mark.parametrize(
    "target",
    [
        "zoo.deep.functional(50)",
        "zoo.deep.sequential(200)",
        "zoo.deep.functional(200)",
        "zoo.deep.composite(50)",
        *(
            pytest.param(f"zoo.deep.raised('{kind}', {depth})", marks=pytest.mark.slow)
            for kind, depth in [
                ("functional", 500),
                ("sequential", 500),
                ("functional", 1000),
                ("sequential", 1000),
                ("composite", 200),
            ]
        ),
    ],
)
def test_what_is_nested_is_drawn(worker, target):
    graph = worker.ask(ModelRequest(target)).result
    assert isinstance(graph, ModelGraph), graph
    depth = int("".join(one for one in target if one.isdigit()))
    # A model of layers is around them.
    assert levels(graph) == min(depth - 1 + ("composite" in target), DEEPEST)
    *_, (_, last) = graph.graph.walk()
    assert ("no more are opened" in (last.opaque or "")) == (depth > DEEPEST)
    assert graph.parameters.total == sum(
        call.parameters.own for _, call in graph.graph.walk()
    )  # of 12 numbers, none twice


@pytest.mark.slow
def test_what_python_ends_is_the_models_fault(worker):
    fault = worker.ask(ModelRequest("zoo.deep.composite(150)")).result
    assert isinstance(fault, Fault)
    assert (fault.subtype, "raised RecursionError" in fault.message) == ("build", True)
    assert "sys.setrecursionlimit(50_000)" in fault.advice
