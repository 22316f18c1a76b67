"""`model_to_dot` beside Keras's own: the same arguments, boxes and connections."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import fields

import keras
import pydot
import pytest

from effort import slow_but
from sphinx_project import need_port
from sphinxcontrib_kerasgraph import (
    model_to_dot,
    model_to_graph,
    options,
    plot_diff,
    plot_model,
)
from sphinxcontrib_kerasgraph.graph import ModelGraph
from zoo import arguments, first, shapes
from zoo.catalogue import build


def connections_of_keras(model, **options) -> tuple[set[str], set[tuple[str, str]]]:
    """Names of the layers that Keras draws, and which are connected."""
    dot = keras.utils.model_to_dot(model, **options)
    names = {}

    def visit(layer, prefix=""):
        names[str(id(layer))] = prefix + layer.name
        for inner in getattr(layer, "operations", None) or getattr(layer, "layers", ()):
            visit(inner, f"{prefix}{layer.name}/" if prefix or layer is not model else "")

    visit(model)

    def graphs(graph):
        yield graph
        for inner in graph.get_subgraphs():
            yield from graphs(inner)

    boxes = {
        names[node.get_name().strip('"')]
        for graph in graphs(dot)
        for node in graph.get_nodes()
        if node.get_name() != "node"
    }
    edges = {
        (names[edge.get_source().strip('"')], names[edge.get_destination().strip('"')])
        for graph in graphs(dot)
        for edge in graph.get_edges()
    }
    return boxes, edges


def connections_of_ours(model, **options) -> tuple[set[str], set[tuple[str, str]]]:
    dot = model_to_dot(model, view="full", **options)
    boxes, edges = set(), set()

    def visit(graph):
        boxes.update(
            node.get_name().strip('"')
            for node in graph.get_nodes()
            if node.get_name() not in {"node", "edge"} and not node.get("class")
        )
        edges.update(
            (edge.get_source().strip('"'), edge.get_destination().strip('"'))
            for edge in graph.get_edges()
            if edge.get("style") != "invis"
        )
        for inner in graph.get_subgraphs():
            visit(inner)

    visit(dot)
    return boxes, edges


@pytest.mark.parametrize(
    "name", slow_but({"InceptionV3"}, ["ConvNeXtTiny", "DenseNet121", "InceptionV3", "Xception"])
)
def test_boxes_and_connections_of_applications_are_those_of_keras(name):
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
    assert connections_of_ours(model) == connections_of_keras(model)


@pytest.mark.parametrize(
    "name", ["branches", "attention", "operations", "ResNet50", "MobileNetV3Small"]
)
def test_boxes_and_connections_are_those_of_keras(name):
    model = build(name)
    assert connections_of_ours(model) == connections_of_keras(model)


def test_nested_boxes_and_connections_are_those_of_keras():
    keras.utils.clear_session()
    left, right = keras.Input(shape=(8,), name="left"), keras.Input(shape=(8,), name="right")
    joined = keras.layers.Concatenate(name="joined")([shapes.encoder()(left), right])
    model = keras.Model([left, right], joined)
    assert connections_of_ours(model, expand_nested=True) == connections_of_keras(
        model, expand_nested=True
    )


def test_keras_loses_what_is_drawn_here():
    """A layer called twice is one box of Keras's, with an edge to itself."""
    keras.utils.clear_session()
    model = shapes.shared()
    assert ("dense", "dense") in connections_of_keras(model)[1]
    assert ("dense", "dense#2") in connections_of_ours(model)[1]


def test_every_argument_of_keras_is_taken():
    dot = model_to_dot(
        first.branches(),
        show_shapes=True,
        show_dtype=True,
        show_layer_names=True,
        rankdir="LR",
        expand_nested=True,
        dpi=100,
        subgraph=False,
        show_layer_activations=True,
        show_trainable=True,
        splines="ortho",
    )
    assert isinstance(dot, pydot.Dot)
    assert (dot.get("rankdir"), dot.get("dpi"), dot.get("splines")) == ("LR", 100, "ortho")


def test_images_are_written(compiled_dot, tmp_path):
    keras.utils.clear_session()
    graph = model_to_dot(first.branches(), show_shapes=True, show_layer_names=True, dpi=100)
    graph.write_png(tmp_path / "functional_model.png")
    graph.write_pdf(tmp_path / "functional_model.pdf")
    assert tmp_path.joinpath("functional_model.png").read_bytes().startswith(b"\x89PNG")
    assert tmp_path.joinpath("functional_model.pdf").read_bytes().startswith(b"%PDF")


def test_subgraph_is_a_cluster_that_fits_into_another_graph(compiled_dot):
    keras.utils.clear_session()
    outer = pydot.Dot("outer", graph_type="digraph")
    for function in (first.branches, first.mlp):
        cluster = model_to_dot(function(), subgraph=True)
        assert isinstance(cluster, pydot.Cluster)
        outer.add_subgraph(cluster)
    svg = outer.create_svg().decode()
    assert "branches/stem" in svg
    assert "mlp/dense" in svg


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"layer_range": ["a", "b"]}, "no longer supported. Use `from_` and `to`"),
        ({"show_color": True}, "Unrecognized keyword arguments"),
        ({"rankdir": "XX"}, "rankdir is 'XX'. It must be one of TB, BT, LR, RL"),
        ({"dpi": "many"}, "dpi is 'many'"),
    ],
)
def test_wrong_arguments_are_refused(given, says):
    with pytest.raises(ValueError, match=says):
        model_to_dot(first.mlp(), **given)


def test_unbuilt_model_is_refused():
    with pytest.raises(ValueError, match="no input shape"):
        model_to_dot(shapes.unbuilt())


def test_advice_names_arguments():
    for draw in (model_to_dot, model_to_graph, plot_model):
        with pytest.raises(
            ValueError, match=r"dimension: input_shape=\(224, 224, 3\)\.$"
        ) as caught:
            draw(shapes.unbuilt())
        assert str(caught.value.__cause__).endswith(
            "on a page, input_shape=(224, 224, 3) in Python."
        )
    with pytest.raises(ValueError, match=r"Remove input_shape= and input_dtype=\.$"):
        model_to_graph(first.mlp(), (3, 3))
    with pytest.raises(ValueError, match=r"Check from_=, to= and hide=: "):
        model_to_dot(first.mlp(), hide="*")
    with pytest.raises(ValueError, match=r"leave out expand_nested=, depth= and expand=\.$"):
        model_to_dot(first.mlp(), layout="neato", depth=1)


def test_plot_model_takes_every_argument_of_keras():
    theirs = inspect.signature(keras.utils.plot_model).parameters
    ours = inspect.signature(plot_model).parameters
    assert list(theirs) == [name for name in ours if name in theirs]
    assert ours.keys() - theirs.keys() <= {"splines"}  # which Keras 3.5 doesn't have
    # Their defaults fail on deep models.
    differ = {name for name in theirs if theirs[name].default != ours[name].default}
    assert differ == {"dpi", "splines"} & theirs.keys()


def test_type_checkers_see_every_option():
    from sphinxcontrib_kerasgraph.api import Options

    declared = {option.name for group in options.DRAWING for option in fields(group)}
    named = set(inspect.signature(model_to_dot).parameters)
    of_the_model = {option.name for option in fields(options.ModelOptions)}
    assert set(Options.__annotations__) == declared - named | of_the_model


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("model.svg", b"<?xml"),
        ("model.png", b"\x89PNG"),
        ("model.pdf", b"%PDF"),
        ("model.dot", b"digraph"),
        ("model.json", b'{"dtypes"'),
        ("MODEL.SVG", b"<?xml"),
    ],
)
def test_plot_model_writes_what_the_name_says(compiled_dot, tmp_path, name, begins):
    path = tmp_path / name
    plot_model(first.branches(), path, show_shapes=True, dpi=100)
    assert path.read_bytes().startswith(begins)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_plot_model_draws_what_model_to_dot_does(compiled_dot, tmp_path):
    keras.utils.clear_session()
    model = first.branches()
    plot_model(model, tmp_path / "model.dot", show_shapes=True, show_layer_names=True, hide="left")
    expected = model_to_dot(model, show_shapes=True, hide="left").to_string()
    assert tmp_path.joinpath("model.dot").read_text(encoding="utf-8") == expected


def test_a_file_without_an_ending_is_a_png(compiled_dot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plot_model(first.mlp())
    plot_model(first.mlp(), "other")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["model.png", "other.png"]


def test_the_data_is_that_of_the_graph(tmp_path):
    keras.utils.clear_session()
    model = first.mlp()
    plot_model(model, tmp_path / "model.json")
    text = tmp_path.joinpath("model.json").read_text(encoding="utf-8")
    assert ModelGraph.from_json(text) == model_to_graph(model)


def test_pip_installed_graphviz_serves_where_there_is_no_other(tmp_path, monkeypatch):
    need_port()
    monkeypatch.setenv("PATH", "")
    plot_model(first.mlp(), tmp_path / "model.svg")
    assert b"Dense" in tmp_path.joinpath("model.svg").read_bytes()
    with pytest.raises(ValueError, match="can't write PDF"):
        plot_model(first.mlp(), tmp_path / "model.pdf")


def test_wrong_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"'model\.gif' doesn't tell .* \.svg, \.png, \.pdf"):
        plot_model(first.mlp(), "model.gif")
    with pytest.raises(FileNotFoundError):
        plot_model(first.mlp(), tmp_path / "missing" / "model.dot")


def wider(units=64):
    """A chain without repetitions, of which the last layer is as wide as is asked."""
    layers = [keras.layers.Dense(8 + at, name=f"dense_{at}") for at in range(9)]
    last = keras.layers.Dense(units, name="last")
    return keras.Sequential([keras.Input((4,), name="x"), *layers, last], name="chain")


@pytest.fixture(scope="module")
def old():
    """The graph of the chain as it was."""
    return model_to_graph(wider(32))


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("diff.svg", b"<?xml"),
        ("diff", b"\x89PNG"),
        ("diff.dot", b"digraph"),
        ("diff.html", b"<!DOCTYPE html>"),
        ("diff.md", b"### `chain`"),
        ("diff.json", b"{"),
    ],
)
def test_plot_diff_writes_what_the_name_says(compiled_dot, old, tmp_path, name, begins):
    plot_diff(old, wider(), tmp_path / name)
    [path] = tmp_path.iterdir()
    assert path.read_bytes().startswith(begins)


def test_plot_diff_draws_both_as_far_as_is_asked(compiled_dot, old, tmp_path):
    def drawn(**given):
        path = tmp_path / "diff.svg"
        plot_diff(old, wider(), path, **given)
        return path.read_text(encoding="utf-8")

    near = drawn(show_layer_names=True)
    assert "32" in near
    assert "dense_8" in near
    assert "dense_1" not in near
    assert "dense_1" in drawn(show_layer_names=True, context="all", view="full")


def test_plot_diff_refuses_what_is_wrong(old, tmp_path):
    for given, says in [
        ({"to_file": "diff.gif"}, r"'diff\.gif' doesn't tell .* \.html, \.md, \.json"),
        ({"context": "some"}, "context is 'some'"),
        ({"show_color": True}, "Unrecognized keyword arguments"),
        ({"input_shape": (4,)}, "Leave out input_shape"),
    ]:
        with pytest.raises(ValueError, match=says):
            plot_diff(old, old, **{"to_file": tmp_path / "diff.dot"} | given)


def test_plot_diff_warns_where_it_was_called(old, tmp_path, dot):
    with pytest.warns(UserWarning, match=r"^hide='Dance' matches no call$") as caught:
        plot_diff(old, old, tmp_path / "diff.dot", hide="Dance")
    assert [one.filename for one in caught] == [__file__]


def test_what_is_asked_for_in_vain_is_warned_of(tmp_path):
    with pytest.warns(UserWarning, match=r"^hide='Dance' matches no call$") as caught:
        model_to_dot(first.mlp(), hide="Dance")
    assert [one.filename for one in caught] == [__file__]
    with pytest.warns(UserWarning, match=r"^expand='x/\*' matches no call$") as caught:
        plot_model(first.mlp(), tmp_path / "model.dot", expand=["x/*"])
    assert [one.filename for one in caught] == [__file__]


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="in raw TensorFlow")
def test_blocks_that_stay_closed_are_warned_of():
    from zoo import raw_tensorflow

    function, shape, dtype = raw_tensorflow.SUBCLASSED["raw_fold"]
    with pytest.warns(UserWarning, match=r"what is inside '.*' isn't known: "):
        model_to_dot(function(), depth="all", input_shape=shape, input_dtype=dtype)


def test_how_the_model_is_called():
    def boxes(model, **options):
        return {node.get_name().strip('"') for node in model_to_dot(model, **options).get_nodes()}

    assert "drop" not in boxes(arguments.Regularised(), input_shape=(4,))
    assert "drop" in boxes(arguments.Regularised(), input_shape=(4,), training=True)
    graph = model_to_graph(arguments.Stateful(), (7, 4), call={"return_state": True})
    assert len(graph.graph.outputs) == 2
    with pytest.raises(ValueError, match=r'call=\{"return_state": False\}\.$'):
        model_to_graph(arguments.Stateful(), (7, 4))


def test_nothing_else_is_public():
    import sphinxcontrib_kerasgraph

    assert sphinxcontrib_kerasgraph.__all__ == [
        "__version__", "model_to_dot", "model_to_graph", "plot_diff", "plot_model", "setup",
    ]  # fmt: skip
    with pytest.raises(AttributeError, match="has no attribute 'api_of_tomorrow'"):
        _ = sphinxcontrib_kerasgraph.api_of_tomorrow
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sphinxcontrib_kerasgraph.__version__
