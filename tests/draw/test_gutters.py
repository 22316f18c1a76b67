"""The way from column to column: a line in the gutter, or connectors where there are many."""

from __future__ import annotations

from itertools import pairwise

import pytest

from make_scenes import connectors, scene, things, wires_of
from sphinxcontrib_kerasgraph.draw.finish import finish
from sphinxcontrib_kerasgraph.draw.paths import meets, path, pieces
from sphinxcontrib_kerasgraph.draw.placed import Placed, Rect
from sphinxcontrib_kerasgraph.draw.turned import turned_back
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.scene.layout import (
    Arranged,
    Connector,
    Layout,
    Line,
    Link,
    arrange,
)
from sphinxcontrib_kerasgraph.scene.scene import Box, Wire
from sphinxcontrib_kerasgraph.scene.spans import lines_of

WIDE = Space(1000, 1000)
CHAIN = "x InputLayer\na Dense <- x\nb Dense <- a\nc Dense <- b\n-> c"
#: One tensor that two boxes of the next column take.
FORK = "x InputLayer\na Dense <- x\nb Dense <- a\nc Dense <- a\nd Add <- b, c\n-> d"
#: Three tensors that go from the first column to the second.
WIDE_WAY = "x InputLayer\na Dense <- x\nb Dense <- x\nc Dense <- x\nd Add <- a, b, c\n-> d"


def laid_out(arranged: Arranged) -> Placed:
    """As Graphviz might do it: all of a column in one row after the other."""
    boxes, right = {}, 0.0
    for column in arranged.columns:
        names = [thing.name for thing in column if isinstance(thing, Box)]
        circles = [thing.name for thing in column if isinstance(thing, Connector)]
        leave = {thing.target for thing in column if isinstance(thing, Link)}
        first = [name for name in circles if name not in leave]
        last = [name for name in circles if name in leave]
        y = 0.0
        for name in [*first, *names, *last]:
            half = 8 if name in circles else 20
            boxes[name] = Rect(right + 20 - half, y - 2 * min(half, 8), right + 20 + half, y)
            y -= 30
        right += 60
    curves = {
        line: path([boxes[line.source].center, boxes[line.target].center], 6)
        for line in lines_of(arranged)
    }
    return Placed(right, 500, boxes, {}, {}, curves)


def finished(graph: str, *starts: int, space: Space = WIDE, rankdir: str = "TB"):
    made = scene(graph, view="full")
    arranged = arrange(made, Layout((0, *starts)))
    placed = turned_back(laid_out(arranged), rankdir)
    return finish(arranged, placed, DrawOptions.of(rankdir=rankdir).layout, space)


@pytest.mark.parametrize("rankdir", ["TB", "BT", "LR", "RL"])
def test_one_tensor_goes_on_as_one_line(rankdir):
    arranged, placed = finished(CHAIN, 2, rankdir=rankdir)
    assert connectors(arranged) == {}
    assert arranged.circles == 0
    curve = placed.curves[Line("a", "b")]
    assert placed.boxes["a"].holds(curve.points[0], slack=0.1)
    assert placed.boxes["b"].holds(curve.tip, slack=0.1)


@pytest.mark.parametrize("graph", [CHAIN, FORK])
def test_all_wires_are_those_of_the_scene(graph):
    arranged, placed = finished(graph, 2)
    assert {wire for _, wire in things(arranged, Wire)} == set(wires_of(arranged.scene))
    assert not things(arranged, Link)
    assert placed.curves.keys() == {Line.of(wire) for wire in wires_of(arranged.scene)}


def test_the_line_is_between_the_columns_and_over_no_box():
    _, placed = finished(CHAIN, 2)
    first, second = placed.boxes["a"], placed.boxes["b"]
    curve = placed.curves[Line("a", "b")]
    upright = max(
        (piece for piece in pieces(curve) if piece[0][0] == piece[1][0]),
        key=lambda piece: piece[1][1] - piece[0][1],
    )
    assert first.right < upright[0][0] < second.left
    others = [rect for name, rect in placed.boxes.items() if name not in ("a", "b")]
    assert not any(meets(piece, rect) for piece in pieces(curve) for rect in others)


def test_a_tensor_that_two_boxes_take_is_one_line_up_to_these():
    arranged, placed = finished(FORK, 2)
    assert connectors(arranged) == {}
    one, other = (placed.curves[Line("a", name)].points for name in ("b", "c"))
    same = [a for a, b in zip(one, other, strict=False) if a == b]
    assert len(same) > 9


def test_many_tensors_go_by_connectors():
    arranged, placed = finished(WIDE_WAY, 4)
    assert arranged.circles == 6
    assert {number for _, number in connectors(arranged).values()} == {1, 2, 3}
    assert connectors(arranged).keys() <= placed.boxes.keys()


def test_columns_stand_from_left_to_right_in_line_at_the_top():
    _, placed = finished(CHAIN, 1, 2, 3)
    boxes = [placed.boxes[name] for name in ("x", "a", "b", "c")]
    assert all(one.right < other.left for one, other in pairwise(boxes))
    assert placed.boxes["x"].left == 0


def test_a_column_below_another_is_reached_by_a_line_between_them():
    arranged, placed = finished(CHAIN, 2, space=Space(45, 1000))
    assert connectors(arranged) == {}
    assert placed.boxes["b"].top < placed.boxes["a"].bottom
    assert placed.boxes["b"].holds(placed.curves[Line("a", "b")].tip, slack=0.1)
