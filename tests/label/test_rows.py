"""The rows of boxes: what stands beside what, and what is known by one name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf
from sphinxcontrib_kerasgraph.graph import Call, CallKind, Change, Marks, Parameters
from sphinxcontrib_kerasgraph.label.rows import Layers, rows
from sphinxcontrib_kerasgraph.label.spot import Spot
from sphinxcontrib_kerasgraph.label.text import line_text
from sphinxcontrib_kerasgraph.label.tree import Role
from sphinxcontrib_kerasgraph.options import LabelOptions

CONV = replace(leaf("c", "Conv2D"), config={"filters": 8, "kernel_size": [3, 3]})
BN, RELU, DROPOUT = leaf("b", "BatchNormalization"), leaf("r", "ReLU"), leaf("o", "Dropout")


def activation(name: str) -> Call:
    made = replace(leaf("a", "Activation"), activation=name)
    return replace(made, kind=CallKind.ACTIVATION)


def told(*calls: Call | Layers, dense: bool = False, **options) -> list[str]:
    layers = [one if isinstance(one, Layers) else Layers([one]) for one in calls]
    found = rows(layers, LabelOptions(**options), Spot(dense=dense))
    return [line_text(row.cells[0].lines[0]) for row in found]


def test_a_convolution_its_normalization_and_activation_are_two_rows_or_a_dense_one():
    assert told(CONV, BN, RELU) == ["Conv2D  8 · 3×3", "BatchNormalization  ReLU"]
    assert told(CONV, BN, RELU, dense=True) == ["Conv2D  8 · 3×3  BN  ReLU"]
    assert told(CONV, RELU, BN, CONV, dense=True) == [
        "Conv2D  8 · 3×3  ReLU  BN", "Conv2D  8 · 3×3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("of_class", "row"),
    [
        ("LayerNormalization", ["Conv2D  8 · 3×3  LN"]),
        ("GroupNormalization", ["Conv2D  8 · 3×3  GN"]),
        # There is no abbreviation that all know.
        ("RMSNormalization", ["Conv2D  8 · 3×3", "RMSNormalization"]),
    ],
)
def test_only_known_abbreviations_are_used(of_class, row):
    layer = replace(leaf("n", of_class), kind=CallKind.NORMALIZATION)
    assert told(CONV, layer, dense=True) == row


def test_what_begins_a_dense_row_has_its_name():
    assert told(BN, RELU, CONV, dense=True) == ["BatchNormalization  ReLU", "Conv2D  8 · 3×3"]
    assert told(DROPOUT, BN, dense=True) == ["Dropout", "BatchNormalization"]
    assert told(CONV, DROPOUT, dense=True) == ["Conv2D  8 · 3×3", "Dropout"]


def test_a_layer_of_which_more_is_told_has_its_row():
    weights = replace(BN, parameters=Parameters(8, 8, 8))
    assert told(CONV, weights, RELU, dense=True, show_params=True) == [
        "Conv2D  8 · 3×3", "BatchNormalization  ReLU  8 params",
    ]  # fmt: skip
    assert told(CONV, Layers([RELU], "×2"), dense=True) == ["Conv2D  8 · 3×3", "ReLU  ×2"]
    added = replace(RELU, marks=Marks(change=Change.ADDED))
    assert told(CONV, added, dense=True) == ["Conv2D  8 · 3×3", "+  ReLU"]


def test_an_activation_stands_in_its_colour_after_the_fact():
    [row] = rows([Layers([replace(CONV, activation="relu")])], LabelOptions(), Spot())
    class_, fact, relu = row.cells[0].lines[0]
    assert (class_.role, fact.role) == (Role.CLASS, Role.FACT)
    assert (relu.value, relu.role, relu.kind) == ("relu", Role.BESIDE, CallKind.ACTIVATION)
    dense = [Layers([CONV]), Layers([BN]), Layers([RELU])]
    [row] = rows(dense, LabelOptions(), Spot(dense=True))
    kinds = [text.kind for text in row.cells[0].lines[0][2:]]
    assert kinds == [CallKind.NORMALIZATION, CallKind.ACTIVATION]


def test_an_activation_that_differs_is_told_by_its_name_and_no_other():
    several = Layers([replace(CONV, activation=name) for name in ("relu", "gelu")])
    assert told(several) == ["Conv2D  8 · 3×3  activation: relu, gelu"]


def test_an_activation_that_does_nothing_has_no_row():
    assert told(CONV, activation("linear")) == ["Conv2D  8 · 3×3  linear"]
    assert told(CONV, activation("tanh")) == ["Conv2D  8 · 3×3", "Activation  tanh"]


def test_a_limited_relu_tells_its_limit():
    assert told(BN, replace(RELU, config={"max_value": 6.0})) == ["BatchNormalization  ReLU 6"]


# Hard sigmoid


def operation(of_class: str, number: str) -> Call:
    made = replace(leaf(of_class, of_class), is_operation=True, constants=(("x2", number),))
    return replace(made, kind=CallKind.OPERATION)


RELU6 = replace(RELU, config={"max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0})
HARD = [operation("Add", "3.0"), RELU6, operation("Multiply", "0.16666666666666666")]


def test_a_hard_sigmoid_that_is_spelled_out_is_known():
    assert told(CONV, *HARD) == ["Conv2D  8 · 3×3", "hard_sigmoid"]
    assert told(CONV, *HARD[:2], operation("Divide", "6")) == ["Conv2D  8 · 3×3", "hard_sigmoid"]
    assert told(CONV, *HARD, dense=True) == ["Conv2D  8 · 3×3  hard_sigmoid"]


@pytest.mark.parametrize(
    "calls",
    [
        HARD[:2],
        [operation("Add", "2.0"), *HARD[1:]],
        [HARD[0], RELU, HARD[2]],
        [HARD[0], replace(RELU6, config=RELU6.config | {"negative_slope": 0.1}), HARD[2]],
        [*HARD[:2], operation("Multiply", "0.2")],
        [*HARD[:2], operation("Divide", "x")],
        [*HARD[:2], replace(HARD[2], constants=(("x1", "6"),), qualname="Divide")],
    ],
)
def test_what_is_no_hard_sigmoid_is_told_as_it_is(calls):
    assert "hard_sigmoid" not in told(CONV, *calls)


def test_parts_of_a_hard_sigmoid_are_told_where_more_is_to_be_told():
    assert len(told(*HARD, show_dtype=True)) == 3


# Outputs


def test_outputs_have_the_names_of_their_layers_but_for_those_that_keras_made():
    ends = Spot(is_output=True)

    def last(name: str) -> str:
        layers = [Layers([CONV]), Layers([replace(CONV, id=name, name=name)])]
        return line_text([*rows(layers, LabelOptions(), ends)][-1].cells[0].lines[0])

    assert last("age") == "Conv2D  8 · 3×3  → age"
    assert last("conv2d_3") == "Conv2D  8 · 3×3"


def test_an_output_that_stands_beside_is_told():
    named = replace(RELU, output_names=("mask",))
    assert told(BN, named) == ["BatchNormalization  ReLU  → mask"]
