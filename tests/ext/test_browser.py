"""Pages in a real browser: the drawing is there, and its text fits its boxes."""

from __future__ import annotations

import pytest

from browser_site import served

#: For each box of an SVG, how far its text runs over its right edge, in points.
OVERHANG = """() => [
    ...document.querySelectorAll("g.node:not(.title):not(.connector)")
].map(node => {
    const shape = [...node.querySelectorAll("polygon, path")].map(s => s.getBBox());
    const right = Math.max(...shape.map(box => box.x + box.width));
    const text = [...node.querySelectorAll("text")].map(t => t.getBBox());
    return Math.max(...text.map(box => box.x + box.width)) - right;
})"""


@pytest.fixture(scope="module")
def site(html):
    """The address of the built pages."""
    with served(html.folder) as address:
        yield address


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    yield page
    page.close()


def test_diagrams_are_shown_at_their_size(page, site):
    page.goto(f"{site}/branches.html")
    page.locator(".live").wait_for()
    width, height = page.locator(".stage svg").evaluate(
        "svg => [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height]"
    )
    box = page.locator(".stage svg").bounding_box()
    assert box["width"] == pytest.approx(width * 96 / 72, abs=2)
    assert box["height"] == pytest.approx(height * 96 / 72, abs=2)


def test_wide_diagram_stays_within_its_column(page, site):
    page.goto(f"{site}/resnet50.html")
    page.locator(".live").wait_for()
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    assert scrolled <= 1200
    stage = page.locator(".stage").evaluate("stage => [stage.scrollWidth, stage.clientWidth]")
    assert stage[0] > 10 * stage[1]


@pytest.mark.parametrize("name", ["branches", "nested", "efficientnet", "overview"])
def test_text_fits_its_box(page, site, html, name):
    for image in html.images():
        if image in html.read(f"{name}.html"):
            page.goto(f"{site}/_images/{image}")
            assert max(page.evaluate(OVERHANG)) <= 0


def test_description_is_there_for_who_cannot_see(page, site):
    page.goto(f"{site}/mlp.html")
    assert page.get_by_label("Diagram of mlp, a Sequential model").count() == 1
