"""TensorFlow's private graph is what ``extract.trace.raw_tensorflow.func_graph`` takes it for."""

from __future__ import annotations

import inspect
from pathlib import Path

import keras
import pytest

from sphinxcontrib_kerasgraph import extract

if keras.config.backend() != "tensorflow":
    pytest.skip("in TensorFlow only", allow_module_level=True)

import tensorflow as tf

CHANGED = (
    f"TensorFlow {tf.__version__} has another tf.__internal__.FuncGraph: mend "
    "extract/trace/raw_tensorflow/func_graph.py"
)


@pytest.fixture
def graph():
    internal = getattr(tf, "__internal__", None)
    assert inspect.isclass(getattr(internal, "FuncGraph", None)), CHANGED
    return tf.__internal__.FuncGraph("name")


def test_it_is_a_graph_that_code_builds_while_it_is_the_default(graph):
    assert isinstance(graph, tf.Graph), CHANGED
    assert graph.get_operations() == [], CHANGED
    before = tf.compat.v1.get_default_graph()
    with graph.as_default():
        assert tf.compat.v1.get_default_graph() is graph, CHANGED
        assert not tf.executing_eagerly(), CHANGED
        first = tf.compat.v1.placeholder(shape=(None, 3), dtype="float32")
        second = tf.concat([first, first], 0)
        with tf.init_scope():
            assert tf.executing_eagerly(), CHANGED
    assert tf.compat.v1.get_default_graph() is not graph, CHANGED
    assert tf.compat.v1.get_default_graph() is before or tf.executing_eagerly(), CHANGED
    operations = graph.get_operations()
    assert operations[0] is first.op, CHANGED
    assert operations[-1] is second.op, CHANGED
    assert second.graph is graph, CHANGED


def test_operations_know_what_they_take(graph):
    with graph.as_default():
        first = tf.compat.v1.placeholder(shape=(None, 3), dtype="float32")
        second = tf.concat([first, first], 0)
    assert [tensor.ref() for tensor in second.op.inputs][:2] == [first.ref()] * 2, CHANGED
    assert second.op.type == "ConcatV2", CHANGED
    assert [tensor.ref() for tensor in second.op.outputs] == [second.ref()], CHANGED
    assert second.value_index == 0, CHANGED
    assert tf.get_static_value(second.op.inputs[-1]) == 0, CHANGED


def test_it_takes_weights_and_arrays_from_outside(graph):
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    array = tf.ones((3, 3))
    with graph.as_default():
        first = tf.compat.v1.placeholder(shape=(None, 3), dtype="float32")
        made = layer(first @ array)
    assert made.graph is graph, CHANGED
    assert tuple(made.shape) == (None, 2), CHANGED


def test_no_other_module_touches_private_names_of_tensorflow():
    [folder] = extract.__path__
    found = [
        path.name for path in Path(folder).rglob("*.py") if "tf.__internal__" in path.read_text()
    ]
    assert found == ["func_graph.py"]
