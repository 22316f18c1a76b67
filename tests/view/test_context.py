"""What is far from any change of two models is put away, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import chain, changed, configured, edited
from effort import tried
from make_graphs import model, random_models
from sphinxcontrib_kerasgraph.compare import compared, merged
from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    CallGraph,
    CallKind,
    Change,
    Edge,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.label.compact import stack_label
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.options import DrawOptions, LabelOptions, SelectOptions
from sphinxcontrib_kerasgraph.view.context import _in_order, with_context
from sphinxcontrib_kerasgraph.view.flops import with_flops
from sphinxcontrib_kerasgraph.view.views import View, views

#: A chain of so many layers, no two of which are alike.
LONG = chain([("Dense", size) for size in range(1, 21)])
pairs = edited() | st.tuples(random_models(), random_models())


def both(old: ModelGraph, new: ModelGraph, context: int | None = 2) -> ModelGraph:
    """Both models in one graph, of which so much is to be shown."""
    return replace(merged(compared(old, new)), context=context)


def near(old: ModelGraph, new: ModelGraph, context: int | None = 2) -> list[str]:
    """The calls that are shown, and how many each box puts away."""
    graph = with_context(both(old, new, context))
    graph.graph.check(complete=False)
    return shown(graph.graph)


def shown(graph: CallGraph) -> list[str]:
    return [
        f"… {len(call.hidden.calls)}" if call.kind is CallKind.CONTEXT else call.id
        for call in graph.calls
    ]


def test_calls_around_a_change_are_shown_and_the_ends_of_the_model():
    new = configured(LONG, "dense_9", units=99)
    around = ["dense_7", "dense_8", "dense_9", "dense_10", "dense_11"]
    assert near(LONG, new) == ["x", "… 7", *around, "… 7", "dense_19"]
    assert near(LONG, new, 0) == ["x", "… 9", "dense_9", "… 9", "dense_19"]
    everything = [call.id for call in LONG.graph.calls]
    assert near(LONG, new, None) == everything
    # Nothing is that far away.
    assert near(LONG, new, 10**12) == everything


def test_a_few_calls_are_not_put_away():
    assert near(LONG, configured(LONG, "dense_4", units=99)) == [
        *("x", "dense", "dense_1", "dense_2", "dense_3", "dense_4", "dense_5", "dense_6"),
        "… 12",
        "dense_19",
    ]


def test_all_is_shown_where_nothing_differs():
    assert near(LONG, LONG) == [call.id for call in LONG.graph.calls]


def test_a_row_of_repetitions_counts_as_one_call():
    block = "c{0} Conv2D/8 <- {1}\nb{0} BatchNormalization <- c{0}\na{0} Add <- b{0}, {1}\n"
    text = "x InputLayer\nstem Conv2D/3 <- x\n"
    text += "".join(f"d{at} Dense/{at} <- {f'd{at - 1}' if at else 'stem'}\n" for at in range(5))
    text += "".join(block.format(at, f"a{at - 1}" if at else "d4") for at in range(6))
    old = model(f"{text}end Dense/7 <- a5\nlast Dense/9 <- end\n-> last")
    new = configured(old, "end", size="8")
    repeated = [f"{name}{at}" for at in range(6) for name in "cba"]
    assert near(old, new, 1) == ["x", "… 6", *repeated, "end", "last"]


def test_what_is_beside_a_change_on_several_ways_makes_no_cycle():
    """One box for both arms would take what the change between them makes, and lead to it."""
    arm = "".join(f"l{at} Dense/{at} <- {f'l{at - 1}' if at else 'x'}\n" for at in range(1, 9))
    text = (
        f"x InputLayer\nl0 Dense/0 <- x\n{arm.replace('<- x', '<- l0')}mid Dense/50 <- l4\n"
        "r1 Dense/31 <- mid\nr2 Dense/32 <- r1\nr3 Dense/33 <- r2\nr4 Dense/34 <- r3\n"
        "r5 Dense/35 <- r4\nj Add <- l8, r5\nend Dense/90 <- j\n-> end"
    )
    old = model(text)
    calls = near(old, configured(old, "mid", size="51"), 1)
    assert "mid" in calls
    assert any(one.startswith("…") for one in calls)


def test_blocks_are_open_where_something_changed_inside():
    text = """
        x InputLayer
        before Block <- x
            in1 Dense/1 <- ^
            -> in1
        block Block <- before
            a Dense/1 <- ^
            b Dense/2 <- a
            c Dense/3 <- b
            d Dense/4 <- c
            e Dense/5 <- d
            f Dense/6 <- e
            -> f
        -> block
    """
    old = model(text)
    new = configured(old, "block/b", size="9")
    put = with_context(both(old, new, 1))
    assert shown(put.graph) == ["x", "before", "block"]
    assert shown(put.graph["block"].body) == ["a", "b", "c", "… 3"]
    graph = both(old, new, 1)
    [view, *_] = views(graph, DrawOptions())
    assert view.graph.graph["before"].body is None
    assert [call.id for call in view.graph.graph["block"].body.calls][:3] == ["a", "b", "c"]
    [view, *_] = views(graph, DrawOptions(select=SelectOptions(collapse=("block",))))
    assert view.graph.graph["block"].body is None


def test_blocks_that_one_model_has_stay_closed_and_so_does_what_is_put_away():
    text = "x InputLayer\n" + "".join(
        f"d{at} Dense/{at} <- {f'd{at - 1}' if at else 'x'}\n" for at in range(9)
    )
    old = model(f"{text}-> d8")
    new = model(
        f"{text}block Block <- d8\n    in1 Dense/1 <- ^\n    in2 GRU/2 <- in1\n    -> in2\n-> block"
    )
    graph = both(old, new)
    [view, *_] = views(graph, DrawOptions())
    calls = view.graph.graph.calls
    assert all(call.body is None for call in calls)
    assert [call.inside for call in calls if call.marks.change is Change.ADDED] == [2]
    [view, *_] = views(graph, DrawOptions(select=SelectOptions(depth="all")))
    put_away = [one for one in view.graph.graph.calls if one.kind is CallKind.CONTEXT]
    assert [(one.body, one.inside) for one in put_away] == [(None, 6)]
    [view, *_] = views(graph, DrawOptions(select=SelectOptions(expand=("d3",))))
    assert "d3" in [call.id for call in view.graph.graph.calls]


PARTS = """
    x InputLayer
    stem Conv2D/3 <- x
    encoder Block <- stem
        first Dense/1 <- ^
        inner Block <- first
            deep GRU/2 <- ^
            -> deep
        -> inner
    {chain}
    end Dense/7 <- d5
    last Dense/9 <- end
    -> last
""".format(
    chain="\n    ".join(
        f"d{at} Dense/{at} <- {f'd{at - 1}' if at else 'encoder'}" for at in range(6)
    )
)


def view_of(*, context: int | None = 1, **options) -> View:
    old = model(PARTS)
    graph = both(old, configured(old, "end", size="8"), context)
    return views(graph, DrawOptions.of(view="full", **options))[0]


def shown_with(**options) -> list[str]:
    view = view_of(**options)
    assert view.unmet == ()
    return shown(view.graph.graph)


def test_patterns_mean_calls_that_are_put_away_too():
    """By the paths that calls have in the whole model, and in tooltips."""
    assert shown_with() == ["x", "… 7", "d5", "end", "last"]
    for pattern in ("encoder/inner", "encoder/inner/deep", "encoder/*", "d2", "GRU"):
        assert shown_with(highlight=pattern) == shown_with()
        [box] = [one for one in view_of(highlight=pattern).graph.graph.calls if one.inside == 7]
        assert box.marks.highlighted
        assert shown_with(style={pattern: {"color": "#0b5c7a"}}) == shown_with()
        assert shown_with(hide="d3", collapse=pattern) == ["x", "… 6", "d5", "end", "last"]
    assert not any(one.marks.highlighted for one in view_of(highlight="last").graph.graph.calls[:3])


def test_what_a_page_asks_for_is_not_put_away():
    opened = ["x", "stem", "encoder", "… 5", "d5", "end", "last"]
    for pattern in ("encoder", "encoder/inner/deep"):
        assert shown_with(expand=pattern) == opened
        [block] = [one for one in view_of(expand=pattern).graph.graph.calls if one.id == "encoder"]
        assert [one.id for one in block.body.calls] == ["first", "inner"]
    assert shown_with(from_="d1") == ["from d0", "d1", "… 3", "d5", "end", "last"]
    assert shown_with(from_="d0", context=0) == ["from encoder", "d0", "… 5", "end", "last"]
    assert shown_with(from_="stem", to="end") == ["from x", "stem", "… 6", "d5", "end", "to last"]


def test_a_part_in_which_nothing_changed_is_shown_as_a_whole():
    assert shown_with(to="encoder", context=0) == ["x", "stem", "encoder", "to d0"]


def test_what_changed_in_a_closed_block_is_near():
    old = model(PARTS)
    [view, *_] = views(
        both(old, configured(old, "encoder/inner/deep", size="8"), 0),
        DrawOptions.of(collapse="encoder", view="full"),
    )
    assert shown(view.graph.graph) == ["x", "stem", "encoder", "… 7", "last"]


def test_what_is_put_away_has_the_numbers_of_all_that_is_in_it():
    old = changed(model(PARTS), "encoder/inner/deep", parameters=Parameters(9, 9, 9))
    new = configured(old, "end", size="8")
    for depth in (0, "all"):
        [view, *_] = views(both(old, new, 1), DrawOptions.of(view="full", depth=depth))
        [box] = [one for one in view.graph.graph.calls if one.kind is CallKind.CONTEXT]
        assert box.parameters.total == 9


@tried(150)
@given(pairs, st.integers(0, 3))
def test_nothing_is_lost_and_what_changed_is_shown(pair, context):
    graph = merged(compared(*pair))
    graph = replace(graph, context=context)
    put = with_context(graph)
    put.graph.check(complete=False)
    for view in views(graph, DrawOptions()):
        view.graph.graph.check(complete=False)
    assert opened(put.graph) == opened(graph.graph)
    assert all(call.marks.change is None for call in hidden(put.graph))


def hidden(graph: CallGraph):
    for call in graph.calls:
        if call.kind is CallKind.CONTEXT:
            yield from (one for _, one in call.hidden.walk())
        for body in call.bodies:
            yield from hidden(body)


def opened(graph: CallGraph) -> tuple:
    """The calls, edges and outputs of a graph with all that is put away in its place."""
    calls: dict[str, tuple] = {}
    edges: Counter = Counter()
    aliases: dict[Port, Port] = {}

    def source(port: Port, entering: dict) -> Port:
        if port.call == BLOCK:
            return entering.get(port, port)
        return aliases.get(port, port)

    for call in graph.calls:
        into = graph.edges_into.get(call.id, ())
        if call.kind is not CallKind.CONTEXT:
            calls[call.id] = (
                replace(call, body=None),
                opened(call.body) if call.body is not None else None,
            )
            edges.update(replace(edge, source=source(edge.source, {})) for edge in into)
            continue
        entering = {Port(BLOCK, edge.target.index): edge for edge in into}
        for one in call.hidden.calls:
            calls[one.id] = (replace(one, body=None), one.body and opened(one.body))
        for edge in call.hidden.edges:
            outer = entering.get(edge.source) if edge.source.call == BLOCK else None
            if outer is not None:
                from_outside = source(outer.source, {})
                edges[replace(edge, source=from_outside, recurrent=outer.recurrent)] += 1
            else:
                edges[edge] += 1
        for at, port in enumerate(call.hidden.outputs):
            aliases[Port(call.id, at)] = port
    # A box may come before what gives it a tensor of the step before.
    edges = Counter(
        {replace(edge, source=source(edge.source, {})): times for edge, times in edges.items()}
    )
    return calls, edges, [source(port, {}) for port in graph.outputs]


def test_operations_are_told_with_what_they_were():
    old = model("x InputLayer\na Dense <- x\n-> a")
    sizes = [Tensor((None, size), "float32") for size in (4, 8, 16)]
    old = changed(old, "x", outputs=(sizes[0],))
    old = changed(old, "a", kind=CallKind.DENSE, inputs=(sizes[0],), module="keras.layers")
    old, new = (
        configured(changed(old, "a", outputs=(size,)), "a", units=size.shape[1])
        for size in sizes[1:]
    )
    options = LabelOptions(show_flops=True)
    call = with_flops(merged(compared(old, new))).graph["a"]
    was, now = call.before.marks.flops.known, call.marks.flops.known
    assert 0 < was < now == 2 * was
    assert f"{was} FLOPs → {now} FLOPs" in plain_text(stack_label([call], options))


def test_no_call_is_left_out_where_there_is_no_order():
    graph = model("x InputLayer\na Dense <- x\nb Dense <- a\n-> b").graph
    back = [*graph.edges, Edge(Port("b"), Port("a", 1))]
    with pytest.raises(ValueError, match="comes after another one: a, b"):
        _in_order([*graph.calls], back, graph.places)
