"""Models of Keras 2 that can't be drawn, or not in full, and what is said of them."""

from __future__ import annotations

import logging

import pytest
import tensorflow as tf
import tf_keras

from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph import model_to_dot, model_to_graph, plot_model
from sphinxcontrib_kerasgraph.graph import CallKind
from zoo import legacy


class Weighted(tf_keras.layers.Layer):
    """Computes with its weights alone before it does with its input."""

    def __init__(self):
        super().__init__(name="weighted")
        self.project = tf_keras.layers.Dense(4, name="project")

    def build(self, shape):
        self.table = self.add_weight(name="table", shape=(9, shape[-1]))

    def call(self, x):
        positions = tf.expand_dims(self.table[:5], 0)
        return self.project(x + positions) @ tf.transpose(self.project.kernel)


class Positions(tf_keras.layers.Layer):
    """Reads the value of a weight, which no symbolic tensor has."""

    def __init__(self):
        super().__init__(name="positions")
        self.scale = tf.Variable(tf.ones(4), name="scale")
        self.dense = tf_keras.layers.Dense(4, name="dense")

    def call(self, x):
        return self.dense(x) * self.scale.read_value()


class Branching(tf_keras.Model):
    def __init__(self):
        super().__init__(name="branching")
        self.dense = tf_keras.layers.Dense(4, name="dense")

    def call(self, x):
        if tf.reduce_sum(x) > 0:
            return self.dense(x)
        return x


class Mapping(tf_keras.layers.Layer):
    def __init__(self):
        super().__init__(name="mapping")
        self.dense = tf_keras.layers.Dense(4, name="dense")

    def call(self, x):
        return tf.map_fn(self.dense, x)


class Losing(tf_keras.layers.Layer):
    def __init__(self):
        super().__init__(name="losing")
        self.dense = tf_keras.layers.Dense(4, name="dense")

    def call(self, x):
        y = self.dense(x)
        self.add_loss(tf.reduce_mean(y))
        self.add_metric(tf.reduce_mean(y), name="mean")
        return y


def functional(layer, shape):
    x = tf_keras.Input(shape, name="x")
    return tf_keras.Model(x, layer(x))


def test_what_is_computed_of_weights_comes_from_them():
    graph = model_to_graph(functional(Weighted(), (5, 4)))
    assert graph_text(graph.graph["weighted"].body) == expected("""
        table Weight
        kernel Weight
        getitem getitem <- table
        expand_dims expand_dims <- getitem
        add add <- ^, expand_dims
        project Dense <- add
        transpose transpose <- kernel
        matmul matmul <- project, transpose
        -> matmul
    """)
    assert graph.graph["weighted"].body["kernel"].name == "project/kernel"
    assert graph.parameters.total == 9 * 4 + 4 * 4 + 4


def test_code_that_needs_the_weight_itself_has_it():
    graph = model_to_graph(functional(Positions(), (3,)))
    assert [call.id for call in graph.graph["positions"].body.calls] == [
        "constant",
        "dense",
        "multiply",
    ]
    assert graph.parameters.total == 20


def test_losses_of_layers_are_boxes_and_metrics_are_not():
    model = functional(Losing(), (3,))
    losses = len(model.losses)
    graph = model_to_graph(model)
    assert graph_text(graph.graph["losing"].body) == expected("""
        dense Dense <- ^
        reduce_mean reduce_mean <- dense
        add_loss add_loss <- reduce_mean
        -> dense
    """)
    assert graph.graph["losing"].body["add_loss"].kind == CallKind.LOSS
    assert len(model.losses) == losses


def test_branches_on_tensors_are_opaque():
    graph = model_to_graph(Branching(), (3,) * 1)
    assert graph.opaque.startswith("Keras 2's symbolic tensors can't go through its code")
    assert graph.opaque.endswith("(test_model.py:50)")
    assert [call.id for call in graph.graph.calls] == ["x", "branching"]
    assert [edge.source.call for edge in graph.graph.edges] == ["x"]
    assert graph.parameters.total == 16


def test_layers_that_tensorflow_calls_are_not_lost():
    graph = model_to_graph(functional(Mapping(), (5, 4)))
    assert graph.graph["mapping"].opaque.startswith("Keras 2's symbolic tensors can't go through")
    assert graph.graph["mapping"].parameters.own == 20


@pytest.mark.parametrize(
    ("model", "options", "says"),
    [
        (tf_keras.Sequential(name="none"), {}, "The model 'none' has no layers. Add one to it."),
        (legacy.unbuilt(), {}, r"The model 'unbuilt' has no input shape. .*input_shape=\(224"),
        (
            legacy.perceptron(),
            {"input_shape": (4,)},
            r"already has inputs of the shape \(None, 5\).",
        ),
        (legacy.Tower(), {}, "The model 'tower' has no input shape."),
        (
            legacy.Tower(),
            {"input_shape": (7,)},
            r"shape \(7,\): .* must be equal, but are 7",
        ),
    ],
)
def test_what_has_to_be_given_is_said(model, options, says):
    with pytest.raises(ValueError, match=says):
        model_to_graph(model, **options)


def test_model_that_was_called_keeps_its_shapes():
    model = legacy.Attending()
    given = {"words": tf.ones((2, 5), tf.int32), "memory": tf.ones((2, 9, 8))}
    model(given["words"], memory=given["memory"])
    graph = model_to_graph(model)
    assert graph.opaque is None
    shapes = [graph.graph[name].outputs[0].shape for name in graph.graph.inputs]
    assert sorted(shapes) == [(None, 5), (None, 9, 8)]


def test_model_that_was_built_with_a_shape():
    model = legacy.Tower()
    model.build((None, 6))
    assert graph_text(model_to_graph(model).graph).startswith("x InputLayer\nblock0 Residual <- x")


def test_pictures_are_drawn_as_of_other_models(tmp_path):
    model = legacy.siamese()
    dot = model_to_dot(model, expand_nested=True, show_shapes=True).to_string()
    assert "GlobalAveragePooling2D" in dot
    plot_model(model, tmp_path / "model.dot")
    assert "Subtract" in tmp_path.joinpath("model.dot").read_text()


def test_nothing_is_logged(caplog):
    """TensorFlow warns of weights in functions, which a layer of the author's may well have."""
    with caplog.at_level(logging.WARNING):
        model_to_graph(functional(Weighted(), (5, 4)))
    assert caplog.records == []


class Dropping(tf_keras.layers.Layer):
    def __init__(self):
        super().__init__(name="dropping")
        self.inner = tf_keras.layers.Dense(4, name="inner")
        self.drop = tf_keras.layers.Dropout(0.5, name="drop")

    def call(self, x, training=None):
        return self.drop(self.inner(x)) if training else self.inner(x)


class Holder(tf_keras.Model):
    """Has layers in attributes, lists and dicts, and arguments beside tensors."""

    def __init__(self):
        super().__init__(name="holder")
        self.dropping = Dropping()
        self.heads = {"a": tf_keras.layers.Dense(2), "b": [tf_keras.layers.Dense(3)]}

    def call(self, x, mode, training=None):
        x = self.dropping(x)
        return {"first": self.heads["a"](x), "second": self.heads["b"][0](x), "mode": x * mode}


def test_training_and_other_arguments_are_given():
    arguments = {"input_shape": (3,), "call": {"mode": 2.0}}
    assert "drop" not in model_to_graph(Holder(), **arguments).graph["dropping"].body.places
    body = model_to_graph(Holder(), **arguments, training=True).graph["dropping"].body
    assert graph_text(body) == expected("""
        inner Dense <- ^
        drop Dropout <- inner
        -> drop
    """)


def test_attributes_and_names_of_outputs_are_told():
    graph = model_to_graph(Holder(), input_shape=(3,), call={"mode": 2.0})
    assert graph.graph["dropping"].attribute == "dropping"
    calls = {call.attribute: call for call in graph.graph.calls}
    assert calls["heads['a']"].output_names == ("first",)
    assert calls["heads['b'][0]"].output_names == ("second",)
    model = model_to_graph(legacy.dictionaries())
    assert model.graph["two_sided"].output_names == ("all", "one")
    assert {call.attribute for call in model.graph.calls} == {None}


def test_a_layer_is_drawn_as_models_are():
    graph = model_to_graph(Dropping(), input_shape=(3,))
    assert (graph.model_type, graph.layers) == ("Layer", 2)
    assert graph_text(graph.graph) == expected("""
        x InputLayer
        inner Dense <- x
        -> inner
    """)


def test_missing_arguments_are_said():
    with pytest.raises(
        ValueError, match="'call' of Holder needs 'x' and 'mode'; 'mode' isn't given"
    ):
        model_to_graph(Holder(), input_shape=(3,))
