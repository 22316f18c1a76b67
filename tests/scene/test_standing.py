"""A scene in the shape of its network: nothing is lost, and it is known what goes up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from make_scenes import boxes_of, residual, scene, things, wires_of
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.scene.layout import Beside, Layout, Line, arrange
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, Scene, Wire
from sphinxcontrib_kerasgraph.scene.standing import Standing, scene_shape, standing, stood


def unet(depth: int, block: str = "") -> str:
    """A U-Net of so many levels; ``block`` are the lines of each block, from ``IN`` to ``OUT``."""
    block = block or "OUT Conv2D/8 <- IN"
    lines, last = ["x InputLayer"], "x"
    for n in range(depth):
        lines += [block.replace("IN", last).replace("OUT", f"d{n}"), f"p{n} MaxPooling2D <- d{n}"]
        last = f"p{n}"
    lines.append(f"m Conv2D/64 <- {last}")
    last = "m"
    for n in reversed(range(depth)):
        lines += [
            f"t{n} UpSampling2D <- {last}",
            f"j{n} Concatenate <- t{n}, d{n}",
            block.replace("IN", f"j{n}").replace("OUT", f"u{n}"),
        ]
        last = f"u{n}"
    return "\n".join([*lines, f"-> {last}"])


def sized(made: Scene) -> Scene:
    """The scene with each item's tensor of another size: texts of graphs tell no sizes."""
    items = tuple(replace(item, makes=(None, at)) for at, item in enumerate(made.items))
    return replace(made, items=items)


def shaped(graph: str, **options) -> tuple[Scene, Standing]:
    made = sized(scene(graph, **options))
    shape = scene_shape(made)
    assert shape is not None
    return made, standing(made, shape)


@pytest.mark.parametrize("view", ["full", "overview"])
def test_the_two_ends_of_a_skip_stand_side_by_side(view):
    made, found = shaped(unet(3), view=view)
    assert len(found.rows) == 3
    wires = {(wire.source, wire.target): wire for wire in made.wires}
    assert {wires[row] for row in found.rows} == found.level
    for left, right in found.rows:
        assert left not in found.upwards
        assert right in found.upwards


def test_what_a_frame_holds_goes_up_with_it():
    made, found = shaped(_folded(2), view="overview")
    frames = [item for item in made.items if isinstance(item, Frame)]
    up = [frame for frame in frames if frame.name in found.upwards]
    assert frames
    assert up
    for frame in up:
        assert found.upwards.issuperset(frame.names())


def _folded(depth: int) -> str:
    """A U-Net each level of which has four residual blocks."""
    lines, last = ["x InputLayer"], "x"
    for n in range(depth):
        lines.append(residual(4, last, f"d{n}"))
        lines.append(f"p{n} MaxPooling2D <- d{n}a4")
        last = f"p{n}"
    lines.append(f"m Conv2D/64 <- {last}")
    last = "m"
    for n in reversed(range(depth)):
        lines += [f"t{n} UpSampling2D <- {last}", f"j{n} Concatenate <- t{n}, d{n}a4"]
        lines.append(residual(4, f"j{n}", f"u{n}"))
        last = f"u{n}a4"
    return "\n".join([*lines, f"-> {last}"])


def test_a_chain_that_data_passes_upwards_begins_below():
    made, found = shaped(unet(2), view="overview")
    arranged = arrange(made, Layout(shape=scene_shape(made)))
    drawn = {thing.name: plain_text(thing.label) for _, thing in things(arranged, Box)}
    for box in boxes_of(made):
        lines = plain_text(box.label).split("\n")
        if box.name in found.upwards:
            lines.reverse()
        assert drawn[box.name].split("\n") == lines
    joins = [box.name for box in boxes_of(made) if "Concatenate" in plain_text(box.label)]
    assert all(drawn[name].endswith("Concatenate") for name in joins)


def test_on_its_head_a_box_says_the_same():
    for box in boxes_of(scene(unet(2), view="overview")):
        assert stood(stood(box)) == box
        assert Counter(stood(box).label.rows) == Counter(box.label.rows)


@tried(40)
@given(
    st.integers(2, 5),
    st.sampled_from(["", "aOUT Conv2D/8 <- IN\nOUT Add <- aOUT, IN"]),
    st.sampled_from([{"view": "full"}, {"view": "overview", "fold": "none", "fuse": "no"}]),
)
def test_every_box_and_wire_is_in_the_shape(depth, block, options):
    made, found = shaped(unet(depth, block), **options)
    arranged = arrange(made, Layout(shape=scene_shape(made)))
    drawn = [thing for _, thing in things(arranged, Box)]
    assert {box.name for box in drawn} == {box.name for box in boxes_of(made)}
    assert Counter(wire for _, wire in things(arranged, Wire)) == Counter(wires_of(made))
    assert len(things(arranged, Beside)) == len(found.rows) == depth
    for wire in made.wires:
        rises = arranged.rises(Line.of(wire))
        assert rises == (wire.target in found.upwards and wire not in found.level)
        # What comes down goes on downwards, what goes up upwards; skips change the arm.
        assert rises or wire in found.level or wire.source not in found.upwards


def test_a_net_without_shape():
    assert scene_shape(sized(scene(f"x InputLayer\n{residual(3)}\n-> a3", view="full"))) is None
