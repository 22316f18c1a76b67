"""The functions of Keras that are calls, in one list."""

from __future__ import annotations

import keras
import pytest

from sphinxcontrib_kerasgraph.extract.trace.keras_functions import keras_functions

FOUND = {(one.module, one.name): one for one in keras_functions()}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (keras.ops, "matmul"),
        (keras.ops, "softmax"),
        (keras.ops, "cast"),
        (keras.ops, "convert_to_tensor"),
        (keras.ops.nn, "softmax"),
        (keras.ops.numpy, "concatenate"),
        (keras.ops.linalg, "norm"),
        (keras.ops.image, "resize"),
        (keras.activations, "gelu"),
        (keras.activations, "linear"),
    ],
)
def test_has_functions_of_all_public_modules(module, name):
    assert FOUND[module, name].function is getattr(module, name)


def test_tells_the_module_that_is_shown():
    assert FOUND[keras.ops.nn, "softmax"].shown == "keras.ops"
    assert FOUND[keras.activations, "softmax"].shown == "keras.activations"


def test_leaves_out_what_makes_no_data_and_control_flow():
    names = {name for _, name in FOUND}
    assert names.isdisjoint(
        {"shape", "ndim", "is_tensor", "convert_to_numpy", "get", "serialize", "cond", "scan"}
    )
