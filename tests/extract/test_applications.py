"""All models of `keras.applications`: calls and edges are those of get_config()."""

from __future__ import annotations

import inspect
from collections import Counter

import keras
import pytest

from config_graph import calls_and_edges
from effort import slow_but
from sphinxcontrib_kerasgraph import model_to_graph

APPLICATIONS = [
    name
    for name, _ in inspect.getmembers(keras.applications, inspect.isfunction)
    if name[0].isupper()
]


def test_none_is_forgotten():
    assert {"ResNet50", "NASNetLarge", "ConvNeXtTiny", "EfficientNetV2L"} <= set(APPLICATIONS)
    assert len(APPLICATIONS) >= 38


#: One of each family or so.
QUICK = {
    *("ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionResNetV2"),
    *("InceptionV3", "MobileNetV2", "MobileNetV3Small", "NASNetMobile", "ResNet50", "VGG16"),
    "Xception",
}
#: Keras has no NASNetMobile on torch.
REFUSED = {"NASNetMobile"} if keras.config.backend() == "torch" else set()


@pytest.mark.parametrize("name", slow_but(QUICK, sorted(set(APPLICATIONS) - REFUSED)))
def test_calls_and_edges_are_those_of_get_config(name):
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
        graph = model_to_graph(model)
    calls, edges = calls_and_edges(model)
    assert sorted(call.id for call in graph.graph.calls) == sorted(calls)
    assert edges == Counter((edge.source.call, edge.target.call) for edge in graph.graph.edges)
    assert graph.parameters.total == model.count_params()
    totals = {call.layer: call.parameters.total for call in graph.graph.calls}
    assert sum(totals.values()) == model.count_params()
    assert not any(call.opaque for _, call in graph.graph.walk())
