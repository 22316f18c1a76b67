"""Frames side by side: they don't touch, and go on holding what is in them."""

from __future__ import annotations

from sphinxcontrib_kerasgraph.draw.frames import with_frames_apart
from sphinxcontrib_kerasgraph.draw.ground import Ground
from sphinxcontrib_kerasgraph.draw.placed import Placed, Rect


def apart(frames, boxes, around) -> Placed:
    made = Placed(0, 0, boxes, frames)
    return with_frames_apart(made, Ground(made, around))


def test_frames_that_touch_are_made_smaller():
    frames = {"f": Rect(0, 0, 50, 50), "g": Rect(50, 0, 100, 50)}
    boxes = {"a": Rect(5, 5, 45, 45), "b": Rect(55, 5, 95, 45)}
    made = apart(frames, boxes, {"f": (), "g": (), "a": ("f",), "b": ("g",)})
    assert made.frames["g"].left - made.frames["f"].right == 4
    assert made.frames["f"].left == 0
    assert made.boxes == boxes


def test_frames_below_each_other_too():
    frames = {"f": Rect(0, 0, 50, 50), "g": Rect(0, 51, 50, 90)}
    boxes = {"a": Rect(5, 5, 45, 45), "b": Rect(5, 56, 45, 80)}
    made = apart(frames, boxes, {"f": (), "g": (), "a": ("f",), "b": ("g",)})
    assert made.frames["g"].bottom - made.frames["f"].top == 4


def test_a_frame_keeps_around_what_is_in_it():
    frames = {"f": Rect(0, 0, 50, 50), "g": Rect(50, 0, 100, 50)}
    boxes = {"a": Rect(5, 5, 49, 45), "b": Rect(55, 5, 95, 45)}
    made = apart(frames, boxes, {"f": (), "g": (), "a": ("f",), "b": ("g",)})
    assert made.frames["f"] == frames["f"]


def test_a_frame_in_another_stays_as_it_is():
    frames = {"f": Rect(0, 0, 50, 50), "g": Rect(2, 2, 48, 48)}
    made = apart(frames, {"a": Rect(5, 5, 40, 40)}, {"f": (), "g": ("f",), "a": ("f", "g")})
    assert made.frames == frames
