"""Where tensors come from that no drawn call made."""

from __future__ import annotations

import keras

from sphinxcontrib_kerasgraph.extract.read.origins import Origins


def tensors(number):
    return [keras.KerasTensor((None, 3)) for _ in range(number)]


def test_sources_are_followed_to_the_first():
    origins = Origins()
    first, cast, raw, other = tensors(4)
    origins.note_source(cast, first, cast=True)
    origins.note_source(raw, cast)
    assert origins.given(raw) is first
    assert origins.uncast(raw) is raw
    assert origins.uncast(cast) is first
    assert origins.given(other) is other


def test_constants_are_found_once_each():
    origins = Origins()
    first, second, third = tensors(3)
    origins.note_constant(first, "1 … n")
    origins.note_constant(second, 2)
    origins.note_constant(third, 3)
    origins.forget_constant(third)
    assert origins.constants_in([third, second, first, second]) == [(second, 2), (first, "1 … n")]
