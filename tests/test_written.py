"""Values as pages write them: in Python, and in YAML as MyST hands it on."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.calling import parse_call
from sphinxcontrib_kerasgraph.option_kinds import ClassNames, Flag, Patterns
from sphinxcontrib_kerasgraph.target import parse_input_dtype, parse_input_shape
from sphinxcontrib_kerasgraph.written import literal

TWO = {"image": (32, 32, 3), "label": (None,)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': (1, None), \"b\": [True]}", {"a": (1, None), "b": [True]}),
        ("{a: [1, null], b: true}", {"a": [1, None], "b": True}),
        ("{a: {b: ~, 'c d': -1.5}, e: }", {"a": {"b": None, "c d": -1.5}, "e": None}),
        ("[a b, 'it''s', \"x\\\"\", [], {}]", ["a b", "it's", 'x"', [], {}]),
        ("- 1 - -2 - [3]", [1, -2, [3]]),
        ("- 1\n- 2", [1, 2]),
        ("- 32", [32]),
        ("-\n  32", [32]),
        ("-32", -32),
        ("a: - 32", {"a": [32]}),
        ("a: 1 b: x", {"a": 1, "b": "x"}),
        ("a: - 1 - 2 b: - 3", {"a": [1, 2], "b": [3]}),
        ("- a: 1 b: 2 - a: 3", [{"a": 1, "b": 2}, {"a": 3}]),
        ("FALSE", False),
        ("int32", "int32"),
        ("[1, 2,]", [1, 2]),
    ],
)
def test_literal(text, value):
    assert literal(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "[1", "{a: 1", "[1] 2", "{a}", "{a: 1, a: 2}", "{[1]: 2}", "'a", "]", "(a, b", "[,]"),
        # What it was is lost with the ends of lines.
        *("a: b: 1 c: 2", "- - 1 - 2", "- a: - 1 - 2", "a: - b: 1 c: 2", "a: 1 a: 2"),
        "[" * 20_000,
    ],
)
def test_what_is_no_literal_or_could_be_two_is_refused(text):
    with pytest.raises((ValueError, RecursionError)):
        literal(text)


@pytest.mark.parametrize(
    "text",
    [
        "{image: [32, 32, 3], label: [null]}",
        "{image: (32, 32, 3), label: (None,)}",
        "image: [32, 32, 3] label: [~]",  # lines of YAML, as MyST joins them
        "image: - 32 - 32 - 3 label: - null",
        "image: [32, 32, 3]\nlabel:\n- null\n",
    ],
)
def test_shapes_of_several_inputs(text):
    assert parse_input_shape(text) == TWO


def test_dtypes_and_arguments_of_call():
    assert parse_input_dtype("[int32, float32]") == ["int32", "float32"]
    assert parse_input_dtype("{a: int32, b: [bool]}") == {"a": "int32", "b": ["bool"]}
    assert parse_input_dtype("- int32 - float32") == ["int32", "float32"]
    assert parse_call("{return_state: false, mask: null}") == {"return_state": False, "mask": None}
    assert parse_call("return_state: false") == {"return_state": False}


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("[a, b*]", ("a", "b*")),
        ("['enc/*', \"*Norm\"]", ("enc/*", "*Norm")),
        ("[ab]", ("ab",)),
        ("- Dense - enc/*", ("Dense", "enc/*")),
        ("- a\n- b", ("a", "b")),
        ("[blocks[0], blocks[*]]", ("blocks[0]", "blocks[*]")),
        ("[ab]x, c[de]", ("[ab]x", "c[de]")),
        ("[ab]x[cd]", ("[ab]x[cd]",)),
        ("[]", ()),
        ("a-b, c - d", ("a-b", "c - d")),
        ('"params:,", flops', ("params:,", "flops")),
        ("['params:,', \"flops:,\"]", ("params:,", "flops:,")),
        ("a\n'b, c' ,\nd,", ("a", "b, c", "d")),
        ('- "a - b" - c', ("a - b", "c")),
        ("- 'params:,'\n- flops", ("params:,", "flops")),
        ("it's, 'b", ("it's", "'b")),
        ("- Dense", ("Dense",)),
    ],
)
def test_lists_of_patterns(text, patterns):
    assert Patterns().parse(text) == patterns


def test_other_lists_and_flags():
    assert ClassNames().parse("[wide, dark]") == "wide dark"
    assert ClassNames().parse("- wide - dark") == "wide dark"
    assert ClassNames().parse("wide dark") == "wide dark"
    for text, value in {"null": True, "~": True, "": True, "true": True, "False": False}.items():
        assert Flag().parse(text) is value
