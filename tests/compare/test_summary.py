"""What differs between two models as a person would state it."""

from __future__ import annotations

from dataclasses import replace

from edit_graphs import renamed
from make_graphs import model
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.graph import ModelGraph

CONCATENATE = "x InputLayer\ny InputLayer\nz InputLayer\nc Concatenate <- {}\n-> c"
DENSE = "x InputLayer\n" + "\n".join(
    f"d{at} Dense/{at + 3} <- {f'd{at - 1}' if at else 'x'}" for at in range(4)
)
OLD = model(f"{DENSE}\n-> d3")
STEM = "x InputLayer\nconv Conv2D/8 <- x\n"


def said(old: ModelGraph, new: ModelGraph) -> list[str]:
    return [one.text for one in ModelDiff.of(old, new).statements]


def with_names(*names: str) -> ModelGraph:
    graph = OLD.graph
    for name in names:
        graph = renamed(graph, name, f"x_{name}")
    return replace(OLD, graph=graph)


def test_new_names_are_told_of_models_that_are_equal_but_for_these():
    assert said(OLD, with_names("d0", "d1", "d2", "d3")) == [
        "Equal but for names",
        "4 renamed: d0 → x_d0, d1 → x_d1, d2 → x_d2 and 1 more",
    ]


def test_another_name_of_the_model_is_told_where_nothing_differs_but_names():
    other = "The model's name is other, was net"
    assert said(OLD, replace(OLD, name="other")) == [other]
    assert said(OLD, replace(with_names("d0"), name="other")) == ["d0 renamed to x_d0", other]
    assert other not in said(OLD, replace(model(f"{DENSE}\ne Dropout <- d3\n-> e"), name="other"))


def test_calls_of_one_class_in_a_row_are_no_repetition():
    old = model(f"{STEM}d Dense/1 <- conv\ndense Dense/2 <- d\nend Softmax <- dense\n-> end")
    new = model(f"{STEM}end Softmax <- conv\n-> end")
    assert said(old, new) == ["2 calls (Dense ×2) removed after conv"]


def test_how_many_blocks_there_were_is_told_only_where_there_were_some():
    def of(blocks: int) -> ModelGraph:
        text, last = STEM, "conv"
        for at in range(1, blocks + 1):
            text += f"block{at}_conv Conv2D/{at} <- {last}\nblock{at}_relu ReLU <- block{at}_conv\n"
            last = f"block{at}_relu"
        return model(f"{text}end Softmax <- {last}\n-> end")

    assert said(of(0), of(2)) == ["block1 … block2 (2 × 2 calls) added after conv"]
    assert said(of(2), of(0)) == ["block1 … block2 (2 × 2 calls) removed after conv"]
    assert said(of(2), of(4)) == ["block3 … block4 (2 × 2 calls, ×2 → ×4) added after block2_relu"]


def test_another_order_of_the_inputs_of_a_call():
    was = model(CONCATENATE.format("x, y, z"))
    swapped = "c takes y, x in this order now"
    assert said(was, model(CONCATENATE.format("y, x, z"))) == [swapped]
    assert said(was, model(CONCATENATE.format("y, z, x"))) == ["c takes y, z, x in this order now"]
    assert said(was, model(CONCATENATE.format("y, z, z"))) != [swapped]
