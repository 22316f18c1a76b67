"""Branches that are alike and stand side by side are drawn once."""

from __future__ import annotations

import pytest

from graph_text import expected, graph_text
from make_graphs import check_view, model, what_repeats
from sphinxcontrib_kerasgraph.graph import CallGraph, GroupKind
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse


def folded(text: str, *, exact: bool = True) -> CallGraph:
    """The graph of the text, folded; nothing is lost."""
    graph = model(text)
    found = fold(graph, exact=exact)
    check_view(graph, found)
    check_view(graph, fuse(found))
    return found.graph


def beside(text: str, *, exact: bool = True) -> list[str]:
    """What stands side by side, such as ``3 × a b``, what is inside of others after these."""
    graph = folded(text, exact=exact)
    kinds = [call.group.kind for _, call in graph.walk() if call.group]
    return [
        what
        for what, kind in zip(what_repeats(graph), kinds, strict=True)
        if kind is GroupKind.BESIDE
    ]


def lines(text: str, count: int) -> str:
    """The lines once for each number; ``{n}`` stands for it."""
    return "\n".join(text.replace("{n}", str(n)) for n in range(count))


def all_of(name: str, count: int) -> str:
    return ", ".join(f"{name}{n}" for n in range(count))


EXPERTS = lines("a{n} Dense/8 <- x\nb{n} Dense/4 <- a{n}", 8)
TABLE = f"{lines('x{n} InputLayer', 4)}\n{lines('a{n} Dense/{n} <- x{n}', 4)}"


def test_branches_that_take_the_same_tensor():
    graph = folded(f"x InputLayer\n{EXPERTS}\ns Stack <- {all_of('b', 8)}\n-> s")
    outputs = ", ".join(["a0 beside", *(f"a0 beside:{n}" for n in range(1, 8))])
    assert graph_text(graph) == expected(f"""
        x InputLayer
        a0 beside  <- x
            a0 Dense <- ^
            b0 Dense <- a0
            -> b0
        s Stack <- {outputs}
        -> s
    """)


def test_two_are_drawn_as_two():
    two = "a Dense <- x\nb Dense <- x\nc Concatenate <- a, b\n-> c"
    assert beside(f"x InputLayer\n{two}") == []


def test_inputs_of_one_kind_and_a_branch_of_each():
    text = f"{TABLE}\nc Concatenate <- {all_of('a', 4)}\n-> c"
    assert beside(text, exact=False) == ["4 × x0", "4 × a0"]
    # If the branches differ in configuration, so do the inputs.
    assert beside(text) == []


def test_branches_may_lie_among_others():
    text = """
        x InputLayer
        a1 Dense <- x
        b1 Conv2D <- x
        a2 Dense <- x
        b2 Conv2D <- x
        a3 Dense <- x
        b3 Conv2D <- x
        c Concatenate <- a1, b1, a2, b2, a3, b3
        -> c
    """
    assert sorted(beside(text)) == ["3 × a1", "3 × b1"]


def test_outputs_of_a_model():
    heads = lines("h{n} Dense/8 <- x\ny{n} Dense/{n} <- h{n}", 3)
    assert beside(f"x InputLayer\n{heads}\n-> {all_of('y', 3)}", exact=False) == ["3 × h0 y0"]


def test_what_another_takes_too_is_not_of_a_branch():
    """The trunk goes to two heads: it is side by side for itself."""
    parts = lines("t{n} Conv2D <- x\na{n} Dense/8 <- t{n}\nb{n} Dense/4 <- t{n}", 3)
    joins = f"c Concatenate <- {all_of('a', 3)}\nd Concatenate <- {all_of('b', 3)}"
    assert sorted(beside(f"x InputLayer\n{parts}\n{joins}\n-> c, d")) == [
        "3 × a0",
        "3 × b0",
        "3 × t0",
    ]


def test_what_takes_them_in_another_order_tells_them_apart():
    text = f"x InputLayer\n{EXPERTS}\ns Stack <- {all_of('b', 8)}"
    turned = "b1, b0, b2, b3, b4, b5, b6, b7"
    assert beside(f"{text}\nt Stack <- {turned}\n-> s, t") == []


@pytest.mark.parametrize("way", ["a{n} Dense <- s:{n}", "a{n} Dense <- s:{n}\nr{n} ReLU <- a{n}"])
def test_each_takes_its_own_of_what_was_split(way):
    parts = lines(way, 4)
    last = parts.splitlines()[-1][0]
    text = f"x InputLayer\ns Split <- x\n{parts}\nc Concatenate <- {all_of(last, 4)}\n-> c"
    [found] = beside(text)
    assert found.startswith("4 × a0")


def test_what_is_split_differently_before_is_not_alike():
    """Branches of an Inception block all end in a convolution, and are of different lengths."""
    text = """
        x InputLayer
        a Conv2D/1 <- x
        b1 Conv2D/1 <- x
        b Conv2D/3 <- b1
        p MaxPooling2D <- x
        c Conv2D/1 <- p
        d Concatenate <- a, b, c
        -> d
    """
    assert beside(text, exact=False) == []


def test_towers_with_repetitions_inside():
    """An ensemble of deep towers."""
    towers = []
    for tower in "abc":
        last = "x"
        for n in range(4):
            towers += [f"{tower}c{n} Conv2D <- {last}", f"{tower}s{n} Add <- {tower}c{n}, {last}"]
            last = f"{tower}s{n}"
    text = "\n".join(["x InputLayer", *towers, "m Average <- as3, bs3, cs3", "-> m"])
    assert what_repeats(folded(text)) == ["3 × ac0 fold1", "4 × ac0 as0"]


def test_inside_of_repetitions():
    """Blocks of cardinality: in each, branches side by side."""
    blocks, last = [], "x"
    for n in range(3):
        blocks += [f"b{n}{k} Conv2D/8 <- {last}\nd{n}{k} Conv2D/4 <- b{n}{k}" for k in range(4)]
        blocks.append(f"s{n} Add <- {last}, {', '.join(f'd{n}{k}' for k in range(4))}")
        last = f"s{n}"
    graph = folded("\n".join(["x InputLayer", *blocks, f"-> {last}"]))
    assert what_repeats(graph) == ["3 × b00 beside s0", "4 × b00 d00"]


def test_one_after_the_other_is_not_side_by_side():
    """Each branch takes what the one before has made, too."""
    text = "\n".join(
        [
            "x InputLayer\nb0 Dense <- x",
            *(f"b{n} MaxPooling2D <- b{n - 1}\ns{n} Conv2D <- b{n}" for n in range(1, 4)),
            "c Concatenate <- s1, s2, s3\n-> c",
        ]
    )
    assert beside(text) == []


def test_heads_of_the_levels_of_a_pyramid():
    """The levels are made one from the other, and are no repetition."""
    text = """
        x InputLayer
        p1 Conv2D/1 <- x
        q1 MaxPooling2D/1 <- p1
        p2 Conv2D/2 <- q1
        q2 ReLU <- p2
        p3 Conv2D/3 <- q2
        a1 Dense <- p1
        b1 Dense/8 <- a1
        c1 Dense <- b1
        a2 Dense <- p2
        b2 Dense/8 <- a2
        c2 Dense <- b2
        a3 Dense <- p3
        b3 Dense/8 <- a3
        c3 Dense <- b3
        d Concatenate <- c1, c2, c3
        -> d
    """
    assert beside(text) == ["3 × a1 b1 c1"]


def test_many_are_found_at_once():
    text = f"{lines('x{n} InputLayer', 200)}\n{lines('a{n} Dense <- x{n}', 200)}"
    graph = folded(f"{text}\nc Concatenate <- {all_of('a', 200)}\n-> c")
    assert [len(call.outputs) for call in graph.calls] == [200, 200, 1]
