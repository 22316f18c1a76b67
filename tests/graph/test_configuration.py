"""What calls are configured with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf, of_graph
from sphinxcontrib_kerasgraph.graph import CallGraph, Port
from sphinxcontrib_kerasgraph.graph.configuration import configured
from sphinxcontrib_kerasgraph.summary.columns import column
from sphinxcontrib_kerasgraph.summary.rows import rows_of
from sphinxcontrib_kerasgraph.values.answer import answer
from sphinxcontrib_kerasgraph.values.question import Question
from sphinxcontrib_kerasgraph.values.words import in_words
from sphinxcontrib_kerasgraph.view.flops.leaf import Leaf

CALL = replace(
    leaf("d", "Dense"),
    config={"units": 8, "mode": "ours", "kernel_size": [3, 3]},
    constants=(("axis", "-1"), ("padding", "'same'"), ("mode", "'theirs'"), ("of", "x + y")),
    activation="relu",
)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("units", 8, "8"),
        ("mode", "ours", "ours"),
        ("kernel_size", [3, 3], "(3, 3)"),
        ("axis", -1, "-1"),
        ("padding", "same", "same"),
        ("of", "x + y", "x + y"),
        ("activation", "relu", "relu"),
    ],
)
def test_tables_texts_and_flops_know_the_same_of_a_layer(name, value, text):
    graph = CallGraph((CALL,), (), (), (Port("d"),))
    [row] = rows_of(graph)
    assert configured(CALL)[name] == Leaf(CALL).config[name] == value
    assert column(name).text(row) == text
    question = Question(name, "d")
    assert in_words(answer(of_graph(graph), question), question, "en") == text


def test_an_activation_is_what_the_configuration_has():
    mine = {"class_name": "function", "config": "mine"}
    assert configured(replace(CALL, config={"activation": mine}))["activation"] == mine
