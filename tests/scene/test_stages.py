"""Where the resolution changes along the main way of a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from make_graphs import model
from make_scenes import scene
from sphinxcontrib_kerasgraph.graph import CallGraph, CallKind, ModelGraph, Tensor
from sphinxcontrib_kerasgraph.scene.stages import Stage, stages_of


def image(text: str, *, channels_first: bool = False) -> ModelGraph:
    """The model where ``Conv2D/28`` makes 28×28; other calls keep what the first one takes.

    ``Conv2D/?2`` halves sizes that aren't known.
    """
    made = model(text)
    shapes: dict[str, tuple[int | None, ...]] = {}
    for path, call in made.graph.walk():
        size = call.config["size"]
        sources = [edge.source.call for edge in made.graph.edges_into.get(call.id, ())]
        shape = shapes.get(sources[0]) if sources else (None, None, None, 8)
        if size and not size.startswith("?"):
            side = int(size)
            shape = (None, 8, side, side) if channels_first else (None, side, side, 8)
        shapes[call.id] = shape
        config = {"size": size}
        if call.kind in {CallKind.CONVOLUTION, CallKind.POOLING}:
            config["data_format"] = "channels_first" if channels_first else "channels_last"
            config["strides"] = [int(size[1:]) if size and size.startswith("?") else 1] * 2
        made = changed(
            made,
            path,
            config=config,
            inputs=tuple(Tensor(shapes[one], "float32") for one in sources),
            outputs=(Tensor(shape, "float32"),),
        )
    return made


def told(graph: CallGraph) -> list[tuple[int, str]]:
    return [(one.at, one.text) for one in stages_of(graph)]


DOWN = """
    x InputLayer/56
    a Conv2D/56 <- x
    b Conv2D/28 <- a
    c Conv2D/28 <- b
    d MaxPooling2D/14 <- c
    e Conv2D/7 <- d
    f Dense <- e
    -> f
    """


@pytest.mark.parametrize("channels_first", [False, True])
def test_changes_are_told_where_they_are(channels_first):
    graph = image(DOWN, channels_first=channels_first).graph
    assert told(graph) == [(2, "28×28"), (4, "14×14"), (5, "7×7")]


def test_of_sizes_that_are_not_known_the_parts_of_the_input_are_told():
    text = "x InputLayer\na Conv2D/?2 <- x\nb Conv2D/?2 <- a\nc Conv2D/?2 <- b\n-> c"
    assert told(image(text).graph) == [(1, "1/2"), (2, "1/4"), (3, "1/8")]


def test_a_model_that_changes_once_has_no_stages():
    """As a vision Transformer, which has patches from the first convolution on."""
    assert told(image("x InputLayer/224\na Conv2D/14 <- x\nb Dense <- a\n-> b").graph) == []


def test_what_is_made_finer_alone_has_no_stages():
    text = "x InputLayer/7\na Conv2D/14 <- x\nb Conv2D/28 <- a\nc Conv2D/56 <- b\n-> c"
    assert told(image(text).graph) == []


def test_a_border_that_is_lost_is_no_stage():
    text = "x InputLayer/32\na Conv2D/30 <- x\nb Conv2D/28 <- a\nc Conv2D/14 <- b\n-> c"
    assert told(image(text).graph) == []


def test_a_u_goes_down_and_up():
    text = """
        x InputLayer/32
        a Conv2D/32 <- x
        b Conv2D/16 <- a
        c Conv2D/8 <- b
        d Conv2D/16 <- c
        e Concatenate <- d, b
        f Conv2D/32 <- e
        g Concatenate <- f, a
        -> g
        """
    assert told(image(text).graph) == [(2, "16×16"), (3, "8×8"), (4, "16×16"), (6, "32×32")]


def test_what_goes_beside_the_longest_way_is_not_told():
    """A branch that is made coarser early, and weights of channels, which are one point."""
    text = """
        x InputLayer/32
        a Conv2D/32 <- x
        s MaxPooling2D/16 <- a
        b Conv2D/32 <- a
        c Conv2D/16 <- b
        d Add <- c, s
        w MaxPooling2D/1 <- d
        v Conv2D/1 <- w
        m Multiply <- d, v
        e Conv2D/8 <- m
        -> e
        """
    assert told(image(text).graph) == [(4, "16×16"), (9, "8×8")]


def test_a_box_tells_the_resolution_of_most_of_its_layers():
    made = scene(image(DOWN), view="overview", fold="none")
    # The rows of one box are 56, 28, 28, 14 and 7 wide, and of no use for a stage.
    assert made.stages == ()
    text = DOWN.replace("c Conv2D/28 <- b", "c Conv2D/28 <- b\n    k Add <- c, b").replace(
        "d MaxPooling2D/14 <- c", "d MaxPooling2D/14 <- k"
    )
    made = scene(image(text), view="overview", fold="none")
    assert [stage.text for stage in made.stages] == ["28×28", "7×7"]


def test_repetitions_of_several_resolutions_tell_the_first_and_the_last():
    lines, last = ["x InputLayer/128"], "x"
    for n, size in enumerate((64, 32, 16, 8)):
        lines += [f"c{n} Conv2D/{size} <- {last}", f"a{n} Add <- c{n}, c{n}"]
        last = f"a{n}"
    made = scene(image("\n".join([*lines, f"y Conv2D/2 <- {last}", "-> y"])), view="overview",
                 fold="loose")  # fmt: skip
    assert made.stages == (Stage(1, "64×64 … 8×8"), Stage(2, "2×2"))


def test_a_full_view_has_none_and_models_without_windows_neither():
    assert scene(image(DOWN), view="full").stages == ()
    text = "x InputLayer\na Dense <- x\nb Dense <- a\nc Add <- b, a\n-> c"
    assert stages_of(model(text).graph) == ()


def test_layers_that_disagree_about_their_axes_tell_nothing():
    graph = image(DOWN)
    graph = changed(graph, "b", config={"data_format": "channels_first"})
    assert stages_of(graph.graph) == ()


def test_sequences_are_told_by_their_length():
    graph = image(DOWN)
    calls = tuple(
        replace(
            call,
            inputs=tuple(Tensor(one.shape[1:], "float32") for one in call.inputs),
            outputs=tuple(Tensor(one.shape[1:], "float32") for one in call.outputs),
        )
        for call in graph.graph.calls
    )
    graph = replace(graph, graph=replace(graph.graph, calls=calls))
    assert told(graph.graph) == [(2, "length 28"), (4, "length 14"), (5, "length 7")]


def test_windows_over_what_is_no_image_make_no_stages():
    made = model("x InputLayer\na Conv2D <- x\nb Conv2D <- a\nc Conv2D <- b\n-> c")
    flat = Tensor((None, 64), "float32")
    config = {"data_format": "channels_last", "strides": [2, 2]}
    for name in "abc":
        made = changed(made, name, config=config, inputs=(flat,), outputs=(flat,))
    assert stages_of(made.graph) == ()
