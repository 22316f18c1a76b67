"""A drawing is seen whole at first, or shows that it goes on."""

from __future__ import annotations

import pytest

from browser_site import EXPLORED
from browser_stage import Diagram
from effort import slow_but

PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}
WINDOWS = {
    "phone": PHONE,
    "laptop": {"viewport": {"width": 1280, "height": 800}},
    "desktop": {"viewport": {"width": 1920, "height": 1080}},
}
BOXES = """(stage, svg) => [...svg.querySelectorAll('.boxes a')].map((box) => {
    const { left, top, right, bottom } = box.getBoundingClientRect();
    return [left, top, right, bottom];
})"""
TOOLS = """(stage, svg, tools) => {
    const { top, bottom } = tools.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && bottom <= stage.getBoundingClientRect().top;
}"""


@pytest.mark.parametrize("window", slow_but({"phone"}, WINDOWS))
def test_half_of_the_boxes_are_seen_or_the_drawing_fades(window, origins, opened):
    for name in EXPLORED:
        diagram = Diagram.of(opened(f"{origins('furo')}/{name}.html", **WINDOWS[window]))
        diagram.to("tools")
        left, top, right, bottom = diagram.frame
        boxes = diagram.told(BOXES)
        seen = [
            box
            for box in boxes
            if box[0] > left - 1 and box[1] > top - 1 and box[2] < right + 1 and box[3] < bottom + 1
        ]
        assert seen, name
        assert len(seen) == len(boxes) or diagram.fades, name
        assert diagram.told(TOOLS), name
        page_width = diagram.page.evaluate("() => document.documentElement.scrollWidth")
        assert page_width <= WINDOWS[window]["viewport"]["width"], name


def test_what_is_legible_is_seen_whole_and_anything_else_by_a_tap(origins, opened):
    small, deep = (
        Diagram.of(opened(f"{origins('furo')}/{name}.html", **PHONE)) for name in ("small", "deep")
    )
    assert small.fades == set()
    assert "down" in deep.fades
    assert deep.place.scale >= 0.7
    deep.press("Show all of it")
    assert deep.fades == set()
    assert deep.place.scale < 0.7


def test_nothing_moves_when_diagrams_are_set_up(origins, opened):
    page = opened(f"{origins('furo')}/deep.html")
    page.locator(".live .tools").first.wait_for()
    shifts = """() => new Promise((done) => new PerformanceObserver((list) => done(
        list.getEntries().reduce((sum, one) => sum + one.value, 0)))
        .observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done(0), 500))"""
    assert page.evaluate(shifts) < 0.05
