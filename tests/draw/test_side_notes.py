"""Resolutions stand at the side of the boxes where they change."""

from __future__ import annotations

from dataclasses import replace

from make_scenes import scene
from sphinxcontrib_kerasgraph.draw.placed import Placed, Rect
from sphinxcontrib_kerasgraph.draw.side_notes import with_side_notes
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange
from sphinxcontrib_kerasgraph.scene.stages import Stage

CHAIN = "x InputLayer\na Conv2D <- x\nb Conv2D <- a\nc Conv2D <- b\n-> c"
BOXES = {
    "x": Rect(40, 90, 60, 100),
    "a": Rect(30, 60, 70, 80),
    "b": Rect(20, 30, 80, 50),
    "c": Rect(0, 0, 100, 20),
}


def noted(*stages: Stage, upwards: frozenset[str] = frozenset()):
    """The texts and where they are."""
    made = replace(scene(CHAIN, view="full"), stages=stages)
    arranged = replace(arrange(made, Layout()), upwards=upwards)
    arranged, [column] = with_side_notes(arranged, [Placed(100, 100, BOXES)])
    notes = [thing for thing in arranged.columns[0] if getattr(thing, "path", "") is None]
    return {plain_text(note.label): column.boxes[note.name] for note in notes}


def test_a_note_is_left_of_all_in_its_column_at_the_top_of_its_box():
    found = noted(Stage(1, "28×28"), Stage(3, "14×14"))
    assert list(found) == ["28×28", "14×14"]
    assert [rect.top for rect in found.values()] == [80, 20]
    assert all(rect.right < 0 for rect in found.values())
    assert len({rect.right for rect in found.values()}) == 1


def test_what_goes_up_comes_back_to_what_is_told_already():
    assert list(noted(Stage(1, "28×28"), Stage(3, "56×56"), upwards=frozenset("c"))) == ["28×28"]


def test_nothing_is_noted_where_nothing_changes():
    assert noted() == {}
