"""By which attributes layers hold others, where the author has assigned them."""

from __future__ import annotations

import keras

from sphinxcontrib_kerasgraph.extract.keras_model import model_to_graph
from sphinxcontrib_kerasgraph.extract.read.attributes import Attributes, held_by


def two_layers():
    """The tensors of a Functional model, and its second layer."""
    given = keras.Input((4,))
    head = keras.layers.Dense(2)
    return given, head(keras.layers.Dense(3)(given)), head


class Headed(keras.Model):
    """A Functional model that has an attribute for one of its layers."""

    def __init__(self):
        given, made, head = two_layers()
        super().__init__(given, made)
        self.head = head


def test_what_keras_keeps_of_a_functional_model_is_no_attribute():
    given, made, _ = two_layers()
    model = keras.Model(given, made)
    assert held_by(model) == {}
    assert [call.attribute for call in model_to_graph(model).graph.calls] == [None, None, None]


def test_an_attribute_of_a_functional_model_is_told():
    model = Headed()
    assert held_by(model) == {"head": model.head}
    assert [call.attribute for call in model_to_graph(model).graph.calls] == [None, None, "head"]


def test_what_keras_keeps_of_a_sequential_model_is_no_attribute():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    assert held_by(model) == {}


def test_names_of_lists_and_dicts_and_of_two_attributes_the_public_one():
    class Inner(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.norm = keras.layers.LayerNormalization()

    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.blocks = [Inner(), Inner()]
            self.heads = {"a": keras.layers.Dense(2)}
            self._hidden = self.named = keras.layers.Dense(1)
            self._own = keras.layers.Dense(1)

    outer = Outer()
    assert list(held_by(outer)) == ["blocks[0]", "blocks[1]", "heads['a']", "named", "_own"]


def test_the_shortest_way_is_told():
    class Inner(keras.layers.Layer):
        def __init__(self, norm):
            super().__init__()
            self.norm = norm

    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Inner(keras.layers.LayerNormalization())
            self.other = self.inner.norm

    outer = Outer()
    attributes = Attributes()
    assert attributes.of(outer.other, outer) == "other"
    assert attributes.of(outer.other, outer.inner) == "norm"
    assert attributes.of(outer, outer.inner) is None


def test_lists_and_dicts_may_hold_themselves():
    layer = keras.layers.Layer()
    layer.head = keras.layers.Dense(1)
    tree = {"layers": [keras.layers.Dense(2)]}
    tree["layers"].append(tree)
    vars(layer)["tree"] = tree
    assert held_by(layer) == {"head": layer.head}


def test_keys_are_told_without_addresses():
    layer = keras.layers.Layer()
    made = keras.layers.Dense(1)
    layer.made = [made]
    vars(layer)["_by_function"] = {two_layers: made}
    vars(layer)["by_class"] = {Headed: made}
    assert list(held_by(layer)) == ["made[0]"]
    del layer.__dict__["made"]
    assert list(held_by(layer)) == ["by_class[Headed]"]
