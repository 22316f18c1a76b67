"""In which a model differs from what it was, as values: which call, what, before and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinxcontrib_kerasgraph.compare.keys import same_keras, stem
from sphinxcontrib_kerasgraph.compare.match import Pair, matched
from sphinxcontrib_kerasgraph.compare.tensors import matched_tensors
from sphinxcontrib_kerasgraph.compare.values import changed_values
from sphinxcontrib_kerasgraph.graph import BLOCK, Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.compare.match import Matching, Place, Single
    from sphinxcontrib_kerasgraph.compare.tensors import Route
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph


class Aspect(StrEnum):
    """What of a call or model a changed value belongs to."""

    #: A field of `Call` or `ModelGraph`.
    FIELD = "field"
    #: What ``get_config()`` tells.
    CONFIGURATION = "configuration"
    #: An argument that is no tensor.
    CONSTANT = "constant"
    #: Shapes and dtypes of all ``inputs`` or ``outputs``.
    TENSORS = "tensors"
    #: A number of weights: a field of `Parameters`.
    PARAMETERS = "parameters"


@dataclass(frozen=True)
class ModelChanged:
    """A value of the model as a whole is another."""

    aspect: Aspect
    #: The name of the field.
    keys: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class CallAdded:
    """A call is there that wasn't, with all that is inside."""

    #: Its path in the new model.
    path: str
    class_name: str
    #: The path of the first call whose output it takes, if it takes one.
    follows: str | None


@dataclass(frozen=True)
class CallRemoved:
    """A call isn't there any more, nor what was inside."""

    #: Its path in the old model.
    path: str
    class_name: str
    #: The path, in the old model, of the first call whose output it took, if it took one.
    follows: str | None


@dataclass(frozen=True)
class CallRenamed:
    """A call has another id."""

    place: Place
    #: The ids.
    before: str
    after: str


@dataclass(frozen=True)
class CallChanged:
    """A value of a call is another."""

    place: Place
    aspect: Aspect
    #: The name of the field or constant, or the keys that lead to it in the configuration.
    keys: tuple[str, ...]
    #: `Missing.NOTHING` where there is none.
    before: Any
    after: Any


@dataclass(frozen=True)
class InsideChanged:
    """What is inside a block is known now, or is known no more."""

    place: Place
    known: bool


@dataclass(frozen=True)
class TensorAdded:
    """A tensor goes a way between calls of both models that it didn't go.

    It isn't told of those that go to added calls, or go now where a removed call was.
    """

    route: Route


@dataclass(frozen=True)
class TensorRemoved:
    """A tensor goes a way between calls of both models no more.

    It isn't told of those that went to removed calls, or go through added ones now.
    """

    route: Route


@dataclass(frozen=True)
class ArgumentChanged:
    """A tensor is passed as another argument."""

    route: Route
    before: str | None
    after: str | None


@dataclass(frozen=True)
class InputsReordered:
    """The inputs of a model are the same in another order."""

    #: Where the model is.
    block: Place
    #: The ids of the inputs, in the old model and in the new one.
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class SharingChanged:
    """A call shares its weights with another call before it, or with none, than it did."""

    place: Place
    #: The path of that other call in the old model; ``None`` where there is none.
    before: str | None
    #: Its path in the new model.
    after: str | None


@dataclass(frozen=True)
class Undrawn:
    """The models differ in what is neither drawn nor told."""


Difference: TypeAlias = (
    ModelChanged
    | CallAdded
    | CallRemoved
    | CallRenamed
    | CallChanged
    | InsideChanged
    | TensorAdded
    | TensorRemoved
    | ArgumentChanged
    | InputsReordered
    | SharingChanged
    | Undrawn
)

#: Fields of models and calls that are compared as they are.
_MODEL_FIELDS = ("name", "qualname", "module", "model_type", "opaque")
_CALL_FIELDS = (
    "module",
    "qualname",
    "kind",
    "is_operation",
    "trainable",
    "activation",
    "opaque",
)
#: Numbers of weights, of which the first that differs is told.
_PARAMETERS = ("total", "trainable", "own")


def differences(
    old: ModelGraph, new: ModelGraph, matching: Matching | None = None
) -> tuple[Difference, ...]:
    """What changed, in the order of the calls; nothing if the models are the same.

    ``matching`` is what `matched` says of both, where it is known already. What the models were
    made with is no difference; where the versions of Keras are two, neither is what one of them
    alone tells of a layer's configuration.
    """
    matching = matching or matched(old, new)
    same = same_keras(old, new)
    found: list[Difference] = [
        ModelChanged(Aspect.FIELD, (name,), before, after)
        for name, before, after in _changed_fields(old, new, _MODEL_FIELDS)
    ]
    found += _of_calls(matching, all_keys=same)
    found += _of_sharing(matching)
    # Shapes, numbers of weights and of names follow from what was found; here they are all.
    found = found or [*_of_sizes(matching)]
    found = found or [
        ModelChanged(Aspect.PARAMETERS, (name,), before, after)
        for name, before, after in _changed_parameters(old, new)
    ]
    # Snapshots of before tell nothing of dtypes.
    alike = replace(
        old, made_with=new.made_with, passed_over=new.passed_over, dtypes=old.dtypes or new.dtypes
    )
    if not found and same and alike != new:
        found = [Undrawn()]
    return tuple(found)


def _of_calls(matching: Matching, *, all_keys: bool) -> Iterator[Difference]:
    """What differs in calls, those inside blocks included, and in the tensors between them."""
    for match in matching.matches:
        if isinstance(match, Pair):
            yield from _of_pair(match, all_keys=all_keys)
        elif match.change == Change.ADDED:
            yield CallAdded(match.path, match.call.class_name, _source(match, matching.new))
        else:
            yield CallRemoved(match.path, match.call.class_name, _source(match, matching.old))
    yield from _of_tensors(matching)
    before, after = matching.old.inputs, matching.new.inputs
    renamed = [matching.names.get(name) for name in before]
    if renamed != [*after] and Counter(renamed) == Counter(after):
        yield InputsReordered(matching.place, before, after)


def _of_pair(pair: Pair, *, all_keys: bool) -> Iterator[Difference]:
    old, new, place = pair.old, pair.new, pair.place
    if stem(old.id) != stem(new.id):
        yield CallRenamed(place, old.id, new.id)
    for one in changed_values(old.config, new.config, all_keys=all_keys):
        yield CallChanged(place, Aspect.CONFIGURATION, one.keys, one.before, one.after)
    for one in changed_values(dict(old.constants), dict(new.constants)):
        yield CallChanged(place, Aspect.CONSTANT, one.keys, one.before, one.after)
    names = [name for name in _CALL_FIELDS if name not in new.config]
    for name, before, after in _changed_fields(old, new, names):
        yield CallChanged(place, Aspect.FIELD, (name,), before, after)
    if pair.inside is not None:
        yield from _of_calls(pair.inside, all_keys=all_keys)
    elif old.body is not None or new.body is not None:
        yield InsideChanged(place, known=new.body is not None)


def _of_tensors(matching: Matching) -> Iterator[Difference]:
    for tensor in matched_tensors(matching):
        if tensor.route is None or tensor.explained:
            continue
        if tensor.old is None:
            yield TensorAdded(tensor.route)
        elif tensor.new is None:
            yield TensorRemoved(tensor.route)
        elif tensor.old.argument != tensor.new.argument:
            yield ArgumentChanged(tensor.route, tensor.old.argument, tensor.new.argument)


def _of_sharing(matching: Matching) -> Iterator[Difference]:
    pairs = [*matching.walk_pairs()]
    paths = {pair.place.old: pair.place.new for pair in pairs}
    for pair in pairs:
        place, old, new = pair.place, pair.old.layer, pair.new.layer
        if paths.get(old, old) == new:
            continue
        before, after = None if old == place.old else old, None if new == place.new else new
        if before is not None or after is not None:
            yield SharingChanged(place, before, after)


def _of_sizes(matching: Matching) -> Iterator[Difference]:
    """What differs in numbers alone: those in names, of dimensions, of weights."""
    for pair in matching.walk_pairs():
        place, old, new = pair.place, pair.old, pair.new
        if place.old != place.new:
            yield CallRenamed(place, old.id, new.id)
        for name, before, after in _changed_fields(old, new, ("inputs", "outputs")):
            yield CallChanged(place, Aspect.TENSORS, (name,), before, after)
        for name, before, after in _changed_parameters(old, new):
            yield CallChanged(place, Aspect.PARAMETERS, (name,), before, after)


def _source(single: Single, graph: CallGraph) -> str | None:
    """The path of the first call whose output this one takes."""
    id_ = single.call.id
    for edge in graph.edges_into.get(id_, ()):
        if edge.source.call != BLOCK and not edge.recurrent:
            return single.path.removesuffix(id_) + edge.source.call
    return None


def _changed_fields(old: Any, new: Any, names: Sequence[str]) -> Iterator[tuple[str, Any, Any]]:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield name, before, after


def _changed_parameters(
    old: Call | ModelGraph, new: Call | ModelGraph
) -> list[tuple[str, Any, Any]]:
    return [*_changed_fields(old.parameters, new.parameters, _PARAMETERS)][:1]
