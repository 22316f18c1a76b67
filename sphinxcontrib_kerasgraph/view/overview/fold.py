"""Repeated structure is drawn once, with ×N. Found from the graph, not from names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import GroupKind
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.view.overview.fuse import joints
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Joint, Preference, find_runs
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace, in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.view.overview.repeats import Run


#: A chain of layers that differ is folded only if it has so many calls: its rows tell more.
_LOOSE_CHAIN = 30
#: Larger graphs are folded with the shortest repetitions first alone. Those that save most first
#: lead to fewer boxes in 2 of the 80 cases that keras.applications offers, and by a tenth.
_BOTH_WAYS = 2000


def fold(graph: ModelGraph, *, exact: bool = True) -> ModelGraph:
    """The graph with repetitions as groups, at any depth.

    ``exact`` folds what has the same layers and configuration, otherwise also what has the same
    structure. `unfold` takes it back.
    """
    similarity = Similarity(exact=exact)
    chain = 0 if exact else _LOOSE_CHAIN
    arranged = _arranged(graph.graph)
    ways = [
        _Folding(similarity, Preference(shortest_first, chain)).whole(arranged)
        for shortest_first in ((True, False) if len(arranged.calls) <= _BOTH_WAYS else (True,))
    ]
    return replace(graph, graph=min(ways, key=_units))


def _units(graph: CallGraph) -> int:
    """How many boxes are drawn, when what is read as one is one box."""
    return sum(
        _units(call.body) if call.group is not None and call.body else joint is not Joint.SAME_UNIT
        for call, joint in zip(graph.calls, joints(graph, EdgesByPlace(graph)), strict=True)
    )


def _arranged(graph: CallGraph) -> CallGraph:
    """The graph, and what is in its blocks, in the order in which repetitions are sought."""
    return _with_bodies(in_sequence(graph), _arranged)


def _with_bodies(graph: CallGraph, change: Callable[[CallGraph], CallGraph]) -> CallGraph:
    """The graph with the insides of its blocks changed."""
    if all(call.body is None for call in graph.calls):
        return graph
    calls = tuple(
        call
        if call.body is None or call.group is not None
        else replace(call, body=change(call.body))
        for call in graph.calls
    )
    return replace(graph, calls=calls)


class _Folding:
    def __init__(self, similarity: Similarity, preference: Preference) -> None:
        self._similarity = similarity
        self._preference = preference

    def whole(self, graph: CallGraph) -> CallGraph:
        """The graph of a model or of a block, folded."""
        return self.alike([_with_bodies(graph, self.whole)])[0]

    def alike(self, graphs: Sequence[CallGraph], depth: int = 0) -> Sequence[CallGraph]:
        """Graphs of the same structure, inside so many folds, folded in the same places."""
        while runs := self._runs(graphs):
            graphs = self._fold(graphs, runs, depth)
        return graphs

    def _runs(self, graphs: Sequence[CallGraph]) -> Sequence[Run]:
        first = graphs[0]
        by_place = EdgesByPlace(first)
        keys = [
            -1
            if at in by_place.alone
            else self._similarity.of_all((graph.calls[at] for graph in graphs), tuple(roles))
            for at, roles in enumerate(by_place.roles)
        ]
        return find_runs(
            keys,
            joints(first, by_place),
            by_place.incoming,
            by_place.outgoing,
            self._preference,
        )

    def _fold(
        self, graphs: Sequence[CallGraph], runs: Sequence[Run], depth: int
    ) -> Sequence[CallGraph]:
        groupings = [Grouping(graph, runs, GroupKind.FOLD, depth=depth) for graph in graphs]
        for at in range(len(runs)):
            copies = iter(
                self.alike(
                    [copy for grouping in groupings for copy in grouping.copies[at]], depth + 1
                )
            )
            for grouping in groupings:
                grouping.copies[at] = [next(copies) for _ in grouping.copies[at]]
        return [grouping.graph() for grouping in groupings]
