"""The arguments of a recorded call, told apart: tensors by where they stand, and constants."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.foreign import ForeignLayer, is_layer
from sphinxcontrib_kerasgraph.extract.read.plain import plain_text
from sphinxcontrib_kerasgraph.extract.read.pseudo import PseudoOperation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall

#: Arguments that Keras passes along by itself; they say nothing about the model.
CONTEXT = {"training", "mask"}


def argument_names(call: RecordedCall) -> list[str | None]:
    """For each tensor the call takes, the parameter it is, such as ``query`` or ``inputs[1]``.

    ``None`` where there is but one tensor, which needs no name.
    """
    if call.names is not None:
        return list(call.names)
    if len(call.inputs) < 2:
        return [None] * len(call.inputs)
    names: dict[int, list[str]] = {}
    for name, value in _named_arguments(call):
        for path, leaf in _leaves(value, name):
            if isinstance(leaf, keras.KerasTensor):
                names.setdefault(id(leaf), []).append(path)
    # A tensor that is passed twice has as many names, taken in turn.
    return [names[id(tensor)].pop(0) if names.get(id(tensor)) else None for tensor in call.inputs]


def constants(call: RecordedCall) -> tuple[tuple[str, str], ...]:
    """The arguments that are no tensors, by name, as Python text.

    After them what an operation was made with. A parameter left at its default is left out.
    """
    found: dict[str, str] = {}
    for name, value in _named_arguments(call):
        leaves = dict(_leaves(value, name))
        if name in CONTEXT or value is None or inspect.isroutine(value):
            continue  # the functions of control flow are what is inside
        if not any(isinstance(leaf, keras.KerasTensor) for leaf in leaves.values()):
            leaves = {name: value}
        found |= {
            path: plain_text(leaf)
            for path, leaf in leaves.items()
            if leaf is not None and not isinstance(leaf, keras.KerasTensor)
        }
    if not (is_layer(call.operation) or isinstance(call.operation, PseudoOperation)):
        found |= _made_with(call.operation)
    return tuple(found.items())


def _made_with(operation: keras.Operation) -> dict[str, str]:
    try:
        parameters = _signature(_class(operation), "__init__").parameters
        return {
            name: plain_text(value)
            for name, value in operation.get_config().items()
            if name in parameters and name != "name" and value != parameters[name].default
        }
    except Exception:  # an operation that can't be serialised has no config to show
        return {}


def _class(operation: keras.Operation) -> type:
    cls: type = type(operation)
    return cls


@cache
def _signature(cls: type, method: str) -> inspect.Signature:
    return inspect.signature(getattr(cls, method))


def _named_arguments(call: RecordedCall) -> list[tuple[str, Any]]:
    signature = None
    if isinstance(call.operation, PseudoOperation | ForeignLayer):
        signature = call.operation.signature
    try:
        kwargs = dict(call.kwargs)
        if signature is not None:
            bound = dict(signature.bind(*call.args, **kwargs).arguments)
        else:
            signature = _signature(_class(call.operation), "call")
            if "training" not in signature.parameters:  # which Keras takes for all layers
                kwargs.pop("training", None)
            bound = dict(signature.bind(call.operation, *call.args, **kwargs).arguments)
            bound.pop(next(iter(signature.parameters)))
    except (AttributeError, TypeError, ValueError):
        bound = {f"arg{place}": value for place, value in enumerate(call.args)} | call.kwargs
        signature = None
    named: list[tuple[str, Any]] = []
    for name, value in bound.items():
        parameter = signature.parameters[name] if signature else None
        if parameter is not None and parameter.kind is parameter.VAR_KEYWORD:
            named.extend(value.items())
        else:
            named.append((name, value))
    return named


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for key in value:
                yield from _leaves(value[key], f"{path}[{key!r}]")
        case list() | tuple():
            for place, item in enumerate(value):
                yield from _leaves(item, f"{path}[{place}]")
        case _:
            yield path, value


def bound(function: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """The arguments of a call by the names of the parameters."""
    return dict(inspect.signature(function).bind(*args, **kwargs).arguments)


def as_keras_takes_them(layer: keras.Layer, args: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
    """The arguments of a layer's ``call``, as its ``__call__`` takes them.

    All but the first by keyword: Keras takes nothing but tensors by place.
    """
    try:
        parameters = list(inspect.signature(layer.call).parameters.values())
    except (TypeError, ValueError):
        return args, dict(kwargs)
    named = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(args) > len(named):
        return args, dict(kwargs)
    return args[:1], dict(zip(named[1:], args[1:], strict=False)) | dict(kwargs)
