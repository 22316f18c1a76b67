"""Layers are found by name and class, also inside of what is closed."""

from __future__ import annotations

import pytest


@pytest.fixture
def diagram(diagram):
    def opened(page, **options):
        found = diagram(page, **options)
        found.button("Find a layer").click()
        found.host.get_by_role("searchbox").wait_for()
        return found

    return opened


def found(diagram, text):
    diagram.host.get_by_role("searchbox").fill(text)
    diagram.settle()
    return diagram.host.locator(".find output").inner_text()


def test_the_number_of_hits_is_told_and_each_is_lit_up_in_view(diagram):
    diagram = diagram("tall")
    assert found(diagram, "conv2d") == "1 of 13"
    places = []
    for _ in range(13):
        [place] = diagram.lit
        places.append(place)
        assert diagram.is_in_view(diagram.boxes.nth(place))
        diagram.press("Enter")
    assert places == sorted(set(places))
    assert diagram.lit == {places[0]}
    diagram.press("Shift+Enter")
    assert diagram.lit == {places[-1]}


@pytest.mark.parametrize("text", ["block3_conv2", "BLOCK3_CONV2"])
def test_names_are_found_whatever_their_case(text, diagram):
    diagram = diagram("tall")
    assert found(diagram, text) == "1 of 1"
    [place] = diagram.lit
    assert "block3_conv2" in diagram.boxes.nth(place).text_content()


def test_what_there_is_not_is_said(diagram):
    diagram = diagram("small")
    assert found(diagram, "transformer") == "not found"
    assert found(diagram, "") == ""


def test_a_hit_in_a_closed_block_opens_it_and_the_next_one_leaves_it(diagram):
    diagram = diagram("blocks")
    assert found(diagram, "act") == "1 of 1"
    trail = diagram.host.get_by_role("navigation")
    assert trail.inner_text().split("\n")[0].startswith("Model")
    assert "inner_head" in trail.inner_text()
    [place] = diagram.lit
    assert "act" in diagram.boxes.nth(place).text_content()
    assert found(diagram, "joined") == "1 of 1"
    assert not trail.is_visible()


def test_a_hit_in_a_fold_is_the_box_that_stands_for_it(diagram):
    diagram = diagram("overview")
    assert found(diagram, "conv4_block5_2_conv") == "1 of 1"
    [place] = diagram.lit
    diagram.press("Escape")
    assert diagram.focused == place
    diagram.press("Enter")
    assert "5 repetitions" in diagram.panel.inner_text()


def test_the_key_for_it_is_the_slash(diagram):
    diagram = diagram("small")
    diagram.press("Escape")
    finder = diagram.host.get_by_role("searchbox")
    assert not finder.is_visible()
    diagram.press("/")
    assert finder.is_visible()
    diagram.page.keyboard.type("a/b")
    assert finder.input_value() == "a/b"
