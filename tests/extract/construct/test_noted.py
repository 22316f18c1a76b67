"""What the author's code says of how a model is called."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.construct.noted import noted
from sphinxcontrib_kerasgraph.faults import Fault


class Net:
    __kerasgraph__ = {"input_shape": (8, 3), "trace": "encode"}


class Wrong:
    __kerasgraph__ = {"shape": (8, 3)}


class Proxy:
    def __getattr__(self, name):
        raise RuntimeError(name)


def test_it_is_read_of_classes_models_and_functions():
    def build(): ...

    build.__kerasgraph__ = {"training": True}
    assert noted(Net) == noted(Net()) == Calling(input_shape=(8, 3), trace="encode")
    assert noted(build) == Calling(training=True)
    assert noted(object()) == noted(Proxy()) == Calling()


def test_what_is_not_understood_says_what_it_must_be():
    with pytest.raises(Fault, match=r"__kerasgraph__ of Wrong is .*'shape'.* input_shape"):
        noted(Wrong)


def test_what_is_asked_for_counts_first():
    asked = Calling(input_shape=(5,), call={"mask": None})
    assert asked.over(noted(Net)) == Calling(input_shape=(5,), call={"mask": None}, trace="encode")
