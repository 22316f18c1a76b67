"""Links of boxes, followed."""

from __future__ import annotations

import pytest

from browser_stage import Diagram
from sphinx_project import make_project

PAGES = {
    "index": "Models\n======\n\n.. toctree::\n\n   deep/page\n   api\n",
    "deep/page": """
Deep
====

.. keras-model:: zoo.first.custom

.. keras-model:: zoo.shapes.nested
""",
    "api": "API\n===\n\n.. py:class:: zoo.Linear\n\n   " + "Where users import it.\n   " * 200,
}
#: The address of what the link of a box, found by its class, leads to.
HREF = """name => [...document.querySelectorAll('.kerasgraph')]
    .flatMap(one => [...one.shadowRoot.querySelectorAll('.sheet a')])
    .find(box => box.textContent.includes(name)).href.baseVal"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, dot):
    """The folder of a site whose API is documented."""
    conf = "html_theme = 'furo'\n"
    build = make_project(tmp_path_factory.mktemp("linked"), conf, **PAGES).build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build.folder


@pytest.fixture
def page(site, opened):
    """Opens the page with diagrams, from its file."""

    def open_(**options):
        return opened((site / "deep/page.html").as_uri(), **options)

    return open_


def box(page, name: str):
    return page.locator(".sheet a").filter(has_text=name).first


def test_without_a_script_a_click_leads_to_the_documentation(page, site):
    shown = page(java_script_enabled=False)
    box(shown, "Linear").click()
    assert shown.url == f"{(site / 'api.html').as_uri()}#zoo.Linear"


def test_with_the_script_the_panel_holds_the_link(page, site):
    shown = page()
    Diagram.of(shown)
    box(shown, "Linear").click()
    link = shown.locator(".panel").first.get_by_role("link", name="Documentation")
    link.click()
    shown.wait_for_url(f"{(site / 'api.html').as_uri()}#zoo.Linear")


@pytest.mark.parametrize("key", ["Control", "Shift"])
def test_a_key_and_a_click_open_the_documentation_beside_the_page(page, site, key):
    shown = page()
    Diagram.of(shown)
    with shown.context.expect_page() as other:
        box(shown, "Linear").click(modifiers=[key])
    assert other.value.url == f"{(site / 'api.html').as_uri()}#zoo.Linear"
    assert shown.locator(".panel:visible").count() == 0


def test_boxes_inside_of_a_block_lead_there_too(page):
    shown = page()
    Diagram.of(shown)
    block = box(shown, "encoder")
    block.scroll_into_view_if_needed()
    block.click()
    shown.get_by_role("button", name="Open inside").click()
    shown.locator(".trail:visible").wait_for()
    leads = shown.evaluate(HREF, "hidden")
    assert leads == "https://www.tensorflow.org/api_docs/python/tf/keras/layers/Dense"
    leads = shown.evaluate(
        "() => [...document.querySelectorAll('.kerasgraph')].flatMap(one => "
        "[...one.shadowRoot.querySelectorAll('a')].map(link => link.getAttribute('href')))"
    )
    assert not [link for link in leads if link and link.startswith("kerasgraph:")]
