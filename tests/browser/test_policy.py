"""Pages under the strictest policy, and from files: nothing of ours is refused."""

from __future__ import annotations

import pytest

from browser_site import EXPLORED, POLICY, THEMES
from effort import slow_but

#: Says what of ours the policy refused: what is in a diagram, or asks for a file of ours.
REFUSED = """() => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        const from = event.target instanceof Element ? event.target : null;
        window.refused.push([
            event.violatedDirective, event.blockedURI, event.sourceFile || "",
            Boolean(from && (from.closest(".kerasgraph") || from.getRootNode().host)),
        ]);
    }, true);
}"""


def of_ours(refused):
    """What is in a diagram, is of ours, or was asked for by our script.

    Fonts of a theme are asked for by whoever first looks how large anything is.
    """
    return [
        (directive, what, by, is_in_diagram)
        for directive, what, by, is_in_diagram in refused
        if is_in_diagram or "kerasgraph" in what or ("kerasgraph" in by and directive != "font-src")
    ]


def used(page):
    """Opens what can be opened of the first diagram."""
    page.locator(".kerasgraph .view.live").first.wait_for()
    page.get_by_role("button", name="Find a layer").first.click()
    page.keyboard.press("Escape")
    page.locator(".kerasgraph .boxes a").first.click()
    page.locator(".kerasgraph .panel").first.wait_for()


@pytest.fixture
def visited(chromium):
    contexts = []

    def visit(address, **options):
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(f"({REFUSED})()")
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        return page, requests

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", slow_but({"pydata"}, THEMES))
def test_nothing_of_ours_is_refused(theme, origins, visited):
    origin = origins(theme, tuple(POLICY.items()))
    page, requests = visited(f"{origin}/blocks.html")
    used(page)
    assert of_ours(page.evaluate("window.refused")) == []
    ours = [url for url in requests if "kerasgraph" in url]
    assert ours
    assert all(url.startswith(origin) for url in ours)


@pytest.mark.parametrize("name", EXPLORED)
def test_no_request_leaves_the_site(name, origins, visited):
    origin = origins("furo", tuple(POLICY.items()))
    page, requests = visited(f"{origin}/{name}.html")
    used(page)
    assert [url for url in requests if not url.startswith((origin, "data:"))] == []


@pytest.mark.parametrize("theme", slow_but({"pydata"}, THEMES))
def test_diagrams_work_from_files(theme, sites, visited):
    page, requests = visited((sites(theme).folder / "blocks.html").as_uri())
    used(page)
    assert all(url.startswith("file:") for url in requests if "kerasgraph" in url)


def test_drawings_are_there_without_a_script_under_the_policy(origins, visited):
    origin = origins("furo", tuple(POLICY.items()))
    page, _ = visited(f"{origin}/small.html", java_script_enabled=False)
    box = page.locator(".kerasgraph svg .boxes text").first
    assert box.is_visible()
    assert page.get_by_role("link", name="Drawing alone").is_visible()


def test_drawing_alone_is_a_page_of_its_own(origins, visited):
    page, _ = visited(f"{origins('furo')}/small.html", java_script_enabled=False)
    page.get_by_role("link", name="Drawing alone").click()
    page.wait_for_url("**/*.svg")
    assert page.get_by_text("Concatenate").first.is_visible()
