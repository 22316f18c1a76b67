"""Labels as plain text: tooltips, and what is read aloud."""

from __future__ import annotations

from dataclasses import replace

from make_graphs import TENSOR, leaf
from sphinxcontrib_kerasgraph.graph import Call, CallKind, Change, Marks, Parameters, Tensor
from sphinxcontrib_kerasgraph.label.text import (
    description,
    line_text,
    plain_text,
    tensor_text,
)
from sphinxcontrib_kerasgraph.label.tree import Cell, Form, Label, Role, Row, Text, cell


def text(value: str, gap: int = 2) -> Text:
    return Text(value, Role.FACT, gap)


def test_a_line_has_the_gaps_between_its_texts():
    assert line_text((text("a"),)) == "a"
    assert line_text((text("a", 9), text("b", 1), text("c", 0))) == "a bc"


def test_cells_are_side_by_side_and_rows_are_lines():
    label = Label(
        Form.FULL,
        (
            Row((cell(text("a")), cell(text("")))),
            Row((cell(text("key")), Cell(((text("1"),), (text("2"),))))),
        ),
    )
    assert plain_text(label) == "a\nkey  1  2"


def test_what_xml_cannot_hold_is_replaced():
    label = Label(Form.PLAIN, (Row((cell(text("a\x00b\ud800c\ufffe")),)),))
    assert plain_text(label) == "a\ufffdb\ufffdc\ufffd"
    assert tensor_text(TENSOR, "a\x00") == "a\ufffd: (None, 8) float32"


def lines(call: Call, path: str = "enc/d") -> list[str]:
    return plain_text(description(call, path)).splitlines()


def test_a_call_is_described_by_path_class_fact_shapes_and_weights():
    call = replace(
        leaf("d", "Dense", None, 1), config={"units": 8}, parameters=Parameters(12345),
        outputs=(TENSOR, Tensor((), "int32")),
    )  # fmt: skip
    assert lines(call) == [
        "enc/d (Dense)",
        "8",
        "(None, 8) → (None, 8), ()",
        "12,345 parameters",
    ]


def test_constants_of_a_layer_are_described():
    call = replace(leaf("d", "Attention"), constants=(("training", "True"),))
    assert "training = True" in lines(call)
    operation = replace(call, is_operation=True, kind=CallKind.OPERATION)
    assert lines(operation)[1] == "training=True"
    assert "training = True" not in lines(operation)


def test_why_a_block_is_closed_is_described():
    call = replace(leaf("d", "Block"), opaque="it <raised>", outputs=())
    assert lines(call) == ["enc/d (Block)", "not opened: it <raised>"]


def test_a_tensor_is_described_by_its_argument_shape_and_dtype():
    assert tensor_text(TENSOR, None) == "(None, 8) float32"
    assert tensor_text(TENSOR, "query") == "query: (None, 8) float32"


def test_the_tooltip_of_a_changed_call_tells_what_it_was_as_a_diff_does():
    before = replace(leaf("head", "Dense", inputs=1), kind=CallKind.DENSE, config={"units": 3})
    config = {"units": 4, "use_bias": False}
    after = replace(
        before, config=config, marks=Marks(Change.CHANGED), before=before, is_operation=False
    )
    lines = plain_text(description(after, "head")).split("\n")
    assert lines[:3] == ["head (Dense)", "− 3", "+ 4"]
    assert lines[-2:] == ["use_bias: \N{EN DASH} → False", "changed"]
    moved = replace(before, marks=Marks(Change.ADDED, moved=True))
    assert plain_text(description(moved, "head")).endswith("moved")


def test_what_was_becomes_what_is():
    was = Text("32", Role.FACT, is_struck=True, change=Change.REMOVED)
    assert line_text((text("Conv2D"), was, text("64", 1), text("3×3"))) == "Conv2D  32 → 64  3×3"
    assert line_text((text("Conv2D"), was)) == "Conv2D  32"
