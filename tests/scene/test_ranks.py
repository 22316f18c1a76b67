"""How large items are in ranks, one below the other."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.label.tree import Form, Label, Role, Text, row
from sphinxcontrib_kerasgraph.scene.ranks import BELOW, BESIDE, Estimate, Rank
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame


def box(name: str, *sources: int, text: str = "same") -> Box:
    label = Label(Form.PLAIN, (row(Text(text, Role.FACT)),))
    return Box(name, label, sources=frozenset(sources))


def laid(items, widest: float | None = None) -> list[list[int]]:
    """The items of each rank."""
    return [one.places for one in Estimate(widest).ranks(items, 0, len(items)).ranks]


WIDTH, HEIGHT = box("b").size


def test_what_takes_a_tensor_stands_below_its_source():
    assert laid([box("a"), box("b", 0), box("c", 1)]) == [[0], [1], [2]]
    assert laid([box("a"), box("b", 0), box("c", 0), box("d", 1, 2)]) == [[0], [1, 2], [3]]


def test_what_comes_into_the_frame_is_in_the_first_rank():
    assert laid([box("a", -1), box("b", -1, 0)]) == [[0], [1]]


def test_sources_before_the_first_item_count_as_above_all():
    items = [box("a"), box("b", 0), box("c", 0, 1)]
    assert [one.places for one in Estimate().ranks(items, 1, 3).ranks] == [[1], [2]]


def test_boxes_side_by_side_are_as_wide_as_both_and_as_high_as_the_higher():
    items = [box("a"), box("b")]
    assert Estimate().ranks(items, 0, 2).size == (2 * (WIDTH + BESIDE), HEIGHT + BELOW)
    below = [box("a"), box("b", 0)]
    assert Estimate().ranks(below, 0, 2).size == (WIDTH + BESIDE, 2 * (HEIGHT + BELOW))


def test_a_wire_that_passes_ranks_takes_room_in_them():
    items = [box("a"), box("b", 0), box("c", 1), box("d", 0, 2)]
    widths = [one.width for one in Estimate().ranks(items, 0, 4).ranks]
    assert widths == [WIDTH + BESIDE, WIDTH + BESIDE + 10, WIDTH + BESIDE + 10, WIDTH + BESIDE]


def test_no_rank_is_wider_than_allowed_but_of_one_item():
    items = [box(f"b{n}") for n in range(5)]
    assert laid(items, 2 * (WIDTH + BESIDE)) == [[0, 1], [2, 3], [4]]
    assert laid(items, 1) == [[0], [1], [2], [3], [4]]
    lowered = Estimate(2 * (WIDTH + BESIDE)).ranks(items, 0, 5).lowered
    assert lowered == [(0, 2), (1, 3), (2, 4)]


def test_a_rank_tells_what_the_next_below_comes_under():
    above, below = Rank([7, 8, 9]), Rank()
    for place, under in ((1, 7), (2, 8), (3, 9), (4, 9)):
        assert above.beside(below) == under
        below.add(place, 10, 10)
    assert below.width == 4 * 19


@pytest.mark.parametrize(
    "text", ["same", "a much longer text than the title of a frame has room for"]
)
def test_a_frame_is_larger_than_what_is_inside(text):
    inside = box("a", text=text)
    frame = Frame("f", "f", 0, "", (inside,), ())
    width, height = Estimate().of_item(frame)
    assert width > max(inside.size[0], 125)
    assert height > inside.size[1]
    outer = Frame("g", "g", 0, "", (frame,), ())
    assert all(
        one > other for one, other in zip(Estimate().of_item(outer), (width, height), strict=True)
    )
