"""Options have the names of those of Keras's functions and of Sphinx's directive."""

from __future__ import annotations

import inspect
from dataclasses import fields

import keras

from sphinxcontrib_kerasgraph import model_to_dot, options
from sphinxcontrib_kerasgraph.settings import FigureOptions


def test_every_option_of_keras_is_there():
    keras_names = set(inspect.signature(keras.utils.model_to_dot).parameters)
    ours = {option.name for group in options.DRAWING for option in fields(group)}
    assert keras_names - {"model", "subgraph", "kwargs"} <= ours
    assert keras_names <= set(inspect.signature(model_to_dot).parameters)


def test_every_option_of_graphviz_is_there():
    from sphinx.ext.graphviz import Graphviz

    names = {options.page_name(option) for group in options.DIRECTIVE for option in fields(group)}
    assert set(Graphviz.option_spec) - {"graphviz_dot"} <= names
    assert {options.page_name(option) for option in fields(FigureOptions)} <= names
