"""Models of `tf_keras.applications`: calls and edges are those of get_config()."""

from __future__ import annotations

import inspect
from collections import Counter

import pytest
import tensorflow as tf
import tf_keras

from config_graph import legacy_calls_and_edges
from effort import slow_but
from sphinxcontrib_kerasgraph import model_to_graph

#: Those that are tried each time, one of each family or so; the others take minutes.
SMALL = {"MobileNetV2", "ResNet50", "VGG16"}
#: They repeat the blocks of ResNetRS200 more often, which takes Keras 2 two minutes to build.
DEEPER = {"ResNetRS270", "ResNetRS350", "ResNetRS420"}

APPLICATIONS = {
    name
    for name, _ in inspect.getmembers(tf_keras.applications, inspect.isfunction)
    if name[0].isupper()
}


def test_none_is_forgotten():
    assert SMALL | DEEPER < APPLICATIONS
    assert {"NASNetLarge", "ConvNeXtTiny", "EfficientNetV2L", "RegNetY320"} < APPLICATIONS
    assert len(APPLICATIONS) == 71


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Weights are zeros: random ones of two hundred million take most of the time."""
    of = tf_keras.initializers.VarianceScaling
    monkeypatch.setattr(
        of, "__call__", lambda _, shape, dtype=None, **__: tf.zeros(shape, dtype or "float32")
    )


# What get_config() says of some initializers of TensorFlow's.
@pytest.mark.filterwarnings("ignore:The `keras.initializers.serialize")
@pytest.mark.parametrize("name", slow_but(SMALL, sorted(APPLICATIONS - DEEPER)))
def test_calls_and_edges_are_those_of_get_config(name):
    tf_keras.backend.clear_session()
    model = getattr(tf_keras.applications, name)(weights=None)
    graph = model_to_graph(model)
    calls, edges = legacy_calls_and_edges(model)
    assert sorted(call.name for call in graph.graph.calls) == sorted(calls)
    # Names may have slashes, which paths of calls have.
    assert sorted(call.id for call in graph.graph.calls) == sorted(map(_id, calls))
    edges = Counter({tuple(map(_id, edge)): times for edge, times in edges.items()})
    assert edges == Counter((edge.source.call, edge.target.call) for edge in graph.graph.edges)
    assert graph.parameters.total == model.count_params()
    totals = {call.layer: call.parameters.total for call in graph.graph.calls}
    assert sum(totals.values()) == model.count_params()
    assert not any(call.opaque for _, call in graph.graph.walk())


def _id(name):
    return name.replace("/", "_")
