"""The pointer, fingers and keys zoom and move a drawing."""

from __future__ import annotations

import pytest

from browser_stage import Diagram
from effort import slow_but

PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def shown(origins, opened):
    """Opens a page of the site, and returns its diagram."""

    def show(name: str, **options) -> Diagram:
        diagram = Diagram.of(opened(f"{origins('furo')}/{name}.html", **options))
        diagram.to("tools")
        return diagram

    return show


def within(diagram, across: float, down: float) -> tuple[float, float]:
    """A point, of whole pixels as mice are, on the part of the drawing that is seen."""
    left, top, right, bottom = diagram.frame
    return round(left + (right - left) * across), round(top + (bottom - top) * down)


@pytest.mark.parametrize("name", slow_but({"small"}, ["small", "tall", "deep"]))
@pytest.mark.parametrize("at", [(0.5, 0.5), (0.05, 0.9), (0.9, 0.1), (0.35, 0.97)])
def test_ctrl_and_the_wheel_keep_the_point_under_the_pointer(shown, name, at):
    diagram = shown(name)
    x, y = within(diagram, *at)
    wanted = diagram.place.under(x, y)
    first = diagram.place.scale
    diagram.page.mouse.move(x, y)
    diagram.page.keyboard.down("Control")
    for turn in [-30] * 8 + [20] * 5:
        diagram.page.mouse.wheel(0, turn)
        diagram.page.wait_for_timeout(20)
        place = diagram.place
        found = place.under(x, y)
        assert abs(found[0] - wanted[0]) * place.scale < 0.005 * 1280
        assert abs(found[1] - wanted[1]) * place.scale < 0.005 * 800
    assert place.scale > first * 1.5


@pytest.mark.parametrize("name", slow_but({"tall"}, ["small", "tall", "deep"]))
@pytest.mark.parametrize("zoomed", [False, True])
def test_the_plain_wheel_moves_the_page_alone(shown, name, zoomed):
    diagram = shown(name, viewport={"width": 1280, "height": 500})
    if zoomed:
        diagram.press("Larger")
    diagram.page.evaluate("() => { document.body.style.paddingBottom = '2000px'; }")
    before, scroll = diagram.place, diagram.scroll
    start = diagram.page.evaluate("() => scrollY")
    diagram.page.mouse.move(*within(diagram, 0.5, 0.5))
    diagram.page.mouse.wheel(0, 120)
    diagram.page.wait_for_function(f"() => scrollY >= {start} + 119")
    assert diagram.place.scale == before.scale
    assert diagram.scroll == scroll


def test_a_drag_moves_the_drawing_and_does_not_click(shown):
    diagram = shown("deep")
    diagram.press("Larger")
    box = diagram.page.locator(".boxes a").nth(3).bounding_box()
    x, y = box["x"] + 20, box["y"] + 8
    before = diagram.place
    address = diagram.page.url
    mouse = diagram.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 30, y - 40, steps=4)
    mouse.move(x - 60, y - 80, steps=4)
    mouse.up()
    after = diagram.place
    assert (after.left, after.top) == pytest.approx((before.left - 60, before.top - 80), abs=5)
    assert diagram.page.url == address
    assert not diagram.page.locator(".panel").first.is_visible()


def test_a_click_still_answers_after_a_drag(shown):
    diagram = shown("deep")
    diagram.press("Larger")
    mouse = diagram.page.mouse
    x, y = within(diagram, 0.5, 0.5)
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 80, steps=4)
    mouse.up()
    box = diagram.page.locator(".boxes a").nth(2)
    box.focus()
    diagram.page.keyboard.press("Enter")
    diagram.page.locator(".panel").first.wait_for(state="visible")
    diagram.page.keyboard.press("Escape")
    box.click()
    diagram.page.locator(".panel").first.wait_for(state="visible")


def test_keys_zoom(shown):
    diagram = shown("small")
    first = diagram.place.scale
    diagram.page.locator(".boxes a").first.focus()
    diagram.page.keyboard.press("+")
    larger = diagram.place.scale
    diagram.page.keyboard.press("+")
    diagram.page.keyboard.press("-")
    assert diagram.place.scale == pytest.approx(larger)
    assert larger > first
    diagram.page.keyboard.press("0")
    assert diagram.place.scale == pytest.approx(first)


def touch(diagram, *events: list[tuple[float, float]]) -> None:
    """Puts fingers on the window, moves them, and takes them away."""
    session = diagram.page.context.new_cdp_session(diagram.page)
    for at, fingers in enumerate(events):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(fingers)]
        kind = "touchMove" if at else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        diagram.page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    diagram.page.wait_for_timeout(100)


@pytest.mark.parametrize("name", ["small", "deep"])
def test_two_fingers_zoom_and_keep_what_is_between_them(shown, name):
    diagram = shown(name, **PHONE)
    x, y = within(diagram, 0.4, 0.4)
    before = diagram.place
    spread = [20, 24, 30, 40, 50, 60, 70]
    touch(diagram, *[[(x - each, y), (x + each, y)] for each in spread])
    after = diagram.place
    assert after.scale == pytest.approx(before.scale * 3.5, rel=0.02)
    was, now = before.under(x, y), after.under(x, y)
    assert abs(was[0] - now[0]) * after.scale < 0.005 * 390
    assert abs(was[1] - now[1]) * after.scale < 0.005 * 664
    assert diagram.page.evaluate("() => visualViewport.scale") == 1


@pytest.mark.parametrize("zoomed", [False, True])
def test_a_finger_moves_the_page_up_and_down_unless_the_drawing_is_zoomed(shown, zoomed):
    diagram = shown("deep", **PHONE)
    if zoomed:
        diagram.press("Larger")
    start = diagram.page.evaluate("() => scrollY")
    left, top = diagram.scroll
    x, y = within(diagram, 0.5, 0.6)
    touch(diagram, *[[(x, y - each)] for each in range(0, 140, 10)])
    moved = diagram.page.evaluate("() => scrollY") - start
    assert (moved == 0, diagram.scroll[1] > top) == (zoomed, zoomed)
    assert zoomed or moved > 80
    touch(diagram, *[[(x - each, y)] for each in range(0, 140, 10)])
    assert diagram.scroll[0] > left
