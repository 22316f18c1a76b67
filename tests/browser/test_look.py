"""What is seen at first."""

from __future__ import annotations

import pytest

from browser_site import SWITCHING, THEMES

GROUND = """() => getComputedStyle(
    document.querySelector('.kerasgraph').shadowRoot.querySelector('.boxes path, .boxes rect')
).fill"""


@pytest.mark.parametrize("theme", THEMES)
def test_the_drawing_is_as_dark_as_the_page(theme, origins, opened):
    light, dark = (
        opened(f"{origins(theme)}/small.html", color_scheme=scheme).evaluate(GROUND)
        for scheme in ("light", "dark")
    )
    assert (light != dark) == (theme in SWITCHING)
