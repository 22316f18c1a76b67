"""What is written beside a line hides nothing, and stands near its middle."""

from __future__ import annotations

from make_scenes import scene
from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Rect
from sphinxcontrib_kerasgraph.draw.texts import with_texts_beside
from sphinxcontrib_kerasgraph.scene.layout import Layout, Line, arrange

ARRANGED = arrange(scene("x InputLayer\na Attention <- x, x, x\n-> a"), Layout())
[LINE] = [
    Line.of(thing) for column in ARRANGED.columns for thing in column if hasattr(thing, "port")
]
DOWN = Curve(((50, 90), (50, 70), (50, 50), (50, 30)), text=(50, 60))
ENDS = {"x": Rect(30, 90, 70, 110), "a": Rect(30, 0, 70, 20)}


def placed(boxes: dict[str, Rect], **curves: Curve) -> Placed:
    more = {Line(name, name): curve for name, curve in curves.items()}
    return Placed(200, 110, ENDS | boxes, {}, {}, {LINE: DOWN, **more})


def text_in(drawing: Placed) -> tuple[float, float]:
    return with_texts_beside(ARRANGED, drawing).curves[LINE].text


def test_it_stands_on_the_right_of_the_middle():
    x, y = text_in(placed({}))
    assert 50 < x < 65
    assert abs(y - 60) < 2


def test_it_gives_way_to_a_box():
    assert text_in(placed({"b": Rect(52, 25, 90, 85)}))[0] < 50


def test_it_gives_way_to_another_line():
    beside = Curve(((56, 90), (56, 70), (56, 50), (56, 30)))
    assert text_in(placed({}, b=beside))[0] < 50


def test_it_moves_along_its_line_where_both_sides_are_taken():
    x, y = text_in(placed({"b": Rect(52, 55, 90, 85), "c": Rect(10, 55, 48, 85)}))
    assert x != 50
    assert y < 51


def test_nothing_changes_where_there_is_no_text():
    plain = arrange(scene("x InputLayer\na Dense <- x\n-> a"), Layout())
    drawing = placed({})
    assert with_texts_beside(plain, drawing) is drawing
