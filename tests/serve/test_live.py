"""A browser follows the model: what its reader looks at stays, and what changed is marked."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import sphinxcontrib_kerasgraph
from diagram_page import Diagram
from live_model import as_page, following, until
from sphinx_project import missing

AXE = Path(sphinxcontrib_kerasgraph.__file__).parent / "script/node_modules/axe-core/axe.min.js"

LAYERS = [f"layer{at} Dense/{at} <- {f'layer{at - 1}' if at else 'x'}" for at in range(30)]
NET = "\n".join(["x InputLayer", *LAYERS, "-> layer29"])
WITH_DROP = NET.replace(
    "layer5 Dense/5 <- layer4", "drop Dropout <- layer4\nlayer5 Dense/5 <- drop"
)
WIDER = WITH_DROP.replace("Dense/9", "Dense/90")
BLOCKS = """
x InputLayer
block Block <- x
    inner Block <- ^
        deep Dense/1 <- ^
        more ReLU <- deep
        -> more
    side ReLU <- inner
    -> side
last Dense/4 <- block
-> last
"""


@pytest.fixture(scope="module")
def follow(tmp_path_factory):
    with following(tmp_path_factory.mktemp("live"), NET) as made:
        yield made


@pytest.fixture
def browser_page(chromium):
    """Opens pages, of which no error is let through but that of a server that has ended."""
    faults = []
    contexts = []

    def opened(address, **options):
        context = chromium.new_context(**{"viewport": {"width": 1000, "height": 700}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [one for one in faults if "ERR_CONNECTION_REFUSED" not in one] == []


@pytest.fixture
def diagram(follow, browser_page):
    """The page of the model as it was at first."""
    if follow.file.read_text() != NET:
        follow.save(NET)
    return Diagram.of(browser_page(follow.address))


@contextmanager
def taken_in(diagram):
    """Waits until the next drawing has been taken in."""
    diagram.host.evaluate(
        "(host) => void (window.swapped = new Promise((done) =>"
        " host.diagram.view.addEventListener('kerasgraph-swapped', done, { once: true })))"
    )
    yield
    diagram.page.evaluate("window.swapped.then(() => true)")


def near(one, other):
    return all(abs(one[key] - other[key]) < 3 for key in ("x", "y", "width", "height"))


def violations(page):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci in the folder of the script")
    page.add_script_tag(path=AXE)
    return page.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id))")


def words(diagram):
    return diagram.page.locator("#words").inner_text()


def test_zoom_place_selection_and_panel_stay(follow, diagram):
    diagram.box("layer10").click()
    diagram.panel.wait_for()
    diagram.press("+", "+", "+")
    before = diagram.box("layer10").bounding_box()
    assert diagram.host.locator(".lit").count() > 2
    with taken_in(diagram):
        follow.save(WIDER)
    assert near(diagram.box("layer10").bounding_box(), before)
    assert "layer10" in diagram.panel.inner_text()
    assert diagram.host.locator(".lit").count() > 2
    assert diagram.in_root("return root.activeElement.textContent").find("layer10") >= 0
    assert diagram.boxes.count() == 32
    # It goes on from there.
    diagram.press("ArrowDown")
    assert diagram.in_root("return root.activeElement.textContent").find("layer11") >= 0


def test_a_place_that_was_scrolled_to_stays_where_nothing_is_chosen(follow, diagram):
    diagram.host.locator(".stage").evaluate("(stage) => (stage.scrollTop = 500)")
    diagram.settle()
    seen = next(
        one for one in ("layer12", "layer9", "layer8") if diagram.is_in_view(diagram.box(one))
    )
    before = diagram.box(seen).bounding_box()
    assert not diagram.is_in_view(diagram.box("layer0"))
    with taken_in(diagram):
        follow.save(WITH_DROP)
    assert near(diagram.box(seen).bounding_box(), before)


def test_what_changed_is_marked_for_a_moment_and_said(follow, diagram):
    with taken_in(diagram):
        follow.save(WIDER)
    [added] = diagram.host.locator("a.now-added").all_text_contents()
    assert "drop" in added
    [changed] = diagram.host.locator("a.now-changed").all_text_contents()
    assert "layer9" in changed
    shape = diagram.host.locator("a.now-added > :is(path, rect)").first
    assert shape.evaluate("(one) => getComputedStyle(one).animationName") == "now"
    assert words(diagram).startswith("1 added, 1 changed: ")
    assert diagram.page.locator("#words").get_attribute("role") == "status"
    diagram.host.locator("a.now-added").wait_for(state="detached", timeout=10_000)
    diagram.host.locator("a.now-changed").wait_for(state="detached", timeout=10_000)
    with taken_in(diagram):
        follow.save(NET)
    assert "removed Dropout drop" in words(diagram)


STACK = """
x InputLayer
conv Conv2D/8 <- x
norm BatchNormalization <- conv
act ReLU <- norm
pool MaxPooling2D <- act
flat Flatten <- pool
head Dense/4 <- flat
-> head
"""


def test_rows_are_marked_in_a_box_of_which_not_all_changed(tmp_path, browser_page):
    def marked(name: str) -> list[str]:
        """The texts that outlines are around."""
        return diagram.in_root(
            """return [...root.querySelectorAll(`rect.${argument}`)].map((around) => {
                const { top, bottom, left, right } = around.getBoundingClientRect();
                return [...around.parentElement.querySelectorAll("text")].filter((text) => {
                    const box = text.getBoundingClientRect();
                    const middle = (box.top + box.bottom) / 2;
                    return middle > top && middle < bottom && box.left > left && box.right < right;
                }).map((text) => text.textContent.trim()).join(" ");
            });""",
            name,
        )

    with following(tmp_path, STACK, partial(as_page, view="overview")) as follow:
        diagram = Diagram.of(browser_page(follow.address))
        assert diagram.boxes.count() == 2
        with taken_in(diagram):
            follow.save(STACK.replace(
                "flat Flatten <- pool", "drop Dropout <- pool\nflat Flatten <- drop"
            ))  # fmt: skip
        assert [text.split()[0] for text in marked("now-added")] == ["Dropout"]
        assert diagram.host.locator("a.now-added").count() == 0
        diagram.host.locator("rect.now-added").wait_for(state="detached", timeout=10_000)
        with taken_in(diagram):
            follow.save(STACK.replace("act ReLU", "act LeakyReLU").replace("Dense/4", "Dense/5"))
        assert marked("now-added") == ["LeakyReLU"]
        assert [text.split()[0] for text in marked("now-changed")] == ["Dense"]
        # What stands beside another one is marked with it.
        with taken_in(diagram):
            follow.save(STACK)
        assert ["ReLU" in text for text in marked("now-added")] == [True]
        # Of a box of which all changed it is the box.
        with taken_in(diagram):
            follow.save("x InputLayer\nother LSTM <- x\n-> other")
        assert diagram.host.locator("a.now-added").count() == 1
        assert marked("now-added") == []


def test_marks_do_not_move_for_who_wants_no_motion(follow, diagram, browser_page):
    page = Diagram.of(browser_page(follow.address, reduced_motion="reduce"))
    with taken_in(page):
        follow.save(WITH_DROP)
    shape = page.host.locator("a.now-added > :is(path, rect)").first
    style = shape.evaluate(
        "(one) => { const { animationName, strokeWidth } = getComputedStyle(one);"
        " return [animationName, strokeWidth] }"
    )
    assert style == ["none", "3px"]
    # Both tabs have followed.
    diagram.box("drop").wait_for()


def test_what_is_wrong_stands_above_the_last_drawing_until_it_is_mended(follow, diagram):
    follow.save("this is no <model>")
    trouble = diagram.page.get_by_role("alert")
    trouble.wait_for()
    assert "Building raised" in trouble.inner_text()
    assert "the traceback" in trouble.inner_text()
    assert diagram.boxes.count() == 31
    assert diagram.page.title().startswith("✗")
    diagram.page.reload()
    Diagram.of(diagram.page)
    assert "the traceback" in trouble.inner_text()
    with taken_in(diagram):
        follow.save(WITH_DROP)
    trouble.wait_for(state="hidden")
    assert diagram.page.title() == "net.build"
    assert words(diagram).startswith("1 added")


def test_the_same_model_again_says_so(follow, diagram):
    follow.save(NET + "\n")
    diagram.page.get_by_text("The model is the same.").wait_for()


def test_the_inside_of_a_block_stays_open_and_shows_its_change(follow, diagram):
    with taken_in(diagram):
        follow.save(BLOCKS)
    diagram.box("block").click()
    diagram.button("Open inside").click()
    diagram.box("inner").click()
    diagram.button("Open inside").click()
    diagram.box("deep").wait_for()
    with taken_in(diagram):
        follow.save(BLOCKS.replace("Dense/1", "Dense/2"))
    assert "deep" in diagram.host.locator("a.now-changed").text_content()
    assert diagram.host.locator(".trail").inner_text().split() == ["Model", "block", "block/inner"]
    # In a closed block it is the block that is marked.
    diagram.host.locator(".trail button").first.click()
    with taken_in(diagram):
        follow.save(BLOCKS.replace("Dense/1", "Dense/3"))
    assert "block" in diagram.host.locator("a.now-changed").text_content()
    # What was open isn't there any more.
    diagram.box("block").click()
    diagram.button("Open inside").click()
    with taken_in(diagram):
        follow.save(NET)
    diagram.box("layer3").wait_for()
    assert not diagram.host.locator(".trail").is_visible()
    assert not diagram.panel.is_visible()


def test_who_is_searching_goes_on(follow, diagram):
    diagram.button("Find").click()
    find = diagram.host.get_by_role("searchbox")
    find.fill("layer9")
    diagram.settle()
    with taken_in(diagram):
        follow.save(WITH_DROP)
    assert find.evaluate("(one) => one === one.getRootNode().activeElement")
    find.fill("drop")
    diagram.host.get_by_text("1 of 1").wait_for()


def test_a_line_that_was_chosen_is_let_go(follow, diagram):
    diagram.box("layer3").hover()
    line = diagram.host.locator(".hits path").nth(2)
    line.dispatch_event("click")
    diagram.panel.wait_for()
    with taken_in(diagram):
        follow.save(WITH_DROP)
    assert not diagram.panel.is_visible()


def test_a_hidden_tab_follows_when_it_is_seen_again(follow, diagram):
    def see(hidden):
        diagram.page.evaluate(
            "(hidden) => { Object.defineProperty(document, 'hidden', "
            "{ value: hidden, configurable: true });"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            hidden,
        )

    see(True)
    follow.save(WITH_DROP)
    follow.save(WIDER)
    assert diagram.boxes.count() == 31
    see(False)
    diagram.box("drop").wait_for()


def test_the_page_is_accessible_by_day_and_by_night(follow, browser_page):
    for scheme in ("light", "dark"):
        page = browser_page(follow.address, color_scheme=scheme, bypass_csp=True)
        diagram = Diagram.of(page)
        assert violations(page) == []
        with taken_in(diagram):
            follow.save(WITH_DROP)
        follow.save("no model")
        page.get_by_role("alert").wait_for()
        assert violations(page) == []
        follow.save(NET)


def test_a_page_comes_back_to_a_server_that_was_started_again(tmp_path, browser_page):
    with following(tmp_path, NET) as first:
        port = int(first.address.rstrip("/").rpartition(":")[2])
        diagram = Diagram.of(browser_page(first.address))
        diagram.host.evaluate("(host) => host.diagram.ready().then(() => true)")
    diagram.page.get_by_text("The server has ended.").wait_for()
    with following(tmp_path, WITH_DROP, port=port):
        diagram.box("drop").wait_for()
        until(lambda: "ended" not in words(diagram))


def test_a_page_that_lost_its_server_while_it_was_loaded_comes_back(follow, chromium):
    if follow.file.read_text() != NET:
        follow.save(NET)
    page = chromium.new_page()
    has_ended = True
    lost = []

    def answer(route):
        """Only the page and its scripts had come, and events are told."""
        of = route.request
        is_first = of.is_navigation_request() and page.url == "about:blank"
        is_of_server = of.resource_type in {"document", "fetch"} or "/drawings/" in of.url
        if not has_ended or is_first or not is_of_server:
            route.continue_()
            return
        lost.append(of.resource_type)
        route.abort()

    page.route("**/*", answer)
    with page.expect_console_message(lambda said: "can't be loaded" in said.text):
        page.goto(follow.address)
    page.wait_for_timeout(500)
    assert lost == ["script", "fetch"]  # it isn't loaded again
    has_ended = False
    follow.save(WITH_DROP)
    Diagram.of(page).box("drop").wait_for()
    page.close()


def test_a_page_that_has_no_drawing_yet_gets_the_first(tmp_path, browser_page):
    with following(tmp_path, "no model") as follow:
        page = browser_page(follow.address)
        page.get_by_role("alert").wait_for()
        follow.save(NET)
        Diagram.of(page).box("layer3").wait_for()
        assert not page.get_by_role("alert").is_visible()
