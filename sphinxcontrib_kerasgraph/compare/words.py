"""What changed in a model, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.compare.difference import (
    ArgumentChanged,
    Aspect,
    CallAdded,
    CallChanged,
    CallMoved,
    CallRemoved,
    CallRenamed,
    CallReplaced,
    InputsReordered,
    InsideChanged,
    ModelChanged,
    PolicyChanged,
    SharingChanged,
    TensorAdded,
    TensorRemoved,
    Undrawn,
    WrappingChanged,
)
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.graph.configuration import value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.compare.tensors import End, Route
    from sphinxcontrib_kerasgraph.graph import Tensor

_OPAQUE = "the reason why its inside isn't known"
_MODEL_FIELDS = {
    "name": "the model's name",
    "qualname": "its class",
    "module": "the module of its class",
    "model_type": "its type",
    "opaque": _OPAQUE,
}
_CALL_FIELDS = {
    "module": "module",
    "qualname": "class",
    "kind": "kind",
    "is_operation": "is an operation",
    "trainable": "trainable",
    "activation": "activation",
    "opaque": _OPAQUE,
}
_PARAMETERS = {
    "total": "parameters",
    "trainable": "trainable parameters",
    "own": "own parameters",
}


def in_words(differences: Sequence[Difference]) -> list[str]:
    """A line for each difference, of which each can be understood alone.

    ``differences`` are all of two models: what tells two of them apart is said.
    """
    # Where calls alone don't tell routes apart, the numbers of their inputs and outputs do.
    routes = [one.route for one in differences if isinstance(one, TensorAdded | TensorRemoved)]
    known = Counter((route.block, route_text(route)) for route in routes)
    unclear = {route for route in routes if known[route.block, route_text(route)] > 1}
    return [_words(one, unclear) for one in differences]


def _words(difference: Difference, unclear: set[Route]) -> str:
    match difference:
        case CallAdded() | CallRemoved():
            return _come_or_gone(difference)
        case TensorAdded() | TensorRemoved() | ArgumentChanged():
            return _of_tensor(difference, unclear)
        case InputsReordered(after=after):
            return f"the inputs are {', '.join(after)} in this order now"
        case ModelChanged():
            return _changed(difference)
        case PolicyChanged(before, after):
            return f"the dtype policy {change_text(before, after)}"
        case Undrawn():
            return "it differs in what isn't drawn"
        case CallMoved(place, _, _, after):
            return f"{place.new} moved: {'first' if after is None else f'after {after}'}"
        case CallReplaced(place, before, after):
            return f"{place.new}: {after} in place of {before}"
        case WrappingChanged(change, path, class_name):
            word = "no more " if change is Change.REMOVED else ""
            return f"{word}wrapped in {class_name} {path}"
        case CallRenamed(place, _, after):
            return f"{place.old}: its name is {after} now"
        case _:
            return f"{difference.place.new}: {_of_call(difference)}"


def _of_tensor(
    difference: TensorAdded | TensorRemoved | ArgumentChanged, unclear: set[Route]
) -> str:
    route = difference.route
    match difference:
        case TensorAdded():
            return f"a tensor goes {route_text(route, exact=route in unclear)}"
        case TensorRemoved():
            return f"no tensor goes {route_text(route, exact=route in unclear)} any more"
        case ArgumentChanged(before=before, after=after):
            return f"the argument of the tensor {route_text(route)} {change_text(before, after)}"


def _of_call(difference: CallChanged | InsideChanged | SharingChanged) -> str:
    match difference:
        case CallChanged():
            return _changed(difference)
        case InsideChanged(known=known):
            return "what is inside is known now" if known else "what is inside isn't known any more"
        case SharingChanged(after=None, before=before):
            return f"it shares its weights no more with {before}"
        case SharingChanged(after=after):
            return f"it shares its weights with {after}"


def _come_or_gone(difference: CallAdded | CallRemoved) -> str:
    word = "added" if isinstance(difference, CallAdded) else "removed"
    after = "" if difference.follows is None else f" after {difference.follows}"
    return f"{word} {difference.class_name} {difference.path}{after}"


def _changed(difference: ModelChanged | CallChanged) -> str:
    before, after = difference.before, difference.after
    if difference.aspect is Aspect.TENSORS:
        before, after = tensors_text(before), tensors_text(after)
    return f"{subject_text(difference)} {change_text(before, after)}"


def subject_text(difference: ModelChanged | CallChanged) -> str:
    """Which value of a call or model is another: ``filters``, ``kernel_initializer.seed``."""
    name = ".".join(difference.keys)
    if difference.aspect is Aspect.FIELD:
        return (_MODEL_FIELDS if isinstance(difference, ModelChanged) else _CALL_FIELDS)[name]
    return _PARAMETERS[name] if difference.aspect is Aspect.PARAMETERS else name


def route_text(route: Route, *, exact: bool = False) -> str:
    """From where to where a tensor goes; with the numbers of inputs and outputs if ``exact``."""
    later = " in the next step" if exact and route.recurrent else ""
    return f"from {_source(route, exact=exact)} to {_target(route, exact=exact)}{later}"


def _source(route: Route, *, exact: bool) -> str:
    end = route.source
    if end.call == route.block:
        return f"the block's input{_number(end) if exact else ''}"
    return f"output{_number(end)} of {end.call.new}" if exact else end.call.new


def _target(route: Route, *, exact: bool) -> str:
    end = route.target
    if end.call == route.block:
        return f"output{_number(end)}" if exact else "the outputs"
    return f"input{_number(end)} of {end.call.new}" if exact else end.call.new


def _number(end: End) -> str:
    return f" {end.index + 1}"


def change_text(old: Any, new: Any) -> str:
    """What was and what is: ``32 → 64``."""
    shown = value_text(old), value_text(new)
    if shown[0] == shown[1]:
        shown = repr(old), repr(new)
    return f"{shown[0]} → {shown[1]}"


def tensors_text(tensors: Sequence[Tensor]) -> str:
    """Dtypes and shapes."""
    return ", ".join(f"{one.dtype} {value_text(one.shape)}" for one in tensors) or "none"
