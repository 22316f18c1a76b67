"""Repeated structure is drawn once, with ×N. Found from the graph, not from names."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, GroupKind
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.view.overview.beside import find_branches, in_place
from sphinxcontrib_kerasgraph.view.overview.completion import completed, incomplete
from sphinxcontrib_kerasgraph.view.overview.fuse import joints
from sphinxcontrib_kerasgraph.view.overview.grouping import Grouping
from sphinxcontrib_kerasgraph.view.overview.repeats import Drawn, Joint, Preference, find_runs
from sphinxcontrib_kerasgraph.view.overview.sequence import EdgesByPlace, in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.view.overview.beside import Branches
    from sphinxcontrib_kerasgraph.view.overview.repeats import Run


#: A chain of layers that differ is folded only if it has so many calls: its rows tell more.
_LOOSE_CHAIN = 30
#: Larger graphs are folded with the shortest repetitions first alone. Those that save most first
#: lead to fewer boxes in 2 of the 80 cases that keras.applications offers, and by a tenth.
_BOTH_WAYS = 2000


def fold(graph: ModelGraph, *, exact: bool = True, exact_branches: bool = True) -> ModelGraph:
    """The graph with repetitions as groups, at any depth.

    ``exact`` folds what has the same layers and configuration, otherwise also what has the same
    structure. If not ``exact_branches``, branches side by side that have the same structure and
    activations are folded in any case. `unfold` takes it back.
    """
    in_rows = of_branches = Similarity(exact=exact)
    if exact and not exact_branches:
        of_branches = Similarity(exact=False, activations=True)
    similarity = {GroupKind.FOLD: in_rows, GroupKind.BESIDE: of_branches}
    chain = 0 if exact else _LOOSE_CHAIN
    arranged = _arranged(graph.graph)
    ways = [
        _Folding(similarity, Preference(shortest_first, chain)).whole(arranged)
        for shortest_first in ((True, False) if len(arranged.calls) <= _BOTH_WAYS else (True,))
    ]
    return replace(graph, graph=min(ways, key=_number_of_boxes))


def _number_of_boxes(graph: CallGraph) -> int:
    """How many boxes are drawn, when what is read as one is one box."""
    return sum(one.boxes for one in _drawn(graph, EdgesByPlace(graph)))


def _drawn(graph: CallGraph, by_place: EdgesByPlace) -> list[Drawn]:
    """What is drawn of each call."""
    return [
        Drawn(
            joint,
            int(joint is not Joint.SAME_UNIT) if call.body is None else _number_of_boxes(call.body),
            at > 0 and graph.calls[at - 1].kind is CallKind.POOLING,
        )
        for at, (call, joint) in enumerate(zip(graph.calls, joints(graph, by_place), strict=True))
    ]


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
    def __init__(self, similarity: Mapping[GroupKind, Similarity], preference: Preference) -> None:
        self._similarity = similarity
        self._preference = preference

    def whole(self, graph: CallGraph) -> CallGraph:
        """The graph of a model or of a block, folded."""
        return self.alike([_with_bodies(graph, self.whole)])[0]

    def alike(self, graphs: Sequence[CallGraph], depth: int = 0) -> Sequence[CallGraph]:
        """Graphs of the same structure, inside so many folds, folded in the same places.

        Branches side by side come before repetitions in a row, which they may be in. Those come
        last that take what the calls of a row make: these may be repetitions that are handed on.
        """
        while True:
            level = _Level(graphs, self._similarity)
            if branches := level.branches(along=False):
                graphs = self._side_by_side(graphs, branches, depth)
            elif runs := level.runs(self._preference):
                graphs, of_each = self._completed(graphs, level, runs)
                graphs = self._grouped(graphs, of_each, GroupKind.FOLD, depth)
            elif branches := level.branches(along=True):
                graphs = self._side_by_side(graphs, branches, depth)
            else:
                return graphs

    def _side_by_side(
        self, graphs: Sequence[CallGraph], branches: Sequence[Branches], depth: int
    ) -> Sequence[CallGraph]:
        arranged = [in_place(graph, branches) for graph in graphs]
        runs = [of_graph for _, of_graph in arranged]
        return self._grouped([graph for graph, _ in arranged], runs, GroupKind.BESIDE, depth)

    def _completed(
        self, graphs: Sequence[CallGraph], level: _Level, runs: Sequence[Run]
    ) -> tuple[Sequence[CallGraph], Sequence[Sequence[Run]]]:
        """The graphs and the runs of each, of which one may have one repetition more."""
        for run in runs:
            if places := level.incomplete(run):
                made = [completed(graph, run, places) for graph in graphs]
                whole = [graph for graph, _ in made]
                again = _Level(whole, self._similarity).runs(self._preference)
                stop = run.stop + run.length
                if any(
                    (one.start, one.length, one.stop) == (run.start, run.length, stop)
                    for one in again
                ):
                    return whole, [
                        [
                            replace(one, lacking=lacking) if one.start == run.start else one
                            for one in again
                        ]
                        for _, lacking in made
                    ]
        return graphs, [runs] * len(graphs)

    def _grouped(
        self,
        graphs: Sequence[CallGraph],
        runs_of_each: Sequence[Sequence[Run]],
        kind: GroupKind,
        depth: int,
    ) -> Sequence[CallGraph]:
        """The graphs with groups in the same places: ``runs_of_each`` are those of each graph."""
        groupings = [
            Grouping(graph, runs, kind, depth=depth)
            for graph, runs in zip(graphs, runs_of_each, strict=True)
        ]
        for at in range(len(runs_of_each[0])):
            copies = iter(
                self.alike(
                    [copy for grouping in groupings for copy in grouping.copies[at]], depth + 1
                )
            )
            for grouping in groupings:
                grouping.copies[at] = [next(copies) for _ in grouping.copies[at]]
        return [grouping.graph() for grouping in groupings]


class _Level:
    """Graphs of the same structure, in which repetitions are sought."""

    def __init__(
        self, graphs: Sequence[CallGraph], similarity: Mapping[GroupKind, Similarity]
    ) -> None:
        self._graphs = graphs
        self._first = graphs[0]
        self._by_place = EdgesByPlace(self._first)
        self._similarity = similarity

    def _keys(self, kind: GroupKind) -> Sequence[int]:
        """The same for calls that are alike."""
        similarity = self._similarity[kind]
        return [
            -1
            if at in self._by_place.alone
            else similarity.of_all((graph.calls[at] for graph in self._graphs), tuple(roles))
            for at, roles in enumerate(self._by_place.roles)
        ]

    @cached_property
    def _keys_in_rows(self) -> Sequence[int]:
        return self._keys(GroupKind.FOLD)

    @cached_property
    def _keys_of_branches(self) -> Sequence[int]:
        if self._similarity[GroupKind.BESIDE] is self._similarity[GroupKind.FOLD]:
            return self._keys_in_rows
        return self._keys(GroupKind.BESIDE)

    def runs(self, preference: Preference) -> list[Run]:
        """Repetitions in a row."""
        return find_runs(
            self._keys_in_rows,
            _drawn(self._first, self._by_place),
            self._by_place.incoming,
            self._by_place.outgoing,
            preference,
        )

    def incomplete(self, run: Run) -> tuple[int | None, ...]:
        """Where the calls of one more repetition are, see `completion.incomplete`."""
        return incomplete(run, self._keys_in_rows, self._by_place.incoming)

    def branches(self, *, along: bool) -> list[Branches]:
        """Alike branches, see `find_branches`."""
        return find_branches(self._first, self._by_place, self._keys_of_branches, along=along)
