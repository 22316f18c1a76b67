"""All that is drawn stands out from what it is on, by the colours that the browser has computed.

axe can't: it knows no grounds in SVG.
"""

from __future__ import annotations

import pytest

from browser_site import SWITCHING, THEMES
from effort import slow_but

#: The contrast of each text, line and mark of the diagrams of a page with what is below it.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const light = (color) => {
    if (!known.has(color)) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      known.set(color, 0.2126 * r + 0.7152 * g + 0.0722 * b);
    }
    return known.get(color);
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const page = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)|transparent/.test(color)) return color;
    }
    const canvas = document.createElement("i");
    canvas.style.color = "Canvas";
    document.body.append(canvas);
    return getComputedStyle(canvas).color;
  };
  const found = [];
  for (const host of document.querySelectorAll(".kerasgraph")) {
    const svg = host.shadowRoot.querySelector(".sheet svg");
    const paper = page(svg.parentElement);
    const shapes = [...svg.querySelectorAll(":is(.frames, .boxes) :is(path, rect, circle)")]
      .map((shape) => [shape, getComputedStyle(shape).fill, shape.getBBox()])
      .filter(([, fill]) => fill !== "none");
    const below = (x, y, self) => {
      let ground = paper;
      for (const [shape, fill, box] of shapes) {
        if (shape === self) break;
        if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) {
          ground = fill;
        }
      }
      return ground;
    };
    for (const text of svg.querySelectorAll("text, tspan")) {
      const { x, y, width, height } = text.getExtentOfChar(0);
      const ground = below(x + width / 2, y + height / 2);
      found.push(["text", text.textContent, contrast(getComputedStyle(text).fill, ground)]);
    }
    for (const line of svg.querySelectorAll(".lines path[data-e]")) {
      const { x, y } = line.getPointAtLength(line.getTotalLength() / 2);
      let ground = paper;
      for (const [shape, fill, box] of shapes) {
        if (!shape.closest(".frames")) break;
        if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) {
          ground = fill;
        }
      }
      found.push(["line", line.dataset.e, contrast(getComputedStyle(line).stroke, ground)]);
    }
    for (const [shape, fill, box] of shapes) {
      const { stroke } = getComputedStyle(shape);
      if (stroke !== "none") {
        found.push(["outline", shape.outerHTML, contrast(stroke, below(box.x - 2, box.y - 2))]);
        found.push(["outline", shape.outerHTML, contrast(stroke, fill)]);
      }
      if (shape.matches(".full")) {
        for (const x of [box.x - 0.5, box.x + box.width + 0.5]) {
          found.push(["mark", shape.outerHTML, contrast(fill, below(x, box.y + 1, null))]);
        }
      }
    }
  }
  return found;
}"""
LEAST = {"text": 4.5, "line": 3, "outline": 3, "mark": 3}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", slow_but({"furo"}, THEMES))
def test_all_stands_out_from_what_it_is_on(theme, scheme, origins, opened):
    for name in ("small", "overview", "blocks", "styles"):
        page = opened(f"{origins(theme)}/{name}.html", color_scheme=scheme)
        found = page.evaluate(CONTRASTS)
        assert {kind for kind, *_ in found} >= {"text", "line", "outline"}
        low = [one for one in found if one[2] < LEAST[one[0]]]
        assert low == []


SWITCH = """scheme => { document.body.dataset.theme = scheme;
    document.documentElement.dataset.theme = scheme; }"""


@pytest.mark.parametrize("theme", slow_but({"furo"}, SWITCHING))
def test_the_button_of_a_theme_switches_the_drawing(theme, origins, opened):
    page = opened(f"{origins(theme)}/overview.html", color_scheme="light")
    page.evaluate(SWITCH, "dark")
    low = [one for one in page.evaluate(CONTRASTS) if one[2] < LEAST[one[0]]]
    assert low == []
    assert page.evaluate(PAPER) == "rgb(22, 27, 34)"


PAPER = """() => getComputedStyle(document.querySelector(".kerasgraph").shadowRoot
    .querySelector(".boxes :is(path, rect):not([class])")).fill"""


def test_print_is_on_paper(origins, opened):
    page = opened(f"{origins('furo')}/overview.html", color_scheme="dark")
    assert page.evaluate(PAPER) == "rgb(22, 27, 34)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_are_used(scheme, origins, opened):
    """Of the system, for readers with low vision: nothing but those."""
    page = opened(f"{origins('furo')}/overview.html", color_scheme=scheme, forced_colors="active")
    colors = page.evaluate("""() => {
        const at = (name) => { const one = document.createElement("i"); one.style.color = name;
            document.body.append(one); return getComputedStyle(one).color; };
        const svg = document.querySelector(".kerasgraph").shadowRoot.querySelector(".sheet svg");
        const of = (what, name) =>
            [...new Set([...svg.querySelectorAll(what)].map((one) => getComputedStyle(one)[name]))];
        return { ink: at("CanvasText"), paper: at("Canvas"), texts: of("text, tspan", "fill"),
            lines: of(".lines path", "stroke"), frames: of(".frames rect", "fill"),
            papers: of(".boxes path:not([class])", "fill") };
    }""")
    ink, paper = colors["ink"], colors["paper"]
    assert ink != paper
    assert colors["lines"] == [ink]
    assert colors["papers"] == colors["frames"] == [paper]
    low = [one for one in page.evaluate(CONTRASTS) if one[2] < LEAST[one[0]]]
    assert [one for one in low if one[0] != "mark"] == []


def test_a_theme_sets_colours_anywhere_above_a_diagram(origins, opened):
    page = opened(f"{origins('furo')}/overview.html")
    mark = """() => getComputedStyle(document.querySelector(".kerasgraph").shadowRoot
        .querySelector(".full.conv")).fill"""
    for where, color in (("html", "rgb(1, 2, 3)"), (".kerasgraph", "rgb(4, 5, 6)")):
        page.add_style_tag(content=f"{where} {{ --kerasgraph-conv: {color}; }}")
        assert page.evaluate(mark) == color


def test_a_browser_without_light_dark_shows_it_on_white(origins, opened, chromium):
    """Chromium before 123, Safari before 17.5."""
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.route(
        "**/kerasgraph.css*",
        lambda route: route.fulfill(
            body=route.fetch().text().replace("light-dark(", "not-known("), content_type="text/css"
        ),
    )
    page.goto(f"{origins('furo')}/overview.html")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    low = [one for one in page.evaluate(CONTRASTS) if one[2] < LEAST[one[0]]]
    assert low == []
    context.close()
