"""A label's texts, its plain text and its size are those of one tree."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from make_labels import bare, labels, said, texts_of
from sphinxcontrib_kerasgraph.label.size import (
    AIR,
    OUTLINE,
    PADDING,
    is_outlined,
    label_size,
    row_height,
    text_width,
)
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.label.tree import Form, Label, Role, Text, plain, row
from sphinxcontrib_kerasgraph.printable import printable_lines


@tried(150)
@given(labels())
def test_plain_text_says_what_the_tree_says(label):
    text = plain_text(label)
    assert bare(text) == said(label)
    assert printable_lines(text) == text


@tried(150)
@given(labels())
def test_a_label_is_as_wide_as_its_texts_and_as_high_as_its_rows(label):
    width, height = label_size(label, 9)
    texts = max(text_width(text.value, 9) for text in texts_of(label))
    assert width >= texts + 2 * OUTLINE * is_outlined(label)
    lines = sum(max(len(cell.lines) for cell in row.cells) for row in label.rows)
    height -= 2 * OUTLINE * is_outlined(label)
    if label.form is Form.STACK:
        assert height == row_height(9) * len(label.rows) + 2 * AIR + 2
    else:
        border = 0 if label.form in {Form.PLAIN, Form.TITLE} else 2
        padding = 2 * PADDING[label.form] * len(label.rows)
        assert height == pytest.approx(9 * 1.2 * lines + padding + border)


@tried(100)
@given(labels(), st.data())
def test_more_text_takes_no_less_room(label, data):
    at = data.draw(st.integers(0, len(label.rows) - 1))
    row_ = label.rows[at]
    first, *others = row_.cells[0].lines
    lines = ((*first, Text("wide", Role.FACT)), *others)
    cells = (replace(row_.cells[0], lines=lines), *row_.cells[1:])
    rows = (*label.rows[:at], replace(row_, cells=cells), *label.rows[at + 1 :])
    wider = replace(label, rows=rows)
    assert label_size(wider, 9)[0] >= label_size(label, 9)[0]
    assert label_size(wider, 9)[1] == label_size(label, 9)[1]


@tried(100)
@given(labels())
def test_larger_text_takes_more_room(label):
    (narrow, low), (wide, high) = label_size(label, 9), label_size(label, 12)
    assert narrow <= wide
    assert low < high


def test_a_label_is_frozen_and_equal_to_one_that_says_the_same():
    one, other = (Label(Form.STUB, (row(Text("a", Role.NAME)),)) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(FrozenInstanceError):
        one.terminal = True


def test_a_plain_label_has_a_row_for_each_line():
    label = plain([[Text("a", Role.FACT), Text("b", Role.FACT)], [Text("c", Role.FACT)]])
    assert label.form is Form.PLAIN
    assert plain_text(label) == "a  b\nc"
