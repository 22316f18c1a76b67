"""Repetitions in a sequence of calls, of which is known which are alike and where edges come from.

``abcabc`` are six calls, each on the one before it, of which the fourth is like the first.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from sphinxcontrib_kerasgraph.view.overview.repeats import (
    Drawn,
    Joint,
    Preference,
    Run,
    State,
    find_runs,
)
from sphinxcontrib_kerasgraph.view.overview.sequence import Incoming

SHORT, MOST = Preference(shortest_first=True), Preference(shortest_first=False)


def runs(word: str, *more: tuple[int, int], preference: Preference = SHORT) -> list[Run]:
    """The repetitions of a chain of calls; ``more`` are edges beside those of the chain.

    A dot is a call that stays alone.
    """
    keys = [-1 if letter == "." else ord(letter) for letter in word]
    incoming = [[Incoming(at - 1, 0)] for at in range(len(word))]
    for source, target in more:
        incoming[target].append(Incoming(source, 0))
    drawn = [Drawn(Joint.FORK)] * len(word)
    return find_runs(keys, drawn, incoming, [(len(word) - 1, 0)], preference)


def found(word: str, *more: tuple[int, int], preference: Preference = SHORT) -> list[str]:
    """The repetitions, as ``abc×3``."""
    return [
        f"{word[run.start : run.start + run.length]}×{run.count}"
        for run in runs(word, *more, preference=preference)
    ]


def test_a_word_that_repeats_itself_is_found():
    assert found("xabcabcabcy") == ["abc×3"]
    assert found("xabababy") == ["ab×3"]
    assert found("xaaaaay") == ["a×5"]


def test_what_repeats_nothing_is_not_found():
    assert found("abcdef") == []
    assert found("") == []
    assert found("abcxabc") == []


def test_few_boxes_are_not_worth_a_frame():
    assert found("xaaay") == []
    assert found("xaaaay") == ["a×4"]
    assert found("xababy") == []
    assert found("xabcabcy") == ["abc×2"]


def test_several_runs_are_in_order_and_apart():
    assert found("xaaaabcbcbcy") == ["a×4", "bc×3"]


def test_the_shortest_repetition_or_that_which_saves_most():
    word = "x" + "aaaab" * 2 + "y"
    assert found(word, preference=SHORT) == ["a×4", "a×4"]
    assert found(word, preference=MOST) == ["aaaab×2"]


def test_what_stays_alone_is_in_no_run():
    assert found("..aaaa..") == ["a×4"]
    assert found("x......y") == []


def test_what_is_read_as_one_saves_one_box():
    word = "xabababy"
    keys = [ord(letter) for letter in word]
    incoming = [[Incoming(at - 1, 0)] for at in range(len(word))]
    same, other = Drawn(Joint.SAME_UNIT, 0), Drawn(Joint.FORK)
    drawn = [same if letter == "b" else other for letter in word]
    assert find_runs(keys, drawn, incoming, [(7, 0)], SHORT) == []


def test_a_repetition_takes_what_the_one_before_it_made():
    [run] = runs("xabcabcabcy")
    before = State(2, 0, 1)
    assert (run.start, run.length, run.count, run.stop) == (1, 3, 3, 10)
    assert run.rules == [[before], [State(0, 0, 0)], [State(1, 0, 0)]]
    assert run.states == {before: (0, 0)}
    assert run.saved == 6


def test_a_tensor_from_outside_is_the_same_for_all():
    skips = [(0, at) for at in (2, 5, 8)]
    [run] = runs("xabcabcabcy", *skips)
    assert run.rules[1] == [State(0, 0, 0), (0, 0)]


def test_a_tensor_of_two_repetitions_before_is_handed_on():
    word = "vw" + "ab" * 4 + "y"
    skips = [(0, 2), (1, 4), (3, 6), (5, 8)]
    [run] = runs(word, *skips)
    assert State(1, 0, 2) in run.states
    assert run.rules[0] == [State(1, 0, 1), State(1, 0, 2)]


def test_edges_that_lead_elsewhere_divide_a_run():
    word = "x" + "abc" * 6 + "y"
    same = [(at - 1, at + 1) for at in range(1, 18, 3)]
    assert found(word, *same) == ["abc×6"]
    other = [(0, at + 1) if at == 10 else (at - 1, at + 1) for at in range(1, 18, 3)]
    # Those after it are found when these are a group.
    assert found(word, *other) == ["abc×3"]


def test_a_stretch_alone_is_a_run_of_one():
    incoming = [[], [Incoming(0, 0)], [Incoming(1, 0), Incoming(0, 1)]]
    run = Run.once(incoming, 1, 3)
    assert (run.start, run.stop, run.count) == (1, 3, 1)
    assert run.rules == [[(0, 0)], [State(0, 0, 0), (0, 1)]]
    assert run.states == {}


def test_a_short_chain_is_left_as_it_is_if_it_is_to_be():
    word = "xaaaaaay"
    keys = [ord(letter) for letter in word]
    incoming = [[Incoming(at - 1, 0)] for at in range(len(word))]
    drawn = [Drawn(Joint.CHAIN)] * len(word)
    for least, number in ((0, 1), (30, 0)):
        made = find_runs(keys, drawn, incoming, [(7, 0)], Preference(True, least))
        assert len(made) == number


@tried(150)
@given(
    st.text("abc.", max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=6),
    st.sampled_from([SHORT, MOST]),
)
def test_any_run_repeats_itself_and_overlaps_no_other(word, more, preference):
    edges = [(source, target) for source, target in more if source < target < len(word)]
    last = 0
    for run in runs(word, *edges, preference=preference):
        assert run.start >= last
        last = run.stop
        copies = {word[at : at + run.length] for at in range(run.start, run.stop, run.length)}
        assert len(copies) == 1
        assert "." not in copies.pop()
        assert run.count > 1
        assert run.saved >= 3
