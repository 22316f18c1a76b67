"""What notebooks show of graphs and DOT, by IPython's own formatter."""

from __future__ import annotations

import shutil

import pytest

from sphinx_project import missing
from sphinxcontrib_kerasgraph import model_to_dot, model_to_graph, notebook
from sphinxcontrib_kerasgraph.graph import ModelGraph
from zoo import first


@pytest.fixture(scope="module")
def shown():
    """What a notebook is given of an object, by MIME type."""
    try:
        from IPython.core.formatters import DisplayFormatter
    except ImportError:
        missing("IPython is not installed")
    return lambda value: DisplayFormatter().format(value)[0]


@pytest.fixture(scope="module")
def model():
    return first.branches()


def test_a_graph_is_a_drawing_and_a_table(dot, shown, model):
    bundle = shown(model_to_graph(model))
    assert bundle["image/svg+xml"].startswith("<svg")
    for layer in model.layers:
        assert layer.name in bundle["image/svg+xml"]
        assert layer.name in bundle["text/plain"]
    assert f"{model.count_params():,}" in bundle["text/plain"]


def test_dot_is_a_drawing_as_it_was_changed(dot, shown, model):
    made = model_to_dot(model)
    made.set_label("Changed by its owner")
    bundle = shown(made)
    assert bundle["image/svg+xml"].startswith("<svg")
    assert "Changed by its owner" in bundle["image/svg+xml"]


def test_without_graphviz_the_words_are_shown_and_say_so(shown, model, monkeypatch):
    graph, made = model_to_graph(model), model_to_dot(model)
    monkeypatch.setattr(shutil, "which", lambda *_args, **_more: None)
    bundle = shown(graph)
    assert "image/svg+xml" not in bundle
    assert all(layer.name in bundle["text/plain"] for layer in model.layers)
    assert "Install Graphviz" in bundle["text/plain"]
    assert shown(made).keys() == {"text/plain"}


def test_a_graph_that_notebooks_show_is_the_same_graph(model):
    graph = model_to_graph(model)
    assert isinstance(graph, notebook.ShownGraph)
    assert graph == ModelGraph.from_json(graph.to_json())
    assert ModelGraph.from_json(graph.to_json()) == graph
