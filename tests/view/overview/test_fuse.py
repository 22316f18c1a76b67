"""Straight chains are drawn as one stacked box."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given

from effort import tried
from graph_text import graph_text
from make_graphs import check_graph, model, random_models
from sphinxcontrib_kerasgraph.graph import CallGraph, GroupKind, ModelGraph
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold


def stacks(text: str | ModelGraph) -> list[str]:
    """The rows of the stacks of the model, those inside of blocks after them."""
    graph = model(text) if isinstance(text, str) else text
    found = fuse(graph)
    assert unfold(found) == graph
    check_graph(found.graph)
    return rows(found.graph)


def rows(graph: CallGraph) -> list[str]:
    return [
        " ".join(one.id for one in call.body.calls)
        for _, call in graph.walk()
        if call.is_group(GroupKind.STACK)
    ]


@tried(100)
@given(random_models())
def test_what_is_fused_can_be_unfolded(graph):
    found = fuse(graph)
    assert unfold(found) == graph
    check_graph(found.graph)
    assert boxes(found.graph) <= boxes(graph.graph)
    for _, call in found.graph.walk():
        if call.group:
            assert call.is_group(GroupKind.STACK)
            assert call.group.repeats == 1
            check_chain(call.body)


def check_chain(graph: CallGraph) -> None:
    """Each call takes what the one before it makes, and that alone."""
    assert len(graph.calls) > 1
    ids = [call.id for call in graph.calls]
    inner = [edge for edge in graph.edges if edge.source.call in ids]
    assert [(edge.source.call, edge.target.call) for edge in inner] == list(pairwise(ids))
    assert all(edge.target.call == ids[0] for edge in graph.edges if edge not in inner)
    assert {port.call for port in graph.outputs} <= {ids[-1]}


def test_a_chain_is_one_stack():
    text = """
        x InputLayer
        c Conv2D <- x
        b BatchNormalization <- c
        r ReLU <- b
        -> r
        """
    assert stacks(text) == ["c b r"]
    (box,) = fuse(model(text)).graph.calls[1:]
    assert graph_text(box.body) == ("c Conv2D <- ^\nb BatchNormalization <- c\nr ReLU <- b\n-> r")
    assert boxes(fuse(model(text)).graph) == 2


def test_one_layer_is_no_stack():
    assert stacks("x InputLayer\nc Conv2D <- x\n-> c") == []


def test_a_fork_ends_a_stack():
    text = """
        x InputLayer
        c Conv2D <- x
        r ReLU <- c
        d1 Dense <- r
        r1 ReLU <- d1
        d2 Dense <- r
        r2 ReLU <- d2
        -> r1, r2
        """
    assert stacks(text) == ["c r", "d1 r1", "d2 r2"]


def test_a_join_begins_a_stack():
    text = """
        x InputLayer
        d1 Dense <- x
        r1 ReLU <- d1
        d2 Dense <- x
        r2 ReLU <- d2
        c Concatenate <- r1, r2
        b BatchNormalization <- c
        -> b
        """
    assert stacks(text) == ["d1 r1", "d2 r2", "c b"]


def test_what_follows_a_join_and_its_activation_is_another_stack():
    text = """
        x InputLayer
        s Conv2D <- x
        a Add <- x, s
        r ReLU <- a
        c Conv2D <- r
        b BatchNormalization <- c
        -> b
        """
    assert stacks(text) == ["a r", "c b"]


def test_what_follows_a_gate_is_in_its_stack():
    text = """
        x InputLayer
        s Dense <- x
        m Multiply <- x, s
        c Conv2D <- m
        b BatchNormalization <- c
        -> b
        """
    assert stacks(text) == ["m c b"]


def test_a_tensor_taken_twice_by_the_next_call_is_no_chain():
    assert stacks("x InputLayer\nd Dense <- x\na Add <- d, d\n-> a") == []


def test_an_output_of_the_model_ends_a_stack():
    text = """
        x InputLayer
        c Conv2D <- x
        b BatchNormalization <- c
        d Dense <- b
        r ReLU <- d
        -> b, r
        """
    assert stacks(text) == ["c b", "d r"]


def test_a_block_breaks_a_chain_and_has_its_own():
    text = """
        x InputLayer
        c Conv2D <- x
        r ReLU <- c
        k Block <- r
            d Dense <- ^
            e ReLU <- d
            -> e
        f Conv2D <- k
        s ReLU <- f
        -> s
        """
    assert stacks(text) == ["c r", "d e", "f s"]


@pytest.mark.parametrize("facts", [{"inside": 2}, {"opaque": "it raised"}, {"kind": "constant"}])
def test_what_is_no_row_breaks_a_chain(facts):
    graph = model("x InputLayer\na Dense <- x\nb ReLU <- a\nc Odd <- b\nd Dense <- c\n-> d")
    calls = [replace(call, **facts) if call.id == "c" else call for call in graph.graph.calls]
    odd = replace(graph, graph=replace(graph.graph, calls=tuple(calls)))
    assert stacks(graph) == ["a b c d"]
    assert stacks(odd) == ["a b"]


def test_a_loop_breaks_a_chain():
    text = """
        x InputLayer
        rnn RNN <- x
            a Dense <- ^, ~d
            b ReLU <- a
            c Conv2D <- b
            e ReLU <- c
            d Dense <- e
            -> d
        -> rnn
        """
    assert stacks(text) == ["b c e"]


def test_padding_begins_the_box_of_its_layer():
    text = "x InputLayer\nr ReLU <- x\np ZeroPadding2D <- r\nc Conv2D <- p\n-> c"
    assert stacks(text) == ["r p c"]


def test_a_long_chain_breaks_after_pooling():
    lines, last = ["x InputLayer"], "x"
    for n in range(4):
        for one, of_class in (("c", "Conv2D"), ("d", "Conv2D"), ("p", "MaxPooling2D")):
            lines.append(f"{one}{n} {of_class} <- {last}")
            last = f"{one}{n}"
    assert stacks("\n".join([*lines, f"-> {last}"])) == [
        "c0 d0 p0",
        "c1 d1 p1",
        "c2 d2 p2",
        "c3 d3 p3",
    ]


def test_a_long_chain_breaks_before_its_eleventh_row_but_not_within_a_layer():
    """Two rows for each: an activation stands beside its normalization."""
    lines = ["r0 InputLayer"]
    for n in range(1, 8):
        lines += [
            f"c{n} Conv2D <- r{n - 1}",
            f"b{n} BatchNormalization <- c{n}",
            f"r{n} ReLU <- b{n}",
        ]
    assert stacks("\n".join([*lines, "-> r7"])) == [
        "c1 b1 r1 c2 b2 r2 c3 b3 r3 c4 b4 r4 c5 b5 r5",
        "c6 b6 r6 c7 b7 r7",
    ]


def test_repetitions_are_fused_inside():
    lines = ["r0 InputLayer"]
    for n in range(1, 5):
        lines += [
            f"c{n} Conv2D <- r{n - 1}",
            f"b{n} BatchNormalization <- c{n}",
            f"a{n} Add <- b{n}, r{n - 1}",
            f"r{n} ReLU <- a{n}",
        ]
    graph = model("\n".join([*lines, "-> r4"]))
    found = fuse(fold(graph))
    assert unfold(found) == graph
    assert rows(found.graph) == ["c1 b1", "a1 r1"]
    (repeated,) = found.graph.calls[1:]
    assert repeated.group.repeats == 4
    assert [rows(copy) for copy in repeated.group.copies] == [
        [f"c{n} b{n}", f"a{n} r{n}"] for n in range(1, 5)
    ]


def test_a_layer_that_is_repeated_is_a_row():
    lines = [f"d{n} Dense/8 <- d{n - 1}" for n in range(1, 6)]
    text = "\n".join(["d0 InputLayer", *lines, "c Conv2D <- d5", "-> c"])
    found = fuse(fold(model(text)))
    assert unfold(found) == model(text)
    (box,) = found.graph.calls[1:]
    assert box.is_group(GroupKind.STACK)
    assert [call.group.repeats if call.group else 1 for call in box.body.calls] == [5, 1]
