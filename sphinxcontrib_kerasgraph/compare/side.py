"""One of two graphs, and what its calls are known by."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.keys import title
from sphinxcontrib_kerasgraph.compare.order import read_order
from sphinxcontrib_kerasgraph.graph import BLOCK

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare.keys import Contents
    from sphinxcontrib_kerasgraph.graph import CallGraph

    #: An input or output of a call, and from where or to where: the place of the other call, -1
    #: for what is around the graph, and which of its outputs or inputs.
    End = tuple[int, int, int]


class Side:
    """One of the graphs, and what its calls are known by."""

    def __init__(self, graph: CallGraph, contents: Contents) -> None:
        self._contents = contents
        self.graph = graph
        self.calls = graph.calls
        self.content = [contents.of(call) for call in graph.calls]
        self.title = [title(call) for call in graph.calls]

    @cached_property
    def around(self) -> tuple[list[int], list[int]]:
        """Numbers for all that leads to each call, and for all that it leads to."""
        return self._contents.from_inputs(self.graph), self._contents.to_outputs(self.graph)

    @cached_property
    def order(self) -> list[int]:
        """The places of the calls as the structure has them."""
        return read_order(self.graph)

    @cached_property
    def sources(self) -> list[list[End]]:
        """For each call: its inputs, and the places and outputs that they come from."""
        places = {**self.graph.places, BLOCK: -1}
        found: list[list[End]] = [[] for _ in self.calls]
        for edge in self.graph.edges:
            if edge.target.call in self.graph.places:
                end = edge.target.index, places.get(edge.source.call, -1), edge.source.index
                found[places[edge.target.call]].append(end)
        return found

    @cached_property
    def targets(self) -> list[list[End]]:
        """For each call: its outputs, and the places and inputs that they go to."""
        found: list[list[End]] = [[] for _ in self.calls]
        for at, sources in enumerate(self.sources):
            for index, source, output in sources:
                if source >= 0:
                    found[source].append((output, at, index))
        for at, port in enumerate(self.graph.outputs):
            if port.call in self.graph.places:
                found[self.graph.places[port.call]].append((port.index, -1, at))
        return found
