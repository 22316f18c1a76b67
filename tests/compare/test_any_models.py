"""What holds for the words of any two models, random or large."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compared_words import check_ways, told, words_of
from edit_graphs import chain, inserted, mutations, of_keras
from effort import tried
from make_graphs import leaf, model, of_graph
from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph


@tried(150)
@given(mutations())
def test_whatever_differs_is_told_once_and_in_full(pair):
    # One test, since making models takes much of the time.
    old, new = pair
    said = words_of(old, new)
    check_no_difference(old)
    check_is_told(said)
    check_is_told(words_of(new, old))
    check_sentences(said)
    check_ways(said)
    # Other versions of Keras never lead to more.
    more = {*words_of(of_keras(old, "3.4"), of_keras(new, "3.9"))} - {*said}
    assert not more or more <= {*_sizes(old, new)}


def check_no_difference(graph: ModelGraph) -> None:
    """No model differs from itself."""
    assert words_of(graph, graph) == []
    assert words_of(graph, ModelGraph.from_json(graph.to_json())) == []


def check_is_told(said: list[str]) -> None:
    assert said
    assert all(said)
    assert not told(said, "\N{EN DASH} → \N{EN DASH}")
    assert len(set(said)) == len(said)


def check_sentences(said: list[str]) -> None:
    """Nothing is missing in a message, and both values of a change can be told apart."""
    for one in said:
        assert one == one.strip()
        assert "  " not in one
        assert not re.search(r"→\s*$|[^\S ]→|: *→|: *$", one)
        before, arrow, after = one.partition(" → ")
        assert not arrow or not before.endswith(f" {after}")


def _sizes(old: ModelGraph, new: ModelGraph) -> list[str]:
    """What is said of the same models where only their configurations are the same."""

    def bare(graph: CallGraph) -> CallGraph:
        calls = (
            replace(call, config={}, body=None if call.body is None else bare(call.body))
            for call in graph.calls
        )
        return replace(graph, calls=tuple(calls))

    return words_of(*(replace(one, graph=bare(one.graph)) for one in (old, new)))


# Large graphs

LAYERS = {
    "same": [("Dense", 8)] * 200,
    "sizes": [("Dense", 8 * (at % 7 + 1)) for at in range(200)],
    "stages": [("Conv2D", 64 * (at // 60 + 1)) if at % 3 else ("ReLU", 0) for at in range(200)],
}
CHAINS = {name: chain(layers) for name, layers in LAYERS.items()}


@pytest.mark.parametrize("name", LAYERS)
@tried(20)
@given(at=st.integers(0, 199))
def test_one_changed_value_in_a_chain_is_one_message(name, at):
    layers = LAYERS[name]
    new = [*layers]
    new[at] = (layers[at][0], 999)
    [said] = words_of(CHAINS[name], chain(new))
    assert said.endswith(f"size {layers[at][1]} → 999")


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("more", [("Dense", 999), ("ReLU", 0), ("Dropout", 1)])
@tried(20)
@given(at=st.integers(0, 200))
def test_one_inserted_call_in_a_chain_is_few_messages(name, more, at):
    layers = LAYERS[name]
    old, new = CHAINS[name], chain([*layers[:at], more, *layers[at:]])
    for said, word in ((words_of(old, new), "added"), (words_of(new, old), "removed")):
        assert len(said) <= 3
        assert len([one for one in said if one.startswith(f"{word} {more[0]} ")]) == 1


#: Seconds of the processor that a thousand calls against a thousand may take; a quarter is usual.
MOST = 2


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize("classes", [1, 3])
def test_a_thousand_calls_take_no_time(number, classes):
    kinds = ["Conv2D", "BatchNormalization", "ReLU"][:classes]
    layers = [(kinds[at % classes], at // 50) for at in range(1000)]
    new = [*layers]
    for at in range(number):
        new.insert(100 + at * 17, ("Conv2D", 999))
    old_graph, new_graph = chain(layers), chain(new)
    started = time.process_time()
    assert words_of(old_graph, new_graph)
    assert time.process_time() - started < MOST


def test_a_thousand_distinct_names_take_no_time():
    lines = ["x InputLayer"]
    before = "x"
    for at in range(1000):
        lines.append(f"layer{at}x Dense/{at} <- {before}")
        before = f"layer{at}x"
    old = model("\n".join([*lines, f"-> {before}"]))
    graph = inserted(old.graph, 500, leaf("more", "Dropout", None, 1))
    started = time.process_time()
    [said] = words_of(old, of_graph(graph))
    assert time.process_time() - started < MOST
    assert said == "added Dropout more after layer499x"
