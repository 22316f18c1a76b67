"""In which order the matches stand, and that both graphs can be drawn as one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import chain, edited
from effort import tried
from make_graphs import random_models
from sphinxcontrib_kerasgraph.compare import Matching, Pair, matched
from sphinxcontrib_kerasgraph.compare.align import aligned, common, rising
from sphinxcontrib_kerasgraph.compare.opened import opened
from sphinxcontrib_kerasgraph.graph import Change


def check(matching: Matching) -> None:
    """What `Matching.matches` promises, at every depth."""
    places: tuple[dict[str, int], dict[str, int]] = {}, {}
    for at, match in enumerate(matching.matches):
        if isinstance(match, Pair):
            places[0][match.old.id] = places[1][match.new.id] = at
            if match.inside is not None:
                check(match.inside)
        else:
            places[match.change is Change.ADDED][match.call.id] = at
    for graph, where in zip((matching.old, matching.new), places, strict=True):
        assert sorted(where) == sorted(call.id for call in graph.calls)
        for edge in graph.edges:
            if not edge.recurrent and edge.source.call in where:
                assert where[edge.source.call] < where[edge.target.call]
    removed = {one.path: one.twin for one in matching.removed}
    added = {one.path: one.twin for one in matching.added}
    for one, twin in removed.items():
        assert twin is None or added[twin] == one
    for one, twin in added.items():
        assert twin is None or removed[twin] == one


@tried(150)
@given(edited())
def test_no_match_comes_before_what_it_takes_in_either_graph(pair):
    old, new = pair
    check(matched(old, new))
    check(matched(new, old))


@tried(60)
@given(st.lists(st.sampled_from("abc"), max_size=30), st.randoms())
def test_layers_in_another_order_make_no_cycle(letters, dice):
    layers = [(f"{one.upper()}x", 8) for one in letters]
    check(matched(chain(layers), chain(dice.sample(layers, len(layers)))))


@tried(60)
@given(random_models())
def test_a_block_that_is_opened_leaves_what_it_does(old):
    for call in old.graph.calls:
        if call.body is not None:
            graph = opened(old.graph, call.id)
            graph.check(complete=False)
            assert len(graph.calls) == len(old.graph.calls) + len(call.body.calls) - 1


# Sequences


@given(st.lists(st.integers(0, 9), max_size=12))
def test_rising_is_as_long_as_can_be(values):
    found = rising(values)
    assert all(a < b and values[a] < values[b] for a, b in itertools.pairwise(found))
    longest = [1] * len(values)
    for at, value in enumerate(values):
        before = [longest[one] for one in range(at) if values[one] < value]
        longest[at] += max(before, default=0)
    assert len(found) == max(longest, default=0)


@given(*[st.lists(st.sampled_from("abcd"), max_size=15)] * 2)
def test_common_is_as_long_as_can_be(old, new):
    found = common(old, new)
    assert all(old[a] == new[b] for a, b in found)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(found))
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for at, one in enumerate(old):
        for to, other in enumerate(new):
            table[at + 1][to + 1] = (
                table[at][to] + 1 if one == other else max(table[at][to + 1], table[at + 1][to])
            )
    assert len(found) == table[-1][-1]


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("abc", "abxc", [(0, 0), (1, 1), (2, 3)]),
        ("aaa", "aaaa", [(0, 0), (1, 1), (2, 2)]),
        ("abc", "aBc", [(0, 0), (1, 1), (2, 2)]),
        ("axc", "aBc", [(0, 0), (2, 2)]),
    ],
)
def test_what_is_left_between_is_aligned_by_the_next_key(old, new, pairs):
    keys = [([*old], [*new]), ([*old.lower()], [*new.lower()])]
    assert sorted(aligned([*range(len(old))], [*range(len(new))], keys)) == pairs
