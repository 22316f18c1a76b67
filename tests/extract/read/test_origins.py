"""Where tensors come from that no drawn call made."""

from __future__ import annotations

import keras
import numpy as np

from sphinxcontrib_kerasgraph.extract.read.origins import Origins
from sphinxcontrib_kerasgraph.extract.read.variables import is_weight


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
    assert origins.constants_in([third, second, first, second]) == [(second, 2), (first, "1 … n")]


def test_a_weight_has_one_tensor():
    origins = Origins()
    weight, other = (keras.Variable(np.ones((2, 3), "float32"), name="w") for _ in range(2))
    tensor = origins.weight(weight)
    assert (tuple(tensor.shape), tensor.dtype) == ((2, 3), "float32")
    assert origins.weight(weight) is tensor
    assert origins.symbolic(weight) is tensor
    assert origins.weight(other) is not tensor
    [(found, value)] = origins.constants_in([tensor])
    assert found is tensor
    assert value is weight


def test_arrays_have_one_tensor_each_and_numbers_have_none():
    origins = Origins()
    array = np.ones((2,), "int32")
    tensor = origins.symbolic(array)
    assert (tuple(tensor.shape), tensor.dtype) == ((2,), "int32")
    assert origins.symbolic(array) is tensor
    for value in (
        np.float32(3),
        np.array(3),
        3,
        "text",
        [1, 2],
        None,
        np.array(["text"]),
        np.int32,
    ):
        assert origins.symbolic(value) is value


def test_weights_of_layers_are_weights():
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    assert all(map(is_weight, layer.weights))
    assert is_weight(keras.Variable(np.ones(2), name="own"))
    assert not is_weight(np.ones(2))
    assert not is_weight(keras.ops.ones(2))
