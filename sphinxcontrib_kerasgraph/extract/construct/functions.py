"""Functions of tensors as layers, or as models, to be drawn as these are."""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.inputs import Inputs, described
from sphinxcontrib_kerasgraph.extract.construct.parameters import Parameters
from sphinxcontrib_kerasgraph.extract.legacy import counts as legacy_counts
from sphinxcontrib_kerasgraph.extract.legacy.imported import is_imported, keras2
from sphinxcontrib_kerasgraph.extract.read.arguments import CONTEXT
from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.target import ShapeTree


class FunctionLayer(keras.Layer):
    """A layer whose ``call`` is a function of tensors, or a method of a layer that it holds."""

    def __init__(self, name: str, owner: keras.Layer | None = None) -> None:
        super().__init__(name=name)
        self.owner = owner


def layer_of(
    function: Callable[..., Any], name: str, owner: keras.Layer | None = None
) -> FunctionLayer:
    """A layer that does what the function does, with its signature."""

    def call(_self: Any, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    signature = inspect.signature(function)
    self_ = inspect.Parameter("_self", inspect.Parameter.POSITIONAL_ONLY)
    parameters = [
        one.replace(kind=one.POSITIONAL_OR_KEYWORD) if one.kind is one.POSITIONAL_ONLY else one
        for one in signature.parameters.values()
    ]
    vars(call)["__signature__"] = signature.replace(parameters=[self_, *parameters])
    cls = type(name, (FunctionLayer,), {"call": call, "__module__": function.__module__})
    made: FunctionLayer = cls(name, owner)
    return made


def method_of(layer: keras.Layer, name: str) -> FunctionLayer:
    """A method of the layer as a layer of its own. Raises `Fault` ``build`` if there is none."""
    method = getattr(layer, name, None)
    if not callable(method):
        raise Fault(
            "build",
            f"{type(layer).__name__} has no method {name!r}.",
            f"Check the spelling of {{option trace={name}}}.",
        )
    return layer_of(method, name, layer)


def model_of(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], calling: Calling
) -> Any:
    """What the function does with tensors of the shapes of ``calling``, as a model.

    ``args`` come after the tensors.

    A Functional model, as it would be in one, and of Keras 2 if the function calls its layers; or,
    where the function takes no symbolic tensors, a layer. A model that the function makes of the
    tensors is that model.
    Raises what the function raises, and `Fault` ``build`` if it returns no tensor.
    """
    name = getattr(function, "__name__", None) or type(function).__name__
    shapes = calling.input_shape
    if shapes is None:
        raise Fault("build", f"The shapes of what {name!r} takes aren't known.")
    rest = _rest(function, args, kwargs, shapes)
    parameters = Parameters.of(rest, repr(name))
    literals = parameters.literals(calling, of_keras=False)
    choices = described(parameters, shapes, calling.input_dtype, literals)
    errors: list[Exception] = []
    named = dict(legacy_counts.name_counts())
    for inputs in choices:
        try:
            outputs = rest(*inputs.args, **inputs.kwargs)
        except Exception as error:
            errors.append(error)
        else:
            return _as_model(name, inputs, outputs)
    if is_imported():
        # It imports `tf_keras`, which only those have to have whose code does.
        from sphinxcontrib_kerasgraph.extract.legacy.functions import legacy_model_of  # noqa: PLC0415

        # Layers of it may have been made before they were given tensors of Keras 3, which failed.
        counts = legacy_counts.name_counts()
        counts.clear()
        counts.update(named)
        of_keras2 = described(parameters, shapes, calling.input_dtype, literals, keras2().Input)
        made = legacy_model_of(rest, name, ((one.args, one.kwargs) for one in of_keras2))
        if made is not None:
            return made
    for inputs in choices:
        layer = layer_of(rest, name)
        with contextlib.suppress(Exception):  # what the function said of Keras's is shorter
            layer.compute_output_spec(*inputs.args, **inputs.kwargs)
            return layer
    raise errors[-1]


def _as_model(name: str, inputs: Inputs, outputs: Any) -> keras.Layer:
    if isinstance(outputs, keras.Layer):
        return outputs
    if not tensors_in(outputs):
        raise Fault(
            "build",
            f"{name!r} returned {type(outputs).__name__}, and no tensor.",
            "Return a model, or the tensors that it makes of those that it is given.",
        )
    return keras.Model(inputs.tensors, outputs, name=name)


def _rest(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], shapes: ShapeTree
) -> Callable[..., Any]:
    """The function of the tensors alone: those after them are given, and those by name."""
    if not args and not kwargs:
        return function
    signature = inspect.signature(function)
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    all_ = signature.parameters.values()
    free = [one for one in all_ if one.kind in places and one.name not in kwargs]
    # Keras gives the mode and the mask; they may be among what comes after the tensors.
    likely = [one for one in free if one.name not in CONTEXT]
    required = sum(one.default is one.empty for one in likely) - len(args)
    if isinstance(shapes, dict) and any(one.name in shapes for one in free):
        tensors = set(shapes)
    else:
        several = len(shapes) if isinstance(shapes, list) and required > 1 else max(1, required)
        tensors = {one.name for one in likely[:several]}
    ahead = [one for one in free if one.name not in tensors]
    given = dict(zip((one.name for one in ahead), args, strict=False)) | kwargs
    left = [one for one in all_ if one.name not in given]
    if len(ahead) < len(args):
        raise Fault(
            "build",
            f"{function.__name__!r} can't take {len(args)} arguments after its tensors.",
            "Write those that are no tensors by their names.",
        )
    unplaced = signature.replace(parameters=left)

    @functools.wraps(function)
    def rest(*tensors: Any, **named: Any) -> Any:
        values = {**unplaced.bind(*tensors, **named).arguments, **given}
        order = [one for one in signature.parameters if one in values]
        everything = inspect.BoundArguments(signature, {one: values[one] for one in order})
        return function(*everything.args, **everything.kwargs)

    vars(rest)["__signature__"] = unplaced
    return rest


def missing_arguments(function: Callable[..., Any], args: Any, kwargs: Any) -> list[str]:
    """The names of required arguments that aren't among those that are given."""
    try:
        signature = inspect.signature(function)
        bound = signature.bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):  # a signature that isn't known, or others than it has
        return []
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        name
        for name, one in signature.parameters.items()
        if one.default is one.empty and one.kind not in several and name not in bound
    ]
