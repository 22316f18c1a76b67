"""No edge of an overview is lost, invented or ambiguous; graphs without Keras."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

import pytest

import svg
from make_graphs import model
from sphinxcontrib_kerasgraph.draw.dot import scene_to_dot
from sphinxcontrib_kerasgraph.graph import ModelGraph, Tensor
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange
from sphinxcontrib_kerasgraph.view.views import views
from svg import words


def drawn(dot: str, graph: str | ModelGraph, starts: tuple[int, ...] = (0,), **options) -> str:
    """The SVG, of which ``dot`` doesn't complain."""
    settings = DrawOptions.of(**{"view": "overview", "fold": "exact", "depth": "all"} | options)
    graph = model(graph) if isinstance(graph, str) else graph
    scene = scene_of(views(graph, settings)[0], settings.label, settings.layout)
    code = scene_to_dot(arrange(scene, Layout(starts)), settings.layout).to_string()
    done = subprocess.run([dot, "-Tsvg"], input=code.encode(), capture_output=True, check=True)
    assert not re.findall(r"Error|belongs to two|will be ignored", done.stderr.decode())
    return done.stdout.decode()


def edges(made: str) -> set[tuple[str, str]]:
    return {edge for edge in svg.edges(made) if "//note" not in edge}


def chain(count: int, block: str, first: str = "x") -> tuple[str, str]:
    """``block`` so many times, each on the one before; and the name of the last."""
    lines, last = [], first
    for number in range(1, count + 1):
        lines.append(block.replace("{n}", str(number)).replace("{last}", last))
        last = re.findall(r"^(\w+)", lines[-1], re.MULTILINE)[-1]
    return "\n".join(lines), last


def test_a_fold_that_starts_as_the_one_around_it_has_a_frame_of_its_own(dot):
    lines, last = ["x InputLayer"], "x"
    for outer in range(2):
        text, last = chain(
            3,
            f"c{outer}{{n}} Conv2D <- {{last}}\na{outer}{{n}} Add <- c{outer}{{n}}, {{last}}",
            last,
        )
        lines += [text, f"p{outer} MaxPooling2D <- {last}"]
        last = f"p{outer}"
    made = drawn(dot, "\n".join([*lines, f"-> {last}"]))
    assert len(set(svg.frames(made))) == 2
    assert {"×2", "×3"} <= set(re.findall(r"×\d", words(made)))
    assert all(source != target for source, target in edges(made))


def test_the_shape_that_enters_a_fold_is_that_of_what_it_takes(dot):
    text, last = chain(3, "d{n} Dense <- {last}\nj{n} Concatenate <- {last}, d{n}")
    graph = model(f"x InputLayer\n{text}\n-> {last}")
    sizes = {"x": 8, "j1": 16, "j2": 24, "j3": 32}
    into = {
        call.id: [edge.source.call for edge in graph.graph.edges if edge.target.call == call.id]
        for call in graph.graph.calls
    }
    calls = tuple(
        replace(
            call,
            inputs=tuple(Tensor((None, sizes.get(one, 8)), "float32") for one in into[call.id]),
            outputs=(Tensor((None, sizes.get(call.id, 8)), "float32"),),
        )
        for call in graph.graph.calls
    )
    text = words(drawn(dot, replace(graph, graph=replace(graph.graph, calls=calls))))
    assert re.search(r"×3 +8 ", f"{text} ")
    assert "Concatenate 16 … 32" in text


def test_stubs_are_in_no_stack(dot):
    text = "x InputLayer\na Conv2D <- x\nb BatchNormalization <- a\nc Dense <- b\ne ReLU <- c\n-> e"
    made = drawn(dot, text, from_=("b",), to=("b",))
    assert sorted(svg.boxes(made)) == ["b", "from_a", "to_c"]
    assert "… c" in words(made)


def test_what_a_block_hands_through_crosses_columns_by_a_connector(dot):
    lines, last = ["x InputLayer"], "x"
    for number in range(6):
        lines += [
            f"m{number} Block <- {last}", f"    a Dense/{number} <- ^", "    -> a, ^",
            f"d{number} Conv2D/{number} <- m{number}", f"e{number} Add <- d{number}, m{number}:1",
        ]  # fmt: skip
        last = f"e{number}"
    text = "\n".join([*lines, f"-> {last}"])
    starts = (0, 5, 11)
    made = drawn(dot, text, starts, fold="none", fuse="no")
    for source, target in edges(made):
        if "//" not in source + target:
            number = [int(re.search(r"\d+", name)[0]) for name in (source, target) if name != "x"]
            assert max(number) - min(number) <= 1


@pytest.mark.parametrize("view", ["overview", "full"])
def test_a_part_may_end_inside_the_last_block(dot, view):
    block = "m Block <- x\n    a Dense <- ^\n    b ReLU <- a\n    -> b"
    made = drawn(dot, f"x InputLayer\n{block}\nz Dense <- m\n-> z", to=("m/a",), view=view)
    assert ("x", "m/a") in edges(made)
    assert "Part of the model." in words(made)


def test_which_tensor_a_fold_of_one_layer_takes_is_seen(dot):
    """Each sum of the two before it is another model than each sum with one and the same."""
    two, last = ["x InputLayer", "a Dense <- x", "b Dense <- a"], ["a", "b"]
    for number in range(6):
        two.append(f"s{number} Add <- {last[1]}, {last[0]}")
        last = [last[1], f"s{number}"]
    one, end = chain(6, "s{n} Add <- {last}, a", "b")
    pictures = [
        drawn(dot, "\n".join([*two, f"-> {last[1]}"])),
        drawn(dot, "\n".join(["x InputLayer", "a Dense <- x", "b Dense <- a", one, f"-> {end}"])),
        drawn(dot, "\n".join(["x InputLayer", chain(6, "s{n} Add <- {last}, {last}")[0], "-> s6"])),
    ]
    assert "2 before" in words(pictures[0])
    assert "2 before" not in words(pictures[1])
    assert len(svg.frames(pictures[2])) == 1
    assert sorted(svg.edges(pictures[2]).values()) == [1, 2]


def test_what_differs_is_told_without_stacks_too(dot):
    text, last = chain(4, "c{n} Dense/{n} <- {last}\ne{n} Add <- c{n}, {last}")
    graph = model(f"x InputLayer\n{text}\n-> {last}")
    calls = tuple(
        replace(call, config={"units": int(call.config["size"])})
        if call.config.get("size")
        else call
        for call in graph.graph.calls
    )
    made = drawn(
        dot, replace(graph, graph=replace(graph.graph, calls=calls)), fold="loose", fuse="no"
    )
    assert "1, 2, 3, 4" in words(made)


def test_what_a_hidden_join_joined_goes_on_through_a_block(dot):
    text = """
    x InputLayer
    a Dense <- x
    b Dense <- x
    j Add <- a, b
    m Block <- j
        q ReLU <- ^
        -> q, ^
    z Multiply <- m, m:1
    -> z
    """
    made = drawn(dot, text, hide=("j",), fold="none", fuse="no")
    assert {("a", "z"), ("b", "z"), ("a", "m/q"), ("b", "m/q")} <= edges(made)


def test_several_tensors_that_are_handed_on_have_numbers(dot):
    lines = ["x InputLayer", "p0 Dense <- x", "q0 Conv2D <- x"]
    lines += [
        f"u{number} Dense <- p{number - 1}\nv{number} Tanh <- q{number - 1}\n"
        f"p{number} Add <- u{number}, v{number}\nq{number} Multiply <- v{number}, u{number}"
        for number in range(1, 5)
    ]
    made = drawn(dot, "\n".join([*lines, "z Concatenate <- p4, q4\n-> z"]))
    texts = words(made)
    assert len(re.findall(r"\b1 8\b", texts)) == 2
    assert len(re.findall(r"\b2 8\b", texts)) == 2
