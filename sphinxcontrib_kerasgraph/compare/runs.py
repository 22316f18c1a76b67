"""Added or removed calls that stand together: blocks by their names, runs, single ones."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.keys import is_named
from sphinxcontrib_kerasgraph.graph import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinxcontrib_kerasgraph.compare.match import Matching, Single
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

#: The number or letter that tells the blocks of a stage apart: ``conv4_block12``, ``block1b``.
_NUMBER = re.compile(r"(\d+|(?<=\d)[a-z])$")


@dataclass(frozen=True)
class Run:
    """Calls that are added, or removed, and lead from one to the other."""

    change: Change
    #: In the order in which they stand.
    singles: tuple[Single, ...]
    #: What the names begin with, in order, where these tell blocks: ``conv4_block7``, ….
    blocks: tuple[str, ...] = ()
    #: How many such blocks there were, and are.
    before: int = 0
    after: int = 0

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls themselves."""
        return tuple(single.call for single in self.singles)


def runs(matching: Matching) -> Iterator[Run]:
    """The calls that only one of the graphs has, and that aren't elsewhere in the other."""
    for change, graph in ((Change.REMOVED, matching.old), (Change.ADDED, matching.new)):
        singles = matching.added if change is Change.ADDED else matching.removed
        alone = {one.call.id: one for one in singles if one.twin is None}
        there = {one for call in graph.calls if call.id not in alone for one in _of(call)}
        together: dict[str, list[Single]] = defaultdict(list)
        for group in _connected(graph, alone):
            for single in group:
                prefix = _block(single.call, there)
                together[prefix or f"/{group[0].call.id}"].append(single)
        families: dict[str, list[tuple[str, list[Single]]]] = defaultdict(list)
        for name, found in together.items():
            if len(found) == 1 or name.startswith("/"):
                yield Run(change, tuple(found))
            else:
                families[_NUMBER.sub("", name)].append((name, found))
        sizes = _blocks_of(matching.old), _blocks_of(matching.new)
        for family, blocks in families.items():
            yield Run(
                change,
                tuple(single for _, found in blocks for single in found),
                tuple(name for name, _ in blocks),
                len(sizes[0][family]),
                len(sizes[1][family]),
            )


def _connected(graph: CallGraph, alone: dict[str, Single]) -> list[list[Single]]:
    """Those of the calls that hang together by tensors, in the order of the graph."""
    leader = {id_: id_ for id_ in alone}

    def find(id_: str) -> str:
        while leader[id_] != id_:
            leader[id_] = leader[leader[id_]]
            id_ = leader[id_]
        return id_

    for edge in graph.edges:
        if edge.source.call in alone and edge.target.call in alone:
            leader[find(edge.target.call)] = find(edge.source.call)
    found: dict[str, list[Single]] = defaultdict(list)
    for call in graph.calls:
        if call.id in alone:
            found[find(call.id)].append(alone[call.id])
    return [*found.values()]


def _of(call: Call) -> Iterator[str]:
    """What the name begins with, as far as it tells of blocks: the shorter ones first."""
    if is_named(call):
        words = call.name.split("_")
        for at in range(1, len(words) + 1):
            if _NUMBER.search(words[at - 1]):
                yield "_".join(words[:at])


def _block(call: Call, there: Iterable[str]) -> str | None:
    """The shortest beginning of the name that no other call has."""
    return next((one for one in _of(call) if one not in there), None)


def _blocks_of(graph: CallGraph) -> dict[str, set[str]]:
    """The beginnings of names, by what they are without their number."""
    found: dict[str, set[str]] = defaultdict(set)
    for call in graph.calls:
        for prefix in _of(call):
            found[_NUMBER.sub("", prefix)].add(prefix)
    return found
