"""The drawing of a page is that of Graphviz, to the pixel, and its words stay in their boxes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

import sphinxcontrib_kerasgraph
from browser_site import THEMES
from drawn_scenes import SCENES, compact, drawn
from effort import slow_but

CSS = Path(sphinxcontrib_kerasgraph.__file__).parent.joinpath("static/kerasgraph.css").read_text()
#: How many pixels are inked, and how many differ much.
DIFFERENCE = """async (images) => {
  const [one, other] = await Promise.all(images.map(async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(data)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  }));
  if (one.width !== other.width || one.height !== other.height) return [0, 1];
  let inked = 0;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const channels = [0, 1, 2].map((c) => Math.abs(one.data[at + c] - other.data[at + c]));
    if (one.data[at] + one.data[at + 1] + one.data[at + 2] < 740) inked++;
    if (Math.max(...channels) > 110) different++;
  }
  return [inked, different];
}"""
WHOLE = """() => { const svg = document.querySelector("svg"); const { width, height } =
    svg.viewBox.baseVal; svg.setAttribute("width", `${width * 4 / 3}`);
    svg.setAttribute("height", `${height * 4 / 3}`); return [width * 4 / 3, height * 4 / 3]; }"""


@pytest.mark.parametrize(
    "name",
    slow_but(
        {"overview", "connectors"},
        ["overview", "details", "frames", "loop", "connectors", "added"],
    ),
)
def test_it_looks_as_graphviz_has_drawn_it(name, chromium, compiled_dot):
    svg = drawn(*SCENES[name], compiled_dot)
    context = chromium.new_context(device_scale_factor=2)
    page = context.new_page()
    shots = []
    plain = "body { margin: 0 } svg { max-width: none !important; display: block }"
    ours = f"{CSS} {plain} .view {{ padding: 0 !important }} .sheet {{ margin: 0 }}"
    for css, shown in ((plain, svg[svg.index(b"<svg") :].decode()), (ours, compact(svg))):
        page.set_content(
            f"<style>{css}</style><div class=view><div class=sheet>{shown}</div></div>"
        )
        width, height = page.evaluate(WHOLE)
        shot = page.screenshot(
            full_page=True, clip={"x": 0, "y": 0, "width": int(width), "height": int(height)}
        )
        shots.append(f"data:image/png;base64,{base64.b64encode(shot).decode()}")
    inked, different = page.evaluate(DIFFERENCE, shots)
    context.close()
    # Letters fall on other pixels where a tenth of a point is rounded.
    assert different / inked < 0.05


#: How far each text goes beyond the box that it is in, in points.
BEYOND = """() => [...document.querySelectorAll(".kerasgraph")].flatMap((host) =>
  [...host.shadowRoot.querySelectorAll(".boxes a, .frames a")].flatMap((box) => {
    const shape = box.querySelector("path, rect, circle");
    if (!shape) return [];
    const { x, width } = shape.getBBox();
    return [...box.querySelectorAll("text, tspan")].map((text) => {
      const words = text.firstChild.data.trim();
      const first = text.getExtentOfChar(0);
      const last = text.getExtentOfChar(words.length - 1);
      return [words, Math.max(x - first.x, last.x + last.width - x - width)];
    });
  }))"""
#: What a theme, or an author, may say of all text.
RULES = """* { font: italic 25px/3 serif !important; letter-spacing: 3px !important; }
body, .kerasgraph { word-spacing: 9px; text-transform: uppercase; text-rendering: optimizeSpeed;
    direction: rtl; text-indent: 4em; font-variant: small-caps; font-stretch: expanded; }"""


@pytest.mark.parametrize("theme", slow_but({"alabaster"}, THEMES))
def test_words_stay_in_their_boxes(theme, origins, opened):
    for name in ("small", "overview", "blocks", "tall"):
        page = opened(f"{origins(theme)}/{name}.html")
        found = page.evaluate(BEYOND)
        assert found
        assert [one for one in found if one[1] > 0] == []


def test_the_rules_of_a_theme_do_not_change_words(origins, opened):
    page = opened(f"{origins('furo')}/overview.html")
    before = page.evaluate(BEYOND)
    page.add_style_tag(content=RULES)
    assert page.evaluate(BEYOND) == [[one, pytest.approx(by, abs=0.1)] for one, by in before]


def test_a_switch_of_the_scheme_takes_little(chromium, compiled_dot):
    """With as many boxes as NASNetLarge has."""
    boxes = "\n".join(f"d{n} Conv2D/8 <- {f'd{n - 1}' if n else 'x'}" for n in range(1041))
    svg = compact(drawn(f"x InputLayer\n{boxes}\n-> d1040", {"view": "full"}, compiled_dot))
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(
        f"<div id=host class=kerasgraph><template shadowrootmode=open><style>{CSS}</style>"
        f"<div class=view><div class=sheet>{svg}</div></div></template></div>"
    )
    page.evaluate("""() => { const host = document.querySelector("#host");
        if (!host.shadowRoot) { const made = document.createElement("div");
            const root = host.attachShadow({ mode: "open" });
            root.append(host.querySelector("template").content); } }""")
    assert (
        page.evaluate(
            "document.querySelector('#host').shadowRoot.querySelectorAll('.boxes a').length"
        )
        == 1042
    )
    client = context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent():
        found = client.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in found}["TaskDuration"]

    times = []
    for scheme in ("dark", "light", "dark", "light", "dark"):
        before = spent()
        page.evaluate(
            """scheme => new Promise((done) => {
            document.querySelector("#host").style.colorScheme = scheme;
            requestAnimationFrame(() => requestAnimationFrame(done)); })""",
            scheme,
        )
        times.append(spent() - before)
    context.close()
    assert sorted(times)[2] < 0.15, times
