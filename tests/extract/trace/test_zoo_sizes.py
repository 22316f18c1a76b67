"""Sizes that aren't known, where code needs a number: expectations from the models' code."""

from __future__ import annotations

import contextlib

import keras
import numpy as np
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from zoo import sizes
from zoo.sizes import LOOPS, SUBCLASSED
from zoo_checks import check_real_call, expected, made, outline
from zoo_checks import shown as text

ONLY_TENSORFLOW = pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="it is raw TensorFlow"
)


@pytest.mark.parametrize(
    "name", ["windows", pytest.param("functional_windows", marks=ONLY_TENSORFLOW)]
)
def test_windows_of_a_batch(name):
    assert text(SUBCLASSED[name]) == expected("""
        x InputLayer
        before Dense <- x
        windows Windows <- before
            reshape Reshape <- ^
            mix Dense <- reshape
            reshape_1 Reshape <- mix
            -> reshape_1
        -> windows
    """)
    model, graph = made(SUBCLASSED[name])
    block = graph.graph["windows"]
    assert block.outputs[0].shape == (None, 5, 3)
    assert block.body["reshape"].outputs[0].shape == (None, 4, 5, 6)
    assert model(np.ones((8, 5, 6))).shape == (8, 5, 3)


ATTENTION = """
                qkv Dense <- ^
                split Split <- qkv
                transpose Transpose <- split:1
                matmul Matmul <- split, transpose
                reshape Reshape <- matmul
                softmax Softmax <- reshape
                reshape_1 Reshape <- softmax
                matmul_1 Matmul <- reshape_1, split:2
                project Dense <- matmul_1
                -> project"""


def test_shifted_windows():
    block = f"""
            norm LayerNormalization <- ^
            reshape Reshape <- norm
            transpose Transpose <- reshape
            reshape_1 Reshape <- transpose
            attention WindowAttention <- reshape_1{ATTENTION}
            reshape_2 Reshape <- attention
            transpose_1 Transpose <- reshape_2
            reshape_3 Reshape <- transpose_1
            add Add <- ^, reshape_3
            -> add"""
    alone = ATTENTION.replace("\n    ", "\n")
    assert text(SUBCLASSED["shifted_windows"]) == expected(f"""
        image InputLayer
        first ShiftedBlock <- image{block}
        second ShiftedBlock <- first{block}
        flat Reshape <- second
        alone WindowAttention <- flat{alone}
        -> alone
    """)
    graph = made(SUBCLASSED["shifted_windows"])[1].graph
    assert graph["first"].outputs[0].shape == (None, 6, 6, 4)
    inside = graph["first"].body["attention"]
    assert inside.outputs[0].shape == (None, 4, 4)
    assert inside.body["reshape"].outputs[0].shape == (None, 9, 4, 4)


def test_sizes_handed_on():
    assert text(SUBCLASSED["pyramid"]) == expected("""
        image InputLayer
        patch Conv2D <- image
        reshape Reshape <- patch
        spatial Spatial <- reshape
            reshape Reshape <- ^
            conv DepthwiseConv2D <- reshape
            reshape_1 Reshape <- conv
            add Add <- ^, reshape_1
            -> add
        norm LayerNormalization <- spatial
        -> norm
    """)
    check_real_call(SUBCLASSED["pyramid"])


@ONLY_TENSORFLOW
@pytest.mark.parametrize(
    ("name", "image"), [("raw_pyramid", (None, None)), ("raw_pyramid_known", (4, 4))]
)
def test_sizes_handed_on_as_tensors(name, image):
    """The height and the width come from the patches, and make a shape in each block."""
    block = """
                stack stack <- ^1, ^2, ^3
                reshape reshape <- ^, stack
                conv DepthwiseConv2D <- reshape
                norm BatchNormalization <- conv
                -> norm"""
    assert text(SUBCLASSED[name]) == expected(f"""
        image InputLayer
        patches RawPatches <- image
            conv Conv2D <- ^
            -> conv, conv, conv, conv
        stage RawStage <- patches, patches:1, patches:2, patches:3
            first RawSpatial <- ^, ^1, ^2, ^3{block}
            second RawSpatial <- first, ^1, ^2, ^3{block}
            -> second
        head Dense <- stage
        -> head
    """)
    check_real_call(SUBCLASSED[name])
    stage = made(SUBCLASSED[name])[1].graph["stage"]
    assert stage.body["second"].body["conv"].inputs[0].shape == (None, *image, 4)


@ONLY_TENSORFLOW
def test_channels_that_are_tensors():
    assert text(SUBCLASSED["modulation"]) == expected("""
        image InputLayer
        modulation Modulation <- image
            project Dense <- ^
            split split <- project
            context Context <- split:1
                norm BatchNormalization <- ^
                project Dense <- norm
                -> project
            norm BatchNormalization <- context
            multiply Multiply <- split, norm
            -> multiply
        -> modulation
    """)
    check_real_call(SUBCLASSED["modulation"])
    body = made(SUBCLASSED["modulation"])[1].graph["modulation"].body
    assert body["context"].inputs[0].shape == (None, 6, 6, 8)


AROUND = """
        x InputLayer
        around_2 Around <- x
            before Dense <- ^
            around_1 Around <- before
                before Dense <- ^
                around_0 Around <- before
                    before Dense <- ^
                    inner {} <- before
                    -> inner
                -> around_0
            -> around_1
        head Dense <- around_2
        -> head
    """


def opaque(graph):
    return {path: call.opaque for path, call in graph.walk() if call.opaque}


@pytest.mark.parametrize(("name", "kind"), [("steps", "Steps"), ("looks", "Looks")])
def test_only_the_block_that_cannot_be_traced_is_opaque(name, kind):
    sizes.runs.clear()
    graph = model_to_graph(sizes.Deep(getattr(sizes, kind), name="deep"), (None, 4)).graph
    assert graph_text(graph) == expected(AROUND.format(kind))
    assert list(opaque(graph)) == ["around_2/around_1/around_0/inner"]
    # It isn't tried anew for each block around it.
    assert sizes.runs[kind] <= 24


@pytest.mark.parametrize("kind", ["Steps", "Looks"])
def test_blocks_around_do_not_multiply_the_tries(kind):
    numbers = []
    for depth in (2, 6):
        sizes.runs.clear()
        model_to_graph(sizes.Deep(getattr(sizes, kind), depth), (None, 4))
        numbers.append(sizes.runs[kind])
    assert numbers[0] == numbers[1]


class Blind(keras.layers.Layer):
    """Looks at a value; and Keras isn't told what comes of it."""

    runs = 0

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4)

    def call(self, x):
        Blind.runs += 1
        return self.dense(x) if float(keras.ops.max(x)) > 0 else x


@pytest.mark.slow
def test_blocks_around_do_not_double_the_tries():
    """Keras, too, traces what it can't build twice for each block around it."""
    numbers = []
    for depth in (2, 6):
        Blind.runs = 0
        # JAX's error is lost in Keras, and the model is refused in place of one opaque box; with
        # torch, Keras tells what comes of the block.
        with contextlib.suppress(ValueError):
            graph = model_to_graph(sizes.Deep(Blind, depth), (None, 4))
            assert graph.opaque or opaque(graph.graph)
        numbers.append(Blind.runs)
    assert numbers[1] <= 4 * numbers[0]


def test_it_is_said_how_to_give_the_length():
    [reason] = opaque(made(LOOPS["steps"])[1].graph).values()
    assert "depends on a size that isn't known" in reason
    assert "input shape" in reason
    [reason] = opaque(made(LOOPS["functional_loop"])[1].graph).values()
    assert "depends on a size that isn't known" in reason
    assert "keras.Input" in reason


def test_with_a_length_the_loop_is_drawn():
    graph = model_to_graph(sizes.Deep(sizes.Steps, 0), (2, 4)).graph
    assert outline(graph) == "x InputLayer\ninner Steps <- x\nhead Dense <- inner\n-> head"
    assert graph_text(graph["inner"].body) == expected("""
        get_item GetItem <- ^
        get_item_1 GetItem <- ^
        add Add <- get_item, get_item_1
        cell Dense <- add
        get_item_2 GetItem <- ^
        add_1 Add <- cell, get_item_2
        cell#2 Dense <- add_1
        -> cell#2
    """)
