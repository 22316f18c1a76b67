"""TensorFlow's autograph is what ``extract.trace.raw_tensorflow.autograph`` takes it for."""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path

import keras
import pytest

from sphinxcontrib_kerasgraph import extract, model_to_graph

if keras.config.backend() != "tensorflow":
    pytest.skip("in TensorFlow only", allow_module_level=True)

import tensorflow as tf
from tensorflow.python.autograph.operators import (
    conditional_expressions,
    control_flow,
    logical,
)

from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.autograph import author_line
from zoo import raw_autograph

CHANGED = (
    f"TensorFlow {tf.__version__} has another autograph: mend "
    "extract/trace/raw_tensorflow/autograph.py"
)
STATE = ["get_state", "set_state", "symbol_names"]


def parameters(function):
    return list(inspect.signature(function).parameters)


def converted(function):
    """The function, as it is in a program that has it converted."""
    return tf.autograph.to_graph(lambda *args: function(*args))


@pytest.mark.parametrize(
    ("module", "name", "takes"),
    [
        (control_flow, "_tf_if_stmt", ["cond", "body", "orelse", *STATE, "nouts"]),
        (control_flow, "_tf_while_stmt", ["test", "body", *STATE, "opts"]),
        (
            control_flow,
            "_try_handling_undefineds",
            ["body", *STATE[:2], "init_vars", "nulls", "shape_invariants", "symbol_names"],
        ),
        (
            conditional_expressions,
            "_tf_if_exp",
            ["cond", "if_true", "if_false", "expr_repr"],
        ),
        (logical, "_tf_lazy_and", ["cond", "b"]),
        (logical, "_tf_lazy_or", ["cond", "b"]),
        (logical, "_tf_not", ["a"]),
    ],
)
def test_functions_that_are_replaced(module, name, takes):
    assert parameters(getattr(module, name)) == takes, CHANGED


def test_functions_are_looked_up_when_they_are_called(monkeypatch):
    """Converted code calls the public ones, which call those that are replaced."""
    heard = []

    def hear(module, name):
        original = getattr(module, name)

        def heard_function(*args):
            heard.append(name)
            return original(*args)

        monkeypatch.setattr(module, name, heard_function)

    for module, name in [
        (control_flow, "_tf_if_stmt"),
        (control_flow, "_tf_while_stmt"),
        (control_flow, "_try_handling_undefineds"),
        (conditional_expressions, "_tf_if_exp"),
        (logical, "_tf_lazy_and"),
        (logical, "_tf_lazy_or"),
        (logical, "_tf_not"),
    ]:
        hear(module, name)

    def code(x):
        if x > 1 and x < 3:
            x += 1
        for step in tf.range(x):
            last = step
        x = last if x > 1 or not x > 2 else x
        while x > 1:
            x -= 1
        return x

    with tf.Graph().as_default():
        converted(code)(tf.compat.v1.placeholder("int32", ()))
    assert heard == [
        "_tf_lazy_and",
        "_tf_if_stmt",
        "_tf_while_stmt",
        "_try_handling_undefineds",
        "_tf_lazy_or",
        "_tf_not",
        "_tf_if_exp",
        "_tf_while_stmt",
    ], CHANGED


def test_modules_that_are_replaced():
    for module, name in (("while_loop", "while_loop"), ("tf_cond", "cond")):
        assert inspect.ismodule(getattr(control_flow, module)), CHANGED
        assert callable(getattr(getattr(control_flow, module), name)), CHANGED
        assert f"{module}.{name}(" in inspect.getsource(control_flow), CHANGED
        others = inspect.getsource(control_flow).replace(f"{module}.{name}(", "")
        assert f" {module}." not in others, CHANGED


def decided(x):
    """Has Python decide by a tensor."""
    if tf.reduce_sum(x) > 1:
        x = x + 1
    return x


def is_converted(function):
    """Whether it is run as autograph converts it, on a tensor that has no value yet."""
    with tf.Graph().as_default():
        try:
            function(tf.compat.v1.placeholder("float32", (1, 2)))
        except tf.errors.OperatorNotAllowedInGraphError:
            return False
    return True


def test_functions_that_are_marked_are_run_as_they_are():
    def marked(x):
        if tf.reduce_sum(x) > 1:
            x = x + 1
        return x

    assert not is_converted(decided), CHANGED
    assert is_converted(converted(marked)), CHANGED
    marked.autograph_info__ = None
    assert not is_converted(converted(marked)), CHANGED


def test_keras_is_run_as_it_is():
    """And so is what it calls: the ``call`` of the author's layer."""

    class Layer(keras.layers.Layer):
        def call(self, x):
            return decided(x)

    assert not is_converted(converted(Layer())), CHANGED
    assert is_converted(converted(Layer().call)), CHANGED


def test_functions_of_tensorflow_tell_their_code():
    class Owner:
        @tf.function
        def method(self, x):
            return decided(x)

    made = type(tf.function(decided))
    owner = Owner()
    assert type(owner.method) is made, CHANGED
    assert not is_converted(owner.method.python_function), CHANGED
    assert is_converted(converted(owner.method.python_function)), CHANGED
    assert tf.function(decided)._autograph is True, CHANGED
    assert tf.function(decided, autograph=False)._autograph is False, CHANGED


def test_errors_tell_the_line_of_the_author():
    def code(x):
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine") as caught:
        converted(code)(1)
    first = inspect.getsourcelines(code)[1]
    assert author_line(caught.value) == (__file__, first + 1), CHANGED
    assert author_line(ValueError("other")) is None


def test_no_other_module_touches_private_modules_of_tensorflow():
    [folder] = extract.__path__
    found = [
        path.name for path in Path(folder).rglob("*.py") if "tensorflow.python" in path.read_text()
    ]
    assert found == ["autograph.py"]


def test_no_files_are_left():
    """Autograph itself removes them when Python ends, which that of a worker may not."""
    folder = tempfile.gettempdir()
    before = set(Path(folder).glob("__autograph_generated_file*"))
    function, shape, _ = raw_autograph.SUBCLASSED["early_return"]
    assert model_to_graph(function(), shape).opaque is None
    assert tempfile.gettempdir() == folder
    assert set(Path(folder).glob("__autograph_generated_file*")) <= before
