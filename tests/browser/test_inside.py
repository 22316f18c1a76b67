"""Blocks are opened into drawings of their own, and left again."""

from __future__ import annotations

import pytest

STATE = """
const stage = root.querySelector('.stage');
return [root.querySelector('.sheet svg').style.transform, stage.scrollLeft, stage.scrollTop];
"""


@pytest.fixture
def diagram(diagram):
    return diagram("blocks")


def enter(diagram, name):
    diagram.box(name).focus()
    diagram.press("Enter")
    diagram.button("Open inside").click()
    diagram.settle()


def test_a_block_opens_with_its_first_box_focused_and_the_way_to_it(diagram):
    enter(diagram, "encoder")
    assert diagram.box("hidden").is_visible()
    assert not diagram.box("joined").is_visible()
    assert diagram.focused == diagram.frames.count()
    trail = diagram.host.get_by_role("navigation", name="Blocks")
    assert trail.locator("[aria-current]").inner_text() == "encoder"


@pytest.mark.parametrize("way", ["Escape", "Backspace", "button"])
def test_one_returns_to_the_box_that_was_left_as_it_was_seen(way, diagram):
    for _ in range(2):
        diagram.button("Larger").click()
    diagram.box("encoder").focus()
    diagram.press("Enter")
    before, place = diagram.in_root(STATE), diagram.boxes.all_text_contents()
    there = next(at for at, text in enumerate(place) if "encoder" in text)
    diagram.button("Open inside").click()
    diagram.settle()
    if way == "button":
        diagram.button("Model").click()
        diagram.settle()
    else:
        diagram.press(way)
    assert diagram.boxes.all_text_contents() == place
    assert diagram.focused == diagram.frames.count() + there
    assert diagram.in_root(STATE)[0] == before[0]
    assert diagram.is_in_view(diagram.boxes.nth(there))
    assert not diagram.panel.is_visible()


def test_blocks_in_blocks_open(diagram):
    enter(diagram, "head")
    enter(diagram, "inner_head")
    assert diagram.box("act").is_visible()
    diagram.button("Model").click()
    diagram.settle()
    assert diagram.box("joined").is_visible()


def test_an_inside_that_is_shared_tells_of_the_calls_of_its_block(diagram):
    said = []
    for at in range(2):
        diagram.boxes.filter(has_text="encoder").nth(at).click()
        diagram.button("Open inside").click()
        diagram.settle()
        diagram.box("hidden").click()
        diagram.panel.wait_for()
        said.append(diagram.panel.inner_text())
        diagram.press("Escape", "Escape")
    assert said[0] != said[1]
    assert all("encoder" in text for text in said)
