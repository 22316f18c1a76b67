"""The page for a reviewer, in a browser: all in one file, and nothing from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from compared_models import odd, same, tall, two
from diagram_page import Diagram
from sphinxcontrib_kerasgraph.alone import alone
from sphinxcontrib_kerasgraph.diff import page
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.options import DrawOptions

COMMAND = "kerasgraph diff mypkg.v1 mypkg.v2 -o diff.html"


def made(diff):
    return page(diff, alone(diff.shown(2), DrawOptions(), Graphviz()), COMMAND)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, dot):
    folder = tmp_path_factory.mktemp("page")
    for make in (two, same, odd):
        folder.joinpath(f"{make.__name__}.html").write_text(made(make()), encoding="utf-8")
    diff, options = tall(), DrawOptions.of(view="full", depth="all", fit="none")
    drawn = alone(diff.shown(None), options, Graphviz())
    folder.joinpath("tall.html").write_text(page(diff, drawn, COMMAND), encoding="utf-8")
    return folder


def test_one_name_of_both_is_told_once(dot):
    diff = replace(two(), old_name="<m>", new_name="<m>")
    told = made(diff)
    assert "<title>&lt;m&gt;, before and after</title>" in told
    assert '<p class="names"><code>&lt;m&gt;</code>, before and after</p>' in told
    assert "<m>" not in told
    assert "<title>mypkg.v1 → mypkg.v2</title>" in made(two())


@pytest.fixture
def opened(chromium, pages):
    contexts = []

    def open_(name: str, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        shown = context.new_page()
        shown.asked, shown.said = [], []
        shown.on("request", lambda request: shown.asked.append(request.url))
        shown.on("console", lambda message: shown.said.append(message.text))
        shown.on("pageerror", lambda error: shown.said.append(str(error)))
        shown.goto(pages.joinpath(f"{name}.html").as_uri())
        shown.locator("#drawing").scroll_into_view_if_needed()  # which sets it up
        shown.locator(".view.live").wait_for()
        return shown

    yield open_
    for context in contexts:
        context.close()


def test_page_tells_all_and_asks_for_nothing(opened):
    shown = opened("two")
    text = shown.locator("body").inner_text()
    for said in ("mypkg.v1", "mypkg.v2", "1 added, 1 removed, 1 changed", "1,500", COMMAND):
        assert said in text
    assert len(shown.asked) == 1
    assert shown.said == []  # nor did its own policy refuse a thing


def test_policy_lets_no_other_script_run(opened):
    shown = opened("two")
    shown.evaluate("document.body.append(Object.assign(document.createElement('script'), "
                   "{textContent: 'window.ran = 1'}))")  # fmt: skip
    assert shown.evaluate("window.ran") is None


@pytest.mark.parametrize("call", ["drop", "norm", "conv"])
def test_layer_leads_to_its_box(opened, call):
    shown = opened("two")
    shown.get_by_role("link", name=call, exact=True).click()
    panel = shown.locator(".panel")
    panel.wait_for()
    assert call in panel.inner_text()


def test_rows_tell_what_was_and_what_is(opened):
    row = opened("two").locator(".rows tr.changed")
    assert row.locator("del").inner_text() == "32"
    assert row.locator("ins").inner_text() == "64"


def test_page_is_dark_where_the_reader_wants_that(opened):
    def ground(scheme):
        shown = opened("two", color_scheme=scheme)
        color = shown.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return sum(map(int, re.findall(r"\d+", color)[:3]))

    assert ground("light") > 700
    assert ground("dark") < 100


@pytest.mark.parametrize("name", ["two", "odd"])
def test_page_is_no_wider_than_a_telephone(opened, name):
    shown = opened(name, viewport={"width": 360, "height": 700})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360


def test_same_models_have_no_table(opened):
    shown = opened("same")
    assert "No differences" in shown.locator(".headline").inner_text()
    assert shown.locator(".rows").count() == 0


def test_names_are_text(opened):
    shown = opened("odd")
    assert shown.locator("img").count() == 0
    assert "<img src=x>" in shown.locator(".names").inner_text()
    assert shown.said == []


def test_page_is_printed_light(opened):
    shown = opened("two", color_scheme="dark")
    shown.emulate_media(media="print", color_scheme="dark")
    assert shown.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_page_is_the_same_each_time(pages):
    assert made(two()) == pages.joinpath("two.html").read_text(encoding="utf-8")


def test_what_does_not_fit_is_opened_where_something_changed(opened):
    diagram = Diagram.of(opened("tall", viewport={"width": 800, "height": 700}))
    drop = diagram.box("drop")
    assert diagram.is_in_view(drop)
    assert diagram.is_in_view(diagram.box("d39"))
    assert not diagram.is_in_view(diagram.box("d2"))
    # Not where it fades.
    assert diagram.in_root(
        "const [stage, drop] = ['.stage', 'a > .edge-added']"
        ".map((name) => root.querySelector(name).getBoundingClientRect());"
        "return drop.top > stage.top + 100 && drop.bottom < stage.bottom - 100;"
    )
    # What fits begins with its input.
    diagram = Diagram.of(opened("two"))
    assert diagram.is_in_view(diagram.box("image"))


def test_what_is_chosen_keeps_the_colour_of_its_change(opened):
    diagram = Diagram.of(opened("tall"))

    def looks() -> tuple[str, str]:
        return diagram.in_root(
            "const { stroke, filter } = getComputedStyle(root.querySelector('.frames rect'));"
            "return [stroke, filter];"
        )

    color, glow = looks()
    assert glow == "none"
    diagram.frames.first.click(position={"x": 5, "y": 5})
    assert diagram.lit
    assert looks()[0] == color
    assert looks()[1] != "none"
