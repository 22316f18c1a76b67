"""Which calls of two graphs, at one level, are the same: by name, by what they do, by place."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.align import aligned, rising
from sphinxcontrib_kerasgraph.compare.keys import is_named, title
from sphinxcontrib_kerasgraph.compare.order import Both
from sphinxcontrib_kerasgraph.compare.side import Side
from sphinxcontrib_kerasgraph.compare.slide import slid
from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from sphinxcontrib_kerasgraph.compare.keys import Contents
    from sphinxcontrib_kerasgraph.compare.order import Pairs
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

#: So many values of a call's configuration may be others where name and place are, too.
_CHANGED = 2
#: What can be replaced by another class that is for the same.
_REPLACED = frozenset(CallKind) - {
    CallKind.CUSTOM,
    CallKind.OTHER,
    CallKind.OPERATION,
    CallKind.CONTROL,
    CallKind.FUNCTION,
    CallKind.MERGE,
    CallKind.RESHAPE,
}
#: So much of two blocks of other names has to be the same.
_INSIDE = 0.5


def paired(old: CallGraph, new: CallGraph, contents: Contents) -> Pairs:
    """The places of the calls that are the same, which together make no cycle."""
    pairing = Pairing(Side(old, contents), Side(new, contents), contents)
    first = pairing.found(names_first=True)
    cost = pairing.cost(first)
    if not cost:
        return first
    second = pairing.found(names_first=False)
    return second if pairing.cost(second) < cost else first


class Pairing:
    """Two graphs whose calls are to be matched."""

    def __init__(self, old: Side, new: Side, contents: Contents) -> None:
        self.old, self.new = old, new
        self._contents = contents
        self._both = Both(old.graph, new.graph)

    def found(self, *, names_first: bool) -> Pairs:
        """The pairs: by names that persons gave before all else, or by structure."""
        pairs: Pairs = {}
        if names_first:
            self._by(pairs, *self._names())
        for of_old, of_new in zip(self.old.around, self.new.around, strict=True):
            self._by(pairs, of_old, of_new)
        pairs = self._both.without_cycles(pairs)
        self._in_order(pairs)
        if not names_first:
            self._by(pairs, *self._names())
        pairs = self._both.without_cycles(pairs)
        before = dict(pairs)
        self._leftover(pairs)
        self._by_place(pairs)
        if not self._both.allows(pairs):
            for one, other in pairs.items() - before.items():
                if self._both.allows({**before, one: other}):
                    before[one] = other
            pairs = before
        better = slid(self.old, self.new, pairs)
        return better if self._both.allows(better) else pairs

    def cost(self, pairs: Pairs) -> float:
        """How much a person would have to say of what differs."""
        cost = len(self.old.calls) + len(self.new.calls) - 2.0 * len(pairs)
        for one, other in pairs.items():
            before, after = self.old.calls[one], self.new.calls[other]
            cost += 0.6 * (self.old.content[one] != self.new.content[other])
            cost += 0.3 * (
                before.id != after.id
                and (is_named(before) or is_named(after))
                and title(before) != title(after)
            )
            sources = {(at, pairs.get(place, place), of) for at, place, of in self.old.sources[one]}
            cost += 0.3 * len(sources.difference(self.new.sources[other]))
        return cost

    def _names(self) -> tuple[list[Hashable], list[Hashable]]:
        """The names that persons gave, with the class."""
        return [*map(_name, self.old.calls)], [*map(_name, self.new.calls)]

    def _by(self, pairs: Pairs, of_old: Sequence[Hashable], of_new: Sequence[Hashable]) -> None:
        """Pair calls of a key that as many of both graphs have; of several by name, then in order.

        ``None`` is the key of calls that aren't paired by it.
        """
        taken = set(pairs.values())
        by_key: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for at, key in enumerate(of_old):
            if key is not None and at not in pairs:
                by_key[key][0].append(at)
        for at, key in enumerate(of_new):
            if key is not None and at not in taken:
                by_key[key][1].append(at)
        for before, after in by_key.values():
            if len(before) == len(after):
                pairs.update(zip(before, self._by_id(before, after), strict=True))

    def _by_id(self, before: list[int], after: list[int]) -> list[int]:
        """Those of the new graph in the order of the old ones' ids, if they have the same."""
        ids = {self.new.calls[at].id: at for at in after}
        same = [ids.get(self.old.calls[at].id) for at in before]
        known = [at for at in same if at is not None]
        return known if len(known) == len(after) else after

    def _in_order(self, pairs: Pairs) -> None:
        """Pair what stands in the same order between calls that are paired."""
        place = {at: where for where, at in enumerate(self.new.order)}
        anchors = [at for at in self.old.order if at in pairs]
        frame = [anchors[at] for at in rising([place[pairs[at]] for at in anchors])]
        taken = set(pairs.values())
        keys: list[tuple[Sequence[Hashable], Sequence[Hashable]]] = [
            (
                [*zip(self.old.content, self.old.title, strict=True)],
                [*zip(self.new.content, self.new.title, strict=True)],
            ),
            (self.old.content, self.new.content),
            (self.old.title, self.new.title),
            (
                [call.class_name for call in self.old.calls],
                [call.class_name for call in self.new.calls],
            ),
        ]
        where = {at: number for number, at in enumerate(self.old.order)}
        found: list[tuple[int, int]] = []
        begin, to = 0, 0
        for one in [*frame, None]:
            end = len(where) if one is None else where[one]
            until = len(place) if one is None else place[pairs[one]]
            found += aligned(
                [at for at in self.old.order[begin:end] if at not in pairs],
                [at for at in self.new.order[to:until] if at not in taken],
                keys,
            )
            begin, to = end + 1, until + 1
        every = {**pairs, **dict(found)}
        pairs.update((one, other) for one, other in found if self._is_plausible(one, other, every))

    def _is_plausible(self, one: int, other: int, pairs: Pairs) -> bool:
        """Whether a person would take the second for what the first has become."""
        before, after = self.old.calls[one], self.new.calls[other]
        if self.old.content[one] == self.new.content[other] or before.id == after.id:
            return True
        if is_named(before) and self.old.title[one] == self.new.title[other]:
            return True
        if before.body is not None and after.body is not None:
            return self._alike_inside(before, after)
        if self._is_in_place(one, other, pairs):
            return True
        return self._changed(before, after) <= _CHANGED and before.kind != CallKind.INPUT

    def _changed(self, before: Call, after: Call) -> int:
        old, new = self._contents.config(before), self._contents.config(after)
        return sum(old.get(key) != new.get(key) for key in {*old, *new})

    def _alike_inside(self, before: Call, after: Call) -> bool:
        old, new = self._contents.inside(before), self._contents.inside(after)
        return (old & new).total() >= _INSIDE * max(old.total(), new.total())

    def _is_in_place(self, one: int, other: int, pairs: Pairs) -> bool:
        """Whether all that it takes, and some of what takes it, is the same."""
        sources = [(at, pairs.get(place, place), of) for at, place, of in self.old.sources[one]]
        if sorted(sources) != sorted(self.new.sources[other]):
            return False
        if any(place >= 0 and place not in pairs for _, place, _ in self.old.sources[one]):
            return False
        after = {(of, place) for of, place, _ in self.new.targets[other]}
        return any(
            (of, place if place < 0 else pairs.get(place)) in after
            for of, place, _ in self.old.targets[one]
        )

    def _leftover(self, pairs: Pairs) -> None:
        """Pair what alone does what it does, though it stands elsewhere, if that can be."""
        more: Pairs = {}
        left_old, left_new = self._left(pairs)
        old = Counter(self.old.content[at] for at in left_old)
        new = {self.new.content[at]: at for at in left_new}
        new_count = Counter(self.new.content[at] for at in left_new)
        for at in left_old:
            content = self.old.content[at]
            if old[content] == new_count[content] == 1:
                more[at] = new[content]
        for one, other in more.items():
            if self._is_in_place(one, other, {**pairs, **more}):
                pairs[one] = other

    def _by_place(self, pairs: Pairs) -> None:
        """Pair what stands in the same place and is of the same class, or for the same."""
        for is_like in (_is_of_class, self._is_for):
            old, new = self._left(pairs)
            by_source: dict[Hashable, list[int]] = defaultdict(list)
            for at in new:
                by_source[tuple(sorted(self.new.sources[at]))].append(at)
            for at in old:
                sources = [
                    (index, pairs.get(place, -2) if place >= 0 else place, of)
                    for index, place, of in self.old.sources[at]
                ]
                takers = by_source.get(tuple(sorted(sources)), [])
                for other in takers:
                    if is_like(self.old.calls[at], self.new.calls[other]) and self._may_follow(
                        at, other, pairs
                    ):
                        pairs[at] = other
                        takers.remove(other)
                        break

    def _may_follow(self, one: int, other: int, pairs: Pairs) -> bool:
        """Whether what takes the outputs doesn't speak against it."""
        before = self.old.targets[one]
        after = {(of, place) for of, place, _ in self.new.targets[other]}
        if not before or not self.old.sources[one]:
            return False
        return any(
            (of, place if place < 0 else pairs[place]) in after
            for of, place, _ in before
            if place < 0 or place in pairs
        )

    def _is_for(self, before: Call, after: Call) -> bool:
        """Whether it is another class for the same."""
        if before.body is not None and after.body is not None:
            return self._alike_inside(before, after)
        return before.kind == after.kind and before.kind in _REPLACED

    def _left(self, pairs: Pairs) -> tuple[list[int], list[int]]:
        taken = set(pairs.values())
        return (
            [at for at in range(len(self.old.calls)) if at not in pairs],
            [at for at in range(len(self.new.calls)) if at not in taken],
        )


def _is_of_class(before: Call, after: Call) -> bool:
    return before.class_name == after.class_name


def twins(
    old: Iterable[Call], new: Iterable[Call], content: Callable[[Call], int]
) -> dict[str, str]:
    """The new ids of calls that are elsewhere now, by the old ones: of such that aren't paired.

    Those of a name that a person gave; and those that alone do what they do, unless persons gave
    them two names.
    """
    found: dict[str, str] = {}
    of_old, of_new = [*old], [*new]
    for key in (_name, content):
        taken = set(found.values())
        before, after = defaultdict(list), defaultdict(list)
        for call in of_old:
            if call.id not in found:
                before[key(call)].append(call.id)
        for call in of_new:
            if call.id not in taken:
                after[key(call)].append(call.id)
        for one, ids in before.items():
            if one is not None and len(ids) == len(after.get(one, ())) == 1:
                found[ids[0]] = after[one][0]
    named = {call.id for call in (*of_old, *of_new) if is_named(call)}
    return {
        before: after
        for before, after in found.items()
        if before == after or not {before, after} <= named
    }


def _name(call: Call) -> Hashable:
    return (call.id, call.class_name) if is_named(call) else None
