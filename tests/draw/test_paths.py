"""Rounded lines: where they begin and end, and how they turn."""

from __future__ import annotations

from math import dist

import pytest

from sphinxcontrib_kerasgraph.draw.paths import RADIUS, cross, length, meets, path, pieces
from sphinxcontrib_kerasgraph.draw.placed import Rect

BOX = Rect(0, 0, 10, 10)


def test_a_straight_line_is_one_piece_and_ends_before_its_head():
    curve = path([(0, 0), (0, -20)], arrow=6)
    assert curve.points[0] == (0, 0)
    assert curve.points[-1] == (0, -14)
    assert curve.tip == (0, -20)
    assert pieces(curve) == [((0, 0), (0, -14)), ((0, -14), (0, -20))]


def test_without_a_head_it_ends_where_it_ends():
    curve = path([(0, 0), (30, 0)])
    assert curve.tip is None
    assert curve.points[-1] == (30, 0)


def test_a_corner_is_rounded():
    curve = path([(0, 0), (30, 0), (30, -30)])
    assert min(dist(point, (30, 0)) for piece in pieces(curve) for point in piece) > 1
    assert 60 - 2 * RADIUS < length(curve) < 60
    assert all(dist(point, (30, 0)) <= 30 for piece in pieces(curve) for point in piece)


def test_corners_close_together_share_what_is_between_them():
    curve = path([(0, 0), (30, 0), (30, -3), (60, -3)])
    xs = [x for x, _ in curve.points]
    assert xs == sorted(xs)


def test_a_corner_that_is_none_is_left_out():
    assert path([(0, 0), (10, 0), (10, 0), (30, 0)]) == path([(0, 0), (30, 0)])
    assert len(path([(5, 5), (5, 5)]).points) == 4


@pytest.mark.parametrize(
    ("piece", "is_met"),
    [
        (((-5, 5), (15, 5)), True),
        (((5, 5), (6, 6)), True),
        (((-5, 11), (15, 11)), False),
        (((-5, 10), (15, 10)), False),  # along its border
        (((-5, 8), (2, 15)), False),
        (((-5, 0), (5, 12)), True),
    ],
)
def test_what_goes_through_a_box_meets_it(piece, is_met):
    assert meets(piece, BOX) is is_met
    assert meets(piece[::-1], BOX) is is_met


def test_near_a_box_is_told_by_slack():
    assert meets(((-5, 11), (15, 11)), BOX, slack=2)


def test_lines_cross_but_not_where_one_ends_at_the_other():
    assert cross(((0, 0), (10, 10)), ((0, 10), (10, 0)))
    assert not cross(((0, 0), (10, 0)), ((5, 0), (5, 10)))
    assert not cross(((0, 0), (10, 0)), ((2, 0), (8, 0)))
