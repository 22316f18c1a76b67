"""Functions that call layers of Keras 2, and models without a call, as targets."""

from __future__ import annotations

import pytest
import tensorflow as tf
import tf_keras

from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ShapeTree, Target


def stem(x, filters=4):
    """A function of tensors, of which Functional models are made."""
    x = tf_keras.layers.Conv2D(filters, 3)(x)
    return tf_keras.layers.ReLU(name="relu")(x)


def joined(left, right):
    return tf_keras.layers.Concatenate(name="join")([left, right])


def scaled(x):
    """A function that calls no layer, of either Keras."""
    return tf.nn.relu(x * 2.0)


class Trainer(tf_keras.Model):
    """Trains two models that it holds."""

    def __init__(self):
        super().__init__(name="trainer")
        self.generator = tf_keras.Sequential([tf_keras.layers.Dense(4, input_shape=(3,))])
        self.critic = tf_keras.Sequential([tf_keras.layers.Dense(1, input_shape=(4,))])

    def train_step(self, data):
        return {}


def graph_of(target: str, shape: ShapeTree | None) -> ModelGraph:
    return target_to_graph(Target.parse(f"{__name__}.{target}"), Calling(shape))


def test_a_function_of_tensors_is_a_model_of_its_layers():
    graph = graph_of("stem(filters=8)", (8, 8, 3))
    assert graph_text(graph.graph) == expected(
        """
        x InputLayer
        conv2d Conv2D <- x
        relu ReLU <- conv2d
        -> relu
        """
    )
    assert graph.parameters.total == 3 * 3 * 3 * 8 + 8
    assert "tf_keras" in graph.made_with


def test_so_is_one_of_two_tensors():
    assert graph_text(graph_of("joined", [(3,), (2,)]).graph) == expected(
        """
        left InputLayer
        right InputLayer
        join Concatenate <- left, right
        -> join
        """
    )


def test_a_function_without_layers_is_none_of_keras_2():
    assert "tf_keras" not in graph_of("scaled", (3,)).made_with


@pytest.mark.parametrize("shape", [None, (3,)])
def test_a_model_without_call_names_those_that_it_holds(shape):
    with pytest.raises(Fault) as caught:
        graph_of("Trainer", shape)
    assert "'trainer' of Keras 2 has no 'call'" in caught.value.message
    assert "behind the target: .generator, .critic" in caught.value.advice
