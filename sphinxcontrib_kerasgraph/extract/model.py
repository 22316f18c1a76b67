"""A Keras model object as a ModelGraph."""

from __future__ import annotations

import traceback
from typing import Any

import keras

from sphinxcontrib_kerasgraph.extract.calls import (
    CallReader,
    count_parameters,
    is_transparent,
    layer_facts,
    public_module,
)
from sphinxcontrib_kerasgraph.extract.kinds import kind_of
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph
from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.target import ShapeTree, shape_tree

_UNBUILT = (
    "Give its shape without the batch dimension: ':input-shape: (224, 224, 3)' on a page, "
    "input_shape=(224, 224, 3) in Python."
)


def model_to_graph(model: keras.Model, input_shape: ShapeTree | None = None) -> ModelGraph:
    """The calls of a Keras model, and its totals.

    ``input_shape`` is for a model that has no input shape of its own: the shape of one input
    without the batch dimension, or a list or dict of such, as in
    ``keras.Input(shape=input_shape)``. Raises `Fault` ``build`` if the model isn't built and no
    shape is given, if it can't be called with the shape, or if it has inputs of its own already.
    """
    if not isinstance(model, keras.Model):
        raise Fault("build", f"An object of type {type(model).__name__} is no Keras model.")
    inputs, outputs = _ends(model, input_shape)
    cls = type(model)
    graph = CallReader().read(inputs, outputs) if outputs else _single_box(model)
    return ModelGraph(
        name=printable(model.name),
        module=public_module(cls),
        qualname=cls.__qualname__,
        model_type=_model_type(model),
        parameters=count_parameters(model),
        layers=len(model.layers),
        graph=graph,
        made_with={"keras": keras.__version__, "backend": keras.config.backend()},
    )


def _model_type(model: keras.Model) -> str:
    if isinstance(model, keras.Sequential):
        return "Sequential"
    return "Functional" if isinstance(model, keras.Function) else "Model"


def _ends(
    model: keras.Model, input_shape: ShapeTree | None
) -> tuple[list[keras.KerasTensor], list[keras.KerasTensor]]:
    """The symbolic inputs and outputs of the model; empty where they can't be known."""
    if is_transparent(model):
        if input_shape is not None and not _has_shape(model, input_shape):
            shapes = ", ".join(str(tuple(tensor.shape)) for tensor in model.inputs)
            raise Fault(
                "build",
                f"The model {model.name!r} already has inputs of the shape {shapes}.",
                "Remove ':input-shape:'.",
            )
        return list(model.inputs), list(model.outputs)
    if input_shape is not None:
        try:
            return _called(model, input_shape)
        except Exception as error:
            raise Fault(
                "build",
                f"The model {model.name!r} can't be called with the input shape {input_shape}: "
                f"{type(error).__name__}: {error}",
                "Check the input shape; it leaves out the batch dimension.",
                traceback.format_exc(),
            ) from error
    if isinstance(model, keras.Function):
        return [], []  # Keras takes the shapes of its graph for those of its own `call`.
    if isinstance(model, keras.Sequential) and not model.layers:
        raise Fault("build", f"The model {model.name!r} has no layers.", "Add one to it.")
    if not model.built:
        raise Fault("build", f"The model {model.name!r} has no input shape.", _UNBUILT)
    try:
        return _called(model, _built_shape(model))
    except Exception:
        return [], []


def _has_shape(model: keras.Model, shape: ShapeTree) -> bool:
    """Whether the model has one input of that shape: a module's model is asked for twice, say."""
    return [tuple(tensor.shape)[1:] for tensor in model.inputs] == [shape]


def _symbolic(shapes: Any) -> Any:
    match shapes:
        case tuple():
            return keras.Input(shape=shapes)
        case list():
            return [_symbolic(shape) for shape in shapes]
    return {name: _symbolic(shape) for name, shape in shapes.items()}


def _called(model: keras.Model, shapes: ShapeTree) -> tuple[list[Any], list[Any]]:
    """The ends of the model, called with inputs of the shapes."""
    if isinstance(model, keras.Sequential) and isinstance(shapes, tuple):
        model.build((None, *shapes))
        if is_transparent(model):
            return list(model.inputs), list(model.outputs)
    inputs = _symbolic(shapes)
    outputs = model(inputs)
    return keras.tree.flatten(inputs), keras.tree.flatten(outputs)


def _built_shape(model: keras.Model) -> ShapeTree:
    """The shape with which a subclassed model was built, batch dimension removed."""
    shape = model.get_build_config()["input_shape"]
    return shape_tree(keras.tree.map_shape_structure(lambda sizes: tuple(sizes)[1:], shape))


def _single_box(model: keras.Model) -> CallGraph:
    call = Call(
        id=printable(model.name),
        name=printable(model.name),
        kind=kind_of(model, 1),
        inputs=(),
        outputs=(),
        layer=printable(model.name),
        **layer_facts(model),
    )
    return CallGraph((call,), (), (), ())
