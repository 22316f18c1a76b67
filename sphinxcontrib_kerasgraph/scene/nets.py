"""Tensors that many take, such as the time in a diffusion model: a letter in place of the wires."""

from __future__ import annotations

import string
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.scene.scene import Box, names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import Port
    from sphinxcontrib_kerasgraph.scene.scene import Scene, Wire

#: So many boxes take what has a letter.
_FEWEST_TARGETS = 5


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
    found: list[Net] = []
    taken: set[str] = set()
    for (source, port), several in wires.items():
        targets = dict.fromkeys(wire.target for wire in several)
        if len(targets) < _FEWEST_TARGETS:
            continue
        name = _name(scene, source)
        letter = _letter(name, taken)
        taken.add(letter)
        told = f"{letter}: what {name} makes, {several[0].tooltip}"
        found.append(Net(source, port, letter, f"{told}, for {_listed(several)}"))
    return tuple(found)


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


def is_box_with_inputs(item: object) -> bool:
    """Whether the inputs of a box have places of their own, which can hold letters."""
    return isinstance(item, Box) and any(
        cell.input is not None for row in item.label.rows for cell in row.cells
    )
