"""What is seen at first."""

from __future__ import annotations

import pytest

from browser_site import SWITCHING, THEMES
from effort import slow_but

GROUND = """() => getComputedStyle(
    document.querySelector('.kerasgraph').shadowRoot.querySelector('.boxes path, .boxes rect')
).fill"""


@pytest.mark.parametrize("theme", slow_but({"alabaster", "furo"}, THEMES))
def test_the_drawing_is_as_dark_as_the_page(theme, origins, opened):
    light, dark = (
        opened(f"{origins(theme)}/small.html", color_scheme=scheme).evaluate(GROUND)
        for scheme in ("light", "dark")
    )
    assert (light != dark) == (theme in SWITCHING)


def test_a_drawing_that_is_not_explored_is_whole_with_its_link(origins, opened):
    page = opened(f"{origins('furo')}/still.html")
    assert page.get_by_role("link", name="Drawing alone").is_visible()
    high, seen = page.locator(".stage").evaluate("one => [one.scrollHeight, one.clientHeight]")
    assert high == seen > 800  # nothing that traps the wheel
    above = page.locator(".view").evaluate("one => getComputedStyle(one).paddingTop")
    assert above == "0px"


def test_the_heads_of_lines_are_filled(origins, opened):
    page = opened(f"{origins('furo')}/small.html")
    head = page.locator(".kerasgraph marker path").first
    assert head.evaluate("one => getComputedStyle(one).fill") != "none"
