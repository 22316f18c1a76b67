"""Columns and parts in their places: none over another, in their order, in little room."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.scene.packing import GAP, free_spot, pack

SIZES = st.lists(st.tuples(st.integers(5, 200), st.integers(5, 200)), max_size=6)


def fits(space: Space):
    return lambda width, height: space.badness(width, height, 0)


def test_columns_stand_side_by_side_from_the_top_left():
    packed = pack([(100, 50), (80, 70), (60, 60)], [], fits(Space(1000, 1000)))
    assert packed.places == ((0, 0), (100 + GAP, 0), (180 + 2 * GAP, 0))
    assert (packed.width, packed.height) == (240 + 2 * GAP, 70)
    assert packed.in_row == 3


def test_between_columns_is_as_much_as_is_asked_for():
    packed = pack([(100, 50), (80, 70), (60, 60)], [], fits(Space(1000, 1000)), None, [20, 30])
    assert [left for left, _ in packed.places] == [0, 120, 230]


def test_columns_stand_in_rows_where_they_are_too_wide_for_one():
    packed = pack([(100, 50), (100, 50)], [], fits(Space(100, 200)))
    assert packed.places == ((0, 0), (0, 50 + GAP))
    assert packed.in_row == 1


def test_a_number_of_columns_in_a_row_is_kept():
    for number in (1, 2, 3):
        assert pack([(10, 10)] * 3, [], fits(Space(1000, 1000)), number).in_row == number


def test_parts_stand_where_columns_leave_room():
    packed = pack([(100, 400), (100, 100)], [(100, 120), (100, 120)], fits(Space(210, 400)))
    assert packed.places[2:] == ((100 + GAP, 100 + GAP), (100 + GAP, 220 + 2 * GAP))
    assert packed.height == 400


def test_a_part_fills_a_gap_between_others():
    parts = [(300, 50), (100, 100), (300, 50), (150, 90)]
    packed = pack([(300, 50)], parts, fits(Space(300, 290)))
    assert packed.height < 50 + 50 + 100 + 50 + 90 + 3 * GAP


@tried(150)
@given(SIZES.filter(len), SIZES, st.integers(50, 500), st.none() | st.integers(50, 500))
def test_nothing_is_over_another(columns, parts, width, height):
    packed = pack(columns, parts, fits(Space(width, height)))
    areas = [
        (left, top, left + wide, top + high)
        for (left, top), (wide, high) in zip(packed.places, [*columns, *parts], strict=True)
    ]
    for (left, top, right, low), (other, up, end, bottom) in combinations(areas, 2):
        assert (
            right + GAP <= other + 0.1
            or end + GAP <= left + 0.1
            or low + GAP <= up + 0.1
            or bottom + GAP <= top + 0.1
        )
    assert packed.width == max(right for _, _, right, _ in areas)
    assert packed.height == max(low for *_, low in areas)
    assert packed == pack(columns, parts, fits(Space(width, height)))


@tried(100)
@given(SIZES.filter(len), st.integers(50, 500))
def test_columns_are_in_the_order_of_reading(columns, width):
    packed = pack(columns, [], fits(Space(width, 500)))
    for (left, top), (right, lower) in pairwise(packed.places):
        assert (top == lower and left < right) or (top < lower and right == 0)


def test_what_is_small_stands_where_it_is_liked_if_nothing_is_there():
    taken = [(0, 0, 100, 200), (110, 0, 100, 100)]
    assert free_spot(taken, (50, 20), (130, 120)) == (130, 120)


def test_what_is_small_stands_low_where_the_drawing_does_not_grow():
    taken = [(0, 0, 100, 200), (110, 0, 100, 200), (220, 0, 100, 100)]
    assert free_spot(taken, (50, 20), (25, 210)) == (210 + GAP, 180)
