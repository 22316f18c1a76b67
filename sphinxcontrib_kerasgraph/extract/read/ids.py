"""The ids of the calls of a graph: names that readers know, and each of them once."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.extract.read.foreign import is_layer
from sphinxcontrib_kerasgraph.extract.read.pseudo import (
    LossOut,
    PseudoOperation,
    RawStep,
    Shape,
    Weight,
)
from sphinxcontrib_kerasgraph.graph.naming import snake_case
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import keras

    from sphinxcontrib_kerasgraph.extract.read.recorded import RecordedCall


def recorded_ids(calls: Sequence[RecordedCall]) -> list[str]:
    """The names that Keras gave, with ``#2`` for the second call of a layer."""
    ordinals = defaultdict(list)
    for call in calls:
        ordinals[id(call.operation)].append(call.ordinal)
    times = {
        (operation, ordinal): time
        for operation, made in ordinals.items()
        for time, ordinal in enumerate(sorted(made), 1)
    }
    return unique(
        _name_of(call.operation) + _again(times[id(call.operation), call.ordinal]) for call in calls
    )


def traced_ids(calls: Sequence[RecordedCall]) -> list[str]:
    """As `recorded_ids`; but operations are numbered anew, for Keras counts what was tried too."""
    times: Counter[int] = Counter()
    numbers: defaultdict[str, Iterator[int]] = defaultdict(itertools.count)
    # A layer has its name, also where an operation has the same.
    layers = {printable(call.operation.name) for call in calls if is_layer(call.operation)}
    ids = {}
    # What drawings leave out takes no number of what they show.
    for place, call in sorted(enumerate(calls), key=lambda one: _is_step(one[1])):
        operation = call.operation
        times[id(operation)] += 1
        base = snake_case(type(operation).__name__)
        if isinstance(operation, PseudoOperation):
            base = _name_of(operation)
        automatic = re.fullmatch(rf"{base}(_\d+)?", operation.name)
        if is_layer(operation) or not (automatic or isinstance(operation, PseudoOperation)):
            ids[place] = _name_of(operation) + _again(times[id(operation)])
        else:
            # A shape takes the place of a constant where sizes aren't known beforehand.
            counted = numbers["constant" if isinstance(operation, Shape) else base]
            names = (f"{base}_{number}" if number else base for number in counted)
            ids[place] = next(name for name in names if name not in layers)
    return unique(ids[place] for place in range(len(calls)))


def unique(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """The names, changed where one is there already, as by one that ends in "#2" itself.

    ``taken`` are names that are there before.
    """
    there = set(taken)
    return [
        first_free(itertools.chain([name], (f"{name}~{n}" for n in itertools.count(2))), there)
        for name in names
    ]


def first_free(names: Iterable[str], taken: set[str]) -> str:
    """The first of the names that isn't ``taken``; from then on it is."""
    free = next(name for name in names if name not in taken)
    taken.add(free)
    return free


def _name_of(operation: keras.Operation) -> str:
    """The operation's name; Keras lets it be empty, and Keras 2 have slashes, which paths have."""
    if isinstance(operation, PseudoOperation) and not isinstance(operation, Weight | LossOut):
        return snake_case(operation.name)
    name = printable(operation.name).replace("/", "_")
    return name or snake_case(type(operation).__name__)


def _again(time: int) -> str:
    return f"#{time}" if time > 1 else ""


def _is_step(call: RecordedCall) -> bool:
    return isinstance(call.operation, RawStep)
