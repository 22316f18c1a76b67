"""What boxes say of calls that are others in the second of two models."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed, configured, of_keras, serialized
from make_graphs import model
from sphinxcontrib_kerasgraph.compare import compared, merged
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.graph import CallKind, Change, Marks, Parameters, Tensor
from sphinxcontrib_kerasgraph.label.card import card
from sphinxcontrib_kerasgraph.label.changes import fact_texts, was_and_is
from sphinxcontrib_kerasgraph.label.compact import source_label, stack_label
from sphinxcontrib_kerasgraph.label.full import call_label
from sphinxcontrib_kerasgraph.label.text import description, plain_text
from sphinxcontrib_kerasgraph.label.tree import Role
from sphinxcontrib_kerasgraph.options import LabelOptions

OLD = model("x InputLayer\nconv Conv2D <- x\ndense Dense <- conv\n-> dense")
L2 = serialized("L2", l2=0.0001)
CONV = {"filters": 64, "kernel_size": [3, 3], "strides": [1, 1]}
OLD = configured(changed(OLD, "conv", kind=CallKind.CONVOLUTION), "conv", **CONV)
OLD = configured(changed(OLD, "dense", kind=CallKind.DENSE, activation="relu"), "dense", units=8)


def call_of(new, name="conv"):
    return merged(compared(OLD, new)).graph[name]


def told(new, name="conv", options=LabelOptions(), compact=True):  # noqa: B008 - frozen
    call = call_of(new, name)
    made = stack_label if compact else call_label
    return plain_text(made([call], options)).replace("  ", " ")


@pytest.mark.parametrize("compact", [True, False])
def test_the_part_of_a_fact_that_changed_is_told_with_what_it_was(compact):
    new = configured(OLD, "conv", filters=32)
    assert "64 → 32 · 3×3" in told(new, compact=compact)
    new = configured(OLD, "conv", kernel_size=[5, 5])
    assert "64 · 3×3 → 5×5" in told(new, compact=compact)
    new = configured(OLD, "conv", filters=32, kernel_size=[5, 5])
    assert "64 → 32 · 3×3 → 5×5" in told(new, compact=compact)


def test_a_fact_with_more_parts_is_told_as_a_whole():
    new = configured(OLD, "conv", groups=2)
    assert "64 · 3×3 → 64 · 3×3 · 2 groups" in told(new)


def test_what_was_is_struck_and_what_is_has_another_colour():
    was, now, rest = fact_texts([call_of(configured(OLD, "conv", filters=32))])
    assert (was.value, was.is_struck, was.change) == ("64", True, Change.REMOVED)
    assert (now.value, now.is_struck, now.change) == ("32", False, Change.ADDED)
    assert (rest.value, rest.is_struck, rest.change) == ("· 3×3", False, None)


@pytest.mark.parametrize("compact", [True, False])
def test_classes_and_activations_are_told_with_what_they_were(compact):
    new = changed(OLD, "dense", qualname="EinsumDense")
    assert "Dense → EinsumDense" in told(new, "dense", compact=compact)
    new = changed(OLD, "dense", activation="gelu")
    assert "relu → gelu" in told(new, "dense", compact=compact)
    new = changed(OLD, "dense", activation="linear")
    assert "relu" in told(new, "dense", compact=compact)


@pytest.mark.parametrize("compact", [True, False])
def test_what_no_fact_tells_is_told_by_name(compact):
    text = told(configured(OLD, "conv", use_bias=False), compact=compact)
    assert "use_bias" in text
    assert "\N{EN DASH} → False" in text


def test_what_one_version_of_keras_alone_tells_is_no_change():
    old = of_keras(configured(OLD, "conv", use_bias=True), "3.5")
    new = of_keras(configured(OLD, "conv", use_bias=False, new_key=7, other=None), "3.15")
    call = merged(compared(old, new)).graph["conv"]
    for made in (stack_label, call_label):
        text = plain_text(made([call], LabelOptions()))
        assert "use_bias" in text
        assert "new_key" not in text
    assert [line for line in card(call) if "→" in line[1]] == [("use_bias", "True → False")]
    assert "new_key" not in plain_text(description(call, "conv"))


@pytest.mark.parametrize(
    ("before", "after", "name", "said"),
    [
        (True, False, "use_bias", "True → False"),
        (L2, None, "use_bias", "l2(l2=0.0001) → None"),
        (L2, serialized("L2", l2=0.5), "use_bias.l2", "0.0001 → 0.5"),
        ([1, 2], [3, 4], "use_bias", "(1, 2) → (3, 4)"),
        ("", "same", "use_bias", "'' → same"),
    ],
)
def test_a_value_has_one_text_in_boxes_tables_and_words(before, after, name, said):
    old, new = (configured(OLD, "conv", use_bias=value) for value in (before, after))
    call = merged(compared(old, new)).graph["conv"]
    diff = ModelDiff.of(old, new)
    [row] = diff.rows
    assert (row.subject, " → ".join(row.cells[2:])) == (name, said)
    assert [one.text for one in diff.statements] == [f"conv: {name} {said}"]
    assert diff.lines == (f"conv: {name} {said}",)
    assert f"{name}: {said}" in plain_text(stack_label([call], LabelOptions())).replace("  ", " ")
    assert f"{name}: {said}" in plain_text(description(call, "conv"))


def test_of_many_values_a_few_are_told():
    many = {f"option_{at}": at for at in range(9)}
    text = told(configured(OLD, "conv", **many))
    assert "option_0: \N{EN DASH} → 0" in text
    assert "7 differ" in text


@pytest.mark.parametrize("compact", [True, False])
def test_a_name_is_told_where_nothing_else_differs(compact):
    new = model("x InputLayer\nstem Conv2D <- x\ndense Dense <- stem\n-> dense")
    new = configured(changed(new, "stem", kind=CallKind.CONVOLUTION), "stem", **CONV)
    new = configured(
        changed(new, "dense", kind=CallKind.DENSE, activation="relu"), "dense", units=8
    )
    assert "conv → stem" in told(new, "stem", compact=compact)


def test_shapes_that_follow_from_other_changes_are_told_where_shapes_are():
    new = changed(OLD, "conv", outputs=(Tensor((None, 9), "float32"),))
    new = configured(new, "conv", filters=32)
    new = changed(new, "dense", inputs=(Tensor((None, 9), "float32"),))
    options = LabelOptions(show_shapes=True)
    call = call_of(new, "dense")
    assert call.marks.change is None
    assert "→ (None, 9)" in plain_text(call_label([call], options))
    assert "→ 9" in told(new, options=options)


def test_numbers_of_weights_are_told_with_what_they_were():
    old = changed(OLD, "dense", parameters=Parameters(1000, 1000, 1000))
    new = changed(configured(OLD, "dense", units=9), "dense", parameters=Parameters(2000))
    call = merged(compared(old, new)).graph["dense"]
    options = LabelOptions(show_params=True)
    assert "1,000 params → 2,000 params" in plain_text(stack_label([call], options))
    assert "1,000 → 2,000" in plain_text(call_label([call], options))


def test_inputs_tell_the_shape_that_they_had():
    new = changed(OLD, "x", outputs=(Tensor((None, 32, 32), "float32"),))
    call = call_of(configured(new, "x", batch_shape=[None, 32, 32]), "x")
    text = plain_text(source_label([call], LabelOptions(), "", terminal=True))
    assert text.endswith("→ 32×32")


def test_a_moved_call_says_so():
    call = replace(OLD.graph["conv"], marks=Marks(Change.ADDED, moved=True))
    for label in (stack_label([call], LabelOptions()), call_label([call], LabelOptions())):
        assert plain_text(label).startswith("⇄  moved  Conv2D")


def test_values_that_came_or_went_stand_alone():
    [gone] = was_and_is(["relu"], [], Role.FACT)
    assert gone.is_struck
    [come] = was_and_is([], ["relu"], Role.FACT)
    assert not come.is_struck
    assert come.change is Change.ADDED
    [same] = was_and_is(["relu"], ["relu"], Role.FACT)
    assert same.change is None
