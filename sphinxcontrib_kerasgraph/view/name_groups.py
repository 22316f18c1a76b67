"""Groups that names reveal, such as ``conv2_block1_*``, become blocks."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import (
    Call,
    CallGraph,
    CallKind,
    GroupKind,
    ModelGraph,
    Parameters,
)
from sphinxcontrib_kerasgraph.graph.naming import is_automatic
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Run
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace, in_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A name up to the end of one of its parts.
_PREFIX = re.compile(r"(?<=[^_/.-])(?=[_/.-])")
#: The last part of a group's name: with a number, as in ``block1``, ``block2a``, ``layer_3``.
_NUMBERED = re.compile(r"(^|[_/.-])[A-Za-z]*\d+[A-Za-z]?$")


def group_by_name(graph: ModelGraph, patterns: Sequence[str] | None = None) -> ModelGraph:
    """The graph with groups as blocks, at any depth; only those that a pattern matches, if given.

    A group is two or more calls that stand together and whose names begin with the same words, the
    last of them with a number: ``conv2_block1``, ``layer_3``. Names that Keras made, such as
    ``conv2d_1``, reveal nothing; calls with such names belong to the group that they stand in.
    """
    if patterns is not None and not patterns:
        return graph
    return replace(graph, graph=_NameGroups(patterns).grouped(graph.graph, "", ""))


class _NameGroups:
    def __init__(self, patterns: Sequence[str] | None) -> None:
        self._patterns = patterns

    def grouped(self, graph: CallGraph, path: str, within: str) -> CallGraph:
        """The graph at that path with its groups; ``within`` is the name of the group it is."""
        calls = tuple(
            call.with_bodies(self.grouped(body, f"{path}{call.id}/", "") for body in call.bodies)
            for call in graph.calls
        )
        arranged = in_sequence(replace(graph, calls=calls))
        by_place = EdgesByPlace(arranged)
        found = list(self._groups(arranged, by_place, path, within))
        if not found:
            return replace(graph, calls=calls)
        runs = [Run.once(by_place.incoming, start, stop) for _, start, stop in found]
        names = [name for name, _, _ in found]
        made = Grouping(arranged, runs, GroupKind.NAMES, names=names).graph()
        blocks = tuple(self._block(call, path) if call.group else call for call in made.calls)
        return CallGraph(blocks, made.edges, made.inputs, made.outputs)

    def _groups(
        self, graph: CallGraph, by_place: EdgesByPlace, path: str, within: str
    ) -> Iterator[tuple[str, int, int]]:
        """The outermost groups: name, and where it starts and stops."""
        members: dict[str, list[int]] = {}
        named_before = [0]
        for at, call in enumerate(graph.calls):
            named = at in by_place.alone or not is_automatic(call.name, call.class_name)
            named_before.append(named_before[-1] + named)
            if named and at not in by_place.alone:
                for prefix in _prefixes(call.name):
                    if len(prefix) > len(within) and self._wanted(prefix, path):
                        members.setdefault(prefix, []).append(at)
        taken = [False] * len(graph.calls)
        found = []
        # Of names with the same calls, the longest.
        spans = {(places[0], places[-1] + 1, len(places)): name for name, places in members.items()}
        for (start, stop, number), name in sorted(spans.items(), key=lambda item: len(item[1])):
            alone = named_before[stop] - named_before[start] == number
            if number > 1 and alone and not any(taken[start:stop]):
                taken[start:stop] = [True] * (stop - start)
                found.append((name, start, stop))
        return iter(sorted(found, key=lambda group: group[1]))

    def _wanted(self, name: str, path: str) -> bool:
        return self._patterns is None or any(
            fnmatchcase(one, pattern) for pattern in self._patterns for one in (name, path + name)
        )

    def _block(self, group: Call, path: str) -> Call:
        (body,) = group.bodies
        body = self.grouped(body, f"{path}{group.id}/", group.name)
        own = {one.layer: one.parameters.own for _, one in body.walk()}
        trained = {one.layer: one.parameters.trainable for one in body.calls}
        total = sum(own.values())
        flags = {one.trainable for _, one in body.walk() if one.trainable is not None}
        return Call(
            id=group.id,
            name=group.name,
            module="",
            qualname="Group",
            kind=CallKind.GROUP,
            inputs=group.inputs,
            outputs=group.outputs,
            layer=path + group.id,
            parameters=Parameters(total, min(total, sum(trained.values()))),
            trainable=flags.pop() if len(flags) == 1 else None,
            body=body,
            marks=group.marks,
        )


def _prefixes(name: str) -> Iterator[str]:
    """What the name begins with, up to each of its numbers that more follows."""
    for end in _PREFIX.finditer(name):
        prefix = name[: end.start()]
        if _NUMBERED.search(prefix):
            yield prefix
