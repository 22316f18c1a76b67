"""Shapes in words."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.graph import Tensor
from sphinxcontrib_kerasgraph.label.shapes import (
    known_shape,
    merged_shape,
    shape_text,
    shapes_text,
    short_shape,
)


def tensor(*shape: int | None) -> Tensor:
    return Tensor(shape, "float32")


def test_as_keras_writes_them():
    assert shape_text(tensor(None, 784)) == "(None, 784)"
    assert shapes_text([tensor(None), tensor()]) == "(None,), ()"
    assert shapes_text([]) == ""


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((None, 56, 56, 256), "56×56×256"),
        ((None, None, 8), "?×8"),
        ((32, 8), "32×8"),  # a batch that is known is told
        ((None,), "scalar"),
        ((), "scalar"),
    ],
)
def test_as_papers_write_them(shape, text):
    assert short_shape(tensor(*shape)) == text


def test_of_several_the_first_and_the_last():
    assert merged_shape([tensor(None, 8)] * 3) == "8"
    several = [tensor(None, 56, 64), tensor(None, 28, 128), tensor(None, 7, 512)]
    assert merged_shape(several) == "56×64 … 7×512"


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        ([(None, 56, 56, 64)], "56×56×64"),
        # How many there are is told by none of them.
        ([(None, None, None, 40)], "…×40"),
        ([(None, 8, None, None)], "8×…"),
        ([(None, None, 512)], "?×512"),
        ([(None, None)], ""),
        ([(None, None, None)], ""),
        ([(None, None, None, size) for size in (40, 80, 160)], "…×40 … 160"),
        ([(None, None, None, size) for size in (40, 160)], "…×40, …×160"),
        ([(None, 56, 64), (None, 7, 512)], "56×64, 7×512"),
        ([(None,)], "scalar"),
    ],
)
def test_of_sizes_that_are_not_known_little_is_told(shapes, text):
    assert known_shape([tensor(*shape) for shape in shapes]) == text


def test_shapes_that_neither_rise_nor_fall():
    some = [tensor(None, size) for size in (8, 64, 8)]
    assert merged_shape(some) == "8, 64, 8"
    many = [tensor(None, size, size, 1024) for size in (128, 64, 256, 16, 64)]
    assert merged_shape(many) == "256×256×1024 … 16×16×1024"
    assert merged_shape(some[:2]) == "8, 64"
    # An image that gets smaller, while its channels come and go.
    image = [(224, 64), (224, 32), (112, 192), (112, 288), (56, 144)]
    sizes = [tensor(None, side, side, channels) for side, channels in image]
    assert merged_shape(sizes) == "224×224×64 … 56×56×144"


def test_what_makes_nothing_has_no_shape():
    assert merged_shape([]) == known_shape([]) == ""
