"""A diagram is explored by keys alone."""

from __future__ import annotations

import pytest

FOCUSED_IN_VIEW = """
const box = root.activeElement.getBoundingClientRect();
const stage = root.querySelector('.stage').getBoundingClientRect();
return box.left >= stage.left - 1 && box.right <= stage.right + 1
    && box.top >= Math.max(0, stage.top) - 1
    && box.bottom <= Math.min(innerHeight, stage.bottom) + 1;
"""


def walked(diagram, key, most=400):
    """The places that a key leads to, from the one with the focus on."""
    places = [diagram.focused]
    while len(places) < most:
        diagram.page.keyboard.press(key)
        diagram.settle()
        if diagram.focused == places[-1]:
            return places
        places.append(diagram.focused)
        assert diagram.in_root(FOCUSED_IN_VIEW), places[-1]
    raise AssertionError(places)


@pytest.mark.parametrize(
    ("page", "size"),
    [
        ("overview", (1280, 800)),
        pytest.param("overview", (390, 844), marks=pytest.mark.slow),
        pytest.param("blocks", (390, 844), marks=pytest.mark.slow),
    ],
)
def test_right_reaches_every_box_in_the_order_of_the_flow_each_in_view(page, size, diagram):
    diagram = diagram(page, viewport={"width": size[0], "height": size[1]})
    diagram.boxes.first.focus()
    diagram.press("Home")
    places = walked(diagram, "ArrowRight")
    number = diagram.boxes.count() + diagram.frames.count()
    assert sorted(places) == list(range(number))
    lines = [ends for ends in diagram.lines if max(ends) < number]
    assert lines
    assert all(places.index(one) < places.index(other) for one, other in lines)
    assert walked(diagram, "ArrowLeft") == places[::-1]


@pytest.mark.slow
def test_down_and_up_follow_the_lines_through_the_heads_of_folds(diagram):
    diagram = diagram("overview")
    diagram.boxes.first.focus()
    down = walked(diagram, "ArrowDown")
    assert down[0] == diagram.frames.count()
    assert down[-1] == diagram.frames.count() + diagram.boxes.count() - 1
    assert len(down) > diagram.boxes.count() / 2
    assert walked(diagram, "ArrowUp")[-1] == down[0]


def test_down_and_up_return_where_lines_part(diagram):
    diagram = diagram("small")
    ends = diagram.lines
    parting = next(one for one, _ in ends if [from_ for from_, _ in ends].count(one) > 1)
    diagram.in_root("root.querySelectorAll('.sheet a')[argument].focus();", parting)
    diagram.press("ArrowDown")
    assert (parting, diagram.focused) in ends
    diagram.press("ArrowUp")
    assert diagram.focused == parting


def test_home_and_end_lead_to_the_first_and_the_last_box(diagram):
    diagram = diagram("tall")
    diagram.boxes.nth(3).focus()
    diagram.press("End")
    assert diagram.focused == diagram.boxes.count() - 1
    assert diagram.in_root(FOCUSED_IN_VIEW)
    diagram.press("Home")
    assert diagram.focused == 0


@pytest.mark.parametrize("panel", [False, True])
def test_a_diagram_has_few_stops_of_the_tab_key(panel, diagram):
    diagram = diagram("blocks")
    if panel:
        diagram.boxes.first.click()
    diagram.page.evaluate("document.querySelector('.kerasgraph').previousElementSibling?.focus()")
    stops = diagram.in_root(
        "return [...root.querySelectorAll('a[href], button, input, [tabindex]'),"
        " ...host.querySelectorAll('a[href], summary')]"
        ".filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length;"
    )
    assert stops <= 12


def test_tab_leads_to_the_box_that_had_the_focus(diagram):
    diagram = diagram("small")
    diagram.boxes.first.focus()
    diagram.press("ArrowRight", "ArrowRight")
    there = diagram.focused
    diagram.press("Tab")
    assert diagram.focused == -1
    diagram.press("Shift+Tab")
    assert diagram.focused == there


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_box_with_the_focus_is_outlined_in_the_colour_of_text(scheme, diagram):
    diagram = diagram("blocks", color_scheme=scheme)
    diagram.boxes.first.focus()
    diagram.press("ArrowRight")
    stroke, width, ink = diagram.in_root(
        "const style = getComputedStyle(root.activeElement.querySelector('path, rect, circle'));"
        "const ink = getComputedStyle(root.querySelector('.view')).color;"
        "return [style.stroke, parseFloat(style.strokeWidth), ink];"
    )
    assert stroke == ink
    assert width >= 3


def test_themes_hear_nothing_of_the_keys_of_a_diagram(diagram):
    diagram = diagram("small")
    diagram.page.evaluate(
        "window.heard = []; document.addEventListener('keydown', (event) => heard.push(event.key))"
    )
    diagram.boxes.first.focus()
    diagram.press("ArrowRight", "ArrowLeft", "End", "Enter", "Escape", "/", "Escape")
    assert diagram.page.evaluate("heard") == []
