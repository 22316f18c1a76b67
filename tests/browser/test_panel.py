"""What is told of boxes and lines."""

from __future__ import annotations

import pytest

from effort import slow_but

SIZES = [(1280, 800), (390, 844)]


def apart(one, other):
    return (
        one["x"] + one["width"] <= other["x"] + 1
        or other["x"] + other["width"] <= one["x"] + 1
        or one["y"] + one["height"] <= other["y"] + 1
        or other["y"] + other["height"] <= one["y"] + 1
    )


def test_pointing_at_a_box_tells_of_it_and_lights_up_its_neighbours(diagram):
    diagram = diagram("small")
    at = diagram.lines[1][1]
    diagram.boxes.nth(at).hover()
    told = diagram.tip.inner_text()
    assert "→" in told
    near = {end for ends in diagram.lines if at in ends for end in ends}
    assert diagram.lit == near
    diagram.page.mouse.move(0, 0)
    assert not diagram.tip.is_visible()
    assert diagram.lit == set()


def test_the_focus_by_keys_tells_of_a_box(diagram):
    diagram = diagram("small")
    diagram.boxes.first.focus()
    diagram.press("ArrowRight")
    assert diagram.tip.is_visible()
    assert diagram.focused in diagram.lit


def test_browsers_show_no_tip_of_their_own(diagram):
    diagram = diagram("overview")
    assert diagram.in_root("return root.querySelectorAll('title').length;") == 0


@pytest.mark.parametrize("theme", slow_but({"furo"}, ["furo", "alabaster"]))
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", slow_but({"overview"}, ["tall", "overview", "blocks"]))
def test_the_panel_lies_over_nothing_and_the_box_stays_in_view(theme, size, page, diagram):
    width, height = size
    diagram = diagram(page, theme, viewport={"width": width, "height": height})
    box = diagram.boxes.nth(2)
    box.click()
    diagram.panel.wait_for()
    diagram.settle()
    panel, stage = diagram.panel.bounding_box(), diagram.host.locator(".stage").bounding_box()
    assert apart(panel, stage)
    assert diagram.is_in_view(box)
    assert panel["width"] >= min(300, width - 60)
    assert panel["y"] + 100 <= height
    is_beside = panel["x"] > stage["x"] + 10
    assert is_beside == (diagram.host.bounding_box()["width"] >= 640)
    assert diagram.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_enter_opens_the_panel_and_escape_returns_to_the_box(diagram):
    diagram = diagram("small")
    diagram.boxes.first.focus()
    diagram.press("ArrowRight", "Enter")
    assert diagram.in_root("return root.activeElement.className;") == "panel"
    diagram.press("Escape")
    assert not diagram.panel.is_visible()
    assert diagram.focused == 1


def test_the_panel_says_name_class_shapes_and_parameters(diagram):
    diagram = diagram("tall")
    diagram.box("Conv2D").click()
    diagram.settle()
    told = diagram.panel.inner_text()
    for part in ("Conv2D", "block1_conv1", "(None, 224, 224, 3)", "1,792", "relu", "float32"):
        assert part in told
    assert (
        diagram.panel.locator("th").first.evaluate("th => getComputedStyle(th).textAlign") == "left"
    )


def test_a_click_with_ctrl_is_the_browsers(diagram):
    diagram = diagram("small")
    diagram.boxes.first.click(modifiers=["Control"])
    diagram.settle()
    assert not diagram.panel.is_visible()


def test_a_fused_chain_is_a_table_of_which_each_row_opens(diagram):
    diagram = diagram("overview")
    diagram.boxes.nth(1).click()
    diagram.panel.wait_for()
    rows = diagram.panel.locator("tr").filter(has=diagram.page.locator("td"))
    assert rows.count() == 6
    assert "9,472" in rows.nth(1).inner_text()
    rows.nth(1).get_by_role("button").click()
    assert "conv1_conv" in diagram.panel.inner_text()
    assert diagram.panel.locator(".stack").count() == 0
    diagram.panel.get_by_role("button", name="All").click()
    assert rows.count() == 6


def test_a_fold_is_a_list_of_its_repetitions_with_their_names(diagram):
    diagram = diagram("overview")
    diagram.frames.first.click(position={"x": 30, "y": 8})
    diagram.panel.wait_for()
    items = diagram.panel.locator("li")
    assert items.all_inner_texts() == [
        f"conv2_block{number}_1_conv … conv2_block{number}_out" for number in (2, 3)
    ]
    items.nth(1).get_by_role("button").click()
    assert "conv2_block3_1_conv" in diagram.panel.inner_text()
    assert "conv2_block2_1_conv" not in diagram.panel.inner_text()


def test_a_line_answers_near_it_and_tells_what_it_carries(diagram):
    diagram = diagram("small")
    diagram.boxes.first.hover()
    box = diagram.host.locator(".lines path").first.bounding_box()
    x, y = box["x"] + box["width"] / 2 + 4, box["y"] + box["height"] / 2
    diagram.page.mouse.move(x, y)
    assert "→" in diagram.tip.inner_text()
    assert diagram.lit == set(diagram.lines[0])
    diagram.page.mouse.click(x, y)
    diagram.panel.get_by_text("float32").first.wait_for()


def test_a_path_is_lit_up_from_one_box_to_another(diagram):
    diagram = diagram("overview")
    first, last = diagram.boxes.first, diagram.boxes.last
    first.click()
    diagram.button("Path to…").click()
    assert "Choose" in diagram.panel.inner_text()
    last.focus()
    diagram.press("Enter")
    assert "path joins" in diagram.panel.inner_text()
    number = diagram.frames.count() + diagram.boxes.count()
    assert {diagram.frames.count(), number - 1} < diagram.lit
    assert len(diagram.lit) < number
    diagram.page.mouse.move(0, 0)
    assert {diagram.frames.count(), number - 1} < diagram.lit
    diagram.press("Escape")
    assert diagram.lit == set()


def test_a_tap_opens_the_sheet_below(diagram):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    diagram = diagram("tall", **options)
    diagram.boxes.nth(4).tap()
    diagram.panel.wait_for()
    diagram.settle()
    assert not diagram.tip.is_visible()
    assert apart(diagram.panel.bounding_box(), diagram.host.locator(".stage").bounding_box())
    assert diagram.is_in_view(diagram.boxes.nth(4))
