"""Readers give values, or tell what is wrong where."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from sphinxcontrib_kerasgraph import schema
from sphinxcontrib_kerasgraph.schema import Misfit, each, mapping, optional, record


@dataclass(frozen=True)
class Leaf:
    """A value in others."""

    name: str
    size: int | None = None
    more: dict[str, int] = field(default_factory=dict)


LEAF = {"name": schema.text, "size": optional(schema.count), "more": mapping(schema.count)}
read = record(Leaf, LEAF)


def test_what_is_right_is_read():
    assert read({"name": "a"}) == Leaf("a")
    assert read({"name": "a", "size": None, "more": {"b": 3}}) == Leaf("a", None, {"b": 3})
    assert each(read)([{"name": "a"}]) == (Leaf("a"),)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (3, "3 in place of an object"),
        ({}, "it has no name"),
        ({"name": "a", "evil": 1}, "it has a field 'evil', which isn't known"),
        ({"name": None}, "name: null in place of a text"),
        ({"name": "a", "size": True}, "size: true in place of a number of things"),
        ({"name": "a", "size": -1}, "size: -1 in place of a number of things"),
        ({"name": "a", "size": 10**5000}, "size: a number that is too large in place of"),
        ({"name": "a", "more": {"x" * 99: "3"}}, f"more.'{'x' * 40}…': the text '3' in place"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(data, says):
    with pytest.raises(Misfit) as raised:
        each(read)([{"name": "first"}, data])
    assert str(raised.value).startswith(f"[1].{says}") or str(raised.value).startswith(
        f"[1]: {says}"
    )


def test_all_fields_are_there_of_what_is_to_be_whole():
    with pytest.raises(Misfit, match="it has no more, size"):
        record(Leaf, LEAF, is_whole=True)({"name": "a"})


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"a": [1, float("inf")]}, r"'a'\[1\]: a number that isn't finite"),
        ([float("nan")], "a number that isn't finite"),
        ({"a": 2**1025}, "a number that is too large"),
        ([object()], "object in place of a value of JSON"),
    ],
)
def test_of_anything_numbers_are_finite(value, says):
    with pytest.raises(Misfit, match=says):
        schema.anything(value)


def test_of_anything_not_too_much_lies_in_each_other():
    value: object = 3
    for _ in range(schema.DEEPEST):
        value = [value]
    assert schema.anything(value) == value
    with pytest.raises(Misfit, match="too much lies in each other"):
        schema.anything([value])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is no JSON: Expecting value"),
        ("{}".encode("utf-16"), "it is no JSON in UTF-8"),
        (b"\xef\xbb\xbf{}", "it is no JSON: Unexpected UTF-8 BOM"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "'c' is there twice"),
        (b"[" * 100_000, "too much lies in each other"),
        (b"1" + b"0" * 5000, "it is no JSON: Exceeds the limit"),
    ],
)
def test_what_is_no_json_is_refused(content, says):
    with pytest.raises(ValueError, match=says):
        schema.parsed(content)
