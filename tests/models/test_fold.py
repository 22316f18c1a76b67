"""What is repeated in real models is drawn once, and nothing is lost."""

from __future__ import annotations

import importlib
import inspect

import keras
import pytest

from effort import slow_but
from make_graphs import check_graph, check_told, check_view, dissolved
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.view.expand import expand
from sphinxcontrib_kerasgraph.view.hide import hide
from sphinxcontrib_kerasgraph.view.name_groups import group_by_name
from sphinxcontrib_kerasgraph.view.overview.diamonds import set_diamonds_apart
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.parts import (
    lettered,
    parts_of,
    set_apart,
    set_stacks_apart,
)
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold
from zoo import catalogue, folds
from zoo_checks import made

#: Of families of all kinds.
SMALL = {
    *("ConvNeXtTiny", "EfficientNetB0", "EfficientNetV2B0", "MobileNet", "MobileNetV3Small"),
    *("NASNetMobile", "ResNet50", "VGG16", "Xception"),
}
APPLICATIONS = {
    name: function
    for name, function in inspect.getmembers(keras.applications, inspect.isfunction)
    if name[0].isupper() and (name, keras.config.backend()) != ("NASNetMobile", "torch")
}


def check_views(graph: ModelGraph) -> None:
    """All views of a model are right, also where its blocks are closed."""
    closed = expand(graph, SelectOptions())
    for exact in (True, False):
        check_view(closed, fold(closed, exact=exact))
    for exact in (True, False):
        view = fold(graph, exact=exact)
        check_view(graph, view)
        check_view(graph, fuse(view))
        details = lettered(set_diamonds_apart(view, exact=False))
        assert unfold(fuse(details)) == graph
        apart = set_diamonds_apart(set_apart(view, exact=exact), exact=exact)
        all_apart = set_stacks_apart(fuse(apart), exact=exact)
        assert unfold(all_apart) == unfold(fuse(apart)) == unfold(apart) == graph
        for one in (details, all_apart):
            for calls in parts_of(one.graph).values():
                check_told([call.body for call in calls])
    check_view(graph, fuse(graph))
    named = group_by_name(graph)
    check_graph(named.graph)
    assert dissolved(named.graph) == dissolved(graph.graph)
    check_graph(hide(graph, ["Dropout", "*Normalization", "InputLayer", "Add"]).graph)


@pytest.mark.parametrize("name", slow_but(SMALL, sorted(APPLICATIONS)))
def test_views_of_applications_are_right(name):
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        graph = model_to_graph(APPLICATIONS[name](weights=None))
    check_views(graph)


@pytest.mark.parametrize("name", sorted(catalogue.MODELS.keys() - catalogue.APPLICATIONS.keys()))
def test_views_of_functional_models_are_right(name):
    check_views(model_to_graph(catalogue.build(name)))


@pytest.mark.parametrize("name", sorted(folds.FUNCTIONAL))
def test_views_of_what_is_alike_but_for_something_are_right(name):
    keras.utils.clear_session()
    check_views(model_to_graph(folds.FUNCTIONAL[name][0]()))


MODULES = ["nets", "sequences", "control", "llama", "nested", "folds"]
if keras.config.backend() == "tensorflow":
    MODULES.append("raw_tensorflow")

ZOO = {
    f"{module}.{name}": case
    for module in MODULES
    for name, case in importlib.import_module(f"zoo.{module}").SUBCLASSED.items()
}


@pytest.mark.parametrize("name", slow_but({n for n in ZOO if "folds." not in n}, sorted(ZOO)))
def test_views_of_subclassed_models_are_right(name):
    check_views(made(ZOO[name])[1])
