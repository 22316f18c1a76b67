"""Tensors that many take, such as the time in a diffusion model: a letter in place of the wires."""

from __future__ import annotations

import string
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.label.text import line_text
from sphinxcontrib_kerasgraph.scene.scene import Frame, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Port
    from sphinxcontrib_kerasgraph.scene.scene import Item, Scene, Wire

#: So many boxes take what has a letter, some of them one after the other so many times.
_FEWEST_TARGETS = 5
_FEWEST_IN_A_ROW = 3
#: Where more would have letters, as in a dense block, the reader would be lost without lines.
_MOST = 4


@dataclass(frozen=True)
class Net:
    """A tensor, and its ways to all that take it."""

    #: The name of the box that makes it, and which of its outputs it is.
    source: str
    port: Port
    #: By which it is known at both ends.
    letter: str
    #: Which tensor it is, and where it goes.
    told: str


def nets_of(scene: Scene) -> tuple[Net, ...]:
    """The tensors that so many boxes take that lines to all of them would be a thicket."""
    wires: dict[tuple[str, Port], list[Wire]] = defaultdict(list)
    for wire in scene.wires:
        if not wire.recurrent:
            wires[wire.source, wire.port].append(wire)
    row = _Rows(scene)
    found: list[Net] = []
    called = dict(_names_of_inputs((*scene.items, *scene.parts)))
    taken = set(called.values())
    for (source, port), several in wires.items():
        targets = dict.fromkeys(wire.target for wire in several)
        if len(targets) < _FEWEST_TARGETS or row.longest(targets) < _FEWEST_IN_A_ROW:
            continue
        name = _name(scene, source)
        own = {called[end] for wire in several if (end := (wire.target, wire.input)) in called}
        # Parts call it by a letter already, or nothing does.
        letter = own.pop() if len(own) == 1 else ""
        if not letter or any(net.letter == letter for net in found):
            letter = _letter(name, taken)
        taken.add(letter)
        told = f"{letter}: what {name} makes, {several[0].tooltip}"
        found.append(Net(source, port, letter, f"{told}, for {_listed(several)}"))
    return tuple(found) if len(found) <= _MOST else ()


def _names_of_inputs(items: Iterable[Item]) -> Iterator[tuple[tuple[str, int | None], str]]:
    """What the inputs of parts are called that stand in their boxes, by these and the input."""
    for item in items:
        if isinstance(item, Frame):
            yield from _names_of_inputs(item.items)
            continue
        for row in item.label.rows:
            for cell in row.cells:
                if cell.input is not None:
                    yield (item.name, cell.input), line_text(cell.lines[0])


class _Rows:
    """How many of some boxes come one after the other."""

    def __init__(self, scene: Scene) -> None:
        self._place = {name: at for at, item in enumerate(scene.items) for name in names_in(item)}
        self._sources = [
            {one for one in item.sources if 0 <= one < at} for at, item in enumerate(scene.items)
        ]
        self._users: list[list[int]] = [[] for _ in scene.items]
        for at, row in enumerate(self._sources):
            for source in row:
                self._users[source].append(at)

    def longest(self, names: Iterable[str]) -> int:
        """The most of these boxes that there are on one way."""
        chosen = {self._joined(self._place[name]) for name in names}
        most = [0] * len(self._sources)
        for at, row in enumerate(self._sources):
            most[at] = max((most[source] for source in row), default=0) + (at in chosen)
        return max(most, default=0)

    def _joined(self, at: int) -> int:
        """Where what a chain makes is joined with other data, or the end of the chain."""
        while len(self._sources[at]) < 2 and len(self._users[at]) == 1:
            [at] = self._users[at]
        return at


def _name(scene: Scene, source: str) -> str:
    """The name of what a tensor comes from: of an input, if it is made of that alone."""
    at = next(at for at, item in enumerate(scene.items) if source in names_in(item))
    begin, item = at, scene.items[at]
    while len(before := {one for one in scene.items[begin].sources if 0 <= one < begin}) == 1:
        [begin] = before
    first = scene.items[begin]
    path = item.path if before or first.path is None else first.path
    return (path or source).rpartition("/")[2] or source


def _letter(name: str, taken: set[str]) -> str:
    """The first letter of the name that isn't taken, or any other."""
    own = [char for char in name.lower() if char in string.ascii_lowercase]
    for letter in own + list(string.ascii_lowercase):
        if letter not in taken:
            return letter
    return f"{own[0] if own else 'n'}{len(taken)}"


def _listed(wires: Sequence[Wire]) -> str:
    paths = list(dict.fromkeys(wire.path for wire in wires))
    told = ", ".join(paths[:_FEWEST_TARGETS])
    more = len(paths) - _FEWEST_TARGETS
    return f"{told} and {more} more" if more > 0 else told
