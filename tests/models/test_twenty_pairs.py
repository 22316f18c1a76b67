"""What is said of twenty pairs of models, beside what a person would state."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from apply_differences import Applied, told
from effort import slow_but
from sphinxcontrib_kerasgraph.compare import compared, matched, statements
from twenty_pairs import PAIRS, as_table, graphs

#: Which ``python benchmarks/pairs.py`` writes.
TABLE = Path(__file__).parents[2] / "docs" / "howto" / "pairs.csv"

#: Whole applications take seconds each.
LARGE = {"resnet50_101", "resnet50_v2", "mobilenet", "efficientnet", "bert", "half"}

#: How many calls are added and removed, of how many that both have.
COUNTS = {
    "dropout": (1, 0, 10),
    "renamed": (0, 0, 10),
    "filters": (0, 0, 10),
    "swapped": (1, 1, 11),
    "skip": (0, 0, 7),
    "unshared": (0, 0, 6),
    "block": (4, 0, 34),
    "activation": (0, 0, 12),
    "input": (0, 0, 10),
    "resnet50_101": (170, 0, 177),
    "mobilenet": (0, 0, 156),
    "vgg": (3, 0, 23),
    "efficientnet": (102, 0, 240),
    "bert": (108, 0, 113),
    "twin": (0, 0, 10),
    "unrelated": (6, 8, 0),
    "unet": (7, 0, 25),
    "wrapped": (1, 0, 10),
    "half": (0, 0, 34),
}


def test_they_are_twenty():
    assert len(PAIRS) == 20


@pytest.mark.parametrize("name", slow_but(PAIRS.keys() - LARGE, PAIRS))
def test_what_a_person_would_state_is_said(name):
    said = [one.text for one in statements(compared(*graphs(name)))]
    assert said == list(PAIRS[name].said)


@pytest.mark.slow
def test_the_page_has_what_is_said():
    with TABLE.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [list(row) for row in as_table()]


@pytest.mark.parametrize("name", slow_but(COUNTS.keys() - LARGE, COUNTS))
def test_no_more_is_added_and_removed_than_is(name):
    matching = matched(*graphs(name))
    found = len(matching.added), len(matching.removed), len(matching.pairs)
    assert found == COUNTS[name]


@pytest.mark.parametrize("name", slow_but(PAIRS.keys() - LARGE, PAIRS))
def test_the_differences_make_the_new_model_of_the_old_one(name):
    for old, new in (graphs(name), graphs(name)[::-1]):
        differences = compared(old, new).differences
        assert Applied(old.graph, differences).told() == told(new.graph, differences)


@pytest.mark.parametrize("name", slow_but(PAIRS.keys() - LARGE, PAIRS))
def test_a_model_is_the_same_as_itself(name):
    for graph in graphs(name):
        assert compared(graph, graph).differences == ()


def test_layers_of_the_same_names_belong_together_where_many_are_numbered_anew():
    matching = matched(*graphs("resnet50_101"))
    assert all(pair.old.id == pair.new.id for pair in matching.pairs)
    assert {one.call.id.split("_")[1] for one in matching.added} == {
        f"block{number}" for number in range(7, 24)
    }


def test_no_pair_takes_long():
    pairs = [graphs(name) for name in PAIRS]
    started = time.process_time()
    for old, new in pairs:
        compared(old, new)
    # Of the processor; all together take a fifth of a second.
    assert time.process_time() - started < 2
