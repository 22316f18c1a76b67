"""Two models in one graph: each call of both once, marked by what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.compare.difference import (
    Aspect,
    CallChanged,
    CallRenamed,
    CallReplaced,
    InsideChanged,
    OutputChanged,
    SharingChanged,
)
from sphinxcontrib_kerasgraph.compare.match import MODEL, Pair
from sphinxcontrib_kerasgraph.compare.notes import notes
from sphinxcontrib_kerasgraph.compare.tensors import matched_tensors
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph, Change, Edge, Marks, Port
from sphinxcontrib_kerasgraph.graph.changed_values import with_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.compare.comparison import Comparison
    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.compare.match import Matching, Single
    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph

#: What is added to the id of a call that is there no more, where another one has its id now.
_OLD = "@old"


def merged(comparison: Comparison) -> ModelGraph:
    """The new model with what the old one alone has: calls, and tensors between calls.

    Calls and edges have their change as a mark, changed calls also what they were, as
    ``Call.before``; both tensors of an input that takes another one now lead to it. Calls have the
    ids of the new model, others those of the old one, ``@old`` added where the id is taken.
    What a picture says beside both is in the graph's ``notes``.
    """
    graph = _merged(comparison.matching, _Changed.of(comparison.differences))
    return replace(comparison.new, graph=graph, notes=notes(comparison))


@dataclass(frozen=True)
class _Changed:
    """What is told of calls that both models have."""

    #: The paths, in the new model, of those that have changed.
    paths: frozenset[str]
    #: Their entries of configurations that have, by the paths, as they were.
    values: Mapping[str, Mapping[tuple[str, ...], Any]]
    #: Those that make an output that was none, or that is none any more, by their paths.
    outputs: Mapping[str, Change]

    @classmethod
    def of(cls, differences: Sequence[Difference]) -> _Changed:
        of_calls = CallChanged | CallRenamed | CallReplaced | InsideChanged | SharingChanged
        values: dict[str, dict[tuple[str, ...], Any]] = defaultdict(dict)
        for one in differences:
            if isinstance(one, CallChanged) and one.aspect is Aspect.CONFIGURATION:
                values[one.place.new][one.keys] = one.before
        paths = (one.place.new for one in differences if isinstance(one, of_calls | OutputChanged))
        outputs = {
            one.place.new: one.change for one in differences if isinstance(one, OutputChanged)
        }
        return cls(frozenset(paths), values, outputs)

    def beside(self, call: Call, old: Call, path: str) -> Call:
        """The call with what it was: of its configuration that alone is another which is told.

        What one version of Keras alone knows of isn't, nor is a policy that is told once for all.
        What is told is so for both, be it as the class has it by default.
        """
        if old.class_name != call.class_name:
            return replace(call, before=old)
        values = self.values.get(path, {})
        chosen = call.chosen
        if chosen is not None:
            chosen = tuple(dict.fromkeys((*chosen, *(keys[0] for keys in values))))
        before = replace(old, config=with_values(call.config, values), chosen=chosen)
        return replace(call, chosen=chosen, before=before)


def _merged(matching: Matching, changed: _Changed) -> CallGraph:
    old, new = matching.old, matching.new
    names = {**matching.names, BLOCK: BLOCK}
    names |= {
        one.call.id: one.call.id + _OLD * (one.call.id in new.places) for one in matching.removed
    }
    calls = tuple(_call(one, names, changed) for one in matching.matches)
    places = {call.id: at for at, call in enumerate(calls)}

    def order(edge: Edge) -> tuple[int, int, bool, bool]:
        is_new = edge.marks.change is not Change.REMOVED
        return places[edge.target.call], edge.target.index, edge.recurrent, is_new

    # What a block makes goes by numbers to what is around it.
    more = old.outputs[len(new.outputs) :]
    if matching.place == MODEL:
        gone = {one.call.id for one in matching.removed}
        more = tuple(port for port in old.outputs if port.call in gone)
    return CallGraph(
        calls,
        tuple(sorted(_edges(matching, names), key=order)),
        (*new.inputs, *(names[one] for one in old.inputs if names[one] not in new.inputs)),
        (*new.outputs, *(_port(one, names) for one in more)),
    )


def _call(match: Pair | Single, names: Mapping[str, str], changed: _Changed) -> Call:
    if not isinstance(match, Pair):
        call = _marked(match.call, Marks(match.change, moved=match.twin is not None))
        if match.change is Change.REMOVED:
            call = replace(call, id=names[call.id])
        return call
    old, new = match.old, match.new
    call = replace(
        new,
        inputs=(*new.inputs, *old.inputs[len(new.inputs) :]),
        outputs=(*new.outputs, *old.outputs[len(new.outputs) :]),
    )
    if match.inside is not None:
        call = replace(call, body=_merged(match.inside, changed))
    if match.place.new in changed.paths:
        marks = Marks(Change.CHANGED, output=changed.outputs.get(match.place.new))
        return changed.beside(replace(call, marks=marks), old, match.place.new)
    if (old.inputs, old.outputs) != (new.inputs, new.outputs):  # since others changed
        return changed.beside(call, old, match.place.new)
    return call


def _marked(call: Call, marks: Marks) -> Call:
    """The call, and all that is inside, with the mark."""
    bodies = (
        replace(
            body,
            calls=tuple(_marked(one, marks) for one in body.calls),
            edges=tuple(replace(edge, marks=Marks(marks.change)) for edge in body.edges),
        )
        for body in call.bodies
    )
    return replace(call.with_bodies(bodies), marks=marks)


def _edges(matching: Matching, names: Mapping[str, str]) -> Iterator[Edge]:
    for tensor in matched_tensors(matching):
        if tensor.new is None and tensor.old is not None:
            edge = replace(
                tensor.old,
                source=_port(tensor.old.source, names),
                target=_port(tensor.old.target, names),
                marks=Marks(Change.REMOVED),
            )
        elif tensor.new is not None:
            edge = tensor.new
            if tensor.old is None:
                edge = replace(edge, marks=Marks(Change.ADDED))
        if edge.target.call != BLOCK:  # those are the outputs
            yield edge


def _port(port: Port, names: Mapping[str, str]) -> Port:
    return replace(port, call=names[port.call])
