"""What of a model is shown: the views that the options choose, one after the other."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.view.blocks import FOLD, PART, STACK, Group
from sphinxcontrib_kerasgraph.view.expand import expand
from sphinxcontrib_kerasgraph.view.fold import fold
from sphinxcontrib_kerasgraph.view.fuse import fuse
from sphinxcontrib_kerasgraph.view.name_groups import group_by_name
from sphinxcontrib_kerasgraph.view.parts import parts_of, share, share_stacks
from sphinxcontrib_kerasgraph.view.select import STUB, focus, hide

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions

#: An overview with more boxes is folded loosely; if that isn't enough, parts that are there again
#: elsewhere are drawn apart.
_MOST_BOXES = 40


@dataclass(frozen=True)
class Shown:
    """A graph as it is drawn, and what was done to it."""

    graph: ModelGraph
    #: Whether its boxes are drawn as in papers: small, without names, joins as signs.
    compact: bool
    #: Whether it is to be broken into columns.
    overview: bool
    #: What the drawing leaves out, in short lines.
    notes: tuple[str, ...] = ()


def grouped(graph: ModelGraph, options: DrawOptions) -> ModelGraph:
    """The graph with the blocks that names reveal, where the options want them."""
    return group_by_name(graph, None if options.group_names else options.collapse)


def selected(graph: ModelGraph, options: DrawOptions) -> ModelGraph:
    """The part of the graph that the options ask for, each call for itself.

    Raises `Fault` ``option`` if that is nothing.
    """
    part = hide(_between(graph, options), options.hide)
    if not boxes(part.graph):
        raise Fault(
            "option",
            "No call is left to be drawn.",
            "Check ':from:', ':to:' and ':hide:': the first must lead to the second. The tooltips "
            "of the boxes show their paths and classes.",
        )
    return part


def _between(graph: ModelGraph, options: DrawOptions) -> ModelGraph:
    """The part that ``from`` and ``to`` leave."""
    return focus(expand(grouped(graph, options), options), options.from_, options.to)


def views(graph: ModelGraph, options: DrawOptions) -> list[Shown]:
    """The graph as the options want it drawn; two ways where the better is to be found out.

    These are folded exactly and loosely, in this order.
    """
    # Graphs hold no cycles; looking for some takes as long as all the rest where they are large.
    enabled = gc.isenabled()
    gc.disable()
    try:
        return _views(graph, options)
    finally:
        if enabled:
            gc.enable()


def _views(graph: ModelGraph, options: DrawOptions) -> list[Shown]:
    part = selected(graph, options)
    calls = boxes(part.graph)
    # Frames need clusters, and columns a direction: other layouts have neither.
    overview = options.view == "overview" or (
        options.view == "auto" and calls > options.overview_above and options.layout == "dot"
    )
    fuses = options.fuse == "yes" or (options.fuse == "auto" and overview)
    strengths = [options.fold]
    if options.fold == "auto":
        strengths = ["exact", "loose"] if overview else ["none"]
    whole = boxes(_between(graph, options).graph) if options.hide else calls
    found = []
    for strength in strengths:
        folded = part if strength == "none" else fold(part, exact=strength == "exact")
        drawn = fuse(folded) if fuses else folded
        if overview and strength == "loose" and boxes(drawn.graph) > _MOST_BOXES:
            shared = share(folded, exact=False)
            drawn = share_stacks(fuse(shared)) if fuses else shared
        notes = tuple(_notes(whole, calls, drawn.graph, options))
        found.append(Shown(drawn, fuses, overview, notes))
    if len(found) > 1:
        exact, loose = (boxes(one.graph.graph) for one in found)
        if loose >= exact:
            return found[:1]
        if exact > _MOST_BOXES:
            return found[1:]
    return found


def boxes(graph: CallGraph) -> int:
    """How many boxes are drawn, those of parts that are drawn apart included.

    Frames are none, nor is what stands for calls beyond the part that is shown.
    """
    apart = [groups[0].copies[0] for groups in parts_of(graph).values()]
    return sum(map(_boxes, (graph, *apart)))


def _boxes(graph: CallGraph) -> int:
    return sum(
        _boxes(call.body) if call.body is not None and not is_box(call) else call.kind != STUB
        for call in graph.calls
    )


def is_box(call: Call) -> bool:
    """Whether it is a group that is drawn as one box, and not as a frame."""
    if not isinstance(call, Group):
        return False
    if call.kind in {STACK, PART}:
        return True
    calls = call.copies[0].calls
    alone = len(calls) == 1 and (calls[0].body is None or calls[0].kind == STACK)
    return alone and call.is_chain


def _notes(whole: int, calls: int, drawn: CallGraph, options: DrawOptions) -> list[str]:
    """What the drawing leaves out; nothing for a drawing of every call."""
    notes = []
    if options.from_ or options.to:
        notes.append("Part of the model.")
    if options.hide and calls < whole:
        notes.append(f"Without {', '.join(options.hide)}.")
    number = boxes(drawn)
    if number < calls:
        repeats = any(isinstance(call, Group) and call.kind == FOLD for _, call in drawn.walk())
        notes.append(f"{calls:,} calls in {number:,} box{'es' * (number != 1)}{';' * repeats}")
        if repeats:
            notes.append("×N: N times in a row.")
        if parts := parts_of(drawn):
            notes.append(f"{', '.join(parts)}: drawn once, apart.")
    return notes
