"""Two small models beside each other, without Keras, for all that is made of what differs."""

from __future__ import annotations

from dataclasses import replace

from edit_graphs import configured
from make_graphs import model
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.graph import ModelGraph, Parameters

OLD = """
    image InputLayer
    conv Conv2D/32 <- image
    norm BatchNormalization <- conv
    relu ReLU <- norm
    head Dense/10 <- relu
    -> head
"""
NEW = """
    image InputLayer
    conv Conv2D/64 <- image
    relu ReLU <- conv
    drop Dropout <- relu
    head Dense/10 <- drop
    -> head
"""
#: What would mean something in HTML, in Markdown, and in a table of it.
ODD = "mypkg.f(a='<img src=x>', b='`|*_@octocat_#1')"


def sized(text: str, parameters: int, **dtypes: int) -> ModelGraph:
    """The model of the text, with so many weights."""
    made = replace(model(text), parameters=Parameters(parameters, parameters, parameters))
    return replace(made, dtypes=dtypes or {"float32": parameters})


def two(old: str = "mypkg.v1", new: str = "mypkg.v2") -> ModelDiff:
    """A layer is gone, one is there, and one has more filters."""
    return ModelDiff.of(sized(OLD, 1000), sized(NEW, 1500), old, new)


def same() -> ModelDiff:
    """A model beside itself."""
    return ModelDiff.of(sized(OLD, 1000), sized(OLD, 1000), "mypkg.v1", "mypkg.v2")


def odd() -> ModelDiff:
    """Names and values that would be taken for something else."""
    changed = configured(
        sized(OLD, 1000), "head", label="```\n<script>alert(1)</script> | @octocat"
    )
    return ModelDiff.of(sized(OLD, 1000), changed, ODD, ODD)


def tall() -> ModelDiff:
    """Many layers, and behind most of them a block in which one is there that wasn't before."""

    def made(*inside: str) -> ModelGraph:
        names = ["x", *(f"d{at}" for at in range(50))]
        lines = [f"{one} Dense/{at} <- {names[at]}" for at, one in enumerate(names[1:])]
        block = ["b Block <- d39", *(f"    {one}" for one in inside)]
        lines[40:41] = [*block, "d40 Dense/40 <- b"]
        return model("\n".join(["x InputLayer", *lines, "-> d49"]))

    old = made("in1 Dense/1 <- ^", "in2 Dense/2 <- in1", "-> in2")
    new = made("in1 Dense/1 <- ^", "drop Dropout <- in1", "in2 Dense/2 <- drop", "-> in2")
    return ModelDiff.of(old, new)
