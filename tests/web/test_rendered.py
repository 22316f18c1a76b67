"""What Graphviz has drawn is read, of any release; or nothing is, if something isn't known."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from compact_svg import of_compact, of_graphviz
from make_graphs import model
from make_scenes import NESTED
from sphinx_project import need
from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.view.views import views
from sphinxcontrib_kerasgraph.web.rendered import Curve, Polygon, Rect, Text, read
from sphinxcontrib_kerasgraph.web.svg import to_svg

#: As Graphviz 2.43 writes it, but for the names.
OLD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg width="70pt" height="60pt"
 viewBox="0.00 0.00 70.00 60.00" xmlns="http://www.w3.org/2000/svg" \
xmlns:xlink="http://www.w3.org/1999/xlink">
<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 56)">
<polygon fill="#ffffff" stroke="transparent" points="-4,4 -4,-56 66,-56 66,4 -4,4"/>
<g id="node1" class="node">
<title>x</title>
<g id="a_node1"><a xlink:title="x (Dense)">
<polygon fill="#ffffff" stroke="transparent" points="0,0 0,-21 60,-21 60,0 0,0"/>
<text text-anchor="start" x="5.5" y="-8.5" font-family="Arial" font-weight="bold" \
font-size="10.00" fill="#0f172a">Dense</text>
<text text-anchor="start" x="40" y="-8.5" font-family="Arial" font-size="10.00" \
fill="#0f172a"> &#160;</text>
<polygon fill="none" stroke="#7888a0" points="0,0 0,-21 60,-21 60,0 0,0"/>
</a>
</g>
</g>
<g id="edge1" class="edge">
<title>w&#45;&gt;x</title>
<path fill="none" stroke="#64748b" stroke-width="1.2" d="M30,-52C30,-44 30,-36 30,-27.3"/>
<polygon fill="#64748b" stroke="#64748b" stroke-width="1.2" \
points="32.1,-27 30,-21 27.9,-27 32.1,-27"/>
</g>
</g>
</svg>"""
#: What newer releases write otherwise.
NEW = (
    OLD.replace('"transparent"', '"none"')
    .replace("<text ", '<text xml:space="preserve" ')
    .replace("70.00 60.00", "70 60")
    .replace("scale(1 1) rotate(0) translate(4 56)", "scale(1 1) rotate(0) translate(4 56.25)")
)


@pytest.mark.parametrize("svg", [OLD, NEW], ids=["2.43", "newer"])
def test_boxes_lines_and_texts_are_read(svg):
    drawn = read(svg.encode())
    assert (drawn.width, drawn.height) == (70, 60)
    box, line = drawn.things
    assert (box.kind, box.name, box.tooltip) == ("node", "x", "x (Dense)")
    assert [type(one) for one in box.shapes] == [Rect, Text]
    assert (box.shapes[0].left, box.shapes[0].width) == (4, 60)
    assert (box.shapes[0].paint.fill, box.shapes[0].paint.stroke) == ("#ffffff", "#7888a0")
    assert (box.shapes[1].value, box.shapes[1].is_bold) == ("Dense", True)
    assert line.ends == ("w", "x")
    assert [type(one) for one in line.shapes] == [Curve, Polygon]


def test_a_scale_is_taken_back():
    scaled = OLD.replace("scale(1 1)", "scale(2 2)").replace("70.00 60.00", "140.00 120.00")
    assert read(scaled.encode()) == read(OLD.encode())


UNKNOWN = {
    "no XML": ("</svg>", ""),
    "turned": ("rotate(0)", "rotate(-90)"),
    "another font": ('font-family="Arial"', 'font-family="Courier"'),
    "italics": ('font-weight="bold"', 'font-style="italic"'),
    "see-through": ('fill="#ffffff" stroke', 'fill="#ffffff" fill-opacity="0.5" stroke'),
    "dotted": ('stroke-width="1.2" d', 'stroke-width="1.2" stroke-dasharray="1,5" d'),
    "an image": ("</a>", '<image href="x.png"/></a>'),
    "another path": ("C30,-44 30,-36 30,-27.3", "L30,-27.3"),
    "another colour": ("#7888a0", "red"),
    "another size": ('font-size="10.00"', 'font-size="14.00"'),
    "another width": ('stroke-width="1.2" d', 'stroke-width="5" d'),
}


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_nothing_is_read_of_what_would_look_otherwise(unknown):
    """Neither by a setting of the author's, nor by a release to come."""
    svg = OLD.replace(*UNKNOWN[unknown])
    assert svg != OLD
    with pytest.raises(ValueError, match=r"\w"):
        to_svg(read(svg.encode()), {"x": ""})


def test_the_pip_installed_graphviz_is_read():
    beside = Path(os.path.dirname(sys.executable), "graphviz-pure")
    port = str(beside) if beside.exists() else need("graphviz-pure", "graphviz-pure")
    options = DrawOptions.of(depth="all", show_shapes=True)
    graphviz = Graphviz(port)
    fitted = fit.draw(views(model(NESTED), options), options, fit.COLUMN, graphviz.lay_out)
    svg = graphviz.render(fitted.finished, "svg").content
    rendered = read(svg)
    compact = to_svg(rendered, {one.name: "" for one in rendered.things if one.kind != "edge"})
    before, after = of_graphviz(svg), of_compact(compact)
    assert sorted(one[0] for one in before.texts) == sorted(one[0] for one in after.texts)
    for kind in ("outlines", "lines", "heads"):
        assert len(getattr(before, kind)) == len(getattr(after, kind)) > 0
    assert 3 * len(compact) < len(svg)
