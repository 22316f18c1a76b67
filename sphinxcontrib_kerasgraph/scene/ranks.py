"""How large parts of a scene will be, about, laid out from top to bottom in ranks of boxes.

A rank is what Graphviz calls so: boxes side by side.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.scene.scene import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.scene.scene import Frame, Item

#: In an overview, in points: between boxes side by side, between boxes one below the other, and
#: around what is in a frame.
BESIDE = 9
BELOW = 10
MARGIN = 7
#: For a wire that passes by.
_LANE = 10
#: The width of the title of a frame, and the height of its title and of the shape at its lower end.
_TITLE = 125
_ENDS = 48


@dataclass
class Rank:
    """Items side by side."""

    places: list[int] = field(default_factory=list)
    width: float = 0
    height: float = 0

    def add(self, place: int, width: float, height: float) -> None:
        """Put an item at its end."""
        self.places.append(place)
        self.width += width + BESIDE
        self.height = max(self.height, height)

    def beside(self, below: Rank) -> int:
        """The item under which the next of the rank below comes."""
        return self.places[min(len(below.places), len(self.places) - 1)]


@dataclass
class Ranks:
    """Items in ranks, from top to bottom."""

    ranks: list[Rank] = field(default_factory=list)
    #: What is lower than it need be, for want of room: an item above it, and the item.
    lowered: list[tuple[int, int]] = field(default_factory=list)

    def rank(self, number: int) -> Rank:
        """The rank of that number."""
        while len(self.ranks) <= number:
            self.ranks.append(Rank())
        return self.ranks[number]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, the space below included."""
        width = max(rank.width for rank in self.ranks)
        return width, sum(rank.height + BELOW for rank in self.ranks)


class Estimate:
    """Sizes in points, each found once; ``widest`` is how wide a rank may be, if limited.

    Of a drawing that is ``turned``, since it goes from left to right, width and height are those
    that it had if it went downwards.
    """

    def __init__(self, widest: float | None = None, *, turned: bool = False) -> None:
        self._widest = widest
        self._turned = turned
        #: Of frames, by name.
        self._frames: dict[str, tuple[float, float]] = {}

    def ranks(self, items: Sequence[Item], start: int, stop: int) -> Ranks:
        """The items from one place up to another, in ranks of which none is wider than allowed."""
        rank_of: dict[int, int] = {-1: -1}
        laid = Ranks()
        #: How many wires begin to pass by at each rank, less those that do no longer.
        begin: Counter[int] = Counter()
        for at in range(start, stop):
            item = items[at]
            above = [rank_of[source] for source in item.sources if source in rank_of]
            width, height = self.of_item(item)
            number = max(above, default=-1) + 1
            lowered = False
            while (
                self._widest
                and laid.rank(number).width + width > self._widest
                and laid.rank(number).places
            ):
                number += 1
                lowered = True
            if lowered:
                laid.lowered.append((laid.rank(number - 1).beside(laid.rank(number)), at))
            rank_of[at] = number
            laid.rank(number).add(at, width, height)
            for other in above:
                if self._widest:  # which counts at once
                    for between in range(other + 1, number):
                        laid.rank(between).width += _LANE
                elif other + 1 < number:
                    begin[other + 1] += 1
                    begin[number] -= 1
        passing = 0
        for number, rank in enumerate(laid.ranks):
            passing += begin[number]
            rank.width += passing * _LANE
        return laid

    def of_item(self, item: Item) -> tuple[float, float]:
        """Width and height of one item."""
        if isinstance(item, Box):
            width, height = item.size
            return (height, width) if self._turned else (width, height)
        if item.name not in self._frames:
            self._frames[item.name] = self._frame_size(item)
        return self._frames[item.name]

    def _frame_size(self, frame: Frame) -> tuple[float, float]:
        width, height = self.ranks(frame.items, 0, len(frame.items)).size
        if self._turned:
            return width + 2 * MARGIN, height + _TITLE
        return max(width, _TITLE) + 2 * MARGIN, height + _ENDS
