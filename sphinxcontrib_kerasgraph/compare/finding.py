"""What differs between two models of which is known what belongs together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
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
    Difference,
    InputsReordered,
    InsideChanged,
    ModelChanged,
    OutputChanged,
    OutputsReordered,
    SharingChanged,
    TensorAdded,
    TensorRemoved,
    Undrawn,
    WrappingChanged,
)
from sphinxcontrib_kerasgraph.compare.keys import same_keras
from sphinxcontrib_kerasgraph.compare.match import Pair, Place
from sphinxcontrib_kerasgraph.compare.policy import policy_once
from sphinxcontrib_kerasgraph.compare.tensors import matched_tensors
from sphinxcontrib_kerasgraph.graph import BLOCK, Change, Port
from sphinxcontrib_kerasgraph.graph.changed_values import changed_values
from sphinxcontrib_kerasgraph.graph.naming import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.compare.match import Matching, Single
    from sphinxcontrib_kerasgraph.compare.tensors import End, TensorMatch
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, ModelGraph

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


def differences(old: ModelGraph, new: ModelGraph, matching: Matching) -> tuple[Difference, ...]:
    """What changed, in the order of the calls; nothing if the models are the same.

    ``matching`` is what `matched` says of both. What the models were made with is no difference;
    where the versions of Keras are two, neither is what one of them alone tells of a layer's
    configuration.
    """
    same = same_keras(old, new)
    found: list[Difference] = [
        ModelChanged(Aspect.FIELD, (name,), before, after)
        for name, before, after in _changed_fields(old, new, _MODEL_FIELDS)
    ]
    found += policy_once([*_of_calls(matching, all_keys=same)], matching)
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
    for one in matching.wrappings:
        block = matching.place.new if one.change is Change.ADDED else matching.place.old
        path = f"{block}/{one.block.id}" if block else one.block.id
        yield WrappingChanged(one.change, path, one.block.class_name)
    tensors = matched_tensors(matching)
    taken = _taken_by(matching, tensors)
    moved = {one.path: one for one in matching.removed if one.twin is not None}
    for match in matching.matches:
        if isinstance(match, Pair):
            yield from _of_pair(match, all_keys=all_keys)
        elif match.twin is None:
            yield _of_single(match, matching, taken[match.change, match.call.id])
        elif match.change is Change.ADDED:
            was = moved[match.twin]
            place = Place(was.path, match.path)
            before, after = _source(was, matching.old), _source(match, matching.new)
            ends = taken[Change.REMOVED, was.call.id], taken[Change.ADDED, match.call.id]
            new = match.call
            yield CallMoved(place, new.class_name, before, after, new, (*ends[0], *ends[1]))
            yield from _of_values(place, was.call, new, all_keys=all_keys)
    yield from _of_tensors(tensors)
    yield from _of_outputs(matching, tensors)
    inputs = matching.old.inputs, matching.new.inputs
    renamed = [matching.names.get(name) for name in inputs[0]]
    if renamed != [*inputs[1]] and Counter(renamed) == Counter(inputs[1]):
        yield InputsReordered(matching.place, *inputs)


def _of_single(
    single: Single, matching: Matching, tensors: Sequence[TensorMatch]
) -> CallAdded | CallRemoved:
    path, call = single.path, single.call
    if single.change is Change.REMOVED:
        return CallRemoved(path, call.class_name, _source(single, matching.old), tuple(tensors))
    after, place = _source(single, matching.new), matching.place
    return CallAdded(path, call.class_name, after, place, call, tuple(tensors))


def _taken_by(
    matching: Matching, tensors: Sequence[TensorMatch]
) -> Mapping[tuple[Change, str], list[TensorMatch]]:
    """The tensors of the new graph that calls of one graph alone account for, by these calls."""
    found: dict[tuple[Change, str], list[TensorMatch]] = defaultdict(list)
    made: dict[tuple[End | None, bool], str] = {}
    for one in tensors:
        if one.new is None and one.old is not None and one.source is None:
            made[one.target, one.old.recurrent] = one.old.source.call
    added = {one.call.id for one in matching.added}
    for one in tensors:
        if one.old is not None or one.new is None:
            continue
        edge = one.new
        for id_ in [id_ for id_ in (edge.target.call, edge.source.call) if id_ in added][:1]:
            found[Change.ADDED, id_].append(one)
        target = None if one.route is None else one.route.target
        if target is not None and (target, edge.recurrent) in made:
            found[Change.REMOVED, made[target, edge.recurrent]].append(one)
    return found


def _of_pair(pair: Pair, *, all_keys: bool) -> Iterator[Difference]:
    old, new, place = pair.old, pair.new, pair.place
    if stem(old.id) != stem(new.id):
        yield CallRenamed(place, old.id, new.id)
    if old.class_name != new.class_name:
        yield CallReplaced(place, old.class_name, new.class_name, new)
    else:
        yield from _of_values(place, old, new, all_keys=all_keys)
    if pair.inside is not None:
        yield from _of_calls(pair.inside, all_keys=all_keys)
    elif old.body is not None or new.body is not None:
        yield InsideChanged(place, known=new.body is not None, body=new.body)


def _of_values(place: Place, old: Call, new: Call, *, all_keys: bool) -> Iterator[Difference]:
    for one in changed_values(old.config, new.config, all_keys=all_keys):
        yield CallChanged(place, Aspect.CONFIGURATION, one.keys, one.before, one.after)
    for one in changed_values(dict(old.constants), dict(new.constants)):
        yield CallChanged(place, Aspect.CONSTANT, one.keys, one.before, one.after)
    names = [name for name in _CALL_FIELDS if name not in new.config]
    for name, before, after in _changed_fields(old, new, names):
        yield CallChanged(place, Aspect.FIELD, (name,), before, after)


def _of_tensors(tensors: Sequence[TensorMatch]) -> Iterator[Difference]:
    for tensor in tensors:
        if tensor.route is None or tensor.explained or tensor.is_output:
            continue
        if tensor.new is None:
            yield TensorRemoved(tensor.route)
        elif tensor.old is None:
            yield TensorAdded(tensor.route, tensor.new.argument)
        elif tensor.old.argument != tensor.new.argument:
            yield ArgumentChanged(tensor.route, tensor.old.argument, tensor.new.argument)


def _of_outputs(matching: Matching, tensors: Sequence[TensorMatch]) -> Iterator[Difference]:
    """Of outputs it is told which they are, and not how their numbers follow from that."""
    only = [one for one in tensors if one.is_output and (one.old is None or one.new is None)]
    others = tuple(one for one in only if not one.explained)
    names = {**matching.names, BLOCK: BLOCK}
    was = [(names.get(port.call), port.index) for port in matching.old.outputs]
    now = [(port.call, port.index) for port in matching.new.outputs]
    changed = set()
    for one in only:
        change, graph, edge = Change.ADDED, matching.new, one.new
        if one.new is None:
            change, graph, edge = Change.REMOVED, matching.old, one.old
        if (
            edge is None
            or one.route is None
            or (one.explained and _goes_on(matching, edge, change))
        ):
            continue
        port, is_new = edge.source, change is Change.ADDED
        key = (port.call if is_new else names[port.call]), port.index
        if key not in changed and key not in (was if is_new else now):
            changed.add(key)
            yield OutputChanged(change, one.route, _number(graph, port) is not None, others)
    left = [one for one in was if one in now], [one for one in now if one in was]
    if others and (not changed or left[0] != left[1]):
        before, after = (
            tuple((port.call, _number(graph, port)) for port in graph.outputs)
            for graph in (matching.old, matching.new)
        )
        yield OutputsReordered(matching.place, before, after, others)


def _goes_on(matching: Matching, edge: Edge, change: Change) -> bool:
    """Whether the tensor goes to the same output of the other graph, by calls of that alone."""
    graph, singles = (
        (matching.old, matching.removed)
        if change is Change.ADDED
        else (matching.new, matching.added)
    )
    alone = {one.call.id for one in singles}
    names = {BLOCK: BLOCK, **matching.names}
    if change is Change.ADDED:
        names = {new: old for old, new in names.items()}
    source = Port(names[edge.source.call], edge.source.index)
    seen: set[str] = set()
    ahead = [graph.outputs[edge.target.index].call]
    while ahead:
        id_ = ahead.pop()
        if id_ in seen or id_ not in alone:
            continue
        seen.add(id_)
        into = graph.edges_into.get(id_, ())
        if any(one.source == source for one in into):
            return True
        ahead += [one.source.call for one in into]
    return False


def _number(graph: CallGraph, port: Port) -> int | None:
    """Which of several tensors it is that the call makes."""
    return port.index if port.call == BLOCK or len(graph[port.call].outputs) > 1 else None


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
