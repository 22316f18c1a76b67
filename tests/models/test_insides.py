"""What is told of real models on a page, and drawn of the insides of their blocks."""

from __future__ import annotations

import json

import keras
import pytest

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.pictures import Pictures
from sphinxcontrib_kerasgraph.store import Store
from zoo import famous, nested


@pytest.fixture
def told(dot, tmp_path):
    def told(model, input_shape=None, input_dtype=None, **options):
        graph = model_to_graph(model, input_shape, input_dtype)
        store = Store(tmp_path / "store")
        pictures = Pictures(Graphviz(dot), "svg", tmp_path / "images", (451, 642), store)
        drawn = pictures.draw(graph, "key", DrawOptions.of(**options), 1)
        assert drawn.lacking == ""
        return json.loads(drawn.explorable.data)

    return told


def children(calls, at):
    """The places of the calls in a block, but for those in blocks in it."""
    found, next_ = [], at + 1
    while next_ <= at + calls[at]["size"]:
        found.append(next_)
        next_ += 1 + calls[next_]["size"]
    return found


def check_insides(data):
    """Every block has a drawing, in which each of its own calls is once."""
    calls = data["calls"]
    blocks = [at for at, call in enumerate(calls) if call["size"]]
    for at in blocks:
        spots = data["drawings"][calls[at]["inside"]]["spots"]
        drawn = [at + 1 + call for spot in spots for calls_ in spot for call in calls_]
        assert sorted(set(drawn)) == children(calls, at), calls[at]["path"]
        path = calls[at]["path"]
        assert all(calls[one]["path"].startswith(f"{path}/") for one in drawn)
    return blocks


def test_the_blocks_of_a_transformer_share_seven_drawings(told):
    shapes = {"source": (None,), "target": (None,)}
    data = told(famous.transformer(), shapes, dict.fromkeys(shapes, "int32"))
    assert len(check_insides(data)) == 38
    drawings = [drawing["svg"] for drawing in data["drawings"][1:]]
    assert len(drawings) <= 7
    assert sum(len(svg.encode()) for svg in drawings) <= 60_000


def test_insides_of_blocks_in_blocks_are_right(told):
    assert check_insides(told(nested.Tower(), (6,)))


def test_what_is_told_of_a_deep_model_is_small(told):
    data = told(keras.applications.ResNet152(weights=None), view="full")
    assert len(data["calls"]) == 517
    assert len(json.dumps(data).encode()) <= 250_000
    [call] = (call for call in data["calls"] if call["path"] == "conv1_conv")
    first = dict(data["rows"][at] for at in call["rows"])
    assert first["strides"] == "(2, 2)"
    assert "kernel_initializer" not in first
    assert first["Parameters"] == "9,472"
