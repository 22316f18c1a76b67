"""Which calls of two models belong together, at every depth."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.graph.configuration import nameless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph

    #: Calls of two graphs that belong together; one may be missing.
    _Match = tuple[Call, Call] | tuple[Call, None] | tuple[None, Call]
    #: What calls are matched by: those for which it is equal belong together.
    _Key = Callable[[Call], object]

#: What Keras adds to a name that is taken, and the graph to the id of a layer's further calls.
_NUMBERS = re.compile(r"(_\d+)?(#\d+)?$")


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
    """A call that only one of the models has."""

    #: `Change.ADDED` or `Change.REMOVED`.
    change: Change
    #: Its path in the model that has it.
    path: str
    call: Call


@dataclass(frozen=True)
class Matching:
    """The calls of two graphs: of two models, or inside a block that both have."""

    #: Where the graphs are: the block, or `MODEL`.
    place: Place
    old: CallGraph
    new: CallGraph
    #: Every call of both, once: those that both have in the order of the old graph, the others
    #: where they stand between these.
    matches: tuple[Pair | Single, ...]

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

    def _singles(self, change: Change) -> tuple[Single, ...]:
        found = (match for match in self.matches if isinstance(match, Single))
        return tuple(match for match in found if match.change == change)


def matched(old: ModelGraph, new: ModelGraph) -> Matching:
    """The calls of both models, in order, by class and by name without its number.

    Keras numbers names anew if a layer is added, so that numbers tell nothing.
    """
    matcher = _Matcher(same_keras=same_keras(old, new))
    return matcher.matching(MODEL, old.graph, new.graph)


def same_keras(old: ModelGraph, new: ModelGraph) -> bool:
    """Whether one version of Keras made both, so that their configurations tell the same things."""
    return all(old.made_with.get(name) == new.made_with.get(name) for name in ("keras", "tf_keras"))


def stem(name: str) -> str:
    """The name of a layer or call without the number that tells it from others of its name."""
    return _NUMBERS.sub("", name)


@dataclass(frozen=True)
class _Matcher:
    same_keras: bool

    def matching(self, place: Place, old: CallGraph, new: CallGraph) -> Matching:
        matches = tuple(self._match(place, match) for match in self._matched(old, new))
        return Matching(place, old, new, matches)

    def _match(self, block: Place, match: _Match) -> Pair | Single:
        if match[0] is None:
            return Single(Change.ADDED, _inner(block.new, match[1].id), match[1])
        if match[1] is None:
            return Single(Change.REMOVED, _inner(block.old, match[0].id), match[0])
        old, new = match
        place = block.inner(old.id, new.id)
        if old.body is None or new.body is None:
            return Pair(place, old, new)
        return Pair(place, old, new, self.matching(place, old.body, new.body))

    def _matched(self, old: CallGraph, new: CallGraph) -> Iterator[_Match]:
        ids = [[call.id for call in one.calls] for one in (old, new)]
        if ids[0] != ids[1] and sorted(ids[0]) == sorted(ids[1]):
            # In another order, which may be as good.
            return ((call, new[call.id]) for call in old.calls)
        return _aligned(old.calls, new.calls, [self._contents(old, new), _title])

    def _contents(self, old: CallGraph, new: CallGraph) -> _Key:
        """What tells a call from others of its class: its configuration, as far as both tell it."""
        keys: dict[str, set[str]] = {}
        if not self.same_keras:
            told = [
                {call.class_name: call.config.keys() for call in one.calls} for one in (old, new)
            ]
            keys = {name: {*told[0][name]} & {*told[1].get(name, ())} for name in told[0]}

        def content(call: Call) -> object:
            config = {
                key: value
                for key, value in call.config.items()
                if self.same_keras or key in keys.get(call.class_name, ())
            }
            return (*_title(call), json.dumps(nameless(config), sort_keys=True), call.constants)

        return content


def _inner(block: str, id_: str) -> str:
    return f"{block}/{id_}" if block else id_


def _title(call: Call) -> tuple[str, str]:
    return call.class_name, stem(call.id)


def _aligned(old: Sequence[Call], new: Sequence[Call], keys: Sequence[_Key]) -> Iterator[_Match]:
    """Calls matched by the first key, and what is left between them by the others."""
    if [call.class_name for call in old] == [call.class_name for call in new]:
        yield from zip(old, new, strict=True)
        return
    if not keys:
        yield from ((call, None) for call in old)
        yield from ((None, call) for call in new)
        return
    key, *others = keys
    before, after = [key(call) for call in old], [key(call) for call in new]
    start = _common(before, after)
    stop = _common(before[start:][::-1], after[start:][::-1])
    ends = len(before) - stop, len(after) - stop
    yield from zip(old[:start], new[:start], strict=True)
    # It takes the longest stretch that is equal, which may be the wrong one of several.
    matcher = SequenceMatcher(None, before[start : ends[0]], after[start : ends[1]], autojunk=False)
    for kind, begin, end, at, to in matcher.get_opcodes():
        parts = old[start + begin : start + end], new[start + at : start + to]
        if kind == "equal":
            yield from zip(*parts, strict=True)
        else:
            yield from _aligned(*parts, others)
    yield from zip(old[ends[0] :], new[ends[1] :], strict=True)


def _common(old: Sequence[object], new: Sequence[object]) -> int:
    """How many of the first are equal."""
    pairs = zip(old, new, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
