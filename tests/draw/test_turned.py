"""Drawings of all directions, turned downwards and back."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Rect
from sphinxcontrib_kerasgraph.draw.turned import downward, turned_back
from sphinxcontrib_kerasgraph.scene.layout import Line

WAYS = ["TB", "BT", "LR", "RL"]
LINE = Line("a", "b")
#: Where the first and the second box are, by the direction of the drawing.
BOXES = {
    "TB": (Rect(0, 40, 20, 50), Rect(0, 0, 20, 10)),
    "BT": (Rect(0, 0, 20, 10), Rect(0, 40, 20, 50)),
    "LR": (Rect(0, 0, 20, 10), Rect(60, 0, 80, 10)),
    "RL": (Rect(60, 0, 80, 10), Rect(0, 0, 20, 10)),
}


def drawing(way: str) -> Placed:
    first, second = BOXES[way]
    start, end = first.center, second.center
    curve = Curve((start, start, end, end), end, None, start)
    around = Rect(-5, -5, 90, 60)
    boxes = {"a": first, "b": second}
    return Placed(95, 65, boxes, {"f": around}, {"f": (1, 2)}, {LINE: curve})


@pytest.mark.parametrize("way", WAYS)
def test_data_goes_downwards(way):
    made = downward(drawing(way), way)
    assert made.boxes["a"].bottom > made.boxes["b"].top
    assert made.curves[LINE].tip == made.boxes["b"].center


@pytest.mark.parametrize("way", WAYS)
def test_turned_back_it_is_as_it_was(way):
    assert turned_back(downward(drawing(way), way), way) == drawing(way)


@pytest.mark.parametrize("way", ["LR", "RL"])
def test_what_is_upper_in_a_row_is_further_left(way):
    boxes = {"upper": Rect(0, 50, 10, 60), "lower": Rect(0, 0, 10, 10)}
    made = downward(Placed(10, 60, boxes), way)
    assert made.boxes["upper"].right < made.boxes["lower"].left
