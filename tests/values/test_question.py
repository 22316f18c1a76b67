"""What a text asks of a model."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.values.question import Question, divide, parse_question


@pytest.mark.parametrize(
    ("text", "target", "asked"),
    [
        ("mypkg.build params", "mypkg.build", "params"),
        ("mypkg:build params", "mypkg:build", "params"),
        ('mypkg.build(name="a b", depth = 50)  params:,', 'mypkg.build(name="a b", depth = 50)', 0),
        ("my models/net.keras conv1.filters", "my models/net.keras", "conv1.filters"),
    ],
)
def test_the_value_is_the_last_word(text, target, asked):
    assert divide(text) == (target, asked or "params:,")


@pytest.mark.parametrize("text", ["mypkg.build", "mypkg.build(depth = 50)", ""])
def test_a_model_alone_asks_nothing(text):
    with pytest.raises(Fault, match="no value") as raised:
        divide(text)
    assert "mypkg.build params" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("params", Question("params")),
        ("params:,", Question("params", format=",")),
        ("conv1.filters", Question("filters", "conv1")),
        ("blocks[0].units", Question("units", "blocks[0]")),
        ("encoder/mha.num_heads:>4", Question("num_heads", "encoder/mha", format=">4")),
        ("block.1.conv.kernel_size[1]", Question("kernel_size", "block.1.conv", (1,))),
        ("input_shape[1][-1]", Question("input_shape", None, (1, -1))),
    ],
)
def test_layer_value_place_and_format_are_told_apart(text, question):
    assert parse_question(text) == question


@pytest.mark.parametrize("text", ["", ".params", "conv1.", "a-b", "params:", "(3)", "conv1.3"])
def test_anything_else_is_no_question(text):
    with pytest.raises(Fault, match="names no value"):
        parse_question(text)


def test_a_question_is_told_without_its_format():
    assert parse_question("conv1.kernel_size[1]:>3").text == "conv1.kernel_size[1]"
    assert parse_question("params:,").text == "params"
