"""What of a model is shown: the views that the options choose, one after the other."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import GroupKind
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes
from sphinxcontrib_kerasgraph.view.flops import with_flops
from sphinxcontrib_kerasgraph.view.overview.diamonds import set_diamonds_apart
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.parts import (
    lettered,
    parts_of,
    set_apart,
    set_stacks_apart,
)
from sphinxcontrib_kerasgraph.view.raw_operations import with_raw_operations
from sphinxcontrib_kerasgraph.view.selection import select
from sphinxcontrib_kerasgraph.view.styled import styled
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import CallGraph, ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions, SelectOptions, SimplifyOptions
    from sphinxcontrib_kerasgraph.view.selection import Selection, Unmet

#: A drawing of more calls is an overview, and one of more than a few where that halves the boxes;
#: else where every call doesn't fit.
_MOST_CALLS = 60
_FEW_CALLS = 20
#: An overview with more boxes is folded loosely; if that isn't enough, parts that are there again
#: elsewhere are drawn apart.
_MOST_BOXES = 40
#: Parts that differ in numbers are drawn as one if this leaves fewer boxes than so many of those
#: that are left where parts are the same.
_WORTHWHILE = 0.8


@dataclass(frozen=True)
class View:
    """A graph as it is drawn, and what was done to it."""

    graph: ModelGraph
    #: Each call for itself, what is in closed blocks hidden.
    selected: ModelGraph
    #: Whether its boxes are drawn as in papers: small, without names, joins as signs.
    compact: bool
    #: Whether it is to be broken into columns.
    overview: bool
    #: What the drawing leaves out, in short lines.
    notes: tuple[str, ...] = ()
    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()


def views(graph: ModelGraph, options: DrawOptions) -> list[View]:
    """The graph as the options want it drawn; several ways where the best is to be found out.

    These are every call, where that may fit, then folded exactly, then loosely. Raises `Fault`
    ``option``.
    """
    # Graphs hold no cycles; looking for some takes as long as all the rest where they are large.
    enabled = gc.isenabled()
    gc.disable()
    try:
        graph = with_raw_operations(graph, options.select.raw_operations)
        if options.label.show_flops:
            graph = with_flops(graph)
        graph, unmet = styled(graph, options)
        selection = select(graph, options.select)
        selection = replace(selection, unmet=(*selection.unmet, *unmet))
        # Frames need clusters, and columns a direction: other layouts have neither.
        can_fold = options.layout.layout == "dot"
        return _views(selection, options.select, options.simplify, can_fold=can_fold)
    finally:
        if enabled:
            gc.enable()


def _views(
    selection: Selection, select: SelectOptions, options: SimplifyOptions, *, can_fold: bool
) -> list[View]:
    if options.view == "full" or (options.view == "auto" and not can_fold):
        return [_full(selection, select, options)]
    overviews = _overviews(selection, select, options)
    found = [view for _, view in overviews]
    if options.view == "overview" or selection.boxes > _MOST_CALLS:
        return found
    folded, _ = overviews[0]
    if selection.boxes > _FEW_CALLS and folded <= selection.boxes / 2:
        return found
    return [_full(selection, select, options), *found]


def _full(selection: Selection, select: SelectOptions, options: SimplifyOptions) -> View:
    strength = "none" if options.fold == "auto" else options.fold
    folded = _folded(selection.graph, strength)
    fuses = options.fuse == "yes"
    drawn = fuse(folded) if fuses else folded
    notes = tuple(_notes(selection, drawn.graph, select))
    return View(drawn, selection.graph, fuses, overview=False, notes=notes, unmet=selection.unmet)


def _overviews(
    selection: Selection, select: SelectOptions, options: SimplifyOptions
) -> list[tuple[int, View]]:
    """The overviews, each with the number of boxes that folding alone leaves."""
    fuses = options.fuse != "no"
    strengths = ["exact", "loose"] if options.fold == "auto" else [options.fold]
    found: list[tuple[int, View]] = []
    boxes: list[int] = []
    for strength in strengths:
        # What differs between branches is told in their order, so that it costs little.
        folded = _folded(selection.graph, strength, exact_branches=options.fold == "exact")
        drawn = fuse(folded) if fuses else folded
        number = number_of_boxes(drawn.graph)
        if strength == "loose" and number > _MOST_BOXES:
            drawn = _parted(folded, options, fuses=fuses)
            number = number_of_boxes(drawn.graph)
        else:
            drawn = _with_diamonds_apart(folded, drawn, options, fuses=fuses)
        boxes.append(number)
        notes = tuple(_notes(selection, drawn.graph, select))
        view = View(
            drawn, selection.graph, fuses, overview=True, notes=notes, unmet=selection.unmet
        )
        found.append((number_of_boxes(folded.graph), view))
    if len(found) > 1:
        exact, loose = boxes
        if loose >= exact:
            return found[:1]
        if exact > _MOST_BOXES:
            return found[1:]
    return found


def _folded(graph: ModelGraph, strength: str, *, exact_branches: bool = True) -> ModelGraph:
    if strength == "none":
        return graph
    return fold(graph, exact=strength == "exact", exact_branches=exact_branches)


def _with_diamonds_apart(
    folded: ModelGraph, drawn: ModelGraph, options: SimplifyOptions, *, fuses: bool
) -> ModelGraph:
    """With what is there again as a detail of several boxes drawn apart; else as it is drawn."""
    apart = set_diamonds_apart(folded, exact=options.fold == "exact")
    if apart.graph is folded.graph:
        return drawn
    apart = lettered(apart)
    return fuse(apart) if fuses else apart


def _parted(folded: ModelGraph, options: SimplifyOptions, *, fuses: bool) -> ModelGraph:
    """With parts drawn apart: what is the same, or of the same structure where that is needed."""

    def parted(*, exact: bool) -> ModelGraph:
        apart = set_apart(folded, exact=exact)
        apart = set_diamonds_apart(apart, exact=options.fold == "exact")
        return lettered(set_stacks_apart(fuse(apart), exact=exact) if fuses else apart)

    same = parted(exact=True)
    boxes = number_of_boxes(same.graph)
    if boxes <= _MOST_BOXES:
        return same
    alike = parted(exact=False)
    return alike if number_of_boxes(alike.graph) < boxes * _WORTHWHILE else same


def _notes(selection: Selection, drawn: CallGraph, options: SelectOptions) -> list[str]:
    """What the drawing leaves out; nothing for a drawing of every call."""
    calls = selection.boxes
    notes = list(selection.graph.notes)
    notes += [_("Inside of {name}.", name=name) for name in selection.through]
    if options.from_ or options.to:
        notes.append(_("Part of the model."))
    if selection.hides:
        notes.append(_("Without {names}.", names=", ".join(options.hide)))
    number = number_of_boxes(drawn)
    if number < calls:
        repeats = any(call.is_group(GroupKind.FOLD) for _, call in drawn.walk())
        told = ngettext("{number} call", "{number} calls", calls)
        shown = ngettext("{number} box", "{number} boxes", number)
        said = _("{calls} in {boxes};") if repeats else _("{calls} in {boxes}")
        notes.append(said.format(calls=told, boxes=shown))
        if repeats:
            notes.append(_("×N: N times in a row."))
        if parts := parts_of(drawn):
            notes.append(_("{parts}: drawn once, apart.", parts=", ".join(parts)))
    return notes
