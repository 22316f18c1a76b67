"""A scene as DOT: every box, frame and wire, with its looks."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pydot
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import svg
from edit_graphs import changed, renamed
from effort import tried
from make_graphs import model, random_models
from make_labels import NASTY
from make_scenes import (
    NESTED,
    RESIDUAL,
    boxes_of,
    by_path,
    connectors,
    frames_of,
    scene,
    texts_of,
    wires_of,
)
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.dot import scene_to_cluster, scene_to_dot
from sphinxcontrib_kerasgraph.draw.elements import told
from sphinxcontrib_kerasgraph.graph import Change, Marks, ModelGraph, Port
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange
from sphinxcontrib_kerasgraph.scene.scene import Scene

OVERVIEW = {"view": "overview", "fold": "exact"}
WAYS = [
    {"view": "full"},
    {"view": "full", "depth": "all"},
    {"view": "full", "depth": "all", "rankdir": "LR"},
    OVERVIEW,
    {"view": "overview", "fold": "loose", "depth": "all"},
]


def dot_of(made: Scene, *starts: int, **options) -> pydot.Dot:
    return scene_to_dot(arrange(made, Layout((0, *starts))), DrawOptions.of(**options).layout)


def code_of(graph: str | ModelGraph, **options) -> str:
    return dot_of(scene(graph, **options), **options).to_string()


def unquoted(text: str) -> str:
    """A DOT string as Graphviz reads it."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), text[1:-1])


def all_of(graph: pydot.Graph, what: str) -> list:
    """All nodes or edges, those in subgraphs included."""
    found = [
        one
        for one in getattr(graph, f"get_{what}")()
        if what == "edges" or one.get_name() != "node"
    ]
    for inside in graph.get_subgraphs():
        found += all_of(inside, what)
    return [one for one in found if what == "edges" or one.get_name() not in {"node", "edge"}]


@tried(60)
@given(random_models(), st.sampled_from(WAYS))
def test_every_box_and_wire_of_a_scene_is_written(graph, options):
    made = scene(graph, **options)
    dot = dot_of(made, **options)
    names = sorted(unquoted(node.get_name()) for node in all_of(dot, "nodes"))
    assert names == sorted(made.names)
    told = [
        (unquoted(edge.get_source()), unquoted(edge.get_destination()))
        for edge in all_of(dot, "edges")
        if edge.get("style") != "invis" and edge.get("arrowhead") != "none"
    ]
    assert sorted(told) == sorted((wire.source, wire.target) for wire in wires_of(made))


@settings(tried(40), suppress_health_check=[*HealthCheck])
@given(random_models(), st.sampled_from(WAYS), st.data())
def test_dot_draws_what_is_written(dot, graph, options, data):
    """Boxes and edges of the picture are those of the scene, however it is broken."""
    made = scene(graph, **options)
    places = st.integers(1, max(1, len(made.items) - 1))
    starts = sorted(data.draw(st.sets(places, max_size=2))) if len(made.items) > 1 else ()
    arranged = arrange(made, Layout((0, *starts)))
    code = scene_to_dot(arranged, DrawOptions.of(**options).layout).to_string()
    picture = drawn(dot, code)
    assert sorted(svg.boxes(picture)) == sorted(box.name for box in boxes_of(made))
    circles = re.findall(r'class="node connector">\s*<title>(.*?)</title>', picture)
    assert sorted(circles) == sorted(connectors(arranged))
    shown = [name for name in svg.frames(picture) if not name.startswith("//column")]
    assert sorted(shown) == sorted(frame.name for frame in frames_of(made))
    assert svg.edges(picture).total() >= len(wires_of(made))


def drawn(dot: str, code: str) -> str:
    """The SVG, of which `dot` says no bad word."""
    done = subprocess.run([dot, "-Tsvg"], input=code.encode(), capture_output=True, check=True)
    assert not re.findall(r"Error|belongs to two|will be ignored", done.stderr.decode())
    return done.stdout.decode()


# Looks


def test_labels_and_tooltips_are_those_of_the_boxes():
    made = scene(RESIDUAL, **OVERVIEW)
    nodes = {unquoted(node.get_name()): node for node in all_of(dot_of(made, **OVERVIEW), "nodes")}
    for box in boxes_of(made):
        assert unquoted(nodes[box.name].get("tooltip")) == box.tooltip
        assert nodes[box.name].get("class") is None
    for text in texts_of(made):
        assert nodes[text.name].get("class") == "title"
        assert nodes[text.name].get("tooltip") is None


@pytest.mark.parametrize("nasty", NASTY)
def test_any_path_can_be_quoted(nasty):
    graph = model("x InputLayer\na Dense <- x\n-> a")
    graph = replace(
        graph, name=f"n{printable(nasty)}", graph=renamed(graph.graph, "a", f"a{nasty}b")
    )
    made = scene(graph)
    [node] = [one for one in dot_of(made).get_nodes() if unquoted(one.get_name()).startswith("a")]
    assert node.get("tooltip") == told(by_path(made)[f"a{nasty}b"].tooltip)


def test_all_nasty_paths_are_drawn(dot):
    graph = model(
        "x InputLayer\n" + "".join(f"a{n} Dense <- x\n" for n in range(len(NASTY))) + "-> x"
    )
    for n, nasty in enumerate(NASTY):
        graph = replace(
            graph, graph=renamed(graph.graph, f"a{n}", f"a{nasty.replace('/', '.')}{n}")
        )
    picture = drawn(dot, code_of(graph, view="full"))
    assert len(svg.boxes(picture)) == len(NASTY) + 1


def test_frames_nest_and_alternate():
    dot = dot_of(scene(NESTED, depth="all"))
    [outer] = dot.get_subgraphs()
    assert unquoted(outer.get_name()) == "cluster_b"
    [inner] = [one for one in outer.get_subgraphs() if "cluster" in one.get_name()]
    assert unquoted(inner.get_name()) == "cluster_b/i"
    assert outer.get("fillcolor") != inner.get("fillcolor")


def test_what_ends_at_a_frame_is_cut_there():
    text = "x InputLayer\nm InputLayer\nb Block <- x, m\n    d Dense <- ^\n    -> d\n-> b"
    heads = {
        edge.get_source(): edge.get("lhead")
        for edge in dot_of(scene(text, depth="all")).get_edges()
    }
    assert heads == {'"x"': None, '"m"': '"cluster_b"'}


def test_what_goes_to_the_next_step_is_dashed_and_ranks_nothing():
    loop = "l Loop <- x\n    a Add <- ^, ~d\n    d Dense <- a\n    -> d\n"
    text = f"x InputLayer\n{loop}r ReLU <- l\n-> r"
    edges = all_of(dot_of(scene(text, depth="all")), "edges")
    styles = {edge.get_source(): (edge.get("style"), edge.get("constraint")) for edge in edges}
    assert styles['"l/d"'] == ("dashed", "false")
    assert styles['"x"'] == (None, None)


def test_the_longest_way_weighs_more():
    edges = all_of(dot_of(scene(RESIDUAL, **OVERVIEW), **OVERVIEW), "edges")
    weights = {(edge.get_source(), edge.get_destination()): edge.get("weight") for edge in edges}
    assert weights['"c1_fold//in0"', '"c1_stack"'] == 10
    assert weights['"c1_fold//in0"', '"a1"'] is None


# Marks


MARKS = {
    **{change: (Marks(change=change), color) for change, color in theme.CHANGES.items()},
    "highlighted": (Marks(highlighted=True), theme.ACCENT),
    "both": (Marks(Change.ADDED, highlighted=True), theme.CHANGES[Change.ADDED]),
}


@pytest.mark.parametrize("mark", MARKS)
def test_marks_have_their_colour_on_boxes_frames_and_wires(mark):
    marks, color = MARKS[mark]
    graph = changed(changed(model(NESTED), "b", marks=marks), "b/d", marks=marks)
    edges = tuple(
        replace(edge, marks=marks) if edge.target == Port("y", 1) else edge
        for edge in graph.graph.edges
    )
    graph = replace(graph, graph=replace(graph.graph, edges=edges))
    dot = dot_of(scene(graph, depth="all"))
    nodes = {unquoted(node.get_name()): node.get("label") for node in all_of(dot, "nodes")}
    # Beside a change stands its sign, in the title of a frame, too.
    titles = set() if marks.change is None else {"b//title"}
    assert {name for name, label in nodes.items() if color in label} == {"b/d"} | titles
    frames = {unquoted(one.get_name()): one.get("color") for one in clusters(dot)}
    assert {name for name, found in frames.items() if found == f'"{color}"'} == {"cluster_b"}
    colors = {
        (edge.get_source(), edge.get_destination()): edge.get("color")
        for edge in all_of(dot, "edges")
    }
    assert {ends: found for ends, found in colors.items() if found} == {
        ('"b/d"', '"y"'): f'"{color}"'
    }


def clusters(graph: pydot.Graph) -> list[pydot.Graph]:
    """All frames, those in others included."""
    found = [one for one in graph.get_subgraphs() if "cluster_" in one.get_name()]
    return [*found, *(inner for one in found for inner in clusters(one))]


def test_what_is_not_marked_has_no_such_colour():
    code = code_of(NESTED, depth="all")
    assert not any(color in code for color in theme.CHANGES.values())


# The whole


def test_the_same_scene_gives_the_same_text_and_another_name_otherwise():
    assert code_of(NESTED, depth="all") == code_of(NESTED, depth="all")
    graphs = [code_of(NESTED), code_of(NESTED, depth="all"), code_of(NESTED, rankdir="LR")]
    names = {re.search(r'digraph "(.+?)"', code)[1] for code in graphs}
    assert len(names) == 3
    assert all(re.fullmatch(r"net-[0-9a-f]{8}", name) for name in names)


def test_options_of_layout_are_those_of_graphviz():
    dot = dot_of(scene(NESTED), rankdir="LR", splines="ortho", dpi=200)
    assert [dot.get(name) for name in ("rankdir", "splines", "dpi")] == ["LR", "ortho", 200]
    assert dot.get("layout") is None
    other = dot_of(scene(NESTED), layout="neato")
    assert (other.get("layout"), other.get("overlap")) == ("neato", "false")
    assert other.get("dpi") is None


def test_columns_are_packed_side_by_side():
    made = scene(RESIDUAL, **OVERVIEW)
    assert dot_of(made).get("pack") is None
    dot = dot_of(made, 2)
    assert dot.get("packmode") == '"array_tu2"'
    columns = dot.get_subgraphs()
    assert [unquoted(one.get_name()) for one in columns] == [
        "cluster_//column1",
        "cluster_//column2",
    ]
    assert [one.get("sortv") for one in columns] == [1, 2]
    circles = [node for node in all_of(dot, "nodes") if node.get("class") == "connector"]
    assert sorted(node.get("label") for node in circles) == ["1", "1"]


def test_columns_stand_side_by_side_in_their_order(dot):
    picture = drawn(dot, dot_of(scene(RESIDUAL, **OVERVIEW), 2, 3, **OVERVIEW).to_string())
    found = re.findall(
        r'class="node[^"]*">\s*<title>(.*?)</title>.*?<text[^>]* x="([-\d.]+)"', picture, re.DOTALL
    )
    across = {name: float(x) for name, x in found}
    assert across["x"] < across["a1"] < across["p_stack"]


def test_a_cluster_has_the_model_as_title():
    cluster = scene_to_cluster(scene(NESTED), DrawOptions().layout)
    assert unquoted(cluster.get_name()) == "cluster_net"
    assert unquoted(cluster.get("label")) == "net"
    assert {unquoted(node.get_name()) for node in all_of(cluster, "nodes")} == {"x", "b", "y"}


def test_several_tensors_are_a_thick_line_with_their_number():
    made = scene("x InputLayer\ns Split <- x\na Add <- s, s:1, s:2\n-> a")
    edges = {
        (unquoted(edge.get_source()), unquoted(edge.get_destination())): edge
        for edge in all_of(dot_of(made), "edges")
    }
    thin, thick = edges["x", "s"], edges["s", "a"]
    assert (thin.get("penwidth"), thin.get("xlabel")) == (None, None)
    assert float(thick.get("penwidth")) > 2
    assert unquoted(thick.get("xlabel")) == "×3"
    assert unquoted(thick.get("tooltip")) == "(None, 8) float32"


def test_what_stands_side_by_side_is_a_box_with_a_thick_line(dot):
    branches = "\n".join(f"a{n} Dense/8 <- x\nb{n} ReLU <- a{n}" for n in range(4))
    text = f"x InputLayer\n{branches}\nc Concatenate <- b0, b1, b2, b3\ny Dense <- c\n-> y"
    made = scene(text, **OVERVIEW)
    wires = {(wire.source, wire.target): (wire.count, wire.text) for wire in wires_of(made)}
    assert wires == {("x", "a0_beside"): (1, ""), ("a0_beside", "c_stack"): (4, "")}
    assert "4 side by side" in svg.words(drawn(dot, dot_of(made, **OVERVIEW).to_string()))
