"""Lines that pass by boxes: beside what they skip, in their frame, from the line below a box."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from sphinxcontrib_kerasgraph.draw.ground import Ground
from sphinxcontrib_kerasgraph.draw.lanes import with_lanes
from sphinxcontrib_kerasgraph.draw.paths import cross, meets, pieces
from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Rect
from sphinxcontrib_kerasgraph.scene.layout import Line

ARROW = 6


def straight(start, end) -> Curve:
    """A line as Graphviz might draw it, right through all that is in the way."""
    (x, y), (to_x, to_y) = start, end
    third = ((2 * x + to_x) / 3, (2 * y + to_y) / 3), ((x + 2 * to_x) / 3, (y + 2 * to_y) / 3)
    return Curve((start, *third, (to_x, to_y + ARROW)), end)


def stack(widths, skips, *, framed=False, gap=14.0, height=12.0, texts=()):
    """Boxes one below the other, of these widths, joined one by one, and skips between them.

    They are around x = 0 and are named a0, a1 …; the frame is around all.
    """
    boxes, y = {}, 0.0
    for number, width in enumerate(widths):
        boxes[f"a{number}"] = Rect(-width / 2, y - height, width / 2, y)
        y -= height + gap
    pairs = [(n, n + 1) for n in range(len(widths) - 1)] + list(skips)
    curves = {}
    for one, other in pairs:
        line = Line(f"a{one}", f"a{other}")
        source, target = boxes[line.source], boxes[line.target]
        curves[line] = straight((0, source.bottom), (0, target.top))
    frames, around = {}, dict.fromkeys(boxes, ())
    if framed:
        half = max(widths) / 2 + 12
        frames = {"f": Rect(-half, y, half, 6)}
        around = {"f": ()} | dict.fromkeys(boxes, ("f",))
    made = Placed(0, 0, boxes, frames, {}, curves)
    return made, Ground(made, around, texts)


def drawn(*args, **options) -> Placed:
    return with_lanes(*stack(*args, **options))


def over_boxes(placed: Placed) -> list:
    """Lines over boxes that they don't end at."""
    return [
        (line, name)
        for line, curve in placed.curves.items()
        for name, rect in placed.boxes.items()
        if name not in (line.source, line.target)
        and any(meets(piece, rect) for piece in pieces(curve))
    ]


def crossings(placed: Placed) -> int:
    ways = [pieces(curve) for curve in placed.curves.values()]
    return sum(any(cross(a, b) for a in one for b in other) for one, other in combinations(ways, 2))


def test_a_skip_leaves_the_line_below_its_box_and_enters_its_target_from_the_side():
    placed = drawn([40, 60, 40], [(0, 2)])
    curve = placed.curves[Line("a0", "a2")]
    x, y = curve.points[0]
    source, target = placed.boxes["a0"], placed.boxes["a2"]
    assert x == 0  # on the line from a0 to a1
    assert placed.boxes["a1"].top + ARROW < y < source.bottom
    assert curve.tip == (target.right, target.center[1])
    assert max(x for x, _ in curve.points) > placed.boxes["a1"].right
    assert not over_boxes(placed)


def test_lines_to_neighbours_are_straight():
    placed = drawn([40, 60, 40], [(0, 2)])
    for line in (Line("a0", "a1"), Line("a1", "a2")):
        assert len({x for x, _ in placed.curves[line].points}) == 1
        assert placed.curves[line].tip == (0, placed.boxes[line.target].top)


def test_a_line_that_nearly_is_upright_becomes_so():
    boxes = {"a": Rect(-20, 30, 20, 40), "b": Rect(-15, 0, 25, 10)}
    line = Line("a", "b")
    made = Placed(0, 0, boxes, {}, {}, {line: straight((1, 30), (4, 10))})
    placed = with_lanes(made, Ground(made, {"a": (), "b": ()}))
    assert len({x for x, _ in placed.curves[line].points}) == 1


def test_of_nested_skips_the_shorter_is_inside():
    placed = drawn([40] * 6, [(0, 5), (1, 4), (2, 3)])
    outer, inner = (placed.curves[Line(*ends)] for ends in (("a0", "a5"), ("a1", "a4")))
    assert max(x for x, _ in outer.points) > max(x for x, _ in inner.points)
    assert crossings(placed) == 0


def test_skips_that_would_cross_go_down_on_two_sides():
    placed = drawn([40] * 5, [(0, 3), (1, 4)])
    assert crossings(placed) == 0


def test_two_lanes_do_not_end_at_one_place():
    placed = drawn([40] * 5, [(0, 4), (1, 4), (2, 4)], height=24.0)
    ends = [curve.tip for line, curve in placed.curves.items() if line.target == "a4"]
    assert len(set(ends)) == 4


def test_a_lane_stays_in_the_frame_which_grows_if_it_has_to():
    placed = drawn([40, 60, 40], [(0, 2)], framed=True)
    [rect] = placed.frames.values()
    for curve in placed.curves.values():
        assert all(map(rect.holds, curve.points))
    wide = drawn([40] * 6, [(0, 5), (1, 4), (2, 4), (0, 4)], framed=True)
    assert wide.frames["f"].width >= 64
    assert all(wide.frames["f"].holds(at) for one in wide.curves.values() for at in one.points)


def test_a_frame_does_not_grow_over_what_is_beside_it():
    made, _ = stack([40] * 5, [(0, 4), (1, 4), (2, 4)], framed=True)
    beside = Rect(made.frames["f"].right + 6, -40, made.frames["f"].right + 40, -20)
    made = Placed(0, 0, {**made.boxes, "b": beside}, made.frames, {}, made.curves)
    around = dict.fromkeys(made.boxes, ("f",)) | {"b": (), "f": ()}
    placed = with_lanes(made, Ground(made, around))
    assert placed.frames["f"].right < beside.left
    assert not over_boxes(placed)


def test_beside_a_text_no_lane_begins():
    placed = drawn([100, 60, 40], [(0, 2)], texts={"a0"})
    curve = placed.curves[Line("a0", "a2")]
    assert curve.points[0][0] == 0
    assert not over_boxes(placed)


def test_a_line_to_the_next_step_goes_up_beside_the_boxes():
    made, _ground = stack([40, 60, 40], [])
    back = Line("a2", "a0", recurrent=True)
    curves = {**made.curves, back: straight((0, -70), (0, 0))}
    made = Placed(0, 0, made.boxes, {}, {}, curves)
    placed = with_lanes(made, Ground(made, dict.fromkeys(made.boxes, ())))
    assert placed.curves[back].tip[0] in (placed.boxes["a0"].left, placed.boxes["a0"].right)
    assert not over_boxes(placed)


def test_a_line_to_a_place_of_its_own_ends_there():
    made, _ = stack([40, 60, 40], [])
    line = Line("a0", "a2", input=1)
    tip = (8, made.boxes["a2"].top)
    made = Placed(0, 0, made.boxes, {}, {}, {**made.curves, line: straight((0, -12), tip)})
    placed = with_lanes(made, Ground(made, dict.fromkeys(made.boxes, ())))
    assert placed.curves[line].tip == tip
    assert not over_boxes(placed)


def test_the_text_of_a_line_goes_with_it():
    made, _ = stack([40, 60, 40], [(0, 2)])
    line = Line("a0", "a2")
    curves = {**made.curves, line: replace(made.curves[line], text=(0, -30))}
    placed = with_lanes(replace(made, curves=curves), Ground(made, dict.fromkeys(made.boxes, ())))
    curve = placed.curves[line]
    assert 0 < curve.text[0] - max(x for x, _ in curve.points) < 15


@st.composite
def stacks(draw):
    widths = draw(st.lists(st.integers(10, 120), min_size=2, max_size=9))
    places = st.integers(0, len(widths) - 1)
    pairs = draw(st.lists(st.tuples(places, places), max_size=6))
    skips = sorted({(one, other) for one, other in pairs if one + 1 < other})
    return widths, skips, draw(st.booleans())


@tried(200)
@given(stacks())
def test_no_lane_is_over_a_box_or_leaves_its_frame(case):
    widths, skips, framed = case
    made, _ = stack(widths, skips, framed=framed)
    placed = drawn(widths, skips, framed=framed)
    assert placed.boxes == made.boxes
    assert placed.curves.keys() == made.curves.keys()
    # Where there is no room for all, Graphviz's line stays.
    new = {line: way for line, way in placed.curves.items() if way != made.curves[line]}
    checked = Placed(0, 0, placed.boxes, placed.frames, {}, new)
    assert not over_boxes(checked)
    assert len(new) >= len(widths) - 1 + min(2, len(skips))
    for line, curve in new.items():
        source, target = placed.boxes[line.source], placed.boxes[line.target]
        assert target.holds(curve.tip, slack=0.01)
        x, y = curve.points[0]
        assert source.holds((x, y), slack=0.01) or (x == 0 and y < source.bottom)
        assert all(rect.holds(at, 0.01) for rect in placed.frames.values() for at in curve.points)


def test_the_same_drawing_comes_out_the_same():
    case = ([40, 90, 30, 50, 60], [(0, 2), (0, 4), (1, 3), (1, 4)])
    assert drawn(*case) == drawn(*case)


@pytest.mark.parametrize("blocks", [330])
def test_a_thousand_boxes_take_less_than_a_second(blocks):
    widths = [40, 90, 40] * blocks
    made, ground = stack(widths, [(n, n + 2) for n in range(0, 3 * blocks - 2, 3)])
    begin = time.process_time()
    with_lanes(made, ground)
    assert time.process_time() - begin < 1
