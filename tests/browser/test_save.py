"""Drawings are saved as files of their own."""

from __future__ import annotations

import functools
import re
import struct

import pytest

from effort import slow_but

#: Which forbids to paint by way of an image that isn't a file of the site.
HEADERS = (("Content-Security-Policy", "img-src 'self'"),)


@pytest.fixture
def diagram(diagram):
    return functools.partial(diagram, theme="alabaster", headers=HEADERS, accept_downloads=True)


def saved(diagram, kind):
    diagram.button("More").click()
    with diagram.page.expect_download() as download:
        diagram.host.get_by_text(f"Download as {kind}").click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")
    return download.value.path().read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", slow_but({"overview"}, ["small", "overview"]))
def test_a_saved_svg_looks_the_same_alone(page, scheme, diagram, opened, tmp_path):
    diagram = diagram(page, color_scheme=scheme, viewport={"width": 1600, "height": 1400})
    svg = saved(diagram, "SVG")
    assert b"var(" not in svg
    assert b"light-dark(" not in svg
    assert b"<title>" in svg
    (tmp_path / "alone.svg").write_bytes(svg)
    alone = opened(f"file://{tmp_path}/alone.svg", viewport={"width": 1600, "height": 1400})
    looks = """() => {
        const root = document.querySelector('.kerasgraph')?.shadowRoot ?? document;
        const shown = root.querySelectorAll(
            'svg > g:not(.hits, [display]) :is(path, rect, circle, text)');
        return [...shown].map((one) => {
            const { fill, stroke, strokeWidth, font } = getComputedStyle(one);
            return [fill, stroke, strokeWidth, font].join();
        });
    }"""
    diagram.page.mouse.move(0, 0)
    there = [one for one in diagram.page.evaluate(looks) if one]
    assert len(there) > 10
    assert alone.evaluate(looks) == there
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    page_ground = diagram.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert alone.evaluate(ground) == page_ground


def test_a_saved_png_is_twice_as_large_as_the_drawing(diagram):
    diagram = diagram("small")
    png = saved(diagram, "PNG")
    assert png.startswith(b"\x89PNG")
    size = diagram.in_root(
        "const svg = root.querySelector('.sheet svg');"
        "return [svg, svg].map((one, at) => Number(one.getAttribute(at ? 'height' : 'width')));"
    )
    drawn = struct.unpack(">II", png[16:24])
    assert all(abs(one - 2 * other) <= 3 for one, other in zip(drawn, size, strict=True))


def test_a_png_is_painted_as_the_drawing_is_seen(diagram):
    diagram = diagram("overview", viewport={"width": 1600, "height": 1400})
    diagram.button("More").click()
    with diagram.page.expect_download() as download:
        diagram.host.get_by_text("Download as PNG").click()
    assert download.value.path().stat().st_size > 20_000


def test_the_svg_is_copied(diagram):
    diagram = diagram("small", permissions=["clipboard-read", "clipboard-write"])
    diagram.button("More").click()
    diagram.host.get_by_text("Copy as SVG").click()
    diagram.settle()
    copied = diagram.page.evaluate("navigator.clipboard.readText()")
    assert re.match(r"<svg [^>]*xmlns=", copied)
