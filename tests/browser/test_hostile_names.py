"""Hostile names on a page under the strictest policy: they are text, and nothing of them runs."""

from __future__ import annotations

import pytest

from browser_site import POLICY, THEMES, served
from diagram_page import Diagram
from effort import slow_but
from hostile import NAMES, as_file, id_of, named
from sphinx_project import make_project
from sphinxcontrib_kerasgraph.printable import printable

PAGE = """
Hostile
=======

.. keras-model:: hostile.json
   :show-layer-names:
   :view: {view}
   :caption: ``<script>window.alive=1</script>`` ``javascript:alert(1)``

.. keras-summary:: hostile.json
"""
CONF = f"""
html_theme = {THEMES["furo"]!r}
kerasgraph_cache_dir = "../cache"
kerasgraph_links = {{"*": "https://docs.invalid/{{name}}?{{full}}"}}
"""
#: All that may be in a diagram: what we make ourselves.
OURS = {
    *("a", "aside", "br", "button", "circle", "defs", "details", "div", "g", "input", "li"),
    *(
        "link",
        "marker",
        "nav",
        "ol",
        "output",
        "p",
        "path",
        "rect",
        "search",
        "slot",
        "span",
        "strong",
    ),
    *("summary", "svg", "table", "tbody", "td", "text", "th", "title", "tr", "tspan"),
}
WATCHED = """() => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        window.refused.push([event.violatedDirective, event.blockedURI, event.sample]);
    }, true);
}"""
#: Tags and attributes of all elements of diagrams, and where their links lead.
SEEN = """() => {
    const seen = {tags: {}, events: [], links: []};
    const walk = (root) => {
        for (const one of root.querySelectorAll("*")) {
            seen.tags[one.localName] = 1;
            for (const {name, value} of one.attributes) {
                if (name.startsWith("on")) seen.events.push(`${one.localName} ${name}`);
                if (name.endsWith("href")) seen.links.push(value);
            }
            if (one.shadowRoot) walk(one.shadowRoot);
        }
    };
    for (const host of document.querySelectorAll(".kerasgraph")) {
        walk(host);
        if (host.shadowRoot) walk(host.shadowRoot);
    }
    return seen;
}"""


@pytest.fixture(scope="module", params=slow_but({"overview"}, ["full", "overview"]))
def site(request, tmp_path_factory, dot):
    """The address of the page, under the policy."""
    folder = tmp_path_factory.mktemp("hostile")
    project = make_project(folder, CONF, index=PAGE.format(view=request.param))
    graph = named(*NAMES.values(), model=NAMES["an image that fails"])
    project.source.joinpath("hostile.json").write_text(as_file(graph))
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    with served(build.folder, POLICY) as origin:
        yield origin


@pytest.fixture
def visited(site, chromium):
    """The diagram; nothing may have happened in the end that names could have made happen."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    happened = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: happened.append(str(error)))
    page.on("popup", lambda popup: happened.append(popup.url))
    foreign = []
    page.on("request", lambda request: foreign.append(request.url))
    page.add_init_script(f"({WATCHED})()")
    page.goto(f"{site}/index.html")
    yield Diagram.of(page)
    seen = page.evaluate(SEEN)
    assert sorted(set(seen["tags"]) - OURS) == []
    assert seen["events"] == []
    assert [link for link in seen["links"] if link.lower().startswith("javascript")] == []
    assert page.evaluate("typeof window.alive") == "undefined"
    # Themes have scripts in their pages, which the policy refuses; of ours there is nothing.
    refused = page.evaluate("window.refused")
    assert [one for one in refused if "alive" in str(one) or "kerasgraph" in str(one)] == []
    assert happened == []
    assert [
        url for url in foreign if not url.startswith((site, "data:", "https://docs.invalid/"))
    ] == []
    context.close()


def test_all_panels_say_the_names(visited):
    """Of every box and row: what its name is, to the letter."""
    paths = set()
    for at in range(visited.boxes.count()):
        visited.boxes.nth(at).evaluate("(box) => box.focus()")
        visited.press("Enter")
        visited.panel.wait_for()
        paths.add(visited.panel.text_content())
        visited.press("Escape")
    said = "\n".join(paths)
    for name in NAMES.values():
        path = printable(id_of(name))
        assert path in said or visited.boxes.count() < len(NAMES)


#: Those that are looked for.
FOUND = (
    *("a script", "an image that fails", "foreign content of SVG", "the node's escape sequence"),
    *("an entity of HTML", "escape sequences of terminals", "overrides of direction"),
    *("a template", "10,000 characters"),
)


def test_each_is_found_and_told_of(visited):
    for what in FOUND:
        visited.button("Find a layer").click()
        visited.host.get_by_role("searchbox").fill(printable(id_of(NAMES[what]))[:200])
        visited.settle()
        assert visited.host.locator(".find output").inner_text().startswith("1 of "), what
        [place, *_] = sorted(visited.lit)
        visited.press("Escape")
        box = visited.host.locator(".sheet a").nth(place)
        box.hover()
        assert visited.tip.is_visible()
        box.click()
        visited.panel.wait_for()


def test_the_link_of_a_layer_leads_to_its_page(visited):
    visited.boxes.nth(8).click()
    visited.panel.wait_for()
    link = visited.panel.locator("a[href]").first
    address = link.get_attribute("href")
    assert address.startswith("https://docs.invalid/")
    page = visited.page
    page.route(
        "https://docs.invalid/**",
        lambda route: route.fulfill(body="<p>there</p>", content_type="text/html"),
    )
    link.click()
    page.get_by_text("there").wait_for()
    page.unroute_all()
    page.go_back()
    Diagram.of(page)
