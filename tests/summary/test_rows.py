"""The calls of a model as rows of a table."""

from __future__ import annotations

from dataclasses import replace

from edit_graphs import changed
from make_graphs import model
from make_scenes import NESTED
from sphinxcontrib_kerasgraph.graph import Amount, Parameters, Tensor
from sphinxcontrib_kerasgraph.options import FoldOptions, SelectOptions
from sphinxcontrib_kerasgraph.summary.rows import rows_of, walk
from sphinxcontrib_kerasgraph.summary.table import summarize

ALL = SelectOptions(depth="all")
FULL = FoldOptions()
BLOCK = """
c{n} Conv2D/8 <- r{m}
a{n} Add <- r{m}, c{n}
r{n} ReLU <- a{n}
"""
TOWER = "r0 InputLayer" + "".join(BLOCK.format(n=n, m=n - 1) for n in (1, 2, 3)) + "-> r3"


def table(made, *columns, select=ALL, folding=FULL):
    """The texts of each row, after its level."""
    lines = summarize(made, select, folding, columns).lines()
    return [(line.level, *line.texts) for line in lines]


def with_weights(made, **numbers):
    for path, number in numbers.items():
        made = changed(made, path, parameters=Parameters(number, number, number))
    return made


def test_each_call_is_a_row_and_what_is_inside_comes_after_it():
    assert table(model(NESTED), "name", "class", "connected") == [
        (0, "x", "InputLayer", ""),
        (0, "b", "Block", "x"),
        (1, "d", "Dense", ""),
        (1, "i", "Inner", "d"),
        (2, "c", "Conv2D", ""),
        (2, "r", "ReLU", "c"),
        (1, "a", "Add", "i"),
        (0, "y", "Add", "b"),
    ]


def test_blocks_are_open_as_in_diagrams():
    made = model(NESTED)
    assert [row[1] for row in table(made, "name", select=SelectOptions())] == ["x", "b", "y"]
    part = summarize(made, SelectOptions(hide=("x",)), FULL, ["name"])
    assert [line.texts for line in part.lines()] == [("b",), ("y",)]
    assert part.is_part


def test_what_is_closed_can_be_read_through():
    closed = summarize(model(NESTED), SelectOptions(), FULL).rows
    assert [row.name for _, row in walk(closed)] == ["x", "b", "y"]
    found = rows_of(model(NESTED).graph, through=True)
    assert [row.name for _, row in walk(found)] == ["x", "b", "d", "i", "c", "r", "a", "y"]


def test_facts_of_a_layer():
    made = changed(
        model("x InputLayer\nd Dense <- x\n-> d"), "d",
        config={"units": 8, "kernel_size": [3, 3], "activation": "relu"}, trainable=True,
        parameters=Parameters(1234), outputs=(Tensor((None, 8), "float16"),),
    )  # fmt: skip
    names = ["configuration", "shape", "dtype", "params", "trainable", "activation", "kernel_size"]
    told = ("8", "(None, 8)", "float16", "1,234", "yes", "relu", "(3, 3)")
    assert table(made, *names)[1][1:] == told


def test_columns_as_the_model_asks_for():
    chain = summarize(model("x InputLayer\nd Dense <- x\n-> d"), ALL, FULL)
    assert [one.name for one in chain.columns] == ["name", "class", "shape", "params"]
    branches = summarize(model("x InputLayer\nd Dense <- x\na Add <- d, x\n-> a"), ALL, FULL)
    assert branches.columns[-1].name == "connected"


def test_column_that_no_layer_has_anything_for_is_left_out():
    found = summarize(model(TOWER), ALL, FULL, ["name", "size", "unit"])
    assert [one.name for one in found.columns] == ["name", "size"]
    assert found.lacking == ("unit",)


def test_shared_weights_are_counted_once():
    made = model("x InputLayer\nd Dense <- x\ne Dense <- d\n-> e")
    for path in ("d", "e"):
        made = changed(made, path, layer="d", parameters=Parameters(10))
    assert table(made, "params") == [(0, "0"), (0, "10"), (0, "shared")]


def test_a_tensor_of_the_step_before_says_so():
    loop = "l Loop <- x\n    a Add <- ^, ~d\n    d Dense <- a\n    -> d\n"
    made = model(f"x InputLayer\n{loop}r ReLU <- l\n-> r")
    assert (1, "a", "d (of the step before)") in table(made, "name", "connected")


def test_repetitions_are_told_once():
    made = with_weights(model(TOWER), c1=10, c2=10, c3=20)
    folding = FoldOptions(fold="exact")
    assert table(made, "name", "class", "params", "connected", folding=folding) == [
        (0, "r0", "InputLayer", "0", ""),
        (0, "×3 c1 … r3", "", "40", "r0"),
        (1, "c1 … c3", "Conv2D", "40", ""),
        (1, "a1 … a3", "Add", "0", "c1 … c3"),
        (1, "r1 … r3", "ReLU", "0", "a1 … a3"),
    ]
    same = with_weights(model(TOWER), c1=10, c2=10, c3=10)
    assert (1, "3 × 10") in table(same, "params", folding=folding)
    assert len(table(made, "name")) == len(made.graph.calls)
    assert len(table(made, "name", folding=FoldOptions(view="overview"))) == 5


def test_what_repeats_alone_is_one_row():
    calls = "".join(f"d{n} Dense/8 <- d{n - 1}\n" for n in range(1, 7))
    made = with_weights(model(f"d0 InputLayer\n{calls}-> d6"), d1=72, d2=72, d3=72, d4=72, d5=72)
    found = table(made, "name", "class", "params", folding=FoldOptions(fold="exact"))
    assert found[1:] == [(0, "×6 d1 … d6", "Dense", "360")]


def test_totals_are_of_the_whole_model():
    made = model("x InputLayer\nd Dense/8 <- x\n-> d")
    made = replace(made, parameters=Parameters(72, 64), dtypes={"float16": 64, "float32": 8})
    totals = summarize(made, SelectOptions(hide=("d",)), FULL).totals
    assert totals.lines()[:4] == [
        ("Parameters", "72"),
        ("Trainable", "64"),
        ("Not trainable", "8"),
        ("Size in memory", "160.00 B (128.00 B of float16, 32.00 B of float32)"),
    ]
    assert totals.flops == Amount(8 * 8 * 2 + 8)
    assert totals.lines()[4] == ("FLOPs", "136")


def test_flops_are_of_the_batch_where_its_size_is_fixed():
    batch = (Tensor((32, 8), "float32"),)
    made = changed(model("x InputLayer\nd ReLU <- x\n-> d"), "d", inputs=batch, outputs=batch)
    # So nothing is said of one input.
    assert summarize(made, ALL, FULL).totals.lines()[-1] == ("FLOPs", "256")


def test_size_that_is_not_known_is_not_told():
    made = model("x InputLayer\n-> x")
    for dtypes in ({}, {"float32": 7}, {"string": 72}):
        other = replace(made, parameters=Parameters(72), dtypes=dtypes)
        assert summarize(other, ALL, FULL).totals.memory is None
