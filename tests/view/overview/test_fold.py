"""What is repeated is drawn once."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest

from graph_text import expected, graph_text
from make_graphs import check_graph, check_view, model, what_repeats
from sphinxcontrib_kerasgraph.graph import Call, CallGraph
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.expand import expand
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse


def folded(text: str, *, exact: bool = True) -> CallGraph:
    """The graph of the text, folded; nothing is lost."""
    graph = model(text)
    check_graph(graph.graph)
    found = fold(graph, exact=exact)
    check_view(graph, found)
    return found.graph


def group(graph: CallGraph) -> Call:
    """The only group of the graph itself."""
    (found,) = [call for call in graph.calls if call.group]
    return found


def repeat(lines: str, numbers: range) -> str:
    """The lines once for each number; ``{n}``, ``{n-1}`` and ``{n-2}`` stand for it."""
    text = inspect.cleandoc(lines)
    return "\n".join(
        text.replace("{n}", str(n)).replace("{n-1}", str(n - 1)).replace("{n-2}", str(n - 2))
        for n in numbers
    )


RESIDUAL = """
    c{n} Conv2D/8 <- r{n-1}
    b{n} BatchNormalization <- c{n}
    e{n} Conv2D/8 <- b{n}
    a{n} Add <- r{n-1}, e{n}
    r{n} ReLU <- a{n}
    """


def residual_blocks(numbers: range, end: str, block: str = RESIDUAL) -> str:
    return "\n".join(["r0 InputLayer", repeat(block, numbers), end])


def test_a_chain_of_residual_blocks_is_one_fold():
    graph = folded(residual_blocks(range(1, 6), "d Dense <- r5\n-> d"))
    assert what_repeats(graph) == ["5 × c1 b1 e1 a1 r1"]
    blocks = group(graph)
    assert [call.id for call in graph.calls] == ["r0", blocks.id, "d"]
    assert graph_text(blocks.body) == expected("""
        c1 Conv2D <- ^
        b1 BatchNormalization <- c1
        e1 Conv2D <- b1
        a1 Add <- ^, e1
        r1 ReLU <- a1
        -> r1
        """)
    assert blocks.group.carried == (0,)
    assert [call.id for copy in blocks.group.copies for call in copy.calls[-1:]] == [
        "r1",
        "r2",
        "r3",
        "r4",
        "r5",
    ]
    assert boxes(graph) == 7


def test_blocks_that_differ_in_size_are_folded_loosely_alone():
    text = residual_blocks(range(1, 6), "-> r5", RESIDUAL.replace("/8", "/{n}"))
    assert what_repeats(folded(text)) == []
    assert what_repeats(folded(text, exact=False)) == ["5 × c1 b1 e1 a1 r1"]


def test_one_that_differs_divides_the_repetitions():
    text = residual_blocks(range(1, 7), "-> r6").replace("e4 Conv2D/8", "e4 Conv2D/16")
    assert what_repeats(folded(text)) == ["3 × c1 b1 e1 a1 r1", "2 × c5 b5 e5 a5 r5"]
    assert what_repeats(folded(text, exact=False)) == ["6 × c1 b1 e1 a1 r1"]


def test_a_first_block_with_a_projection_stays_alone():
    text = residual_blocks(range(1, 5), "-> r4").replace(
        "a1 Add <- r0, e1", "s1 Conv2D/8 <- r0\na1 Add <- s1, e1"
    )
    for exact in (True, False):
        assert what_repeats(folded(text, exact=exact)) == ["3 × c2 b2 e2 a2 r2"]


def test_names_do_not_matter():
    text = """
        x InputLayer
        tick Dense/8 <- x
        trick Dense/8 <- tick
        track Dense/8 <- trick
        fuchur Dense/8 <- track
        -> fuchur
        """
    assert what_repeats(folded(text)) == ["4 × tick"]


@pytest.mark.parametrize(("number", "found"), [(3, []), (4, ["4 × d1"])])
def test_what_saves_fewer_than_three_boxes_is_not_folded(number, found):
    text = "\n".join(
        ["d0 InputLayer", repeat("d{n} Dense <- d{n-1}", range(1, number + 1)), f"-> d{number}"]
    )
    assert what_repeats(folded(text)) == found


def test_a_layer_with_its_activation_is_one_box():
    lines = "d{n} Dense <- r{n-1}\nr{n} ReLU <- d{n}"
    for number, found in ((3, []), (4, ["4 × d1 r1"])):
        text = residual_blocks(range(1, number + 1), f"-> r{number}", lines)
        assert what_repeats(folded(text)) == found


def test_repeats_of_repeats_are_nested():
    stages = []
    for stage in (1, 2, 3):
        stages.append(f"p{stage} MaxPooling2D <- {f's{stage - 1}r3' if stage > 1 else 'x'}")
        blocks = repeat(RESIDUAL, range(1, 4))
        for one in "cbear":
            for n in "123":
                blocks = blocks.replace(f"{one}{n}", f"s{stage}{one}{n}")
        stages.append(blocks.replace("r0", f"p{stage}"))
    graph = folded("\n".join(["x InputLayer", *stages, "-> s3r3"]))
    outer = group(graph)
    inner = group(outer.body)
    assert (outer.group.repeats, inner.group.repeats) == (3, 3)
    assert [call.id for call in outer.body.calls] == ["p1", inner.id]
    assert [call.id for call in inner.body.calls] == ["s1c1", "s1b1", "s1e1", "s1a1", "s1r1"]
    assert boxes(graph) == 7


def test_a_tensor_taken_from_the_middle_divides_the_repetitions():
    graph = folded(residual_blocks(range(1, 6), "d Concatenate <- r5, r2\n-> d"))
    first, second = (call for call in graph.calls if call.group)
    assert what_repeats(graph) == ["2 × c1 b1 e1 a1 r1", "3 × c3 b3 e3 a3 r3"]
    assert [edge.source.call for edge in graph.edges] == ["r0", first.id, second.id, first.id]


def test_an_output_from_the_middle_divides_the_repetitions():
    graph = folded(residual_blocks(range(1, 6), "-> r5, r2"))
    assert what_repeats(graph) == ["2 × c1 b1 e1 a1 r1", "3 × c3 b3 e3 a3 r3"]


def test_a_repetition_from_inside_of_which_a_tensor_is_taken_stays_apart():
    graph = folded(residual_blocks(range(1, 6), "d Concatenate <- r5, b5\n-> d"))
    assert what_repeats(graph) == ["4 × c1 b1 e1 a1 r1"]
    assert [port.call for port in group(graph).group.copies[-1].outputs] == ["r4"]


CELL = """
    u{n} Dense <- r{n-1}
    w{n} Dense <- u{n}
    v{n} Dense <- r{n-2}
    r{n} Add <- w{n}, v{n}
    """


def cells(count: int, end: str) -> CallGraph:
    """Cells that take what the two before them made, as those of NASNet."""
    stem = "x InputLayer\nr0 Conv2D <- x\nr1 MaxPooling2D <- r0"
    return folded("\n".join([stem, repeat(CELL, range(2, count + 2)), end]))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_cells_that_take_the_two_before_them_are_folded(count):
    graph = cells(count, f"d Dense <- r{count + 1}\n-> d")
    assert what_repeats(graph) == [f"{count} × u2 w2 v2 r2"]
    # A cell hands on what it made, and what it took from the cell before.
    assert group(graph).group.carried == (0, 1)
    assert graph_text(group(graph).body) == expected("""
        u2 Dense <- ^
        w2 Dense <- u2
        v2 Dense <- ^1
        r2 Add <- w2, v2
        -> r2, ^
        """)
    into = [edge.source.call for edge in graph.edges if edge.target.call == group(graph).id]
    assert into == ["r1", "r0"]


def test_what_takes_the_last_two_cells_takes_both_from_the_fold():
    graph = cells(5, "d Concatenate <- r6, r5\n-> d")
    assert what_repeats(graph) == ["5 × u2 w2 v2 r2"]
    taken = [edge.source for edge in graph.edges if edge.target.call == "d"]
    assert [(port.call, port.index) for port in taken] == [
        (group(graph).id, 0),
        (group(graph).id, 1),
    ]


def test_a_skip_over_three_repetitions_is_not_folded():
    lines = CELL.replace("v{n} Dense <- r{n-2}", "v{n} Dense <- r{n-3}")
    text = "\n".join(
        repeat(lines, range(n, n + 1)).replace("{n-3}", str(n - 3)) for n in range(3, 6)
    )
    stem = "x InputLayer\nr0 Conv2D <- x\nr1 MaxPooling2D <- r0\nr2 ReLU <- r1\n"
    assert what_repeats(folded(f"{stem}{text}\n-> r5")) == []


DECODER = """
    q{n} Dense <- s{n-1}
    t{n} Attention <- q{n}, enc
    s{n} Add <- t{n}, s{n-1}
    """


def decoder(encoder: str) -> CallGraph:
    return folded("\n".join([encoder, "s0 InputLayer", repeat(DECODER, range(1, 5)), "-> s4"]))


@pytest.mark.parametrize(
    "encoder",
    [
        "enc InputLayer",
        "x InputLayer\nenc Conv2D <- x",
        "x InputLayer\nf Conv2D <- x\ng ReLU <- f\nenc MaxPooling2D <- g",
    ],
)
def test_all_blocks_of_a_decoder_take_the_output_of_the_encoder(encoder):
    graph = decoder(encoder)
    blocks = group(graph)
    assert what_repeats(graph) == ["4 × q1 t1 s1"]
    assert blocks.group.carried == (0, None)
    into = [edge.source.call for edge in graph.edges if edge.target.call == blocks.id]
    assert into == ["s0", "enc"]
    assert graph_text(blocks.body) == expected("""
        q1 Dense <- ^
        t1 Attention <- q1, ^1
        s1 Add <- t1, ^
        -> s1
        """)


def test_levels_of_a_u_net_are_not_folded():
    down = repeat("e{n} Conv2D <- p{n-1}\np{n} MaxPooling2D <- e{n}", range(1, 5))
    up = [
        f"t{n} UpSampling2D <- d{n + 1}\nj{n} Concatenate <- t{n}, e{n}\nd{n} Conv2D <- j{n}"
        for n in (4, 3, 2, 1)
    ]
    text = "\n".join(["p0 InputLayer", down, "d5 Conv2D <- p4", *up, "-> d1"])
    for exact in (True, False):
        assert what_repeats(folded(text, exact=exact)) == []


def test_the_same_tensor_taken_twice_enters_a_repetition_once():
    text = residual_blocks(range(1, 6), "-> r5", "r{n} Add <- r{n-1}, r{n-1}")
    graph = folded(text)
    assert what_repeats(graph) == ["5 × r1"]
    assert len([edge for edge in graph.edges if edge.target.call == group(graph).id]) == 1
    assert graph_text(group(graph).body) == "r1 Add <- ^, ^\n-> r1"


def test_which_output_is_taken_matters():
    lines = "s{n} Split <- r{n-1}\nt{n} Dense <- s{n}:1\nr{n} Add <- t{n}, s{n}"
    text = residual_blocks(range(1, 5), "-> r4", lines)
    assert what_repeats(folded(text)) == ["4 × s1 t1 r1"]
    swapped = text.replace("t3 Dense <- s3:1", "t3 Dense <- s3").replace("t3, s3", "t3, s3:1")
    assert what_repeats(folded(swapped, exact=False)) == ["2 × s1 t1 r1"]


def test_the_order_of_the_tensors_matters():
    text = residual_blocks(range(1, 5), "-> r4").replace("a3 Add <- r2, e3", "a3 Add <- e3, r2")
    assert what_repeats(folded(text, exact=False)) == ["2 × c1 b1 e1 a1 r1"]


BLOCK_OF_FOUR = """
    r{n} Block <- r{n-1}
        k{n}a Dense <- ^
        k{n}b Dense <- k{n}a
        k{n}c Dense <- k{n}b
        k{n}d Dense <- k{n}c
        -> k{n}d
    """


def test_blocks_are_folded_and_so_is_what_is_inside():
    graph = folded(residual_blocks(range(1, 5), "-> r4", BLOCK_OF_FOUR))
    assert what_repeats(graph) == ["4 × r1", "4 × k1a"]


BLOCK_OF_BRANCHES = """
    r{n} Block <- r{n-1}
        k{n}a Dense <- ^
        k{n}b Conv2D <- ^
        k{n}c Add <- k{n}a, k{n}b
        -> k{n}c
    """


@pytest.mark.parametrize("number", [2, 3])
def test_an_open_block_saves_as_many_boxes_as_are_drawn_in_it(number):
    text = residual_blocks(range(1, number + 1), f"-> r{number}", BLOCK_OF_BRANCHES)
    graph = folded(text)
    assert what_repeats(graph) == [f"{number} × r1"]
    assert boxes(graph) == 1 + 3
    closed = expand(model(text), SelectOptions())
    assert what_repeats(fold(closed).graph) == []


def test_blocks_that_differ_inside_are_not_the_same():
    text = residual_blocks(range(1, 9), "-> r8", BLOCK_OF_FOUR).replace("k4c Dense", "k4c Conv2D")
    tops = [call.group.repeats for call in folded(text, exact=False).calls if call.group]
    assert tops == [3, 4]


def test_a_loop_is_not_folded():
    cells = "c{n} Dense <- c{n-1}, ~c{n}"
    text = "\n".join(
        [
            "x InputLayer",
            "rnn RNN <- x",
            "    c0 Conv2D <- ^",
            *(f"    {line}" for line in repeat(cells, range(1, 6)).splitlines()),
            "    -> c5",
            "-> rnn",
        ]
    )
    assert what_repeats(folded(text)) == []


def test_many_inputs_of_one_kind_are_one_box():
    names = [f"x{n}" for n in range(6)]
    text = "\n".join([*(f"{name} InputLayer" for name in names), f"a Add <- {', '.join(names)}"])
    graph = folded(f"{text}\n-> a")
    assert what_repeats(graph) == ["6 × x0"]
    assert graph.inputs == tuple(names)


def test_constants_belong_to_their_repetitions():
    lines = "k{n} Constant\nm{n} Multiply <- r{n-1}, k{n}\nr{n} Dense <- m{n}"
    graph = folded(residual_blocks(range(1, 5), "-> r4", lines))
    assert what_repeats(graph) == ["4 × k1 m1 r1"]
    assert group(graph).group.carried == (0,)


def test_repetitions_found_in_any_order_of_the_calls():
    branches = """
        c{n} Dense <- r{n-1}
        d{n} Conv2D <- r{n-1}
        e{n} Dense <- c{n}
        f{n} Conv2D <- d{n}
        r{n} Add <- e{n}, f{n}
        """
    other = """
        d{n} Conv2D <- r{n-1}
        f{n} Conv2D <- d{n}
        c{n} Dense <- r{n-1}
        e{n} Dense <- c{n}
        r{n} Add <- e{n}, f{n}
        """
    text = "\n".join(
        ["r0 InputLayer", repeat(branches, range(1, 3)), repeat(other, range(3, 5)), "-> r4"]
    )
    assert what_repeats(folded(text)) == ["4 × c1 e1 d1 f1 r1"]


def test_blocks_are_alike_in_any_order_of_the_calls_inside():
    lines = """
        r{n} Block <- r{n-1}
            c{n} Dense <- ^
            d{n} Conv2D <- ^
            e{n} Add <- c{n}, d{n}
            -> e{n}
        """
    other = """
        r{n} Block <- r{n-1}
            d{n} Conv2D <- ^
            c{n} Dense <- ^
            e{n} Add <- c{n}, d{n}
            -> e{n}
        """
    text = "\n".join(
        ["r0 InputLayer", repeat(lines, range(1, 3)), repeat(other, range(3, 5)), "-> r4"]
    )
    assert what_repeats(folded(text)) == ["4 × r1"]


def test_closed_blocks_with_and_without_calls_inside_are_not_alike():
    graph = model(residual_blocks(range(1, 9), "-> r8", "c{n} Block <- r{n-1}\nr{n} ReLU <- c{n}"))
    calls = tuple(
        replace(call, inside=2) if call.id in {"c1", "c3", "c6", "c7"} else call
        for call in graph.graph.calls
    )
    graph = replace(graph, graph=replace(graph.graph, calls=calls))
    for exact in (True, False):
        check_view(graph, fuse(fold(graph, exact=exact)))


def gated(numbers: range, *taken: str) -> str:
    """Blocks of a WaveNet: each tells something aside, which one call takes of all."""
    block = """
        t{n} Conv2D/{n} <- a{n-1}
        m{n} Multiply <- t{n}, a{n-1}
        k{n} Conv2D/skip <- m{n}
        r{n} Conv2D/8 <- m{n}
        a{n} Add <- a{n-1}, r{n}
        """
    return "\n".join(["a0 InputLayer", repeat(block, numbers), *taken])


def test_what_each_repetition_tells_aside_is_taken_of_all():
    aside = ", ".join(f"k{n}" for n in range(1, 7))
    text = gated(range(1, 7), "y Dense <- a6", f"s Add <- {aside}", "z Add <- y, s", "-> z")
    graph = folded(text, exact=False)
    assert what_repeats(graph) == ["6 × t1 m1 k1 r1 a1"]
    blocks = group(graph)
    assert blocks.group.carried == (0,)
    assert blocks.group.leaving == (0, *[1] * 6)
    assert [edge.source.index for edge in graph.edges_into["s"]] == [*range(1, 7)]


def test_what_the_last_block_would_hand_on_may_be_missing():
    """Keras has it as no part of the model: it is drawn, and the fold says so."""
    aside = ", ".join(f"k{n}" for n in range(1, 7))
    end = ["t6 Conv2D/6 <- a5", "m6 Multiply <- t6, a5", "k6 Conv2D/skip <- m6"]
    graph = folded(gated(range(1, 6), *end, f"s Add <- {aside}", "-> s"), exact=False)
    assert what_repeats(graph) == ["6 × t1 m1 k1 r1 a1"]
    assert [call.name for call in group(graph).bodies[-1].calls] == ["t6", "m6", "k6", "r5", "a5"]
    assert len(group(graph).group.lacking) == 2


def test_what_lacks_is_told_of_two_folds():
    """Neither fold lacks what the other has, and they aren't taken for the same."""
    aside = ", ".join(f"k{n}" for n in range(1, 7))
    end = ["t6 Conv2D/6 <- a5", "m6 Multiply <- t6, a5", "k6 Conv2D/skip <- m6"]
    lacking = folded(gated(range(1, 6), *end, f"s Add <- {aside}", "-> s"), exact=False)
    whole = folded(gated(range(1, 7), f"s Add <- {aside}", "-> s, a6"), exact=False)
    similarity = Similarity(exact=True)
    assert similarity.of_graph(lacking) != similarity.of_graph(whole)


def test_outputs_of_the_model_may_be_taken_of_all():
    """Blocks that also return their scores."""
    block = "q{n} Dense/1 <- a{n-1}\np{n} Conv2D <- q{n}\na{n} Add <- a{n-1}, p{n}"
    ends = ", ".join(f"p{n}" for n in range(1, 6))
    graph = folded(f"a0 InputLayer\n{repeat(block, range(1, 6))}\n-> a5, {ends}")
    assert what_repeats(graph) == ["5 × q1 p1 a1"]
    assert [port.index for port in graph.outputs] == [0, 1, 2, 3, 4, 5]


def test_what_is_not_taken_of_all_ends_a_fold():
    aside = "k1, k2, k3, k4"
    text = gated(range(1, 7), f"s Add <- {aside}", "y Dense <- a6", "z Add <- y, s", "-> z, k5, k6")
    assert what_repeats(folded(text, exact=False))[0] == "4 × t1 m1 k1 r1 a1"


def test_what_is_taken_in_another_order_ends_a_fold():
    text = gated(range(1, 7), "s Add <- k6, k5, k4, k3, k2, k1", "z Add <- a6, s", "-> z")
    assert not any("t1 m1 k1" in what for what in what_repeats(folded(text, exact=False)))


def test_the_same_tensor_may_be_handed_on_and_taken_of_all():
    """The levels of a net, all put together at its end."""
    levels = repeat("d{n} Dense/8 <- a{n-1}\na{n} Conv2D <- d{n}", range(1, 6))
    ends = ", ".join(f"a{n}" for n in range(1, 6))
    graph = folded(f"a0 InputLayer\n{levels}\nc Concatenate <- {ends}\n-> c")
    assert what_repeats(graph) == ["5 × d1 a1"]
    assert group(graph).group.carried == (0,)
    assert group(graph).group.leaving == (0,) * 5
