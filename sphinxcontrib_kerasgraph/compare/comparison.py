"""Two models beside each other: which of their calls belong together, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.compare.finding import differences
from sphinxcontrib_kerasgraph.compare.match import matched

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.compare.match import Matching
    from sphinxcontrib_kerasgraph.graph import ModelGraph


@dataclass(frozen=True)
class Comparison:
    """What all that is told of two models is made from: drawings, tables and words."""

    old: ModelGraph
    new: ModelGraph
    matching: Matching
    #: In the order of the calls; none if the models are the same.
    differences: tuple[Difference, ...]


def compared(old: ModelGraph, new: ModelGraph) -> Comparison:
    """The models beside each other."""
    matching = matched(old, new)
    return Comparison(old, new, matching, differences(old, new, matching))
