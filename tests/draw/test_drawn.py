"""The reader of drawings, by which pictures are measured, on an SVG that is written by hand."""

from __future__ import annotations

import math

import pytest

from drawn import Drawing, Rectangle
from drawn_svg import drawing_of

#: Boxes are 40 wide and 20 high. Around ``b`` and ``c`` is a frame from (0, 40) to (100, 140).
BOXES = {"a": (30, 0), "b": (30, 50), "c": (30, 110), "d": (30, 160)}
FRAMES = {"f": (0, 40, 100, 140)}


def box(name: str, left: float, top: float) -> str:
    points = f"{left},{top} {left + 40},{top} {left + 40},{top + 20} {left},{top + 20}"
    return (
        f'<g class="node"><title>{name}</title><g><a><polygon points="{points}"/>'
        f'<text x="{left + 4}" y="{top + 12}" font-size="9.00">{name}</text></a></g></g>'
    )


def frame(name: str, left: float, top: float, right: float, bottom: float) -> str:
    path = f"M{left},{top}C{left},{top} {right},{top} {right},{top} L{right},{bottom}"
    return f'<g class="cluster"><title>cluster_{name}</title><path d="{path}"/></g>'


def edge(title: str, *paths: str) -> str:
    lines = "".join(f'<path d="{path}"/>' for path in paths)
    return f'<g class="edge"><title>{title}</title>{lines}<polygon points="0,0 9,9 0,9"/></g>'


def drawing(*drawn: str, size: tuple[float, float] = (200, 200)) -> Drawing:
    boxes = [box(name, *place) for name, place in BOXES.items()]
    frames = [frame(name, *place) for name, place in FRAMES.items()]
    inside = "".join([*frames, *boxes, *drawn]).replace("->", "&#45;&gt;")
    width, height = size
    return drawing_of(
        '<svg xmlns="http://www.w3.org/2000/svg" width="1pt" height="1pt" '
        f'viewBox="0.00 0.00 {width} {height}"><g class="graph" transform="scale(1 1) '
        f'rotate(0) translate(4 4)"><title>t</title><polygon points="0,0 9,9"/>{inside}</g></svg>'
    )


def names(found) -> list[tuple[str, ...]]:
    return [(f"{edge.source}->{edge.target}", other) for edge, other in found]


def down(start: float, end: float, x: float = 50) -> str:
    return f"M{x},{start}C{x},{start} {x},{end} {x},{end}"


def test_what_is_drawn():
    found = drawing(edge("a->b", down(20, 44)))
    assert (found.width, found.height, found.text) == (200, 200, 9)
    assert found.boxes["b"] == Rectangle(30, 50, 70, 70)
    assert found.frames == {"f": Rectangle(0, 40, 100, 140)}
    [only] = found.edges
    assert (only.source, only.target, only.length) == ("a", "b", 24)
    assert found.length == 24


def test_columns_are_no_frames():
    assert drawing(frame("//column1", 0, 0, 9, 9)).frames.keys() == {"f"}


def test_connectors_and_titles_are_no_boxes():
    circle = (
        '<g class="node connector"><title>//1_out</title>'
        '<ellipse cx="150" cy="60" rx="8" ry="8"/><text x="150" y="62">1</text></g>'
    )
    title = (
        '<g class="node title"><title>f//in0</title>'
        '<text x="10" y="48" font-size="10">four</text><text x="9" y="9" font-size="7"> </text></g>'
    )
    found = drawing(circle, title)
    assert found.boxes.keys() == BOXES.keys()
    assert found.connectors == {"//1_out": Rectangle(142, 52, 158, 68)}
    assert found.numbers == {"1"}
    assert found.titles["f//in0"].left <= 10
    assert found.titles["f//in0"].holds((20, 46))
    assert found.text == 9, "spaces are no text"


def test_edge_to_a_port():
    [only] = drawing(edge("a->b:in1:n", down(20, 44))).edges
    assert (only.source, only.target) == ("a", "b")


def test_edge_to_nothing():
    with pytest.raises(ValueError, match="a->z ends at nothing"):
        drawing(edge("a->z", down(20, 44)))


def test_no_drawing():
    with pytest.raises(ValueError, match="no drawing"):
        drawing_of('<svg xmlns="http://www.w3.org/2000/svg"/>')


def test_length_of_a_curve():
    """A quarter of a circle, as a cubic curve comes near it; and two lines of one edge."""
    k = 55.228
    [only] = drawing(edge("a->b", f"M100,0C100,{k} {k},100 0,100")).edges
    assert only.length == pytest.approx(50 * math.pi, rel=0.002)
    [only] = drawing(edge("a->b", "M0,0L0,10", "M0,20L0,25")).edges
    assert only.length == 15


def test_edge_over_a_box():
    found = drawing(edge("a->d", down(20, 154)), edge("a->b", down(20, 44)))
    assert names(found.over_boxes()) == [("a->d", "b"), ("a->d", "c")]


def test_edge_that_touches_a_box():
    """Lines are about a point wide."""
    assert names(drawing(edge("a->d", "M70.5,0L70.5,180")).over_boxes()) == [
        ("a->d", "b"),
        ("a->d", "c"),
    ]
    assert drawing(edge("a->d", "M71,0L71,180")).over_boxes() == []


def test_edge_beside_a_box():
    """It bulges around them; its corners are over no box, though what holds it is."""
    around = "M70,10C110,10 110,170 76,170"
    assert drawing(edge("a->d", around)).over_boxes() == []
    assert names(drawing(edge("a->d", "M90,10C90,80 20,110 90,170")).over_boxes()) == [
        ("a->d", "c")
    ]


def test_edge_that_leaves_its_frame():
    bulge = "M70,60C130,60 130,120 76,120"
    found = drawing(edge("b->c", bulge), edge("b->c", down(70, 104)), edge("a->b", down(20, 44)))
    assert names(found.out_of_frames()) == [("b->c", "f")]
    inside = "M70,60C100,60 100,120 76,120"
    assert drawing(edge("b->c", inside)).out_of_frames() == []


def test_edge_through_a_frame():
    """``a`` and ``d`` are outside; an edge to the frame, or from inside, isn't through it."""
    found = drawing(
        edge("a->d", "M90,20C90,20 90,150 76,165"),
        edge("a->b", down(20, 40)),
        edge("c->d", down(130, 154)),
        edge("a->d", "M120,20L120,150"),
    )
    assert names(found.through_frames()) == [("a->d", "f")]


def test_crossing():
    found = drawing(edge("a->d", "M0,0L100,100"), edge("b->c", "M100,0L0,100"))
    [(one, other, at)] = found.crossings()
    assert (one.source, other.source, at) == ("a", "b", (50, 50))


def test_edges_that_meet_at_their_end():
    """Arrowheads at the same box may touch; what crosses farther away does cross."""
    ends = edge("a->c", "M40,20L50,108"), edge("b->c", "M60,70L48,109")
    assert drawing(*ends).crossings() == []
    cross = edge("a->c", "M30,20L70,100"), edge("b->c", "M70,20L30,100")
    assert len(drawing(*cross).crossings()) == 1


def test_edges_that_cross_twice():
    found = drawing(edge("a->b", "M0,50L100,50"), edge("c->d", "M10,0C10,130 90,130 90,0"))
    assert len(found.crossings()) == 2


def test_edges_on_one_another():
    """Who sees them can't tell where they go; those of one tensor may share a way."""
    one, other = "M150,0L150,100", "M150,20L150,80"
    found = drawing(edge("a->b", one), edge("c->d", other))
    assert len(found.crossings()) == 1
    beside = "M153,20L153,80"
    assert drawing(edge("a->b", one), edge("c->d", beside)).crossings() == []
    assert drawing(edge("a->b", one), edge("a->d", "M150,0L150,60 180,60")).crossings() == []


def test_what_is_beyond_the_paper():
    assert drawing().clipped() == []
    assert drawing(size=(90, 200)).clipped() == ["f"]
    assert drawing(edge("a->b", "M0,0L300,0")).clipped() == ["a->b"]


def test_path_of_another_program():
    with pytest.raises(ValueError, match="with A"):
        drawing(edge("a->b", "M0,0A5,5 0 0 1 9,9"))
