"""Which blocks are open."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import Call, CallGraph, CallKind, ModelGraph, Parameters
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.view.expand import expand
from sphinxcontrib_kerasgraph.view.selection import select


def call(name: str, of_class: str = "Dense", kind: str = "dense", *inside: Call, **facts) -> Call:
    body = CallGraph(inside, (), (), ()) if inside else None
    return Call(name, name, "demo", of_class, kind, (), (), name, body=body, **facts)


ATTENTION = call("attn", "Attn", CallKind.CUSTOM, call("q"))
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
                CallKind.MODEL,
                call("embed"),
                call(
                    "block",
                    "Block",
                    CallKind.CUSTOM,
                    call("attn", "Attn", CallKind.CUSTOM, call("q")),
                ),
            ),
            call("head", "Block", CallKind.CUSTOM, call("out"), call("odd", opaque="it raised")),
        ),
        (),
        (),
        (),
    ),
)


def opened(**options) -> set[str]:
    shown = expand(GRAPH, SelectOptions(**options)).graph
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
    shown = expand(GRAPH, SelectOptions()).graph
    assert [one.inside for one in shown.calls] == [0, 2, 2]


def test_patterns_that_match_nothing():
    found = select(GRAPH, SelectOptions(collapse=("head", "haed", "*/q", "Bloc"), hide=("hed",)))
    assert [(one.option, one.asked) for one in found.unmet] == [
        ("collapse", "haed"),
        ("collapse", "Bloc"),
        ("hide", "hed"),
    ]


def test_opaque_calls_are_reported_where_they_would_be_opened():
    def closed(options: SelectOptions) -> list[tuple[str, str | None]]:
        unmet = select(GRAPH, options).unmet
        return [(one.asked, one.reason) for one in unmet if one.option is None]

    assert closed(SelectOptions()) == []
    assert closed(SelectOptions(depth=1)) == []
    assert closed(SelectOptions(depth=2)) == [("head/odd", "it raised")]
    assert closed(SelectOptions(depth="all", collapse=("odd", "head/odd"))) == []
