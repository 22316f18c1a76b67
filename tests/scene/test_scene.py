"""A scene knows its names, its first boxes and its last."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from make_scenes import NESTED, RESIDUAL, boxes_of, frames_of, scene, texts_of
from sphinxcontrib_kerasgraph.label.size import label_size
from sphinxcontrib_kerasgraph.scene.scene import first_box, last_box, names_in


def test_the_first_and_last_box_of_a_frame_are_those_of_what_is_inside():
    _, block, last = scene(NESTED, depth="all").items
    assert first_box(block) == block.first_box == "b/d"
    assert last_box(block) == "b/a"
    assert first_box(last) == last_box(last) == "y"
    inner = block.items[1]
    assert (first_box(inner), last_box(inner)) == ("b/i/c", "b/i/r")


def test_names_are_those_of_boxes_and_texts():
    made = scene(RESIDUAL, view="overview", fold="exact")
    assert made.names == {one.name for one in (*boxes_of(made), *texts_of(made))}
    [frame] = frames_of(made)
    assert set(names_in(frame)) == {
        *(entry.name for entry in frame.entries), *(item.name for item in frame.items),
    }  # fmt: skip


def test_a_box_is_as_large_as_its_label():
    for box in boxes_of(scene(RESIDUAL, view="overview")):
        assert box.size == label_size(box.label, 9)


def test_all_is_frozen():
    made = scene(NESTED, depth="all")
    for one in (made, *boxes_of(made), *frames_of(made), *made.wires):
        with pytest.raises(FrozenInstanceError):
            one.name = "other"


def test_scenes_of_the_same_are_equal():
    assert scene(NESTED, depth="all") == scene(NESTED, depth="all")
    assert scene(NESTED, depth="all") != scene(NESTED)
