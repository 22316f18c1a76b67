"""Keras objects as short texts."""

from __future__ import annotations

from functools import partial

import keras

from sphinxcontrib_kerasgraph.extract.read.layers import activation_of
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text


def test_a_partial_function_is_known_by_the_function_and_what_it_is_given():
    tanh_gelu = partial(keras.activations.gelu, approximate=True)
    assert plain_text(tanh_gelu) == "gelu(approximate=True)"
    assert plain_text(partial(pow, 2)) == "pow(2)"
    dense = keras.layers.Dense(3, activation=tanh_gelu)
    assert activation_of(dense) == "gelu(approximate=True)"
