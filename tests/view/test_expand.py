"""Which blocks are open."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph, Parameters
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.view.expand import expand, unmatched, unopened


def call(name: str, of_class: str = "Dense", kind: str = "dense", *inside: Call, **facts) -> Call:
    body = CallGraph(inside, (), (), ()) if inside else None
    return Call(name, name, "demo", of_class, kind, (), (), name, body=body, **facts)


GRAPH = ModelGraph(
    "net",
    "demo",
    "Net",
    "Model",
    Parameters(),
    3,
    CallGraph(
        (
            call("stem"),
            call(
                "encoder",
                "Functional",
                "model",
                call("embed"),
                call("block", "Block", "custom", call("attn", "Attn", "custom", call("q"))),
            ),
            call("head", "Block", "custom", call("out"), call("odd", opaque="it raised")),
        ),
        (),
        (),
        (),
    ),
)


def opened(**options) -> set[str]:
    shown = expand(GRAPH, DrawOptions(**options)).graph
    return {path for path, one in shown.walk() if one.body is not None}


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({}, set()),
        ({"depth": 1}, {"encoder", "head"}),
        ({"depth": 2}, {"encoder", "encoder/block", "head"}),
        ({"depth": "all"}, {"encoder", "encoder/block", "encoder/block/attn", "head"}),
        ({"expand_nested": True}, {"encoder"}),
        ({"expand": ("head",)}, {"head"}),
        ({"expand": ("Block",)}, {"encoder", "encoder/block", "head"}),
        ({"expand": ("demo.Attn",)}, {"encoder", "encoder/block", "encoder/block/attn"}),
        ({"expand": ("*/attn",)}, {"encoder", "encoder/block", "encoder/block/attn"}),
        ({"depth": "all", "collapse": ("Block",)}, {"encoder"}),
        ({"depth": "all", "collapse": ("encoder",)}, {"head"}),
        ({"expand": ("Attn",), "collapse": ("encoder/block",)}, {"encoder"}),
    ],
)
def test_what_is_open(options, paths):
    assert opened(**options) == paths


def test_closed_blocks_tell_how_many_calls_are_inside():
    shown = expand(GRAPH, DrawOptions()).graph
    assert [one.inside for one in shown.calls] == [0, 2, 2]


def test_patterns_that_match_nothing():
    assert unmatched(GRAPH, ("head", "haed", "*/q", "Bloc")) == ["haed", "Bloc"]


def test_opaque_calls_are_reported_where_they_would_be_opened():
    assert [path for path, _ in unopened(GRAPH, DrawOptions())] == []
    assert [path for path, _ in unopened(GRAPH, DrawOptions(depth=1))] == []
    assert [path for path, _ in unopened(GRAPH, DrawOptions(depth=2))] == ["head/odd"]
    hidden = DrawOptions(depth="all", collapse=("odd", "head/odd"))
    assert [path for path, _ in unopened(GRAPH, hidden)] == []
