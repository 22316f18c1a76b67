"""A view as a scene: which boxes, frames and wires there are, and what they carry."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edit_graphs import changed, renamed
from effort import tried
from make_graphs import model, random_models
from make_scenes import (
    NESTED,
    PARTS,
    RESIDUAL,
    boxes_of,
    by_path,
    frames_of,
    residual,
    said_by,
    scene,
    texts_of,
    viewed,
    wires_of,
)
from sphinxcontrib_kerasgraph.compare import compared, merged
from sphinxcontrib_kerasgraph.draw.theme import CHANGES
from sphinxcontrib_kerasgraph.graph import Change, Marks, ModelGraph, Port
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.label.tree import Form
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.scene import Frame, Scene
from sphinxcontrib_kerasgraph.view.views import views

OVERVIEW = {"view": "overview", "fold": "exact"}
#: Ways to draw that lead to all that scenes are made of.
WAYS = [
    {"view": "full"},
    {"view": "full", "depth": "all"},
    {"view": "full", "depth": "all", "rankdir": "LR"},
    {"view": "full", "depth": 1, "fold": "exact"},
    {"view": "overview"},
    {"view": "overview", "fold": "loose", "depth": "all"},
    {"view": "overview", "fold": "none", "depth": "all"},
]


def scenes(graph: ModelGraph, **options) -> list[Scene]:
    """The scenes of all views."""
    settings = DrawOptions.of(**options)
    return [scene_of(view, settings.label, settings.layout) for view in views(graph, settings)]


# What holds for any scene


def test_the_first_box_tells_what_the_model_was_made_without():
    """Also if it is an open block."""
    for text in ("x InputLayer\ny Dense <- x\n-> y", NESTED):
        made = replace(model(text), passed_over=("weights of a.h5",))
        drawn = scene(made, view="full", depth="all")
        tooltips = [item.tooltip for item in drawn.items]
        assert tooltips[0].endswith("\nMade without weights of a.h5.")
        assert not any("Made without" in tooltip for tooltip in tooltips[1:])


@tried(150)
@given(random_models(), st.sampled_from(WAYS))
def test_any_scene_holds_together(graph, options):
    for made in scenes(graph, **options):
        check_names(made)
        check_wires(made)
        check_sources(made.items)


def check_names(made: Scene) -> None:
    """Every name is there once."""
    named = [*boxes_of(made), *texts_of(made)]
    names = Counter(one.name for one in named)
    assert {name for name, times in names.items() if times > 1} == set()
    assert names.keys() == made.names
    frames = [frame.name for frame in frames_of(made)]
    assert len(set(frames)) == len(frames)


def check_wires(made: Scene) -> None:
    """Every wire goes from box to box, and what is inside of a frame to what is inside of it."""
    frames = {frame.name for frame in frames_of(made)}
    for wire in wires_of(made):
        assert {wire.source, wire.target} <= made.names
        assert wire.frame is None or wire.frame in frames
    for frame in frames_of(made):
        inside = set(frame.names())
        assert all(wire.target in inside for wire in frame.wires)
        for one in frame.exits:
            assert set(one.sources) <= inside
        if frame.is_headed:
            assert frame.first_box in inside


def check_sources(items) -> None:
    """What an item takes tensors from comes before it, but for what goes to the next step."""
    for at, item in enumerate(items):
        assert all(-1 <= source < len(items) for source in item.sources), at
        if isinstance(item, Frame):
            check_sources(item.items)


@tried(100)
@given(random_models(), st.sampled_from(WAYS))
def test_every_call_that_is_shown_has_its_path(graph, options):
    for view, made in zip(
        views(graph, DrawOptions.of(**options)), scenes(graph, **options), strict=True
    ):
        # A part that is drawn apart stands for calls of many places; its paths are its own.
        apart = {
            box.path
            for part in made.parts
            for box in boxes_of(replace(made, items=(part,), parts=()))
        }
        paths = [path for path, _ in view.graph.graph.walk()]
        told = {box.path for box in boxes_of(made)}
        assert told - apart <= {*paths}
        assert None not in told
        assert {wire.path for wire in wires_of(made)} <= {*paths} | apart | {
            frame.path for frame in frames_of(made)
        }


@tried(100)
@given(random_models(), st.sampled_from(["TB", "LR"]))
def test_a_full_view_has_a_box_or_a_frame_for_each_call(graph, rankdir):
    made = scene(graph, view="full", depth="all", rankdir=rankdir)
    shown = viewed(graph, view="full", depth="all")
    leaves = {path for path, call in shown.graph.graph.walk() if call.body is None}
    blocks = {path for path, call in shown.graph.graph.walk() if call.body is not None}
    assert Counter(box.path for box in boxes_of(made)) == Counter(leaves)
    assert Counter(frame.path for frame in frames_of(made)) == Counter(blocks)


# Names


def test_ids_that_become_the_same_have_names_of_their_own():
    text = "x InputLayer\na:b Dense <- x\na_b Dense <- a:b\na|b Dense <- a_b\n-> a|b"
    # The text of graphs takes a colon for an output.
    made = scene(model(text.replace("a:b", "a;b")))
    check_names(made)
    assert {box.path: box.name for box in boxes_of(made)} == {
        "x": "x", "a;b": "a_b", "a_b": "a_b~2", "a|b": "a_b~3",
    }  # fmt: skip
    wires = {(wire.source, wire.target) for wire in made.wires}
    assert wires == {("x", "a_b"), ("a_b", "a_b~2"), ("a_b~2", "a_b~3")}


def test_what_views_make_has_other_names_than_calls():
    """A fold has the name of its first call and of what it is; so may a call."""
    made = scene(RESIDUAL.replace("d Dense", "c1_fold Dense").replace("<- d", "<- c1_fold")
                 .replace(", d", ", c1_fold"), view="overview", fold="exact")  # fmt: skip
    check_names(made)
    [frame] = frames_of(made)
    assert by_path(made)["c1_fold"].name == "c1_fold"
    assert frame.name == "c1_fold~2"


def test_names_of_a_cluster_have_its_prefix():
    settings = DrawOptions.of(depth="all")
    view = viewed(NESTED, depth="all")
    made = scene_of(view, settings.label, settings.layout, "net/")
    assert all(name.startswith("net/") for name in made.names)
    check_wires(made)
    # Paths are those in the model.
    assert by_path(made).keys() == {"x", "b/d", "b/i/c", "b/i/r", "b/a", "y"}


# Frames


def tree(items) -> list:
    """Paths of boxes, and of frames with what is inside."""
    return [
        (item.path, tree(item.items)) if isinstance(item, Frame) else item.path for item in items
    ]


def test_frames_nest_as_blocks_do():
    assert tree(scene(NESTED, depth="all").items) == [
        "x",
        ("b", ["b/d", ("b/i", ["b/i/c", "b/i/r"]), "b/a"]),
        "y",
    ]
    assert tree(scene(NESTED, depth=1).items) == ["x", ("b", ["b/d", "b/i", "b/a"]), "y"]
    assert tree(scene(NESTED).items) == ["x", "b", "y"]


def test_frames_know_how_deep_they_are():
    depths = {frame.path: frame.depth for frame in frames_of(scene(NESTED, depth="all"))}
    assert depths == {"b": 0, "b/i": 1}


def test_a_repetition_is_a_frame_whose_calls_have_their_own_paths():
    made = scene(RESIDUAL, view="overview", fold="exact")
    assert tree(made.items) == ["x", "d", ("c1 fold", ["c1 stack", "a1"]), "p stack"]
    [frame] = frames_of(made)
    assert frame.tooltip.startswith("×4")
    assert not frame.is_headed


def test_titles_stand_beside_the_first_box_where_wires_come_from_above():
    [beside] = frames_of(scene(NESTED, depth=1))
    assert beside.title is None
    assert plain_text(beside.title_beside.label) == "Block  b"
    [on] = frames_of(scene(NESTED, depth=1, rankdir="LR"))
    assert on.title_beside is None
    assert plain_text(on.title) == "Block  b"
    # Where the first item is a frame itself, there is no first box to stand beside.
    text = (
        NESTED.replace("        d Dense <- ^\n", "").replace("<- d", "<- ^").replace("a, d", "a, i")
    )
    outer, inner = frames_of(scene(text, depth="all"))
    assert (outer.title_beside, inner.title) == (None, None)


# EdgesByPlace


def ends(made: Scene) -> Counter:
    return Counter((wire.source, wire.target) for wire in wires_of(made))


def test_wires_go_on_to_what_is_inside_and_come_from_there():
    assert ends(scene(NESTED, depth="all")) == Counter(
        {
            ("x", "b/d"): 1, ("x", "b/a"): 1, ("b/d", "b/i/c"): 1, ("b/i/c", "b/i/r"): 1,
            ("b/i/r", "b/a"): 1, ("b/a", "y"): 1, ("b/d", "y"): 1,
        }
    )  # fmt: skip
    assert ends(scene(NESTED)) == Counter({("x", "b"): 1, ("b", "y"): 1})


def test_tensors_between_the_same_two_boxes_are_one_wire():
    [_, both] = scene(NESTED).wires
    assert (both.source, both.target, both.count, both.text) == ("b", "y", 2, "×2")


def test_a_wire_carries_the_path_of_the_call_that_takes_it_and_each_of_its_tensors():
    graph = model("x InputLayer\na Attention <- x, x\n-> a")
    edges = tuple(
        replace(edge, argument=name)
        for edge, name in zip(graph.graph.edges, ("query", "value"), strict=True)
    )
    made = scene(replace(graph, graph=replace(graph.graph, edges=edges)))
    assert [(wire.path, wire.tooltip, wire.port) for wire in made.wires] == [
        ("a", "query: (None, 8) float32\nvalue: (None, 8) float32", Port("x")),
    ]


def test_what_no_call_inside_takes_ends_at_the_frame():
    text = "x InputLayer\nm InputLayer\nb Block <- x, m\n    d Dense <- ^\n    -> d\n-> b"
    made = scene(text, depth="all")
    frames = {wire.source: wire.frame for wire in made.wires}
    assert frames == {"x": None, "m": "b"}


def test_what_goes_to_the_next_step_is_recurrent():
    text = "x InputLayer\nl Loop <- x\n    a Add <- ^, ~d\n    d Dense <- a\n    -> d\n-> l"
    made = scene(text, depth="all")
    assert {(wire.source, wire.target) for wire in wires_of(made) if wire.recurrent} == {
        ("l/d", "l/a")
    }


def test_the_longest_way_is_the_spine():
    made = scene(RESIDUAL, view="overview", fold="exact")
    spine = {(wire.source, wire.target) for wire in wires_of(made) if wire.on_spine}
    assert ("c1_fold//in0", "c1_stack") in spine
    assert ("c1_fold//in0", "a1") not in spine
    full = {(wire.source, wire.target) for wire in wires_of(scene(RESIDUAL)) if wire.on_spine}
    assert {("r1", "a1"), ("a1", "c2")} < full
    assert ("x", "a1") not in full


def test_crossing_counts_the_tensors_between_items():
    text = "x InputLayer\na Dense <- x\nb Dense <- a\nc Add <- b, x\n-> c"
    assert scene(text, view="full").crossing == (0, 1, 2, 2, 1)


# Boxes


def test_ends_of_the_model_are_told_apart_inside_of_blocks_too():
    labels = {path: box.label for path, box in by_path(scene(NESTED, depth="all")).items()}
    assert {path for path, label in labels.items() if label.terminal} == {"x", "y"}
    text = "x InputLayer\nb Block <- x\n    d Dense <- ^\n    r ReLU <- d\n    -> r\n-> b"
    labels = {path: box.label for path, box in by_path(scene(text, depth="all")).items()}
    assert {path for path, label in labels.items() if label.terminal} == {"x", "b/r"}


def test_tooltips_tell_path_and_class_of_every_row():
    made = by_path(scene(RESIDUAL, view="overview", fold="exact"))
    assert made["x"].tooltip.startswith("x (InputLayer)")
    assert made["c1 stack"].tooltip.splitlines() == [
        "c1 (Conv2D)", "b1 (BatchNormalization)", "r1 (ReLU)",
    ]  # fmt: skip


def test_what_is_left_out_is_a_note():
    assert scene(NESTED).note is None
    made = scene(RESIDUAL, view="overview", fold="exact")
    assert plain_text(made.note.label).splitlines() == [
        "20 calls in 5 boxes;",
        "×N: N times in a row.",
    ]
    assert made.note.path is None


def test_stubs_stand_for_what_is_beyond():
    made = scene(RESIDUAL, from_=("c2",), to=("a2",), view="full")
    assert said_by(made)["from a1"] == "… a1 8"
    labels = {path: box.label.form for path, box in by_path(made).items()}
    assert labels["from a1"] is labels["to c3"] is Form.STUB


# Marks


def marked(graph: ModelGraph, path: str, **marks) -> ModelGraph:
    return changed(graph, path, marks=Marks(**marks))


def with_edge_marks(graph: ModelGraph, target: Port, **marks) -> ModelGraph:
    edges = tuple(
        replace(edge, marks=Marks(**marks)) if edge.target == target else edge
        for edge in graph.graph.edges
    )
    return replace(graph, graph=replace(graph.graph, edges=edges))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("options", [{}, {"view": "overview"}])
def test_marks_of_calls_reach_labels(change, options):
    graph = marked(model("x InputLayer\nd Dense <- x\n-> d"), "d", change=change)
    assert by_path(scene(graph, **options))["d"].label.marks.change is change
    assert by_path(scene(graph, **options))["x"].label.marks == Marks()


def test_highlights_reach_labels_and_frames():
    graph = marked(marked(model(NESTED), "b", highlighted=True), "b/d", highlighted=True)
    made = scene(graph, depth="all")
    assert {box.path for box in boxes_of(made) if box.label.marks.highlighted} == {"b/d"}
    assert {frame.path for frame in frames_of(made) if frame.marks.highlighted} == {"b"}


@pytest.mark.parametrize("change", CHANGES)
def test_marks_of_blocks_reach_frames(change):
    [frame] = frames_of(scene(marked(model(NESTED), "b", change=change), depth=1))
    assert frame.marks.change is change


@pytest.mark.parametrize("options", [{}, {"view": "overview"}], ids=["full", "overview"])
def test_the_title_of_a_frame_tells_that_it_is_highlighted_if_the_border_tells_a_change(options):
    def titles(graph: ModelGraph) -> str:
        return "".join(plain_text(text.label) for text in texts_of(scene(graph, **options)))

    options = {"depth": 1} | options
    graph = marked(model(NESTED), "b", highlighted=True)
    assert "►" not in titles(graph)
    assert "►" in titles(marked(graph, "b/d", change=Change.ADDED))
    assert "►" in titles(marked(graph, "b", highlighted=True, change=Change.CHANGED))
    folded = model(RESIDUAL)
    for n in range(1, 5):
        for name in "cbra":
            folded = marked(folded, f"{name}{n}", highlighted=True, change=Change.ADDED)
    made = titles(folded)
    assert options.get("view") != "overview" or "+  ►" in made


@pytest.mark.parametrize("options", [{}, {"view": "overview"}], ids=["full", "overview"])
def test_a_frame_tells_that_something_in_it_changed(options):
    for change in CHANGES:
        made = scene(marked(model(NESTED), "b/d", change=change), depth=1, **options)
        assert [frame.marks.change for frame in frames_of(made)] == [Change.CHANGED]
        # The title has a sign where the block itself changed.
        assert not {"±", "+", "−"} & set("".join(plain_text(t.label) for t in texts_of(made)))
    made = scene(with_edge_marks(model(NESTED), Port("y", 1), change=Change.ADDED), depth=1)
    assert [frame.marks.change for frame in frames_of(made)] == [None]


def test_marks_of_edges_reach_wires_and_what_they_become_inside_of_frames():
    graph = with_edge_marks(model(NESTED), Port("b"), change=Change.ADDED)
    made = scene(graph, depth="all")
    assert {(wire.source, wire.target) for wire in wires_of(made) if wire.marks.change} == {
        ("x", "b/d"), ("x", "b/a"),
    }  # fmt: skip


def test_marks_of_edges_into_a_repetition_reach_the_wire_to_it_and_those_inside():
    graph = model(RESIDUAL)
    for n in range(1, 5):
        for port in (Port(f"c{n}"), Port(f"a{n}", 1)):
            graph = with_edge_marks(graph, port, change=Change.REMOVED)
    made = scene(graph, view="overview", fold="exact")
    assert {(wire.source, wire.target) for wire in wires_of(made) if wire.marks.change} == {
        ("d", "c1_fold//in0"),
        ("c1_fold//in0", "c1_stack"),
        ("c1_fold//in0", "a1"),
    }


def test_calls_marked_alike_are_one_repetition_with_their_mark():
    graph = model(RESIDUAL)
    for n in range(1, 5):
        graph = marked(graph, f"a{n}", change=Change.ADDED)
    made = scene(graph, view="overview", fold="exact")
    assert by_path(made)["a1"].label.marks.change is Change.ADDED
    [frame] = frames_of(made)
    assert frame.marks.change is Change.CHANGED  # of which a part is added


BRANCHES = "x InputLayer\na Dense <- x\nb Conv2D <- x\nc ReLU <- b\nd Add <- a, c\n-> d"


def test_order_of_items_is_that_of_the_data():
    made = scene(BRANCHES, view="overview", fold="none", fuse="no")
    places = {item.name: at for at, item in enumerate(made.items)}
    for wire in made.wires:
        assert places[wire.source] < places[wire.target]


def test_a_group_and_a_layer_of_its_name_are_two_boxes():
    text = f"x InputLayer\nd Dense <- x\n{residual(4, 'd')}\nend Conv2D <- a4\n-> end"
    made = scene(renamed_to(text, "end", "c1 fold"), view="overview")
    assert len(
        {frame.name for frame in frames_of(made)} | {box.name for box in boxes_of(made)}
    ) == (len(list(frames_of(made))) + len(list(boxes_of(made))))
    stacked = scene(renamed_to(text, "end", "c1 stack"), view="overview")
    names = [box.name for box in boxes_of(stacked)]
    assert len(names) == len(set(names))


def test_a_part_and_a_block_of_its_name_are_two_frames():
    block = "blk Block <- x\n    d Dense <- ^\n    e Add <- d, ^\n    -> e\n"
    text = PARTS.replace("x InputLayer\n", "x InputLayer\n" + block)
    net = renamed_to(text.replace("-> s9", "z Add <- s9, blk\n-> z"), "blk", "part A")
    names = [one.name for one in frames_of(scene(net, view="overview", fold="loose", depth="all"))]
    assert sorted(names) == ["part_A", "part_A~2"]


def renamed_to(text: str, id_: str, new: str) -> ModelGraph:
    net = model(text)
    return replace(net, graph=renamed(net.graph, id_, new))


# A repetition of an open block


def blocks(inside: str, entering: str = "{}", number: int = 4) -> str:
    """Blocks in a row, each of which takes the one before it."""
    lines, last = ["x InputLayer", "m InputLayer"], "x"
    for n in range(1, number + 1):
        lines += [f"b{n} Block <- {entering.format(last)}", *inside.splitlines()]
        last = f"b{n}"
    return "\n".join([*lines, f"y Dense <- {last}", "-> y"])


RESIDUAL_BLOCK = "    d Dense <- ^\n    c Conv2D <- d\n    a Add <- c, ^\n    -> a"


def test_a_repetition_of_a_block_alone_has_one_frame_that_says_both():
    made = scene(blocks(RESIDUAL_BLOCK), **OVERVIEW, depth=1)
    [frame] = frames_of(made)
    assert (frame.title, frame.title_beside) == (None, None)
    [entry] = frame.entries
    assert plain_text(entry.label) == "×4  Block  b1 … b4\n8"
    assert frame.tooltip.splitlines()[:2] == ["×4: b1 … b4", "b1 (Block)"]
    # The sign at the end tells the shape that leaves, as in a repetition without a block.
    assert frame.exits == ()
    assert said_by(made)["b1/a"] == "+ 8"
    ends = {(wire.source, wire.target) for wire in wires_of(made)}
    [stack] = [box.name for box in boxes_of(made) if box.name.startswith("b1/d")]
    assert ends == {
        ("x", entry.name), (entry.name, stack), (entry.name, "b1/a"), (stack, "b1/a"),
        ("b1/a", "y"),
    }  # fmt: skip


def test_frames_inside_of_such_a_frame_have_the_other_colour():
    inner = "    i Inner <- ^\n        d Dense <- ^\n        r Tanh <- d\n        -> r\n"
    inside = f"{inner}    a Add <- i, ^\n    -> a"
    made = scene(blocks(inside), **OVERVIEW, depth="all")
    assert [frame.depth for frame in frames_of(made)] == [0, 1]


def test_a_block_that_no_call_inside_takes_all_of_has_a_frame_of_its_own():
    """The mask ends at the frame of the block, which is in the repetition's."""
    made = scene(blocks(RESIDUAL_BLOCK, entering="{}, m"), **OVERVIEW, depth=1)
    outer, inner = frames_of(made)
    assert (outer.depth, inner.depth) == (0, 1)
    assert {wire.frame for wire in wires_of(made)} == {None, inner.name}


def test_names_that_keras_made_are_told_where_layers_were_put_together_one_by_one():
    graph = model("x InputLayer\ndense_3 Dense <- x\nhead Dense <- dense_3\n-> head")
    assert said_by(scene(graph))["dense_3"] == "Dense dense_3"
    by_method = replace(graph, model_type="Model")
    assert said_by(scene(by_method))["dense_3"] == "Dense"
    assert said_by(scene(by_method))["head"] == "Dense head"
    text = "x InputLayer\nk Block <- x\n    dense_3 Dense <- ^\n    -> dense_3\n-> k"
    assert said_by(scene(text, expand=("k",)))["k/dense_3"] == "Dense"
    assert said_by(scene(text))["k/dense_3"] == "Dense"  # seen through


def test_a_model_of_several_outputs_tells_their_names():
    graph = model("x InputLayer\nage Dense <- x\nsex Dense <- x\nsum Add <- age, sex\n-> age, sex")
    said = said_by(scene(graph, **OVERVIEW))
    assert said["age"] == "Dense → age"
    assert said["sex"] == "Dense → sex"
    assert "→" not in said["sum"]
    assert said_by(scene(graph, **OVERVIEW, show_layer_names=False))["age"] == "Dense"
    one = model("x InputLayer\nage Dense <- x\n-> age")
    assert said_by(scene(one, **OVERVIEW))["age"] == "Dense"


def test_a_dense_scene_has_fewer_rows():
    graph = model(RESIDUAL)
    view = views(graph, DrawOptions.of(**OVERVIEW))[0]
    settings = DrawOptions.of(**OVERVIEW)
    usual, dense = (
        by_path(scene_of(view, settings.label, settings.layout, dense=dense)) for dense in (0, 1)
    )
    assert usual.keys() == dense.keys()
    [(path, one)] = [(path, one) for path, one in dense.items() if "c1" in one.tooltip]
    assert plain_text(one.label) == "Conv2D  BN  ReLU"
    assert len(usual[path].label.rows) == 2
    assert one.tooltip == usual[path].tooltip


OVERVIEW = {"view": "overview", "fold": "exact"}
COLLECTED = "\n".join(
    [
        "x InputLayer",
        *(
            f"d{n} Dense/8 <- {f'a{n - 1}' if n else 'x'}\n"
            f"k{n} Conv2D <- d{n}\n"
            f"a{n} Add <- d{n}, {f'a{n - 1}' if n else 'x'}"
            for n in range(5)
        ),
        "s Concatenate <- k0, k1, k2, k3, k4",
        "y Dense <- a4",
        "-> s, y",
    ]
)


def test_what_is_taken_of_all_repetitions_is_one_wire_that_says_so():
    made = scene(COLLECTED, **OVERVIEW)
    [collected] = [wire for wire in wires_of(made) if wire.count > 1]
    assert (collected.source, collected.target) == ("k0", "s")
    assert (collected.count, collected.text) == (5, "all 5")
    # It is one line, wherever the drawing is broken.
    assert max(made.crossing) <= 2


def test_branches_with_one_source_take_it_at_the_title_of_their_frame():
    branches = "\n".join(
        f"a{n} Dense/8 <- x\nb{n} Dense/4 <- x\nc{n} Add <- a{n}, b{n}" for n in range(3)
    )
    made = scene(f"x InputLayer\n{branches}\nd Concatenate <- c0, c1, c2\n-> d", **OVERVIEW)
    [frame] = frames_of(made)
    assert [plain_text(text.label) for text in frame.entries] == ["3 side by side"]
    assert frame.exits == ()
    assert ("x", frame.entries[0].name) in ends(made)
    [thick] = [wire for wire in wires_of(made) if wire.count > 1]
    assert (thick.source, thick.target, thick.text) == ("c0", "d", "")


def test_branches_with_inputs_of_their_own_are_joined_by_thick_wires():
    inputs = "\n".join(f"x{n} InputLayer\na{n} Dense <- x{n}" for n in range(3))
    made = scene(f"{inputs}\nd Concatenate <- a0, a1, a2\n-> d", **OVERVIEW)
    assert next(plain_text(box.label) for box in boxes_of(made)) == "x0, x1, x2 3 × 8"
    assert [(wire.count, wire.text) for wire in wires_of(made)] == [(3, ""), (3, "")]


def test_what_goes_to_another_input_of_two_models_is_one_wire():
    text = "x InputLayer\ny InputLayer\nc Concatenate <- {}\n-> c"
    both = merged(compared(model(text.format("x, y")), model(text.format("y, x"))))
    wires = wires_of(scene(both))
    assert {(wire.source, wire.target): wire.marks.change for wire in wires} == {
        ("x", "c"): Change.CHANGED, ("y", "c"): Change.CHANGED,
    }  # fmt: skip
    assert len(wires) == 2
