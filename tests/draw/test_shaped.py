"""Pictures in the shape of their network, as Graphviz lays them out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import model
from make_scenes import things, wires_of
from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.fit import Fitted
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.graph import Tensor
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.layout import Line, Tag
from sphinxcontrib_kerasgraph.view.views import views


def drawn(text: str, sizes: dict[str, int] | None = None, **options) -> Fitted:
    """The drawing of a graph, of which each call makes a tensor of the size told for its letter."""
    graph = model(text)
    if sizes:
        calls = tuple(
            replace(call, outputs=(Tensor((None, sizes[call.id[1:]], 8), "float32"),))
            for call in graph.graph.calls
        )
        graph = replace(graph, graph=replace(graph.graph, calls=calls))
    settings = DrawOptions.of(**options)
    return fit.draw(views(graph, settings), settings, fit.COLUMN, Graphviz().lay_out)


UNET = """
    x0 InputLayer
    d0 Conv2D/8 <- x0
    p1 MaxPooling2D <- d0
    d1 Conv2D/16 <- p1
    p2 MaxPooling2D <- d1
    d2 Conv2D/32 <- p2
    p3 MaxPooling2D <- d2
    m3 Conv2D/64 <- p3
    t2 UpSampling2D <- m3
    j2 Concatenate <- t2, d2
    u2 Conv2D/32 <- j2
    t1 UpSampling2D <- u2
    j1 Concatenate <- t1, d1
    u1 Conv2D/16 <- j1
    t0 UpSampling2D <- u1
    j0 Concatenate <- t0, d0
    u0 Conv2D/8 <- j0
    y0 Conv2D/1 <- u0
    -> y0
    """
SIZES = {"0": 64, "1": 32, "2": 16, "3": 8}


@pytest.mark.parametrize("view", ["full", "overview"])
def test_a_unet_is_a_u(view):
    made = drawn(UNET, SIZES, view=view)
    boxes = made.placed.boxes
    names = {wire.source: wire for wire in wires_of(made.arranged.scene)}
    level = [made.placed.curves[line] for line in made.arranged.level]
    assert len(level) == 3
    for line in made.arranged.level:
        curve = made.placed.curves[line]
        heights = {round(y, 3) for _, y in (*curve.points, curve.tip)}
        assert len(heights) == 1  # the skip is level
        assert boxes[line.source].right < boxes[line.target].left
    assert names
    # The data goes down the left arm, and up the right one.
    for wire in made.arranged.scene.wires:
        line = Line.of(wire)
        if line not in made.arranged.level:
            above, below = boxes[wire.source], boxes[wire.target]
            if made.arranged.rises(line):
                above, below = below, above
            assert above.bottom > below.top


@pytest.mark.parametrize("view", ["full", "overview"])
def test_arrows_of_a_u_point_where_data_goes(view):
    made = drawn(UNET, SIZES, view=view)
    for line, curve in made.placed.curves.items():
        source, target = made.placed.boxes[line.source], made.placed.boxes[line.target]
        assert source.holds(curve.points[0], slack=2)
        assert target.holds(curve.tip, slack=2)


def test_the_shape_can_be_refused_or_asked_for():
    assert not drawn(UNET, SIZES, view="full", shape="none").arranged.upwards
    assert drawn(UNET, SIZES, view="full", shape="u").arranged.upwards
    chain = "x0 InputLayer\na0 Dense <- x0\nb0 Dense <- a0\n-> b0"
    assert not drawn(chain, view="full", shape="u").arranged.upwards


@pytest.mark.parametrize("rankdir", ["LR", "BT"])
def test_other_directions_have_no_shape(rankdir):
    assert not drawn(UNET, SIZES, view="full", rankdir=rankdir).arranged.upwards


def test_what_fans_out_over_a_long_chain_has_letters():
    lines, last = ["x InputLayer", "time InputLayer"], "x"
    for n in range(12):
        lines += [f"c{n} Conv2D/{n} <- {last}", f"a{n} Add <- c{n}, time"]
        last = f"a{n}"
    made = drawn("\n".join([*lines, f"-> {last}"]), view="full")
    tags = [tag for _, tag in things(made.arranged, Tag)]
    assert {tag.letter for tag in tags} == {"t"}
    assert len(tags) == 13
    assert made.finished.count("class=net") == 13


def test_what_stands_near_to_all_that_take_it_has_none():
    lines = ["x InputLayer", *(f"a{n} Dense/{n} <- x" for n in range(6))]
    made = drawn("\n".join([*lines, "y Add <- a0, a1, a2, a3, a4, a5", "-> y"]), view="full")
    assert not things(made.arranged, Tag)
