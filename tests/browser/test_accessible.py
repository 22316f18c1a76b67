"""Figures are for everyone, as far as axe can tell, and by name and role."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sphinxcontrib_kerasgraph
from effort import slow_but
from sphinx_project import missing

AXE = Path(sphinxcontrib_kerasgraph.__file__).parent / "script/node_modules/axe-core/axe.min.js"
RUN = """async () => {
    const host = document.querySelector('.kerasgraph').closest('figure, .kerasgraph');
    const { violations } = await axe.run(host);
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
}"""


def violations(diagram):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci in the folder of the script")
    diagram.page.add_script_tag(path=AXE)
    return diagram.page.evaluate(RUN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", slow_but({"overview"}, ["small", "overview", "blocks"]))
def test_axe_finds_no_violation_in_a_figure(page, scheme, diagram):
    assert violations(diagram(page, color_scheme=scheme)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", slow_but({"overview"}, ["overview", "blocks"]))
def test_axe_finds_no_violation_with_the_panel_open(page, scheme, diagram):
    diagram = diagram(page, color_scheme=scheme)
    for box in (diagram.boxes.nth(1), diagram.boxes.nth(3)):
        box.click()
        diagram.settle()
        assert diagram.panel.is_visible()
        assert violations(diagram) == []


def test_axe_finds_no_violation_with_a_block_and_the_finder_open(diagram):
    diagram = diagram("blocks")
    diagram.box("encoder").click()
    diagram.button("Open inside").click()
    diagram.settle()
    diagram.press("/")
    diagram.page.keyboard.type("dense")
    diagram.settle()
    assert diagram.host.get_by_role("searchbox").is_visible()
    assert violations(diagram) == []


def test_a_drawing_is_a_document_with_a_name_and_its_boxes_are_buttons_with_theirs(diagram):
    diagram = diagram("overview")
    drawing = diagram.host.locator(".sheet svg")
    assert drawing.get_attribute("role") == "graphics-document"
    assert "resnet50" in drawing.get_attribute("aria-label").lower()
    number = diagram.boxes.count() + diagram.frames.count()
    named = diagram.host.locator(".sheet").get_by_role("button", name=re.compile(r"\w"))
    assert named.count() == number


def test_forced_colours_show_what_has_the_focus_and_what_is_lit_up(diagram):
    diagram = diagram("small", forced_colors="active")
    diagram.boxes.first.focus()
    diagram.press("ArrowRight")
    widths = diagram.in_root(
        "return [...root.querySelectorAll('.boxes a > :first-child')]"
        ".map((one) => parseFloat(getComputedStyle(one).strokeWidth));"
    )
    assert widths[1] > widths[0] > widths[-1]
