"""Networks that keep several resolutions have a lane for each, and no others have lanes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_scenes import boxes_of, scene, things, wires_of
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.scene.layout import Lanes, Layout, arrange
from sphinxcontrib_kerasgraph.scene.scene import Box, Scene, Wire
from sphinxcontrib_kerasgraph.scene.standing import scene_shape


def exchanging(stages: int, *, both_ways: bool = True) -> str:
    """Three resolutions, which exchange what they found so many times; ids tell their lanes."""
    lines = ["x0 InputLayer", "s0 Conv2D/8 <- x0"]
    lines += ["a0_64 Conv2D/8 <- s0", "a0_32 Conv2D/16 <- s0", "a0_16 Conv2D/32 <- s0"]
    sizes = (64, 32, 16)
    for n in range(1, stages + 1):
        for to in sizes:
            found = [f"a{n - 1}_{to}"]
            for at in sizes:
                if at > to or (at < to and both_ways):
                    lines.append(f"b{n}from{at}_{to} Conv2D/{at} <- a{n - 1}_{at}")
                    found.append(f"b{n}from{at}_{to}")
            lines.append(f"j{n}_{to} Add <- {', '.join(found)}")
            lines.append(f"a{n}_{to} Conv2D/8 <- j{n}_{to}")
    ends = ", ".join(f"a{stages}_{size}" for size in sizes)
    return "\n".join([*lines, f"y Concatenate <- {ends}", "-> y"])


def sized(text: str) -> Scene:
    """The scene, in which the resolution of each box is told by its name."""
    made = scene(text, view="full")
    items = []
    for item in made.items:
        size = int(item.path.partition("_")[2] or 128)
        items.append(replace(item, makes=(None, size, size, 8)))
    return replace(made, items=tuple(items))


def test_each_resolution_has_a_lane_from_the_finest_to_the_coarsest():
    made = sized(exchanging(2))
    shape = scene_shape(made)
    assert shape is not None
    lanes = [[made.items[at].path.partition("_")[2] for at in lane] for lane in shape.lanes]
    assert [set(lane) for lane in lanes] == [{"64"}, {"32"}, {"16"}]
    inside = {at for lane in shape.lanes for at in lane}
    aside = {item.path for at, item in enumerate(made.items) if at not in inside}
    assert aside == {"x0", "s0", "y"}


def test_what_other_lanes_give_stands_one_below_the_other():
    made = sized(exchanging(2))
    stacks = {tuple(made.items[at].path for at in stack) for stack in scene_shape(made).stacks}
    assert ("a0_64", "b1from32_64", "b1from16_64") in stacks
    assert ("a1_16", "b2from64_16", "b2from32_16") in stacks


@pytest.mark.parametrize(
    "text",
    [
        exchanging(3, both_ways=False),
        "x_64 InputLayer\na_32 Conv2D <- x_64\nb_16 Conv2D <- a_32\nc_32 Conv2D <- b_16\n-> c_32",
    ],
)
def test_others_have_none(text):
    assert scene_shape(sized(text)) is None


def test_two_resolutions_are_too_few():
    made = sized(exchanging(3))
    items = tuple(
        replace(item, makes=(None, 32, 32, 8) if item.makes[1] == 16 else item.makes)
        for item in made.items
    )
    assert scene_shape(replace(made, items=items)) is None


def test_every_box_and_wire_is_there_and_each_lane_tells_its_size():
    made = sized(exchanging(3))
    arranged = arrange(made, Layout(shape=scene_shape(made)))
    [(_, lanes)] = things(arranged, Lanes)
    assert [plain_text(title.label) for title, _ in lanes.lanes] == ["64×64", "32×32", "16×16"]
    assert lanes.above == "s0"
    assert {box.name for _, box in things(arranged, Box)} == {box.name for box in boxes_of(made)}
    assert sorted(map(str, (wire for _, wire in things(arranged, Wire)))) == sorted(
        map(str, wires_of(made))
    )
