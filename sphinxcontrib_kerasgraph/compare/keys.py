"""What tells calls apart: what they are, what they are made with, and what is around them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallKind
from sphinxcontrib_kerasgraph.graph.configuration import nameless, own_config
from sphinxcontrib_kerasgraph.graph.naming import is_automatic, stem

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph

#: What another policy changes in every layer.
_EVERYWHERE = frozenset({"dtype"})


def same_keras(old: ModelGraph, new: ModelGraph) -> bool:
    """Whether one version of Keras made both, so that their configurations tell the same things."""
    return all(old.made_with.get(name) == new.made_with.get(name) for name in ("keras", "tf_keras"))


def is_named(call: Call) -> bool:
    """Whether a person has named it, so that its name tells which call it is."""
    return not is_automatic(call.name, call.class_name)


def title(call: Call) -> tuple[str, str]:
    """Class and stem of the name."""
    return call.class_name, stem(call.id)


def leaves(graph: CallGraph) -> Iterator[Call]:
    """The calls at every depth that aren't blocks; inputs aside."""
    for call in graph.calls:
        if call.body is not None:
            yield from leaves(call.body)
        elif call.kind is not CallKind.INPUT:
            yield call


class Contents:
    """Numbers for calls of both models: the same for those that do the same, names aside."""

    def __init__(self, old: ModelGraph, new: ModelGraph) -> None:
        #: Keys of configurations that both versions of Keras tell, by class; ``None`` for all.
        self._told: Mapping[str, AbstractSet[str]] | None = None
        if not same_keras(old, new):
            told: list[dict[str, set[str]]] = [{}, {}]
            for keys, model in zip(told, (old, new), strict=True):
                for _, call in model.graph.walk():
                    keys.setdefault(call.class_name, set()).update(call.config)
            self._told = {name: told[0][name] & told[1].get(name, set()) for name in told[0]}
        self._numbers: dict[Hashable, int] = {}
        #: By the ids of calls, with the calls, so that no other one gets the id.
        self._known: dict[int, tuple[Call, int]] = {}

    def number(self, key: Hashable) -> int:
        """The number of whatever is the same."""
        return self._numbers.setdefault(key, len(self._numbers))

    def of(self, call: Call) -> int:
        """The number of a call."""
        if id(call) not in self._known:
            self._known[id(call)] = call, self.number(self._facts(call))
        return self._known[id(call)][1]

    def config(self, call: Call) -> dict[str, object]:
        """What tells it from others of its class, as far as both models tell it."""
        told = None if self._told is None else self._told.get(call.class_name, frozenset())
        return {
            key: value
            for key, value in own_config(call).items()
            if key not in _EVERYWHERE and (told is None or key in told)
        }

    def _facts(self, call: Call) -> Hashable:
        config = json.dumps(nameless(self.config(call)), sort_keys=True, default=repr)
        inside = None if call.body is None else self._inside(call.body)
        return (call.class_name, config, call.constants, call.activation, inside)

    def _inside(self, graph: CallGraph) -> Hashable:
        places = graph.places
        return (
            *map(self.of, graph.calls),
            *(
                (places.get(one.source.call), one.source.index, places[one.target.call])
                for one in graph.edges
                if one.target.call in places
            ),
            *((places.get(port.call), port.index) for port in graph.outputs),
        )

    def from_inputs(self, graph: CallGraph) -> list[int]:
        """For each call a number for it and all that its inputs come from."""
        found: dict[str, int] = {BLOCK: -1}
        for call in graph.calls:
            sources = tuple(
                (edge.source.index, edge.target.index, found.get(edge.source.call, -2))
                for edge in graph.edges_into.get(call.id, ())
                if not edge.recurrent
            )
            found[call.id] = self.number(("from", self.of(call), sources))
        return [found[call.id] for call in graph.calls]

    def to_outputs(self, graph: CallGraph) -> list[int]:
        """For each call a number for it and all that its outputs go to."""
        targets: dict[str, list[tuple[int, int, int]]] = {}
        for at, port in enumerate(graph.outputs):
            targets.setdefault(port.call, []).append((port.index, at, -1))
        found: dict[str, int] = {}
        into = graph.edges_into
        for call in reversed(graph.calls):
            number = self.number(("to", self.of(call), tuple(sorted(targets.get(call.id, ())))))
            found[call.id] = number
            for edge in into.get(call.id, ()):
                if not edge.recurrent:
                    ends = edge.source.index, edge.target.index, number
                    targets.setdefault(edge.source.call, []).append(ends)
        return [found[call.id] for call in graph.calls]

    def inside(self, call: Call) -> Counter[int]:
        """What is inside a block, at every depth."""
        return Counter() if call.body is None else Counter(map(self.of, leaves(call.body)))
