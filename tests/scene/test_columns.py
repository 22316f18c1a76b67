"""Where a chain is broken, so that columns fit a space."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from sphinxcontrib_kerasgraph.scene.columns import Space, cost_of, ways_to_break


def sizes(heights, width: float = 100):
    """About the width and height of boxes of these heights, one below the other."""
    return lambda start, stop: (width, sum(heights[start:stop]))


def chain(number: int) -> list[int]:
    """How many tensors cross before each of so many boxes in a row, and behind the last."""
    return [0, *[1] * number]


def test_a_drawing_that_fits_is_not_shrunk():
    assert Space(100, 100).scale(50, 100) == 1
    assert Space(100, 100).scale(200, 100) == 0.5
    assert Space(100, 100).scale(200, 400) == 0.25
    assert Space(100).scale(100, 10_000) == 1  # pages scroll
    assert Space(100, 100).scale(0, 0) == 1


def test_on_a_page_the_largest_is_best_and_where_pages_scroll_the_lowest_legible():
    page, scrolled = Space(100, 100), Space(100)
    assert page.badness(100, 100, 1) < page.badness(100, 200, 1)
    assert page.badness(100, 100, 1) < page.badness(100, 100, 2)
    assert page.badness(100, 100, 1) < page.badness(100, 100, 1, cost=0.1)
    assert scrolled.badness(105, 50, 1) < scrolled.badness(100, 100, 1)
    assert scrolled.badness(1000, 50, 1) > scrolled.badness(100, 100, 1)


def test_where_pages_scroll_few_columns_are_best_that_are_seen_at_once():
    scrolled = Space(100, seen=104)
    assert scrolled.badness(50, 100, 1) < scrolled.badness(100, 50, 2)
    assert scrolled.badness(50, 200, 1) > scrolled.badness(100, 100, 2)
    assert scrolled.badness(100, 100, 2) < scrolled.badness(100, 100, 2, cost=0.1)


def test_what_crosses_and_a_stump_at_the_end_cost():
    assert cost_of([100, 90], [1]) == 0 == cost_of([10], [])
    assert 0 < cost_of([100, 20], [1]) < cost_of([100, 90], [2]) < cost_of([100, 90, 90], [1, 3])


def test_every_call_is_read_at_ease_in_text_of_six_points_or_where_it_is_seen_at_once():
    page, scrolled = Space(100, 100), Space(100, seen=100)
    assert page.holds(149, 149)
    assert not page.holds(151, 50)
    assert scrolled.holds(140, 140)
    assert not scrolled.holds(145, 50)
    assert not scrolled.holds(50, 101)


def test_a_chain_that_fits_stays_whole():
    heights = [10] * 5
    first, *_ = ways_to_break(chain(5), sizes(heights), Space(100, 100))
    assert first == (0,)


def test_columns_are_about_equally_high():
    heights = [10] * 12
    [starts] = ways_to_break(chain(12), sizes(heights), Space(400, 60), 3)
    assert starts == (0, 4, 8)
    high = [100, *[10] * 10]
    [starts] = ways_to_break(chain(11), sizes(high), Space(400, 60), 2)
    assert starts == (0, 1)


def test_the_best_way_comes_first_then_those_of_other_numbers():
    heights = [10] * 20
    found = ways_to_break(chain(20), sizes(heights), Space(320, 110))
    numbers = [len(starts) for starts in found]
    assert numbers[0] == 2
    assert sorted(numbers) == sorted(set(numbers))
    assert 1 in numbers


def test_a_chain_is_broken_where_few_tensors_cross():
    heights = [10] * 6
    crossing = [0, 9, 9, 1, 9, 9, 1]
    assert ways_to_break(crossing, sizes(heights), Space(250, 30))[0] == (0, 3)
    nowhere = [0, 9, 9, 9, 9, 9, 1]
    assert ways_to_break(nowhere, sizes(heights), Space(250, 30)) == [(0,)]


def test_fewer_crossing_tensors_are_worth_a_smaller_drawing():
    heights = [10] * 8
    crossing = [0, 1, 1, 1, 3, 1, 1, 1, 1]
    assert ways_to_break(crossing, sizes(heights), Space(250, 45))[0] != (0, 4)
    assert ways_to_break([0, *[3] * 7, 1], sizes(heights), Space(250, 45))[0] == (0, 4)


def test_no_more_columns_than_there_are_places():
    [starts] = ways_to_break(chain(3), sizes([10] * 3), Space(1000), 20)
    assert starts == (0, 1, 2)


@tried(150)
@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(1, 5)), min_size=1, max_size=30),
    st.integers(50, 2000),
    st.none() | st.integers(50, 2000),
    st.none() | st.integers(1, 20),
)
def test_any_way_begins_at_the_first_and_goes_on(boxes, width, height, number):
    heights = [high for high, _ in boxes]
    crossing = [0, *(count for _, count in boxes)]
    found = ways_to_break(crossing, sizes(heights), Space(width, height), number)
    assert found
    for starts in found:
        assert starts[0] == 0
        assert list(starts) == sorted(set(starts))
        assert starts[-1] < len(heights)
        assert all(crossing[at] <= 3 for at in starts)
        assert number is None or len(starts) <= number


@pytest.mark.parametrize("number", [None, 1, 2])
def test_one_box_is_one_column(number):
    assert ways_to_break([0, 1], sizes([10]), Space(10), number) == [(0,)]
