"""Part of a model, and a model without some calls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from graph_text import expected, graph_text
from make_graphs import check_graph, model, random_models
from make_scenes import scene
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, CallKind, ModelGraph
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.view.expand import expand
from sphinxcontrib_kerasgraph.view.focus import focus
from sphinxcontrib_kerasgraph.view.hide import hide
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold


def part(text: str | ModelGraph, first: str = "", last: str = "") -> str:
    """The text of the part of the model between calls that the patterns match."""
    graph = model(text) if isinstance(text, str) else text
    found = focus(graph, first.split(), last.split()).graph
    check_part(found)
    return graph_text(found)


def without(text: str, *patterns: str) -> str:
    found = hide(model(text), patterns).graph
    check_part(found)
    return graph_text(found)


def check_part(graph: CallGraph, taken: set[int] = frozenset(), *, is_body: bool = False) -> None:
    """Every edge and output names calls and tensors that are there."""
    places = {call.id: at for at, call in enumerate(graph.calls)}
    assert len(places) == len(graph.calls)
    assert set(graph.inputs) <= places.keys()
    for port in (*(edge.source for edge in graph.edges), *graph.outputs):
        if port.call == BLOCK:
            assert is_body
            assert port.index in taken
        else:
            assert port.index < len(graph[port.call].outputs)
    for edge in graph.edges:
        assert edge.target.index < len(graph[edge.target.call].inputs)
        assert (
            edge.recurrent
            or edge.source.call == BLOCK
            or places[edge.source.call] < places[edge.target.call]
        )
    used = {edge.source for edge in graph.edges} | set(graph.outputs)
    for call in graph.calls:
        if call.body is not None:
            entering = {edge.target.index for edge in graph.edges if edge.target.call == call.id}
            check_part(call.body, entering, is_body=True)
            made = {port.index for port in used if port.call == call.id}
            assert max(made, default=-1) < len(call.body.outputs)


def paths(graph: ModelGraph) -> list[str]:
    return [path for path, _ in graph.graph.walk()]


def leaves(graph: ModelGraph) -> set[str]:
    """The paths of the calls that are no blocks, and no stubs."""
    return {
        path
        for path, call in graph.graph.walk()
        if call.body is None and call.kind is not CallKind.STUB
    }


CHAIN = """
    x InputLayer
    a Dense <- x
    b ReLU <- a
    c Conv2D <- b
    d Dense <- c
    -> d
    """


def test_without_patterns_all_is_shown():
    assert focus(model(CHAIN)) == model(CHAIN)
    assert hide(model(CHAIN), ()) == model(CHAIN)


def test_both_ends_are_included():
    assert part(CHAIN, "b", "c") == expected("""
        from a Dense
        b ReLU <- from a
        c Conv2D <- b
        to d Dense <- c
        ->
        """).replace("->", "-> ")


def test_one_end_alone():
    assert part(CHAIN, "c") == expected("""
        from b ReLU
        c Conv2D <- from b
        d Dense <- c
        -> d
        """)
    assert part(CHAIN, "", "b") == expected("""
        x InputLayer
        a Dense <- x
        b ReLU <- a
        to c Conv2D <- b
        ->
        """).replace("->", "-> ")


def test_first_and_last_may_be_one():
    assert part(CHAIN, "d", "d") == "from c Conv2D\nd Dense <- from c\n-> d"


def test_ends_that_are_those_of_the_model_change_nothing():
    assert part(CHAIN, "x", "d") == graph_text(model(CHAIN).graph)


@pytest.mark.parametrize(("first", "last"), [("d", "b"), ("nobody", ""), ("", "nobody")])
def test_nothing_is_left_where_no_way_leads(first, last):
    assert focus(model(CHAIN), first.split(), last.split()).graph.calls == ()


def test_stubs_are_like_the_call_beyond():
    found = focus(model(CHAIN), ["b"], ["b"]).graph
    before, _, after = found.calls
    assert (before.kind, before.name, before.class_name) == (CallKind.STUB, "a", "Dense")
    assert (after.kind, after.name, after.class_name) == (CallKind.STUB, "c", "Conv2D")
    assert (len(before.inputs), len(before.outputs)) == (0, 1)
    assert (len(after.inputs), len(after.outputs)) == (1, 0)


BRANCHES = """
    x InputLayer
    y InputLayer
    a1 Dense <- x
    a2 Dense <- y
    b Split <- a1
    c Add <- b, a2
    d Add <- b:1, a2
    e Concatenate <- c, d
    f Dense <- c
    -> e, f, b:1
    """


def test_patterns_may_match_several():
    assert part(BRANCHES, "a?", "c") == expected("""
        from x InputLayer
        from y InputLayer
        a1 Dense <- from x
        a2 Dense <- from y
        b Split <- a1
        c Add <- b, a2
        to d Add <- b:1
        to d' Add <- a2
        to e Concatenate <- c
        -> b:1
        """)


def test_patterns_match_classes():
    assert part(CHAIN, "Conv2D") == part(CHAIN, "keras.layers.Conv*") == part(CHAIN, "c")


def test_a_tensor_that_is_cut_off_twice_has_one_stub():
    assert part(BRANCHES, "c d") == expected("""
        from b Split
        from a2 Dense
        from b' Split
        c Add <- from b, from a2
        d Add <- from b', from a2
        e Concatenate <- c, d
        f Dense <- c
        -> e, f
        """)


def test_only_what_leads_from_the_first_to_the_last():
    assert part(BRANCHES, "a2", "f") == expected("""
        from y InputLayer
        from b Split
        a2 Dense <- from y
        c Add <- from b, a2
        f Dense <- c
        to d Add <- a2
        to e Concatenate <- c
        -> f
        """)


TWO_BLOCKS = """
    x InputLayer
    one Block <- x
        n1 Norm <- ^
        a1 Attention <- n1
        m1 Dense <- a1
        -> m1
    two Block <- one
        n2 Norm <- ^
        a2 Attention <- n2
        m2 Dense <- a2
        -> m2
    y Dense <- two
    -> y
    """


def test_a_part_may_begin_inside_of_a_block():
    assert part(TWO_BLOCKS, "one/a1") == expected("""
        one Block
            from n1 Norm
            a1 Attention <- from n1
            m1 Dense <- a1
            -> m1
        two Block <- one
            n2 Norm <- ^
            a2 Attention <- n2
            m2 Dense <- a2
            -> m2
        y Dense <- two
        -> y
        """)


def test_a_part_may_end_inside_of_a_block():
    assert part(TWO_BLOCKS, "", "two/a2") == expected("""
        x InputLayer
        one Block <- x
            n1 Norm <- ^
            a1 Attention <- n1
            m1 Dense <- a1
            -> m1
        two Block <- one
            n2 Norm <- ^
            a2 Attention <- n2
            to m2 Dense <- a2
            ->
        ->
        """).replace("->", "-> ").replace("->  ", "-> ")


def test_a_part_may_begin_and_end_inside_of_one_block():
    found = focus(model(TWO_BLOCKS), ["one/a1"], ["one/a1"])
    check_part(found.graph)
    assert paths(found) == ["one", "one/from n1", "one/a1", "one/to m1"]


def test_a_part_may_lead_from_inside_of_a_block_into_another():
    found = focus(model(TWO_BLOCKS), ["one/a1"], ["two/n2"])
    check_part(found.graph)
    assert leaves(found) == {"one/a1", "one/m1", "two/n2"}


def test_blocks_behind_the_first_match_are_whole():
    found = focus(model(TWO_BLOCKS), ["Attention"])
    check_part(found.graph)
    # As they are without blocks: all that leads on from the first of the two.
    assert leaves(found) == {"one/a1", "one/m1", "two/n2", "two/a2", "two/m2", "y"}


def test_blocks_before_the_last_match_are_whole():
    found = focus(model(TWO_BLOCKS), (), ["Attention"])
    check_part(found.graph)
    assert leaves(found) == {"x", "one/n1", "one/a1", "one/m1", "two/n2", "two/a2"}


def test_nothing_is_left_where_no_way_leads_inside_of_a_block():
    assert focus(model(TWO_BLOCKS), ["one/m1"], ["one/n1"]).graph.calls == ()


def test_a_block_that_matches_is_whole():
    found = focus(model(TWO_BLOCKS), ["two"])
    check_part(found.graph)
    assert leaves(found) == {"two/n2", "two/a2", "two/m2", "y"}


def test_every_output_of_a_block_that_is_cut_has_a_source():
    text = """
        x InputLayer
        k Block <- x
            a Dense <- ^
            b Dense <- ^
            c Dense <- b
            -> a, c, ^
        y Concatenate <- k, k:1, k:2
        -> y
        """
    found = focus(model(text), ["k/c"])
    check_part(found.graph)
    assert leaves(found) == {"k/c", "y"}
    assert len(found.graph["k"].body.outputs) == 3


RNN = """
    x InputLayer
    rnn RNN <- x
        a Dense <- ^
        b Add <- a, ~c
        c ReLU <- b
        d Dense <- c
        -> d
    -> rnn
    """


def test_loops_are_kept():
    assert part(RNN, "rnn/b", "rnn/c") == expected("""
        rnn RNN
            from a Dense
            b Add <- from a, ~c
            c ReLU <- b
            to d Dense <- c
            ->
        ->
        """).replace("->", "-> ").replace("->  ", "-> ")


@tried(150)
@given(random_models(), st.data())
def test_every_part_names_calls_that_are_there(graph, data):
    every = paths(graph)
    some = st.lists(st.sampled_from(every), max_size=2)
    first, last = data.draw(some), data.draw(some)
    found = focus(graph, first, last)
    check_part(found.graph)
    drawn = fuse(fold(found))
    assert {path for path, _ in unfold(drawn).graph.walk()} == set(paths(found))


@tried(150)
@given(random_models(), st.data())
def test_a_part_of_a_graph_without_blocks_is_what_is_between(graph, data):
    every = [call.id for call in graph.graph.calls]
    first = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=2))
    last = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=2))
    after, before = set(first), set(last)
    for edge in graph.graph.edges:  # those into a call come after those into its sources
        if edge.source.call in after:
            after.add(edge.target.call)
    for edge in reversed(graph.graph.edges):
        if edge.target.call in before:
            before.add(edge.source.call)
    found = focus(graph, first, last).graph
    assert {call.id for call in found.calls if call.kind is not CallKind.STUB} == after & before


def test_neighbours_of_what_is_hidden_are_joined():
    assert without(CHAIN, "b", "Conv*") == "x InputLayer\na Dense <- x\nd Dense <- a\n-> d"


def test_all_that_a_hidden_call_takes_goes_on():
    text = """
        x InputLayer
        a Dense <- x
        b Dense <- x
        c Add <- a, b
        d Dense <- c
        e Dense <- c
        -> d, e
        """
    assert without(text, "Add") == expected("""
        x InputLayer
        a Dense <- x
        b Dense <- x
        d Dense <- a, b
        e Dense <- a, b
        -> d, e
        """)


def test_what_hidden_calls_take_twice_goes_on_once():
    text = "x InputLayer\na Dense <- x\nb Add <- a, a\nc Dense <- b\n-> c"
    assert without(text, "b") == "x InputLayer\na Dense <- x\nc Dense <- a\n-> c"


def test_hidden_inputs_are_none():
    text = "x InputLayer\ny InputLayer\na Add <- x, y\n-> a"
    found = hide(model(text), ["x"]).graph
    assert graph_text(found) == "y InputLayer\na Add <- y\n-> a"
    assert found.inputs == ("y",)
    assert without(text, "InputLayer") == "a Add\n-> a"


def test_outputs_of_hidden_calls_are_what_they_took():
    assert without(CHAIN, "d") == expected("""
        x InputLayer
        a Dense <- x
        b ReLU <- a
        c Conv2D <- b
        -> c
        """)
    text = "x InputLayer\na Dense <- x\nb Dense <- x\nc Add <- a, b\n-> c"
    assert without(text, "c").splitlines()[-1] == "-> a, b"


def test_all_may_be_hidden():
    assert hide(model(CHAIN), ["*"]).graph == CallGraph((), (), (), ())


BODY = """
    x InputLayer
    k Block <- x
        a Dense <- ^
        b Dropout <- a
        c Add <- a, b
        d Dropout <- c
        -> d, c
    y Dense <- k
    z Dense <- k:1
    -> y, z
    """


def test_calls_inside_of_blocks_are_hidden():
    assert without(BODY, "Dropout") == expected("""
        x InputLayer
        k Block <- x
            a Dense <- ^
            c Add <- a, a
            -> c, c
        y Dense <- k
        z Dense <- k:1
        -> y, z
        """)
    assert (
        without(BODY, "k/b")
        == without(BODY, "*/b")
        == expected("""
        x InputLayer
        k Block <- x
            a Dense <- ^
            c Add <- a, a
            d Dropout <- c
            -> d, c
        y Dense <- k
        z Dense <- k:1
        -> y, z
        """)
    )


def test_a_block_has_all_its_outputs():
    # Which of the two outputs is which must stay.
    found = hide(model(BODY), ["Add", "Dropout"]).graph
    check_part(found)
    assert len(found["k"].body.outputs) == 2


def test_a_hidden_block_is_hidden_with_all_that_is_inside():
    assert without(BODY, "k") == "x InputLayer\ny Dense <- x\nz Dense <- x\n-> y, z"


def test_what_came_from_the_step_before_goes_on():
    text = """
        x InputLayer
        rnn RNN <- x
            a Dropout <- ~c
            b Add <- ^, a
            c Dense <- b
            -> c
        -> rnn
        """
    assert without(text, "Dropout") == expected("""
        x InputLayer
        rnn RNN <- x
            b Add <- ^, ~c
            c Dense <- b
            -> c
        -> rnn
        """)


def test_what_goes_to_the_next_step_is_what_the_hidden_call_took():
    text = """
        x InputLayer
        rnn RNN <- x
            b Add <- ^, ~a
            c Dense <- b
            a Dropout <- c
            -> c
        -> rnn
        """
    assert without(text, "Dropout") == expected("""
        x InputLayer
        rnn RNN <- x
            b Add <- ^, ~c
            c Dense <- b
            -> c
        -> rnn
        """)


@tried(150)
@given(random_models(), st.data())
def test_what_is_left_names_calls_that_are_there(graph, data):
    every = paths(graph)
    patterns = data.draw(st.lists(st.sampled_from([*every, "Dense", "Add", "Block", "ReLU"])))
    found = hide(graph, patterns)
    check_graph(found.graph)
    makers = made_by_block(graph.graph)
    for path in paths(found):
        if path in patterns:
            assert path in makers  # what makes an output of a block may stay
    if not patterns:
        assert found == graph
    for exact in (True, False):
        drawn = fold(found, exact=exact)
        assert unfold(drawn) == found
        assert unfold(fuse(drawn)) == found


def made_by_block(graph: CallGraph, prefix: str = "") -> set[str]:
    """The paths of the calls inside of blocks that make an output of their block."""
    found = {prefix + port.call for port in graph.outputs} if prefix else set()
    for call in graph.calls:
        if call.body is not None:
            found |= made_by_block(call.body, f"{prefix}{call.id}/")
    return found


def test_a_block_of_which_all_is_hidden_is_closed():
    text = """
        x InputLayer
        b Block <- x
            d Dense <- ^
            -> d
        y Dense <- b
        -> y
        """
    found = hide(expand(model(text), SelectOptions(depth="all")), ["b/*"]).graph
    assert (found["b"].body, found["b"].inside) == (None, 0)
    check_part(found)


def test_a_part_that_ends_inside_of_a_step_has_no_next_step():
    text = """
        x InputLayer
        rnn RNN <- x, x
            cell Cell <- ^, ^1, ~cell:1
                d Dense <- ^
                a Add <- d, ^1
                r ReLU <- a
                -> r, r
            -> cell
        y Dense <- rnn
        -> y
        """
    cell = focus(model(text), (), ["rnn/cell/a"]).graph["rnn"].body
    assert [call.id for call in cell["cell"].body.calls][:2] == ["d", "a"]
    assert not any(edge.recurrent for edge in cell.edges)
    scene(model(text), depth="all", to=("rnn/cell/a",))
