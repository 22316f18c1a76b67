"""Lines that Graphviz wasn't given are arcs, and all are there."""

from __future__ import annotations

import svg
from make_graphs import model
from sphinxcontrib_kerasgraph.draw.arcs import with_arcs
from sphinxcontrib_kerasgraph.draw.fit import PAGE, draw
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.draw.placed import Placed, Rect
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.layout import Line
from sphinxcontrib_kerasgraph.view.views import views


def dense(layers: int) -> str:
    """Each layer takes what all layers before it made."""
    lines, made = ["x InputLayer"], ["x"]
    for n in range(layers):
        lines += [f"j{n} Concatenate <- {', '.join(made)}"] * (len(made) > 1)
        lines.append(f"c{n} Conv2D/8 <- {f'j{n}' if n else 'x'}")
        made.append(f"c{n}")
    return "\n".join([*lines, f"-> c{layers - 1}"])


def test_an_arc_goes_from_the_right_side_of_a_box_to_that_of_another():
    boxes = {"a": Rect(0, 180, 40, 200), "b": Rect(10, 0, 50, 20)}
    made = with_arcs(Placed(50, 200, boxes), [Line("a", "b")])
    arc = made.curves[Line("a", "b")]
    assert arc.points[0] == (40, 190)
    assert arc.tip == (50, 10)
    assert arc.points[-1] == (56, 10)
    assert all(x >= 40 for x, _ in arc.points)
    assert made.width >= max(x for x, _ in arc.points)


def test_a_higher_arc_is_outside_of_a_lower_one():
    boxes = {name: Rect(0, 100 * at, 40, 100 * at + 20) for at, name in enumerate("cba")}
    arcs = with_arcs(Placed(50, 300, boxes), [Line("a", "c"), Line("a", "b")]).curves
    assert max(arcs[Line("a", "c")].points) > max(arcs[Line("a", "b")].points)


def test_a_dense_block_that_graphviz_can_not_lay_out_is_drawn_with_all_its_lines(dot):
    graph, options = model(dense(40)), DrawOptions.of(view="full")
    made = draw(views(graph, options), options, PAGE, Graphviz(dot, timeout=60).lay_out)
    picture = Graphviz(dot).render(made.finished, "svg").content.decode()
    assert sum(svg.edges(picture).values()) == len(graph.graph.edges)
