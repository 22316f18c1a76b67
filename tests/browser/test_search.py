"""The documentation's own search finds layers, and its words are those of the page."""

from __future__ import annotations

import pytest

from browser_site import THEMES
from effort import slow_but

#: A box of the drawing, one in a fold, one in a closed block; and the pages they are on.
FOUND = {
    "conv4_block5_2_conv": ["deep", "overview"],
    "conv5_block3_out": ["deep", "overview"],
    "squeeze": ["blocks"],
}


@pytest.mark.parametrize("word", FOUND)
def test_layers_are_found_with_snippets_of_whole_words(word, origins, opened):
    page = opened(f"{origins('alabaster')}/search.html?q={word}")
    results = page.locator("ul.search > li")
    results.locator("p.context").first.wait_for()
    links = [link.get_attribute("href") for link in results.locator("a").all()]
    assert {link.partition(".")[0].rpartition("/")[2] for link in links} >= set(FOUND[word])
    for snippet in results.locator("p.context").all_text_contents():
        words = [one.strip(".,:()…") for one in snippet.split()]
        assert word in words
        # Each name ends where its colon is.
        assert not [one for one in snippet.split() if ":" in one.rstrip(":")]


@pytest.mark.parametrize("theme", slow_but({"furo"}, THEMES))
def test_highlighting_leaves_drawings_alone(theme, origins, opened):
    page = opened(f"{origins(theme)}/small.html?highlight=concatenate")
    inside = page.evaluate(
        "() => document.querySelector('.kerasgraph').shadowRoot"
        ".querySelectorAll('.highlighted').length"
    )
    assert inside == 0
    assert page.locator("svg").get_by_text("Concatenate").is_visible()
