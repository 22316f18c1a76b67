"""Compact SVG shows all that Graphviz has drawn, where it has drawn it."""

from __future__ import annotations

from itertools import pairwise
from math import dist
from xml.etree import ElementTree as ET

import pytest

from compact_svg import SVG, of_compact, of_graphviz
from drawn_scenes import SCENES, compact, drawn
from sphinxcontrib_kerasgraph.web.rendered import Curve, Drawn, Paint, Rendered
from sphinxcontrib_kerasgraph.web.svg import to_svg

#: As far as this from where it was, in points, is the same place.
NEAR = 0.1


@pytest.fixture(scope="module", params=SCENES)
def both(request, dot):
    svg = drawn(*SCENES[request.param], dot)
    return of_graphviz(svg), of_compact(compact(svg))


def near(one, other):
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def test_each_text_is_where_it_was_and_looks_as_it_did(both):
    before, after = (sorted(seen.texts) for seen in both)
    assert len(before) == len(after)
    left = list(after)
    for value, x, y, style in before:
        [*found] = [
            one for one in left if one[0] == value and one[3] == style and near(one[1:3], (x, y))
        ]
        assert found, (value, x, y, style)
        left.remove(found[0])


def test_each_outline_is_where_it_was(both):
    before, after = (sorted(seen.outlines) for seen in both)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert one[:2] == other[:2]
    left = list(after)
    for color, dashed, corners in before:
        [*found] = [one for one in left if one[:2] == (color, dashed) and near(one[2], corners)]
        assert found, (color, corners)
        left.remove(found[0])


def test_all_that_was_filled_is_filled_and_nothing_else(both):
    before, after = both
    for color, corners in before.grounds:
        around = [
            one
            for name, one in after.grounds
            if name == color
            and all(a <= b + NEAR for a, b in zip(one[:2], corners[:2], strict=True))
            and all(a >= b - NEAR for a, b in zip(one[2:], corners[2:], strict=True))
        ]
        assert around, (color, corners)
    for color in {name for name, _ in before.grounds + after.grounds}:
        areas = [
            sum((x - left) * (y - top) for name, (left, top, x, y) in seen.grounds if name == color)
            for seen in both
        ]
        assert areas[0] == pytest.approx(areas[1], rel=0.01), color


def aside(point, line):
    """How far a point is from a line."""
    return min(_aside(point, *piece) for piece in pairwise(line))


def _aside(point, start, end):
    across, down = end[0] - start[0], end[1] - start[1]
    square = across**2 + down**2
    t = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / square if square else 0
    t = min(1, max(0, t))
    return dist(point, (start[0] + t * across, start[1] + t * down))


def test_each_line_goes_where_it_went(both):
    before, after = (seen.lines for seen in both)
    assert len(before) == len(after)
    left = list(after)
    for color, width, dashed, points in before:
        found = [
            one
            for one in left
            if one[:3] == (color, width, dashed)
            and all(aside(point, one[3]) <= NEAR for point in points)
            and min(dist(points[0], end) for end in (one[3][0], one[3][-1])) <= NEAR
        ]
        assert found, points
        left.remove(found[0])


def test_each_arrowhead_is_where_it_was(both):
    before, after = (seen.heads for seen in both)
    assert len(before) == len(after)
    for color, corners in before:
        assert any(
            color == other
            and all(min(dist(at, one) for one in places) <= 2 * NEAR for at in corners)
            for other, places in after
        ), corners


def test_each_circle_is_where_it_was(both):
    before, after = (sorted(seen.circles) for seen in both)
    assert len(before) == len(after)
    assert all(near(one, other) for one, other in zip(before, after, strict=True))


def test_the_scenes_have_all_that_is_ever_drawn(dot):
    seen = [of_graphviz(drawn(*one, dot)) for one in SCENES.values()]
    assert {color for one in seen for color, *_ in one.lines} >= {"#64748b", "#1d4ed8"}
    assert any(dashed for one in seen for _, _, dashed, _ in one.lines)
    assert any(dashed for one in seen for _, dashed, _ in one.outlines)
    assert any(one.circles for one in seen)
    assert {width for one in seen for _, width, _, _ in one.lines} == {1.2, 2, 2.4}
    assert any(style[3] for one in seen for *_, style in one.texts)


def test_it_is_a_third_as_large(dot):
    for name in ("full", "details", "columns", "parts"):
        svg = drawn(*SCENES[name], dot)
        assert len(compact(svg).encode()) * 3 < len(svg), name


def test_words_are_apart_for_who_copies_them(dot):
    root = ET.fromstring(compact(drawn(*SCENES["details"], dot)))
    texts = [
        one.text for one in root.iter() if one.tag in (f"{SVG}text", f"{SVG}tspan") and one.text
    ]
    copied = "".join(root.itertext()).split()
    assert set(" ".join(texts).split()) <= set(copied)


def test_names_are_escaped(dot):
    svg = compact(drawn(*SCENES["names"], dot))
    assert 'x<&>"|{}' in "".join(ET.fromstring(svg).itertext())


def test_a_line_that_goes_too_far_comes_back():
    """As between boxes side by side, where Graphviz has little room."""
    there = Curve(((0, 0), (26, 0), (26, 0), (25, 0)), Paint("", "#64748b", 1.2))
    one = Drawn("edge", frozenset(), "a->b", "", (there,))
    svg = to_svg(Rendered(30, 10, (one,)), {})
    assert 'd="M0 0c26 0 26 0 25 0"' in svg


def test_only_what_was_is_struck_through(dot):
    """All that is in the element of a text that is struck through would be, too."""
    root = ET.fromstring(compact(drawn(*SCENES["compared"], dot)))
    struck = [
        one
        for one in root.iter()
        if one.tag in {f"{SVG}text", f"{SVG}tspan"} and "struck" in one.get("class", "").split()
    ]
    assert {one.text.strip() for one in struck} >= {"8", "Dropout"}
    assert all(not list(one) for one in struck)
