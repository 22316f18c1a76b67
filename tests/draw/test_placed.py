"""What Graphviz says of a layout is read as it is, and written so that it draws the same."""

from __future__ import annotations

import json

import pytest

import svg
from make_scenes import NESTED, PARTS, RESIDUAL, scene
from sphinxcontrib_kerasgraph.draw.dot import PAD, dot_to_lay_out, placed_to_dot
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.draw.placed import Curve, Placed, Rect, placed
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import LayoutOptions
from sphinxcontrib_kerasgraph.scene.layout import Layout, Line, arrange

LINE = Line("a", "b")
SAID = {
    "bb": "0,0,100,80",
    "objects": [
        {"name": "cluster_f", "bb": "10,10,90,70", "lp": "20,65"},
        {"name": "row"},
        {"name": "a", "pos": "50,60", "width": "0.5", "height": "0.25"},
        {"name": "b", "pos": "50,20", "width": "1", "height": "0.25"},
    ],
    "edges": [
        {
            "tail": 2,
            "head": 3,
            "line": "0",
            "pos": "e,50,29 50,51 50,45 50,40 50,35",
            "xlp": "55,40",
        },
        {"tail": 2, "head": 3, "style": "invis", "pos": "e,0,0 1,1 2,2 3,3 4,4"},
    ],
}


def test_all_is_where_graphviz_says():
    found = placed(json.dumps(SAID), [LINE])
    assert (found.width, found.height) == (100, 80)
    assert found.boxes == {"a": Rect(32, 51, 68, 69), "b": Rect(14, 11, 86, 29)}
    assert found.frames == {"f": Rect(10, 10, 90, 70)}
    assert found.titles == {"f": (20, 65)}
    down = ((50, 51), (50, 45), (50, 40), (50, 35))
    assert found.curves == {LINE: Curve(down, tip=(50, 29), text=(55, 40))}


@pytest.mark.parametrize(
    "said", ["", "no", "[]", "{}", '{"bb": "1,2"}', '{"bb": "0,0,1,1", "objects": [1]}']
)
def test_what_else_is_said_is_an_error(said):
    with pytest.raises(Fault, match="Graphviz's JSON isn't as expected"):
        placed(said, [])


def test_a_rectangle():
    rect = Rect(10, 20, 40, 100)
    assert (rect.width, rect.height, rect.center) == (30, 80, (25, 60))
    assert rect.moved(5, -20) == Rect(15, 0, 45, 80)
    assert rect.holds((10, 100))
    assert not rect.holds((9, 50))
    assert rect.holds((9, 50), slack=1)


def test_a_curve_is_written_as_graphviz_has_it():
    curve = Curve(((0, 0), (1.5, 2), (3, 4), (5, 6)), tip=(7, 8), start_tip=(-1, -1))
    assert curve.pos == "e,7,8 s,-1,-1 0,0 1.5,2 3,4 5,6"
    assert curve.moved(1, 2).pos == "e,8,10 s,0,1 1,2 2.5,4 4,6 6,8"
    assert Curve(curve.points).pos == "0,0 1.5,2 3,4 5,6"


def test_what_is_cropped_is_as_large_as_it_needs_to_be():
    curve = Curve(((30, 30), (90, 30), (90, 60), (50, 60)), tip=(44, 60))
    whole = Placed(
        500, 500, {"a": Rect(20, 20, 40, 30)}, {"f": Rect(15, 18, 60, 70)}, {}, {LINE: curve}
    )
    cropped = whole.cropped()
    assert (cropped.width, cropped.height) == (75, 52)
    assert cropped.boxes == {"a": Rect(5, 2, 25, 12)}
    assert cropped.frames == {"f": Rect(0, 0, 45, 52)}
    assert cropped.curves[LINE].tip == (29, 42)


@pytest.mark.parametrize(
    ("graph", "options"),
    [
        (RESIDUAL, {"view": "overview"}),
        (PARTS, {"view": "overview", "fold": "loose"}),
        (NESTED, {"depth": "all"}),
    ],
)
def test_what_is_placed_as_graphviz_has_it_is_drawn_as_graphviz_draws_it(dot, graph, options):
    graphviz, layout = Graphviz(dot), LayoutOptions()
    arranged = arrange(scene(graph, **options), Layout())
    code, lines = dot_to_lay_out(arranged, layout)
    [said] = graphviz.lay_out([code])
    laid_out = placed(said, lines).cropped()
    again = graphviz.render(placed_to_dot(arranged, laid_out, layout), "svg")
    theirs = graphviz.render(code, "svg").content.decode()
    ours = again.content.decode()
    assert again.complaints == ""
    assert again.svg_size == pytest.approx(
        (laid_out.width + 2 * PAD, laid_out.height + 2 * PAD), abs=1
    )
    assert svg.boxes(ours) == svg.boxes(theirs)
    of_columns = {"//column1", "//column2"}  # which are for Graphviz alone
    assert svg.frames(ours) == [one for one in svg.frames(theirs) if one not in of_columns]
    assert svg.words(ours) == svg.words(theirs)
    seen = {edge for edge in svg.edges(theirs) if edge in svg.edges(ours)}
    assert seen == set(svg.edges(ours))
