"""Functions of tensors as layers, or as models, to be drawn as these are."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.construct.inputs import described
from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.calling import Calling


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
) -> keras.Layer:
    """What the function does with tensors of the shapes of ``calling``, as a model.

    ``args`` come after the tensors.

    A Functional model, as it would be in one; or, where the function doesn't take Keras's symbolic
    tensors, a layer. A model that the function makes of the tensors is that model.
    Raises what the function raises, and `Fault` ``build`` if it returns no tensor.
    """
    name = getattr(function, "__name__", None) or type(function).__name__
    inputs = described(function, calling)

    def of_tensors(*tensors: Any, **named: Any) -> Any:
        return function(*tensors, *args, **named, **kwargs)

    try:
        outputs = of_tensors(*inputs.args, **inputs.kwargs)
    except Exception:
        layer = layer_of(functools.wraps(function)(of_tensors), name)
        try:
            layer.compute_output_spec(*inputs.args, **inputs.kwargs)
        except Exception:  # noqa: S110 - what the function said of symbolic tensors is shorter
            pass
        else:
            return layer
        raise
    if isinstance(outputs, keras.Layer):
        return outputs
    if not tensors_in(outputs):
        raise Fault(
            "build",
            f"{name!r} returned {type(outputs).__name__}, and no tensor.",
            "Return a model, or the tensors that it makes of those that it is given.",
        )
    return keras.Model(inputs.tensors, outputs, name=name)


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
