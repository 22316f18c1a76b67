"""The labels of boxes that stand for a call each, and the titles of frames."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf
from sphinxcontrib_kerasgraph.graph import (
    Amount,
    Call,
    CallKind,
    Change,
    Marks,
    Parameters,
    Tensor,
)
from sphinxcontrib_kerasgraph.label.full import call_label, frame_label
from sphinxcontrib_kerasgraph.label.spot import Spot
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.label.tree import Form
from sphinxcontrib_kerasgraph.options import LabelOptions


def dense(units: int = 8, **facts) -> Call:
    tensor = Tensor((None, units), "float32")
    call = replace(
        leaf("head", "Dense", None, 1), inputs=(tensor,), outputs=(tensor,),
        config={"units": units}, parameters=Parameters(1000 * units), trainable=True,
        activation="relu",
    )  # fmt: skip
    return replace(call, **facts)


def said(*calls: Call, arguments=None, repeated: str = "", **options) -> list[str]:
    """The rows of the label."""
    label = call_label(calls, LabelOptions(**options), arguments, repeated=repeated)
    return plain_text(label).splitlines()


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({}, []),
        ({"show_shapes": True}, ["input  (None, 8)", "output  (None, 8)"]),
        ({"show_dtype": True}, ["dtype  float32"]),
        ({"show_layer_activations": True}, ["activation  relu"]),
        ({"show_params": True}, ["params  8,000"]),
        ({"show_trainable": True}, ["trainable  yes"]),
    ],
)
def test_each_option_is_a_row(options, rows):
    title, *details = said(dense(), **options)
    beside = "" if "show_layer_activations" in options else "  relu"  # which has a row otherwise
    assert title == f"Dense  head  8{beside}"
    assert details == rows


def test_rows_are_in_one_order():
    told = said(
        dense(marks=Marks(flops=Amount(5_000_000))), show_shapes=True, show_dtype=True,
        show_layer_activations=True, show_params=True, show_trainable=True,
    )  # fmt: skip
    assert [row.split()[0] for row in told[1:]] == [
        *("activation", "input", "output", "dtype", "params", "FLOPs", "trainable")
    ]


def test_names_can_be_left_out():
    assert said(dense(), show_layer_names=False) == ["Dense  8  relu"]
    # Nor is a name told that is that of the class.
    assert said(dense(name="Dense")) == ["Dense  8  relu"]


def test_what_is_told_beside_the_name():
    assert said(dense(shared=True)) == ["Dense  head  shared  8  relu"]
    assert said(dense(opaque="it raised")) == ["Dense  head  opaque  8  relu"]
    assert said(dense(), repeated="×3") == ["Dense  head  ×3  8  relu"]
    block = replace(leaf("enc", "Encoder"), inside=12)
    assert said(block) == ["Encoder  enc  12 calls inside"]
    assert said(replace(block, inside=1)) == ["Encoder  enc  1 call inside"]
    # Of a layer that derives from one of Keras's, the fact of that one doesn't tell all.
    derived = replace(leaf("out", "QDense"), kind=CallKind.DENSE, config={"units": 10}, inside=3)
    assert said(replace(derived, module="quant")) == ["QDense  out  10  3 calls inside"]
    of_keras = replace(derived, module="keras.layers", qualname="Dense")
    assert said(of_keras) == ["Dense  out  10"]


def test_inputs_have_the_names_of_their_arguments():
    tensor = Tensor((4,), "float32")
    call = replace(leaf("a", "Attention", None, 2), inputs=(tensor, tensor))
    assert said(call, arguments={0: "query"}, show_shapes=True)[1] == "input  query (4,)  (4,)"


def test_sources_take_nothing_and_have_no_stripe():
    label = call_label([leaf("x", "InputLayer")], LabelOptions(show_shapes=True))
    assert plain_text(label).splitlines() == ["InputLayer  x", "output  (None, 8)"]
    assert label.rows[0].stripe is None
    assert call_label([dense()], LabelOptions()).rows[0].stripe is CallKind.DENSE


def test_a_box_of_several_tells_what_differs_and_that_numbers_are_of_each():
    told = said(dense(8), dense(64), show_shapes=True, show_params=True, show_dtype=True)
    assert told == [
        "Dense  head  8, 64  relu",
        "input  (None, 8); (None, 64)",
        "output  (None, 8); (None, 64)",
        "dtype  float32",
        "params  8,000; 64,000 each",
    ]


def test_a_label_has_the_marks_of_its_calls():
    added = Marks(change=Change.ADDED)
    assert call_label([dense(marks=added)], LabelOptions()).marks == added
    both = call_label([dense(marks=added), dense()], LabelOptions()).marks
    assert both.change is Change.CHANGED


def test_ends_of_the_model_are_marked():
    assert call_label([dense()], LabelOptions(), spot=Spot(terminal=True)).terminal
    assert not call_label([dense()], LabelOptions()).terminal


def test_long_names_are_cut():
    [title] = said(dense(name="n" * 100))
    assert len(title) < 80
    assert "…" in title


def test_a_frame_has_class_and_name():
    label = frame_label([replace(leaf("enc", "Encoder"), kind=CallKind.MODEL)], LabelOptions())
    assert label.form is Form.TITLE
    assert plain_text(label) == "Encoder  enc"
    bare = frame_label([leaf("enc", "Encoder")], LabelOptions(show_layer_names=False))
    assert plain_text(bare) == "Encoder"


def test_a_closed_block_of_an_overview_has_two_rows():
    changed = {"id": "heads", "name": "heads", "qualname": "Block", "config": {}, "inside": 5}
    block = dense(8, activation=None, **changed)
    spot = Spot(is_compact=True)
    label = call_label([block], LabelOptions(), spot=spot)
    assert (label.form, plain_text(label)) == (Form.STACK, "Block  heads\n5 calls inside")
    shared = call_label([replace(block, shared=True)], LabelOptions(), spot=spot)
    assert plain_text(shared) == "Block  heads\nshared  5 calls inside"
    # What options ask for needs room.
    assert call_label([block], LabelOptions(show_shapes=True), spot=spot).form is Form.FULL
    assert call_label([block], LabelOptions()).form is Form.FULL
