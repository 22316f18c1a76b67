"""A drawing fits what it is shown in, also where that changes."""

from __future__ import annotations

import base64

import pytest

from browser_stage import Diagram

#: The largest step between two pixels that are side by side, of those in the middle row.
EDGE = """async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, bitmap.height / 2 | 0, bitmap.width, 1);
    let step = 0;
    for (let at = 4; at < data.length; at += 4)
        step = Math.max(step, Math.abs(data[at] - data[at - 4]));
    return step;
}"""


@pytest.fixture
def shown(origins, opened):
    """Opens a page of the site, and returns its diagram."""

    def show(name: str, **options) -> Diagram:
        return Diagram.of(opened(f"{origins('furo')}/{name}.html", **options))

    return show


def resized(diagram, width: int, height: int = 800) -> None:
    diagram.page.set_viewport_size({"width": width, "height": height})
    diagram.page.wait_for_timeout(100)


def test_it_fits_again_when_the_window_changes(shown):
    diagram = shown("small")
    first = diagram.place.scale
    resized(diagram, 320, 300)
    smaller = diagram.place.scale
    assert smaller < first
    assert smaller >= 0.7
    resized(diagram, 1280)
    assert diagram.place.scale == first
    diagram.press("Show all of it")
    resized(diagram, 320, 200)
    assert diagram.fades == set()


def test_the_scale_that_a_reader_chose_is_kept(shown):
    diagram = shown("deep")
    diagram.press("Larger")
    chosen = diagram.place.scale
    resized(diagram, 700)
    assert diagram.place.scale == chosen


def test_one_in_closed_details_fits_when_they_open(shown):
    diagram = shown("overview")
    expected = diagram.place.scale
    page = diagram.page
    page.add_init_script(
        """document.addEventListener('readystatechange', () => {
            const host = document.querySelector('.kerasgraph');
            if (!host || host.closest('details.later')) return;
            const details = document.createElement('details');
            details.className = 'later';
            host.before(details);
            details.append(host);
        });"""
    )
    page.reload()
    page.wait_for_timeout(300)
    assert page.locator(".live").count() == 0
    page.evaluate("() => { document.querySelector('.later').open = true; }")
    assert Diagram.of(page).place.scale == pytest.approx(expected)


def test_one_that_was_hidden_for_a_while_is_as_before(shown):
    diagram = shown("deep")
    before = diagram.place.scale
    for display in ("none", ""):
        diagram.page.evaluate(
            f"() => {{ document.querySelector('.kerasgraph').style.display = '{display}'; }}"
        )
        diagram.page.wait_for_timeout(100)
    assert diagram.place.scale == before


def test_paper_has_all_of_it_and_no_tools(shown):
    diagram = shown("deep")
    diagram.press("Larger")
    diagram.page.emulate_media(media="print")
    assert not diagram.page.locator(".tools").first.is_visible()
    stage, drawing = diagram.told(
        "(stage, svg) => [stage, svg].map((one) => one.getBoundingClientRect().toJSON())"
    )
    assert drawing["height"] <= stage["height"] + 1
    assert drawing["left"] >= stage["left"] - 1
    assert drawing["right"] <= stage["right"] + 1
    assert diagram.told("(stage) => getComputedStyle(stage).maskImage") == "none"


def test_full_screen_shows_all_that_fits_and_scrolls_the_rest(shown):
    diagram = shown("small")
    diagram.press("Full screen")
    diagram.page.wait_for_function("() => document.fullscreenElement")
    diagram.page.wait_for_timeout(200)
    assert diagram.fades == set()
    assert diagram.told("(stage) => getComputedStyle(stage).overflowY") == "auto"
    diagram.press("Full screen")
    diagram.page.wait_for_function("() => !document.fullscreenElement")


def test_six_times_as_large_it_is_sharp(shown):
    diagram = shown("small")
    page = diagram.page
    for _ in range(2):
        box = page.locator(".boxes a").first.bounding_box()
        page.mouse.move(round(box["x"] + 4), round(box["y"] + box["height"] / 2))
        page.keyboard.down("Control")
        for _ in range(9):
            page.mouse.wheel(0, -10)
        page.keyboard.up("Control")
        page.wait_for_timeout(400)
    assert diagram.place.scale > 6
    left, top, right, bottom = diagram.frame
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    shot = base64.b64encode(page.screenshot(clip=clip)).decode()
    assert page.evaluate(EDGE, f"data:image/png;base64,{shot}") > 100


def test_tools_are_one_stop_of_the_tab_key(shown):
    diagram = shown("small")
    keyboard = diagram.page.keyboard
    diagram.page.get_by_role("button", name="Smaller").first.focus()
    keyboard.press("ArrowRight")
    focused = "() => document.activeElement.shadowRoot.activeElement.ariaLabel"
    assert diagram.page.evaluate(focused) == "Larger"
    keyboard.press("Tab")
    assert diagram.told("(stage) => stage.contains(stage.getRootNode().activeElement)")


def test_the_menu_offers_the_drawing_alone(shown):
    diagram = shown("small")
    diagram.press("More")
    link = diagram.page.get_by_role("link", name="Drawing alone").first
    link.click()
    diagram.page.wait_for_url("**/*.svg")


def test_fingers_find_tools_of_44_pixels(shown):
    diagram = shown("small", viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True)
    sizes = diagram.told(
        """(stage, svg, tools) => [...tools.children].filter((one) => one.offsetWidth)
            .map((one) => Math.min(one.offsetWidth, one.offsetHeight))"""
    )
    assert len(sizes) >= 6
    assert min(sizes) >= 44
