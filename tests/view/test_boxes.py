"""What is drawn as a box, and how many boxes that makes."""

from __future__ import annotations

import pytest

from make_graphs import model
from make_scenes import NESTED, PARTS, RESIDUAL, boxes_of, scene, viewed
from sphinxcontrib_kerasgraph.graph import GroupKind
from sphinxcontrib_kerasgraph.view.boxes import is_box, number_of_boxes


@pytest.mark.parametrize(
    ("text", "options", "number"),
    [
        (NESTED, {}, 3),
        (NESTED, {"depth": 1}, 5),
        (NESTED, {"depth": "all"}, 6),
        (RESIDUAL, {}, 20),
        (RESIDUAL, {"view": "overview", "fold": "exact"}, 5),
        (RESIDUAL, {"from_": ("c2",), "to": ("a2",), "view": "full"}, 4),  # stubs are none
        (PARTS, {"view": "overview", "fold": "loose"}, 1 + 10 + 10 + 7),
    ],
)
def test_boxes_are_those_that_are_drawn(text, options, number):
    view = viewed(text, **options)
    assert number_of_boxes(view.graph.graph) == number
    drawn = [box for box in boxes_of(scene(text, **options)) if box.label.form.name != "STUB"]
    assert len(drawn) == number


def test_leaves_are_boxes_and_open_blocks_are_frames():
    calls = [call for _, call in model(NESTED).graph.walk()]
    assert [is_box(call) for call in calls] == [call.body is None for call in calls]


def test_stacks_and_parts_are_boxes_and_so_is_a_layer_that_is_repeated():
    graph = viewed(RESIDUAL, view="overview", fold="exact").graph.graph
    boxes = {call.id: is_box(call) for _, call in graph.walk() if call.group}
    assert boxes == {"c1 fold": False, "c1 stack": True, "p stack": True}
    chain = "x InputLayer\n" + "".join(
        f"d{n} Dense <- {'x' if n == 1 else f'd{n - 1}'}\n" for n in range(1, 6)
    )
    [fold] = [
        call
        for call in viewed(f"{chain}-> d5", fold="exact").graph.graph.calls
        if call.is_group(GroupKind.FOLD)
    ]
    assert is_box(fold)
