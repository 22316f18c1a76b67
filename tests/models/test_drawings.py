"""The DOT of real models, and what Graphviz makes of it."""

from __future__ import annotations

import subprocess
from collections import Counter

import keras
import pydot
import pytest

import svg
from config_graph import calls_and_edges
from sphinxcontrib_kerasgraph import model_to_dot
from zoo import first, hard, shapes


def drawn(dot: str, graph: pydot.Dot) -> bytes:
    """The SVG that ``dot`` makes of it, without a word of complaint.

    But that the pip-installed one guesses the width of characters that its font lacks.
    """
    done = subprocess.run(
        [dot, "-Tsvg"], input=graph.to_string().encode(), capture_output=True, check=False
    )
    complaints = [
        line for line in done.stderr.decode().splitlines() if "non-ASCII character" not in line
    ]
    assert (done.returncode, complaints) == (0, [])
    return done.stdout


def model(function):
    keras.utils.clear_session()
    return function()


@pytest.mark.parametrize(
    "function", [first.mlp, first.branches, first.custom, shapes.shared, shapes.operations]
)
def test_boxes_and_edges_of_the_picture(dot, function):
    made = model(function)
    picture = drawn(dot, model_to_dot(made))
    calls, edges = calls_and_edges(made)
    assert sorted(svg.boxes(picture)) == sorted(calls)
    assert svg.edges(picture) == edges


def test_mlp_says_what_keras_says(dot):
    picture = drawn(
        dot,
        model_to_dot(
            model(first.mlp),
            show_shapes=True,
            show_dtype=True,
            show_layer_activations=True,
            show_trainable=True,
            show_params=True,
        ),
    )
    texts = svg.texts(picture)
    assert {"Dense", "dense", "dense_1", "128", "(None, 784)", "(None, 128)"} <= set(texts)
    assert {"activation", "relu", "softmax", "dtype", "float32"} <= set(texts)
    assert {"params", "100,480", "trainable", "yes"} <= set(texts)


def test_options_leave_out_what_is_not_asked_for(dot):
    texts = svg.texts(drawn(dot, model_to_dot(model(first.mlp), show_layer_names=False)))
    assert [text for text in texts if text.strip()] == [
        "InputLayer", "Dense", "128", "relu", "Dense", "10", "softmax",
    ]  # fmt: skip


def test_closed_models_are_one_box(dot):
    picture = drawn(dot, model_to_dot(model(shapes.nested)))
    assert sorted(svg.boxes(picture)) == [
        "encoder", "encoder#2", "head", "joined", "left", "right",
    ]  # fmt: skip
    assert svg.edges(picture)["encoder#2", "head"] == 1


def test_expand_nested_draws_frames_and_joins_what_is_inside(dot):
    picture = drawn(dot, model_to_dot(model(shapes.nested), expand_nested=True))
    assert sorted(svg.frames(picture)) == ["encoder", "encoder#2", "head", "head/inner_head"]
    boxes = svg.boxes(picture)
    assert len(boxes) == len(set(boxes))
    edges = svg.edges(picture)
    inner_input = next(box for box in boxes if box.startswith("head/inner_head/input"))
    assert edges["left", "encoder/code_in"] == 1
    assert edges["right", "encoder#2/code_in"] == 1
    assert edges["head/squeeze", inner_input] == 1
    assert edges["head/inner_head/act", "joined"] == 1
    assert edges["encoder/code", "joined"] == 1
    # 2 inputs; 3 calls in each encoder; 2 in the head and 2 in its inner one; 1 that joins.
    assert len(boxes) == 2 + 3 + 3 + 2 + 2 + 1
    assert edges.total() == 12


def test_dictionary_inputs_in_frames(dot):
    edges = svg.edges(drawn(dot, model_to_dot(model(shapes.dictionaries), expand_nested=True)))
    assert (edges["p", "inner/a"], edges["q", "inner/b"]) == (1, 1)
    assert edges["inner/both", "score"] == 1


@pytest.mark.parametrize("rankdir", ["TB", "LR", "BT", "RL"])
@pytest.mark.parametrize("expand_nested", [False, True])
def test_any_name_is_drawn(dot, rankdir, expand_nested):
    texts = svg.texts(
        drawn(
            dot,
            model_to_dot(
                model(shapes.awkward),
                show_shapes=True,
                rankdir=rankdir,
                expand_nested=expand_nested,
            ),
        )
    )
    assert {'in<1>&"2"', "a{b}|c\\N_%$#~^", "größe"} <= set(texts)


def test_shared_layers_are_marked(dot):
    texts = Counter(svg.texts(drawn(dot, model_to_dot(model(shapes.shared)))))
    assert texts["shared"] == 2


def test_operations_show_their_constants(dot):
    texts = svg.texts(drawn(dot, model_to_dot(model(shapes.operations))))
    assert {"× 2", "+ 1", "[:, :2]", "1 − x", "axis=-1"} <= set(texts)


def test_same_model_gives_the_same_text():
    made = [model_to_dot(model(shapes.nested), expand_nested=True).to_string() for _ in range(2)]
    assert made[0] == made[1]


def test_different_models_have_different_graph_names():
    names = {model_to_dot(model(function)).get_name() for function in (first.mlp, first.custom)}
    one = model(first.mlp)
    names |= {model_to_dot(one).get_name(), model_to_dot(one, rankdir="LR").get_name()}
    assert len(names) == 3


@pytest.mark.parametrize("layout", ["neato", "fdp", "circo", "twopi"])
def test_layouts(dot, layout):
    picture = drawn(dot, model_to_dot(model(first.branches), layout=layout))
    assert len(svg.boxes(picture)) == 5


@pytest.mark.filterwarnings("ignore:Layer 'inner'")
@pytest.mark.parametrize("rankdir", ["TB", "LR"])
def test_mask_ends_at_the_frame(dot, rankdir):
    graph = model_to_dot(model(hard.masked), expand_nested=True, rankdir=rankdir)
    picture = drawn(dot, graph)
    edges = svg.edges(picture)
    assert edges["embed", "inner/inner_in"] == 1
    assert edges["not_equal", "inner/inner_in"] == 1
    [to_frame] = [edge for edge in graph.get_edges() if edge.get("lhead")]
    assert to_frame.get("lhead") == '"cluster_inner"'


def test_layer_with_the_name_of_a_title_is_not_lost(dot):
    keras.utils.clear_session()
    inputs = keras.Input(shape=(2,), name="in")
    inner = keras.Model(inputs, keras.layers.ReLU(name="#title")(inputs), name="inner")
    outer = keras.Input(shape=(2,), name="x")
    outputs = keras.layers.ReLU(name="y")(inner(outer))
    picture = drawn(dot, model_to_dot(keras.Model(outer, outputs), expand_nested=True))
    assert sorted(svg.boxes(picture)) == ["inner/#title", "inner/in", "x", "y"]


@pytest.mark.parametrize("layout", ["neato", "sfdp", "twopi", "circo", "osage"])
def test_layouts_that_lose_frames_are_refused(layout):
    with pytest.raises(ValueError, match="can't draw frames around open blocks"):
        model_to_dot(model(shapes.nested), layout=layout, expand_nested=True)


@pytest.mark.parametrize("layout", ["dot", "fdp"])
def test_layouts_with_frames(dot, layout):
    picture = drawn(dot, model_to_dot(model(shapes.nested), layout=layout, expand_nested=True))
    assert len(svg.frames(picture)) == 4
    assert svg.edges(picture).total() == 12
