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
    OutputChanged,
    OutputsReordered,
    PolicyChanged,
    SharingChanged,
    TensorAdded,
    TensorRemoved,
    Undrawn,
    WrappingChanged,
)
from sphinxcontrib_kerasgraph.graph import BLOCK, Change
from sphinxcontrib_kerasgraph.graph.configuration import value_text
from sphinxcontrib_kerasgraph.printable import legible
from sphinxcontrib_kerasgraph.wording import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.compare.tensors import Route
    from sphinxcontrib_kerasgraph.graph import Tensor

_OPAQUE = N_("the reason why its inside isn't known")
_MODEL_FIELDS = {
    "name": N_("the model's name"),
    "qualname": N_("its class"),
    "module": N_("the module of its class"),
    "model_type": N_("its type"),
    "opaque": _OPAQUE,
}
#: Those that are arguments of layers are called so in any language.
_CALL_FIELDS = {
    "module": N_("module"),
    "qualname": N_("class"),
    "kind": N_("kind"),
    "is_operation": N_("is an operation"),
    "trainable": "trainable",
    "activation": "activation",
    "opaque": _OPAQUE,
}
_TENSORS = {"inputs": N_("inputs"), "outputs": N_("outputs")}
_PARAMETERS = {
    "total": N_("parameters"),
    "trainable": N_("trainable parameters"),
    "own": N_("own parameters"),
}


def in_words(differences: Sequence[Difference]) -> list[str]:
    """A line for each difference, of which each can be understood alone.

    ``differences`` are all of two models: what tells two of them apart is said.
    """
    # Where calls alone don't tell routes apart, the numbers of their inputs and outputs do.
    routes = [one.route for one in differences if isinstance(one, TensorAdded | TensorRemoved)]
    known = Counter((route.block, route_text(route)) for route in routes)
    unclear = {route for route in routes if known[route.block, route_text(route)] > 1}
    return [legible(_words(one, unclear)) for one in differences]


def _words(difference: Difference, unclear: set[Route]) -> str:
    match difference:
        case CallAdded() | CallRemoved():
            return _come_or_gone(difference)
        case TensorAdded() | TensorRemoved() | ArgumentChanged():
            return _of_tensor(difference, unclear)
        case ModelChanged():
            return _changed(difference)
        case OutputChanged() | OutputsReordered():
            return _of_outputs(difference)
        case InputsReordered() | PolicyChanged() | WrappingChanged() | Undrawn():
            return _of_model(difference)
        case CallMoved(place, _before, after=None):
            return _("{name} moved: first", name=place.new)
        case CallMoved(place, after=after):
            return _("{name} moved: after {other}", name=place.new, other=str(after))
        case CallReplaced(place, before, after):
            return _("{name}: {new} in place of {old}", name=place.new, new=after, old=before)
        case CallRenamed(place, after=after):
            return _("{name}: its name is {new} now", name=place.old, new=after)
    return f"{difference.place.new}: {_of_call(difference)}"


def _of_model(difference: InputsReordered | PolicyChanged | WrappingChanged | Undrawn) -> str:
    match difference:
        case InputsReordered(after=after):
            return _("the inputs are {names} in this order now", names=", ".join(after))
        case PolicyChanged(before, after):
            return _("the dtype policy {change}", change=change_text(before, after))
        case WrappingChanged(change, path, class_name):
            block = f"{class_name} {path}"
            if change is Change.REMOVED:
                return _("no more wrapped in {block}", block=block)
            return _("wrapped in {block}", block=block)
        case Undrawn():
            return _("it differs in what isn't drawn")


def _of_outputs(difference: OutputChanged | OutputsReordered) -> str:
    match difference:
        case OutputChanged(change):
            name = output_text(difference)
            if change is Change.ADDED:
                return _("{name} is an output now", name=name)
            return _("{name} is no output any more", name=name)
        case OutputsReordered(block, after=after):
            if len(after) == 1:
                said = _("the only output is {name} now", name=makers_text(after))
            else:
                said = _("the outputs are {names} in this order now", names=makers_text(after))
            return f"{block.new}: {said}" if block.new else said


def output_text(one: OutputChanged) -> str:
    """What makes an output that was none, or is none any more."""
    return _source(one.route, exact=one.is_of_many)


def makers_text(makers: Sequence[tuple[str, int | None]]) -> str:
    """What makes outputs."""
    return ", ".join(map(_maker, makers)) or _("none")


def _maker(maker: tuple[str, int | None]) -> str:
    name, index = maker
    if index is None:
        return name
    number = str(index + 1)
    if name == BLOCK:
        return _("the block's input {number}", number=number)
    return _("output {number} of {name}", number=number, name=name)


def _of_tensor(
    difference: TensorAdded | TensorRemoved | ArgumentChanged, unclear: set[Route]
) -> str:
    route = difference.route
    match difference:
        case TensorAdded():
            return _("a tensor goes {way}", way=route_text(route, exact=route in unclear))
        case TensorRemoved():
            return _("no tensor goes {way} any more", way=route_text(route, exact=route in unclear))
        case ArgumentChanged(before=before, after=after):
            subject = _("argument of the tensor {way}", way=route_text(route))
            return f"{subject} {change_text(before, after)}"


def _of_call(difference: CallChanged | InsideChanged | SharingChanged) -> str:
    match difference:
        case CallChanged():
            return _changed(difference)
        case InsideChanged(known=True):
            return _("what is inside is known now")
        case InsideChanged():
            return _("what is inside isn't known any more")
        case SharingChanged(after=None, before=before):
            return _("it shares its weights no more with {other}", other=str(before))
        case SharingChanged(after=after):
            return _("it shares its weights with {other}", other=str(after))


def _come_or_gone(difference: CallAdded | CallRemoved) -> str:
    what, after = f"{difference.class_name} {difference.path}", difference.follows
    if isinstance(difference, CallAdded):
        alone, placed = N_("added {what}"), N_("added {what} after {name}")
    else:
        alone, placed = N_("removed {what}"), N_("removed {what} after {name}")
    return _(alone, what=what) if after is None else _(placed, what=what, name=after)


def _changed(difference: ModelChanged | CallChanged) -> str:
    before, after = difference.before, difference.after
    if difference.aspect is Aspect.TENSORS:
        before, after = tensors_text(before), tensors_text(after)
    return f"{subject_text(difference)} {change_text(before, after)}"


def subject_text(difference: ModelChanged | CallChanged) -> str:
    """Which value of a call or model is another: ``filters``, ``kernel_initializer.seed``."""
    name = ".".join(difference.keys)
    if difference.aspect is Aspect.FIELD:
        fields = _MODEL_FIELDS if isinstance(difference, ModelChanged) else _CALL_FIELDS
        return _(fields[name])
    if difference.aspect is Aspect.TENSORS:
        return _(_TENSORS[name])
    return _(_PARAMETERS[name]) if difference.aspect is Aspect.PARAMETERS else name


def route_text(route: Route, *, exact: bool = False) -> str:
    """From where to where a tensor goes; with the numbers of inputs and outputs if ``exact``."""
    ends = {"source": _source(route, exact=exact), "target": _target(route, exact=exact)}
    if exact and route.recurrent:
        return _("from {source} to {target} in the next step", **ends)
    return _("from {source} to {target}", **ends)


def _source(route: Route, *, exact: bool) -> str:
    end, number = route.source, str(route.source.index + 1)
    if end.call == route.block:
        return _("the block's input {number}", number=number) if exact else _("the block's input")
    name = end.call.new
    return _("output {number} of {name}", number=number, name=name) if exact else name


def _target(route: Route, *, exact: bool) -> str:
    name, number = route.target.call.new, str(route.target.index + 1)
    return _("input {number} of {name}", number=number, name=name) if exact else name


def change_text(old: Any, new: Any) -> str:
    """What was and what is: ``32 → 64``."""
    shown = value_text(old), value_text(new)
    if shown[0] == shown[1]:
        shown = repr(old), repr(new)
    return f"{shown[0]} → {shown[1]}"


def tensors_text(tensors: Sequence[Tensor]) -> str:
    """Dtypes and shapes."""
    return ", ".join(f"{one.dtype} {value_text(one.shape)}" for one in tensors) or _("none")
