"""Which calls of two models belong together, at every depth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.keys import Contents
from sphinxcontrib_kerasgraph.compare.opened import Wrapping, unwrapped
from sphinxcontrib_kerasgraph.compare.order import Both
from sphinxcontrib_kerasgraph.compare.pairing import paired, twins
from sphinxcontrib_kerasgraph.graph import CallKind, Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinxcontrib_kerasgraph.compare.order import Pairs
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph


@dataclass(frozen=True)
class Place:
    """Where a call is that both models have: its path in the old one, and in the new one."""

    old: str
    new: str

    def inner(self, old: str, new: str) -> Place:
        """The place of a call inside this block, by its ids in both."""
        return Place(_inner(self.old, old), _inner(self.new, new))


#: The place of the model itself, around all calls.
MODEL = Place("", "")


@dataclass(frozen=True)
class Pair:
    """A call of the old model and the call of the new one that it became."""

    place: Place
    old: Call
    new: Call
    #: The calls inside, where both are known.
    inside: Matching | None = None


@dataclass(frozen=True)
class Single:
    """A call that only one of the models has, or has in this place."""

    #: `Change.ADDED` or `Change.REMOVED`.
    change: Change
    #: Its path in the model that has it.
    path: str
    call: Call
    #: The path, in the other model, of the call that it is there, in another place; ``None`` for
    #: one that is really added or removed. The other one knows this one, too.
    twin: str | None = None


@dataclass(frozen=True)
class Matching:
    """The calls of two graphs: of two models, or inside a block that both have."""

    #: Where the graphs are: the block, or `MODEL`.
    place: Place
    old: CallGraph
    new: CallGraph
    #: Every call of both, once, in an order in which each comes after those whose outputs it takes,
    #: in either of the graphs: drawn in one graph, they make no cycle. As near to the order of the
    #: old graph as that can be; added calls stand before the next that both have.
    matches: tuple[Pair | Single, ...]
    #: The blocks of `old` and `new` whose calls stand in their place, since the other graph has
    #: these without the block. Such a call has the path of both as its id: ``block/dense``.
    wrappings: tuple[Wrapping, ...] = ()

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The calls that both graphs have."""
        return tuple(match for match in self.matches if isinstance(match, Pair))

    @cached_property
    def added(self) -> tuple[Single, ...]:
        """The calls that only the new graph has."""
        return self._singles(Change.ADDED)

    @cached_property
    def removed(self) -> tuple[Single, ...]:
        """The calls that only the old graph has."""
        return self._singles(Change.REMOVED)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The new ids of the calls that both have, by the old ones."""
        return {pair.old.id: pair.new.id for pair in self.pairs}

    def walk(self) -> Iterator[Pair | Single]:
        """The calls at every depth, those inside a block that both have after it."""
        for match in self.matches:
            yield match
            if isinstance(match, Pair) and match.inside is not None:
                yield from match.inside.walk()

    def walk_pairs(self) -> Iterator[Pair]:
        """The calls at every depth that both have."""
        return (match for match in self.walk() if isinstance(match, Pair))

    def levels(self) -> Iterator[Matching]:
        """This one, and those inside of blocks that both have, at every depth."""
        yield self
        for pair in self.walk_pairs():
            if pair.inside is not None:
                yield pair.inside

    def _singles(self, change: Change) -> tuple[Single, ...]:
        found = (match for match in self.matches if isinstance(match, Single))
        return tuple(match for match in found if match.change == change)


def matched(old: ModelGraph, new: ModelGraph) -> Matching:
    """The calls of both models, by name, by what they do, and by their place in the graph.

    Keras numbers names anew if a layer is added, so that names that it gave tell little. Of models
    that have next to nothing in common, no calls are matched.
    """
    return _Matcher(Contents(old, new)).matching(MODEL, old.graph, new.graph)


@dataclass(frozen=True)
class _Matcher:
    contents: Contents

    def matching(self, place: Place, old: CallGraph, new: CallGraph) -> Matching:
        given = old, new
        wrappings: tuple[Wrapping, ...] = ()
        pairs = paired(old, new, self.contents)
        while (found := unwrapped(old, new, pairs, self.contents)) is not None:
            old, new = found.old, found.new
            wrappings += found.wrappings
            pairs = paired(old, new, self.contents)
        if place == MODEL and self._is_strange(old, new, pairs):
            (old, new), wrappings, pairs = given, (), {}
        elif place == MODEL and _are_inputs_alone(old, new, pairs):
            pairs = {
                one: other
                for one, other in pairs.items()
                if _shapes(old.calls[one]) == _shapes(new.calls[other])
            }
        matches = self._matches(place, old, new, pairs)
        return Matching(place, old, new, matches, wrappings)

    def _matches(
        self, place: Place, old: CallGraph, new: CallGraph, pairs: Pairs
    ) -> tuple[Pair | Single, ...]:
        taken = set(pairs.values())
        elsewhere = twins(
            (call for at, call in enumerate(old.calls) if at not in pairs) if pairs else (),
            (call for at, call in enumerate(new.calls) if at not in taken) if pairs else (),
            self.contents.of,
        )
        back = {after: before for before, after in elsewhere.items()}
        found: list[Pair | Single] = []
        for one, other in Both(old, new).order(pairs):
            if one is not None and other is not None:
                found.append(self._pair(place, old.calls[one], new.calls[other]))
            elif one is not None:
                found.append(_single(Change.REMOVED, place, old.calls[one], elsewhere))
            elif other is not None:
                found.append(_single(Change.ADDED, place, new.calls[other], back))
        return tuple(found)

    def _pair(self, block: Place, old: Call, new: Call) -> Pair:
        place = block.inner(old.id, new.id)
        if old.body is None or new.body is None:
            return Pair(place, old, new)
        return Pair(place, old, new, self.matching(place, old.body, new.body))

    def _is_strange(self, old: CallGraph, new: CallGraph, pairs: Pairs) -> bool:
        """Whether what is the same in both may as well be chance."""
        same = 0.0
        for one, other in pairs.items():
            before, after = old.calls[one], new.calls[other]
            if before.kind is not CallKind.INPUT:
                is_same = before.id == after.id or self.contents.of(before) == self.contents.of(
                    after
                )
                same += 1 if is_same else 0.25
        sizes = [
            sum(call.kind is not CallKind.INPUT for call in graph.calls) for graph in (old, new)
        ]
        return min(sizes) >= _FEW and same < _STRANGE * min(sizes)


def _are_inputs_alone(old: CallGraph, new: CallGraph, pairs: Pairs) -> bool:
    """Whether nothing is in both but inputs, though both have more."""

    def more(graph: CallGraph) -> set[int]:
        return {at for at, call in enumerate(graph.calls) if call.kind is not CallKind.INPUT}

    old_more, new_more = more(old), more(new)
    return bool(old_more and new_more) and old_more.isdisjoint(pairs)


def _shapes(call: Call) -> tuple[object, ...]:
    """What shapes an input has, as its configuration and its tensors tell."""
    return call.config.get("batch_shape"), *(tensor.shape for tensor in call.outputs)


#: Models of fewer calls are never strange to each other.
_FEW = 4
#: So much of the smaller of two models has to be the same.
_STRANGE = 0.2


def _single(change: Change, block: Place, call: Call, elsewhere: Mapping[str, str]) -> Single:
    own, other = (block.old, block.new) if change is Change.REMOVED else (block.new, block.old)
    twin = elsewhere.get(call.id)
    return Single(change, _inner(own, call.id), call, None if twin is None else _inner(other, twin))


def _inner(block: str, id_: str) -> str:
    return f"{block}/{id_}" if block else id_
