"""Names of layers, shortened, and what those of a repetition have in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Group, GroupKind
from sphinxcontrib_kerasgraph.label.names import group_names, part_names, shortened, times_text


def test_long_names_are_cut_and_say_so():
    assert shortened("name") == "name"
    assert shortened("n" * 60) == "n" * 60
    assert shortened("n" * 61) == "n" * 59 + "…"
    assert shortened("name", 3) == "na…"


def test_how_often():
    def times(*numbers: int) -> str:
        return times_text([group(*[["layer"]] * number) for number in numbers])

    assert times(3) == times(3, 3) == "×3"
    assert times(2, 6, 3) == "×2, 6, 3"
    assert times(2, 2, 2, 2, 1) == "×2, 2, 2, 2, 1"


def group(*copies: list[str]) -> Call:
    graphs = (
        CallGraph(tuple(leaf(name, "Dense") for name in names), (), (), ()) for names in copies
    )
    made = Group(GroupKind.FOLD, tuple(graphs))
    return replace(leaf("g", ""), body=made.copies[0], group=made)


@pytest.mark.parametrize(
    ("copies", "text"),
    [
        ([["block1_conv", "block1_bn"], ["block2_conv", "block2_bn"]], "block1 … block2"),
        ([["block1_conv"], ["block2_conv"]], "block1_conv … block2_conv"),
        # Up to the end of a part of the name.
        ([["layer_3_a", "layer_30_b"]] * 2, "layer"),
        ([["a/b/c", "a/b/d"]] * 2, "a/b"),
        ([["conv", "dense"], ["conv_1", "dense_1"]], ""),
        ([["conv", "conv_bn"], ["conv_1", "conv_1_bn"]], "conv … conv_1"),
        ([["conv", "dense"], ["block2_conv", "block2_bn"]], "block2"),
    ],
)
def test_what_repetitions_are_called(copies, text):
    assert group_names([group(*copies)]) == text


def test_the_names_of_several_groups_are_of_the_first_and_the_last_of_all():
    """As of a fold inside of a fold, which stands for one row of each stage."""
    stages = [[["block2b"], ["block2c"]], [["block3b"], ["block3c"], ["block3d"]]]
    assert group_names([group(*copies) for copies in stages]) == "block2b … block3d"


def test_long_names_of_repetitions_are_cut():
    long = group_names([group(["a" * 100], ["b" * 100])])
    assert len(long) == 24 * 2 + 3
    assert len(group_names([group(["a" * 100], ["a" * 100])])) == 30


def test_what_a_part_is_called_where_it_is():
    def part(*names: str):
        return group([*names])

    box, others = part("box_head_a", "box_head_b"), part("class_head_a", "class_head_b")
    assert part_names([box, others, box]) == ["box_head", "class_head"]
    assert part_names([part("conv", "dense"), box]) == ["box_head"]
