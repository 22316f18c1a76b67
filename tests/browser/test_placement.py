"""Diagrams wherever a page has them: as wide as their place, aligned as asked, and never wider."""

from __future__ import annotations

import functools
import importlib.util

import pytest

from browser_site import THEMES as SWITCHED
from effort import slow_but
from sphinx_project import make_project, missing

THEMES = SWITCHED | {"shibuya": "shibuya"}
PAGE = """
Placement
=========

.. keras-model:: zoo.first.branches
   :align: left
   :name: left

.. keras-model:: zoo.first.branches
   :align: right
   :name: right

.. keras-model:: zoo.first.branches
   :name: middle

.. keras-model:: zoo.first.branches
   :align: right
   :figwidth: 50%
   :caption: At the right.
   :name: figure

.. keras-model:: zoo.first.branches
   :width: 150px
   :name: small

.. keras-model:: zoo.first.branches
   :width: 50%
   :name: half

.. keras-model:: zoo.first.branches
   :rankdir: LR
   :caption: Wide.
   :name: wide

.. list-table::

   * - .. keras-model:: zoo.first.branches
          :rankdir: LR
     - Text

.. grid:: 2

   .. grid-item-card:: A card

      .. keras-model:: zoo.first.branches
         :rankdir: LR

   .. grid-item-card:: One to click
      :link: https://example.org

      .. keras-model:: zoo.first.branches

.. tab-set::

   .. tab-item:: One

      Text.

   .. tab-item:: Two

      .. keras-model:: zoo.first.branches
         :name: tab

#. In a list

   .. keras-model:: zoo.first.branches
      :rankdir: LR

.. sidebar:: At the side

   .. keras-model:: zoo.first.branches
      :rankdir: LR

Text.
"""
#: Where the drawing of a diagram, and the text of the page, begin and end.
SIDES = """(name) => {
    const found = document.getElementById(name);
    const host = found.matches(".kerasgraph") ? found : found.querySelector(".kerasgraph");
    const svg = host.shadowRoot.querySelector(".stage svg").getBoundingClientRect();
    const title = document.querySelector("h1").getBoundingClientRect();
    const box = found.getBoundingClientRect();
    return {left: svg.left, right: svg.right, from: title.left, to: title.right,
            start: box.left, end: box.right};
}"""


@pytest.fixture(scope="module")
def placed(tmp_path_factory, dot):
    base = tmp_path_factory.mktemp("placed")

    @functools.cache
    def built(theme: str):
        for module in ("sphinx_design", THEMES[theme]):
            if importlib.util.find_spec(module) is None:
                missing(f"{module} is not installed (pip install --group themes)")
        folder = base / theme
        folder.mkdir()
        conf = (
            f"html_theme = {THEMES[theme]!r}\nextensions.append('sphinx_design')\n"
            "kerasgraph_cache_dir = '../../cache'\n"
        )
        build = make_project(folder, conf, index=PAGE).build("html")
        assert build.warnings == []
        return (build.folder / "index.html").as_uri()

    return built


@pytest.fixture
def page(placed, chromium, request):
    def open_(theme, **options):
        address = placed(theme)
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        request.addfinalizer(context.close)
        page = context.new_page()
        page.goto(address)
        return page

    return open_


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", slow_but({"furo"}, THEMES))
def test_no_page_is_wider_than_the_window(theme, width, page):
    for script in (True, False):
        opened = page(theme, viewport={"width": width, "height": 800}, java_script_enabled=script)
        box = opened.locator("html").bounding_box()
        for host in opened.locator(".kerasgraph").all():
            place = host.bounding_box()
            if place is not None and place["width"]:  # not in a closed tab
                assert place["width"] <= width
        if script:
            assert opened.evaluate("document.documentElement.scrollWidth") <= width
        assert box["width"] <= width


@pytest.mark.parametrize("theme", slow_but({"furo"}, THEMES))
def test_drawings_stand_where_they_are_asked_to(theme, page):
    opened = page(theme)
    left, right, middle = (opened.evaluate(SIDES, name) for name in ("left", "right", "middle"))
    assert left["left"] == pytest.approx(left["start"], abs=4)
    assert right["right"] == pytest.approx(right["end"], abs=4)
    assert middle["left"] - middle["start"] == pytest.approx(middle["end"] - middle["right"], abs=4)
    assert left["start"] == pytest.approx(right["start"], abs=1)  # none floats


@pytest.mark.parametrize("theme", slow_but({"furo"}, THEMES))
def test_figures_are_as_wide_as_asked_and_stand_so(theme, page):
    opened = page(theme)
    figure, whole = opened.evaluate(SIDES, "figure"), opened.evaluate(SIDES, "left")
    column = whole["end"] - whole["start"]
    assert figure["end"] - figure["start"] == pytest.approx(column / 2, rel=0.02)
    assert figure["end"] == pytest.approx(whole["end"], abs=2)
    half = opened.evaluate(SIDES, "half")
    assert half["end"] - half["start"] == pytest.approx(column / 2, rel=0.02)


def test_a_drawing_is_as_wide_as_asked(page):
    for script in (True, False):
        opened = page("furo", java_script_enabled=script)
        if script:
            small = opened.evaluate(SIDES, "small")
            assert small["right"] - small["left"] == pytest.approx(150, abs=1)
        else:
            box = opened.locator("#small .stage svg").bounding_box()
            assert box["width"] == pytest.approx(150, abs=1)


def test_a_diagram_in_a_closed_tab_fits_when_it_opens(page):
    opened = page("furo")
    opened.get_by_text("Two", exact=True).click()
    tab = opened.locator("#tab")
    tab.locator(".view.live").wait_for()
    opened.wait_for_timeout(300)
    sides = opened.evaluate(SIDES, "tab")
    assert sides["right"] - sides["left"] > 100
    assert sides["left"] >= sides["start"] - 1
    assert sides["right"] <= sides["end"] + 1
