"""The part of a model that is drawn, and what was asked for in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import on_page
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes
from sphinxcontrib_kerasgraph.view.context import with_context
from sphinxcontrib_kerasgraph.view.expand import expand, opens, with_levels
from sphinxcontrib_kerasgraph.view.focus import focus
from sphinxcontrib_kerasgraph.view.hide import hide
from sphinxcontrib_kerasgraph.view.name_groups import group_by_name
from sphinxcontrib_kerasgraph.view.patterns import matches
from sphinxcontrib_kerasgraph.view.through import see_through

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import SelectOptions

#: The options that take patterns.
_PATTERNS = ("expand", "collapse", "hide", "from_", "to")


@dataclass(frozen=True)
class Unmet:
    """What the options ask for, and the model doesn't have."""

    #: A pattern that matches no call; or the path of a block that stays closed.
    asked: str
    #: The option, as a field of `DrawOptions`, that has the pattern.
    option: str | None = None
    #: Why it isn't known what is inside of the block; or what is wrong with the option.
    reason: str | None = None
    #: What can be done, beside what is told of all of its kind.
    advice: str = ""

    def in_words(self, pattern: str) -> str:
        """What is wrong; ``pattern`` is how the option and its pattern are written where they are.

        Such as ``{option}={asked!r}``.
        """
        if self.option is None:
            return f"what is inside {self.asked!r} isn't known: {self.reason}"
        said = pattern.format(option=self.option, asked=self.asked)
        return f"{said} matches no call" if self.reason is None else f"{said}: {self.reason}"


@dataclass(frozen=True)
class Selection:
    """Part of a model, each call for itself; every body that it has is open."""

    graph: ModelGraph
    #: How many boxes that makes.
    boxes: int
    #: Whether a pattern of ``hide`` has left any out.
    hides: bool
    #: It is drawn all the same.
    unmet: tuple[Unmet, ...] = ()
    #: The networks, with their classes, that the model only hands on to: it is inside of them.
    through: tuple[str, ...] = ()


def select(graph: ModelGraph, options: SelectOptions) -> Selection:
    """What the options choose of the graph. Raises `Fault` ``option`` if that is nothing."""
    grouped = group_by_name(graph, None if options.group_names else options.collapse)
    seen, through = see_through(grouped, options)
    opened = expand(seen, options)
    between = focus(opened, options.from_, options.to)
    left = hide(between, options.hide)
    part = with_context(left, (*options.expand, *options.from_, *options.to))
    boxes = number_of_boxes(part.graph)
    unmatched = tuple(_unmatched(grouped, options))
    if not graph.graph.calls:
        raise Fault("option", "There is nothing to draw: the model has no layers.")
    if not boxes:
        raise Fault("option", "No call is left to be drawn.", _why_nothing(unmatched))
    unmet = (*_closed(grouped, opened, options), *unmatched)
    hides = left is not between and number_of_boxes(left.graph) < number_of_boxes(between.graph)
    return Selection(part, boxes, hides, unmet, through)


def _why_nothing(unmatched: Iterable[Unmet]) -> str:
    patterns = (f"{{option {on_page(str(one.option))}={one.asked}}}" for one in unmatched)
    return (
        "".join(f"{pattern} matches no call. " for pattern in patterns)
        + "Check {option from}, {option to} and {option hide}: the first must lead to the second. "
        "The tooltips of the boxes show their paths and classes."
    )


def _closed(whole: ModelGraph, opened: ModelGraph, options: SelectOptions) -> Iterator[Unmet]:
    """The blocks that the options would open, but whose inside isn't known."""
    if whole.opaque:
        yield Unmet(whole.name, reason=whole.opaque)
    seen: set[str] = set()
    for path, call, level in with_levels(opened.graph):
        if not call.opaque or call.layer in seen:
            continue
        if opens(options, call, path, level):
            seen.add(call.layer)
            yield Unmet(path, reason=call.opaque)


def _unmatched(graph: ModelGraph, options: SelectOptions) -> Iterator[Unmet]:
    for name in _PATTERNS:
        for pattern in getattr(options, name):
            if not any(matches(call, path, (pattern,)) for path, call in graph.graph.walk()):
                yield Unmet(pattern, option=name)
