"""A drawing on a page of its own, without Sphinx."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import model, of_graph
from sphinxcontrib_kerasgraph.alone import alone
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.serve.drawn import drawn

TEXT = """
    x InputLayer
    scaled Multiply <- x
    block Block <- scaled
        inner Dense/4 <- ^
        -> inner
    -> block
"""
OPERATION = "https://www.tensorflow.org/api_docs/python/tf/keras/ops/multiply"


@pytest.fixture(scope="module")
def graph():
    """With an operation of Keras, which is defined elsewhere than it is documented."""
    made = model(TEXT).graph
    calls = [
        replace(call, module="keras.src.ops.numpy") if call.id == "scaled" else call
        for call in made.calls
    ]
    return of_graph(replace(made, calls=tuple(calls)))


def test_boxes_lead_to_the_official_pages(graph, dot):
    made = alone(graph, DrawOptions(), Graphviz())
    assert f'href="{OPERATION}"' in made.svg
    assert OPERATION in made.data
    assert made.complaints == ()


def test_the_page_that_follows_has_the_same(graph, dot):
    made = alone(graph, DrawOptions(), Graphviz())
    served = drawn(graph, DrawOptions(), 60)
    assert served.svg == made.svg
    assert served.script == f"kerasgraph({made.data})\n"


def test_what_is_asked_for_in_vain_is_told(graph, dot):
    made = alone(graph, DrawOptions.of(hide="nothing"), Graphviz())
    assert [one.option for one in made.unmet] == ["hide"]
