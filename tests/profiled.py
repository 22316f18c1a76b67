"""What TensorFlow's profiler counts in the graph of a model; and those of keras.applications."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from typing import Any

import keras


def profiled(model: keras.Model, *, frozen: bool = False) -> Counter[str]:
    """How many operations it counts for one example in inference, by types of operations.

    Weights are inputs of the graph, so that a model without them, or with a gigabyte of them, is
    profiled in no time. In a ``frozen`` graph they are constants, as they are where models are
    deployed. The numbers are the same, but that what follows a call of a function isn't counted,
    since its shape is lost then.
    """
    import tensorflow as tf

    given = [tf.TensorSpec((1, *one.shape[1:]), one.dtype) for one in model.inputs]
    if frozen:
        from tensorflow.python.framework import convert_to_constants

        run = tf.function(lambda *inputs: model(*_one(inputs), training=False))
        concrete = run.get_concrete_function(*given)
        concrete = convert_to_constants.convert_variables_to_constants_v2(concrete)
    else:
        run = tf.function(
            lambda trained, others, *inputs: model.stateless_call(
                trained, others, *_one(inputs), training=False
            )
        )
        weights = (model.trainable_variables, model.non_trainable_variables)
        concrete = run.get_concrete_function(
            *([tf.TensorSpec(one.shape, one.dtype) for one in several] for several in weights),
            *given,
        )
    found: Counter[str] = Counter()
    for graph in _graphs(concrete.graph):
        found += _by_types(graph, tf.compat.v1.profiler)
    return found


def _graphs(graph: Any) -> Iterator[Any]:
    """The graph, and those of the functions that it calls: Keras has XLA compile some convolutions.

    The profiler looks at one graph alone.
    """
    yield graph
    for operation in graph.get_operations():
        if operation.type in {"PartitionedCall", "StatefulPartitionedCall"}:
            function = graph._get_function(operation.get_attr("f").name)
            yield from _graphs(function.graph)


def _one(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a model takes: one tensor, or a list of several."""
    return inputs if len(inputs) == 1 else (list(inputs),)


def _by_types(graph: Any, profiler: Any) -> Counter[str]:
    options = profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
    found: Counter[str] = Counter()

    def note(node: Any) -> None:
        if node.float_ops:
            found[node.name] += node.float_ops
        for child in node.children:
            note(child)

    note(profiler.profile(graph, options=options, cmd="op"))
    return found


def application(name: str) -> keras.Model:
    """One of keras.applications without weights, for the images that it is made for."""
    # The one whose images may have any size is made for this one.
    size = {"input_shape": (224, 224, 3)} if name.startswith("MobileNetV3") else {}
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        return getattr(keras.applications, name)(weights=None, **size)


def applications() -> list[str]:
    """Their names."""
    found = inspect.getmembers(keras.applications, inspect.isfunction)
    return [name for name, _ in found if name[0].isupper()]
