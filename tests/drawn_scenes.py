"""Scenes of all that is ever drawn, without Keras, and their SVGs."""

from __future__ import annotations

from dataclasses import replace

from edit_graphs import changed, configured
from make_graphs import model
from make_scenes import NESTED, PARTS, RESIDUAL
from sphinxcontrib_kerasgraph.compare import compared, merged
from sphinxcontrib_kerasgraph.draw import fit, theme
from sphinxcontrib_kerasgraph.draw.dot import scene_to_dot
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.graph import CallKind, Marks, ModelGraph, Port
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange
from sphinxcontrib_kerasgraph.view.views import views
from sphinxcontrib_kerasgraph.web.rendered import read
from sphinxcontrib_kerasgraph.web.svg import to_svg

ALL = {
    "depth": "all",
    "show_shapes": True,
    "show_dtype": True,
    "show_layer_names": True,
    "show_trainable": True,
}
LOOP = (
    "x InputLayer\nl Loop <- x\n    a Add <- ^, ~d\n    d Dense <- a\n    -> d\ny Dense <- l\n-> y"
)
LETTERS = (
    "m InputLayer\nx InputLayer\n"
    + "\n".join(
        f"d{n} Dense <- {f'd{n - 1}' if n else 'x'}\na{n} Multiply <- d{n}, m" for n in range(9)
    )
    + "\n-> "
    + ", ".join(f"a{n}" for n in range(9))
)
WEIRD = 'x<&>"|{} InputLayer\nπ Dense <- x<&>"|{}\n-> π'


def marked(marks: Marks) -> ModelGraph:
    graph = changed(changed(model(NESTED), "b", marks=marks), "b/d", marks=marks)
    edges = tuple(
        replace(edge, marks=marks) if edge.target == Port("y", 1) else edge
        for edge in graph.graph.edges
    )
    return replace(graph, graph=replace(graph.graph, edges=edges))


def compared_models() -> ModelGraph:
    """Two models in one graph, with each kind of change."""
    before = (
        "x InputLayer\na Dense/8 <- x\nb ReLU <- a\ngone Dropout/1 <- b\ny Dense/3 <- gone\n-> y"
    )
    after = "x InputLayer\na Dense/9 <- x\nb ReLU <- a\nnew GRU/2 <- b\ny Conv2D/3 <- new\n-> y"
    old, new = (
        configured(changed(model(text), "a", kind=CallKind.DENSE), "a", units=units)
        for text, units in ((before, 8), (after, 9))
    )
    return merged(compared(old, new))


COMPARED = compared_models()
SCENES = {
    "overview": (RESIDUAL, {"view": "overview"}),
    "full": (RESIDUAL, {"view": "full"}),
    "sideways": (RESIDUAL, {"view": "overview", "rankdir": "LR"}),
    "details": (RESIDUAL, {"view": "full", **ALL}),
    "frames": (NESTED, ALL),
    "closed": (NESTED, {}),
    "upwards": (NESTED, {"depth": "all", "rankdir": "BT"}),
    "parts": (PARTS, {"view": "overview"}),
    "polylines": (PARTS, {"view": "full", "splines": "polyline"}),
    "loop": (LOOP, {"depth": "all"}),
    "letters": (LETTERS, {"view": "overview"}),
    "several": ("x InputLayer\na Add <- x, x\nb Dense <- a\n-> b", {"view": "full"}),
    "names": (WEIRD, {"view": "full"}),
    "columns": (
        RESIDUAL.replace("-> y", "")
        + "\n".join(f"z{n} Dense <- {f'z{n - 1}' if n else 'y'}" for n in range(40))
        + "\n-> z39",
        {"view": "full"},
    ),
    "part of it": (RESIDUAL, {"view": "full", "from_": ("c2",), "to": ("a3",)}),
    "connectors": (
        "x InputLayer\na Dense <- x\nb Dense <- x\nc Dense <- x\nd Add <- a, b, c\n-> d",
        {"view": "full", "starts": (0, 4)},
    ),
    **{change.value: (marked(Marks(change)), {"depth": "all"}) for change in theme.CHANGES},
    "compared": (COMPARED, {"view": "full"}),
    "compared, in stacks": (COMPARED, {"view": "overview"}),
    "highlighted": (marked(Marks(highlighted=True)), {"depth": "all"}),
}


def drawn(graph: str | ModelGraph, options: dict, dot: str = "dot") -> bytes:
    """The SVG of Graphviz's; in columns, if ``starts`` tells where these begin."""
    made = model(graph) if isinstance(graph, str) else graph
    starts = options.get("starts")
    options = DrawOptions.of(**{name: value for name, value in options.items() if name != "starts"})
    graphviz = Graphviz(dot)
    if starts:
        whole = scene_of(views(made, options)[0], options.label, options.layout)
        code = scene_to_dot(arrange(whole, Layout(starts)), options.layout).to_string()
    else:
        code = fit.draw(views(made, options), options, fit.COLUMN, graphviz.lay_out).finished
    return graphviz.render(code, "svg").content


def compact(svg: bytes) -> str:
    """The compact SVG, in which boxes and frames lead to nothing."""
    rendered = read(svg)
    return to_svg(rendered, {one.name: "" for one in rendered.things if one.kind != "edge"})
