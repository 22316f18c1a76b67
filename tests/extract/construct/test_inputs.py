"""Which argument each shape is for."""

from __future__ import annotations

import inspect

import pytest

from sphinxcontrib_kerasgraph.extract.construct.inputs import described
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.faults import Fault


def given(function, shapes, **literals):
    """What the function would be called with, each choice as shapes by parameters."""
    parameters = Parameters.of(function, "'call' of Net")
    found = []
    for inputs in described(parameters, shapes, None, literals):
        bound = inspect.signature(function).bind(*inputs.args, **inputs.kwargs).arguments
        found.append({name: sizes(value) for name, value in bound.items()})
    return found


def sizes(value):
    match value:
        case dict():
            return {key: sizes(one) for key, one in value.items()}
        case list() | tuple():
            return [sizes(one) for one in value]
    return tuple(value.shape)[1:] if hasattr(value, "shape") else value


def one(x): ...
def mode(x, training=None, mask=None): ...
def optional(x, context=None, scale=1.0, use_bias: bool | None = None): ...
def two(x, y): ...
def two_and_more(x, y, z=None, return_all=False): ...
def between(x, mask, y): ...
def any_number(*tensors, training=None): ...
def one_and_any_number(x, *others, gate=None): ...
def by_name(x, *, y): ...
def by_place(x, y, /): ...
def keywords(**features): ...


A, B, C = (3,), (4,), (5,)


@pytest.mark.parametrize(
    ("function", "shapes", "is_given"),
    [
        (one, A, [{"x": A}]),
        (one, [A, B], [{"x": [A, B]}]),
        (one, {"a": A, "b": B}, [{"x": {"a": A, "b": B}}]),
        (one, {"x": [A, B]}, [{"x": [A, B]}]),
        (mode, [A, B], [{"x": [A, B]}]),
        # A key that happens to be the name of a mask doesn't make a dict one of arguments.
        (mode, {"tokens": A, "mask": A}, [{"x": {"tokens": A, "mask": A}}]),
        (mode, {"x": A, "mask": B}, [{"x": A, "mask": B}]),
        (optional, A, [{"x": A}]),
        # Both are meant: the first that the code takes.
        (optional, [A, B], [{"x": [A, B]}, {"x": A, "context": B}]),
        (optional, [A, B, C], [{"x": [A, B, C]}]),
        (optional, {"x": A, "context": B}, [{"x": A, "context": B}]),
        (two, [A, B], [{"x": A, "y": B}]),
        (two_and_more, [A, B], [{"x": A, "y": B}]),
        (two_and_more, [A, B, C], [{"x": A, "y": B, "z": C}]),
        (two_and_more, {"y": B, "x": A}, [{"x": A, "y": B}]),
        (any_number, A, [{"tensors": [A]}]),
        (any_number, [A, B, C], [{"tensors": [A, B, C]}]),
        (one_and_any_number, [A, B, C], [{"x": A, "others": [B, C]}]),
        (one_and_any_number, [A], [{"x": A}]),
        (by_name, [A, B], [{"x": A, "y": B}]),
        (by_place, [A, B], [{"x": A, "y": B}]),
        (keywords, {"a": A, "b": B}, [{"features": {"a": A, "b": B}}]),
    ],
)
def test_shapes_are_for(function, shapes, is_given):
    assert given(function, shapes) == is_given


def test_other_arguments_are_given_by_name():
    assert given(between, [A, B], mask=None) == [{"x": A, "mask": None, "y": B}]
    assert given(between, {"x": A, "y": B, "mask": C}) == [{"x": A, "mask": C, "y": B}]
    assert given(optional, A, context=None) == [{"x": A, "context": None}]


@pytest.mark.parametrize(
    ("function", "shapes", "says"),
    [
        (two, A, "needs 'x' and 'y'; 'y' isn't given"),
        (two, [A], "needs 'x' and 'y'; 'y' isn't given"),
        (two, [A, B, C], "takes 'x' and 'y', and 3 shapes are given"),
        (two_and_more, {"x": A, "z": B}, "needs 'x' and 'y'; 'y' isn't given"),
        (between, [A, B], "needs 'x', 'mask' and 'y'; 'mask' isn't given"),
        (by_name, A, "needs 'x' and 'y'; 'y' isn't given"),
    ],
)
def test_what_is_missing(function, shapes, says):
    with pytest.raises(Fault) as caught:
        given(function, shapes)
    assert says in caught.value.message
