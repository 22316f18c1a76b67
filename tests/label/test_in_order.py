"""What differs from repetition to repetition, in one text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from sphinxcontrib_kerasgraph.label.in_order import in_order


def row(*texts: str, counted: bool = True) -> str:
    """The text of repetitions in a row."""
    return in_order(texts, [(at,) for at in range(len(texts))], counted=counted)


def rows(*folds: tuple[str, ...]) -> str:
    """The text of what is repeated in repetitions: so often in each, and these values."""
    places = [(outer, inner) for outer, fold in enumerate(folds) for inner in range(len(fold))]
    return in_order([text for fold in folds for text in fold], places)


def test_what_is_the_same_is_told_once():
    assert row("8") == row("8", "8", "8") == rows(("8", "8"), ("8",)) == "8"
    assert row("", "") == "none"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["96", "144", "240"], "96, 144, 240"),
        (["200", "184", "184"], "200, 184, 184"),
        (["3×3 / 2", "5×5 / 2", "3×3 / 2"], "3×3 / 2, 5×5 / 2, 3×3 / 2"),
        (["0, 1", "1, 2"], "0, 1; 1, 2"),
        (["16", ""], "16, none"),
        # Not one by one where that is long.
        (["1×1", "1×1 / 2", "1×1 / 2", "1×1 / 2"], "1×1, 1×1 / 2 (×3)"),
    ],
)
def test_of_up_to_four_each_is_told(texts, told):
    assert row(*texts) == told


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["gelu"] * 7 + ["relu"] + ["gelu"] * 4, "gelu (×7), relu, gelu (×4)"),
        (["16", "64"] * 13, "16, 64 in turn"),
        (["1", "2", "4", "8", "16", "32", "64", "128"], "1, 2, 4 … 128"),
        (["1", "2", "4", "8", "16", "32", "64", "128"] * 2, "1, 2, 4 … 128, twice"),
        (["1", "2", "4", "8", "16", "32", "64", "128", "1", "2", "4"], "1, 2, 4 … 128 in turn"),
        (["0.0125", "0.025", "0.0375", "0.05", "0.0625", "0.075"], "0.0125, 0.025, 0.0375 … 0.075"),
        (["3", "5", "3", "5", "5"], "3, 5, 3, 5, 5"),
        (["16", "8", "4", "2", "1"], "16, 8, 4, 2, 1"),
    ],
)
def test_of_more_all_is_told_if_it_is_short(texts, told):
    assert row(*texts) == told


def test_of_many_without_an_order_the_range_is_told():
    numbers = [str(number * number * 10_007 % 997) for number in range(30)]
    least, most = min(map(int, numbers)), max(map(int, numbers))
    assert row(*numbers) == f"{least} … {most}"


def test_where_the_order_is_not_known_the_range_is_told():
    assert in_order(["8", "64", "16"], [(), (), ()]) == "8 … 64"
    assert in_order(["3×3", "5×5", "3×3"], [(), (), ()]) == "3×3, 5×5"


def test_what_stays_in_a_fold_inside_is_told_once_for_each_time_it_is_there():
    assert rows(("96", "96"), ("144",) * 3, ("240",) * 5) == "96, 144, 240"
    assert rows(("a", "b"), ("a", "b"), ("a", "b")) == "a, b"
    # Three values would be taken for those of the three repetitions inside.
    same = rows(("a",) * 3, ("b",) * 3, ("c",) * 3)
    assert same == "a (×3), b (×3), c (×3)"
    assert rows(("a", "b"), ("b", "c")) == "a, b, b, c"


def test_what_changes_in_both_folds_is_told_of_each():
    branches = [("64", "64", "96", first) for first in ("32", "64", "64")]
    assert rows(*branches) == "64; 64; 96; (32, 64, 64)"
    assert rows(("a", "a", "b"), ("c",) * 3, ("d",) * 3) == "(a, a, b); c; d"


def test_numbers_of_repetitions_are_no_count_of_themselves():
    assert row("2", "2", "2", "2", "2", "6", counted=False) == "2, 2, 2, 2, 2, 6"


@tried(150)
@given(st.lists(st.sampled_from(["8", "16", "32", "gelu", "0, 1"]), min_size=1, max_size=4))
def test_what_few_are_can_be_read_from_the_text(texts):
    told = row(*texts)
    if len(set(texts)) == 1:
        assert told == texts[0]
        return
    # Each way to write up to four of these values is there once.
    others = product(dict.fromkeys(["8", "16", "32", "gelu", "0, 1"]), repeat=len(texts))
    assert [one for one in others if row(*one) == told] == [tuple(texts)]
