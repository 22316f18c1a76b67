"""A view as a scene: boxes for leaves and closed blocks, frames around open ones.

A wire to an open block goes on to the calls inside that take the tensor, and one from it comes
from the call inside that makes it. A frame around what is repeated has texts of its own where a
repetition takes what the one before it made, and where the last one's outputs leave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, SOURCES, CallKind, GroupKind, Port
from sphinxcontrib_kerasgraph.label import compact
from sphinxcontrib_kerasgraph.label.alike import alike_inside
from sphinxcontrib_kerasgraph.label.changes import frame_marks
from sphinxcontrib_kerasgraph.label.full import call_label, frame_label
from sphinxcontrib_kerasgraph.label.names import group_names, times_text
from sphinxcontrib_kerasgraph.label.spot import Spot
from sphinxcontrib_kerasgraph.label.text import (
    description,
    passed_over_text,
    plain_text,
    tensor_text,
)
from sphinxcontrib_kerasgraph.scene.bundles import bundled, bundled_crossing, said_together
from sphinxcontrib_kerasgraph.scene.endpoints import Endpoints, entry_path, exit_path
from sphinxcontrib_kerasgraph.scene.names import NOTE, Names, shown_path
from sphinxcontrib_kerasgraph.scene.scene import Box, Exit, Frame, Scene, Wire
from sphinxcontrib_kerasgraph.scene.scope import Scope
from sphinxcontrib_kerasgraph.scene.stages import stages_of
from sphinxcontrib_kerasgraph.view.overview.fuse import is_row
from sphinxcontrib_kerasgraph.view.overview.part_inputs import names_of_inputs
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of
from sphinxcontrib_kerasgraph.view.overview.sequence import in_sequence
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Edge
    from sphinxcontrib_kerasgraph.label.tree import Label
    from sphinxcontrib_kerasgraph.options import LabelOptions, LayoutOptions
    from sphinxcontrib_kerasgraph.scene.scene import Item
    from sphinxcontrib_kerasgraph.view.views import View


def scene_of(
    view: View,
    label: LabelOptions,
    layout: LayoutOptions,
    prefix: str = "",
    *,
    dense: bool = False,
) -> Scene:
    """The scene of a view, every label made once; names of boxes begin with ``prefix``.

    If ``dense``, normalizations and activations have no rows of their own in an overview.
    """
    titles_beside = layout.rankdir in {"TB", "BT"} and layout.layout == "dot"
    names = Names(prefix)
    return _Builder(view, label, names, titles_beside=titles_beside, dense=dense).scene()


class _Builder:
    def __init__(
        self,
        view: View,
        options: LabelOptions,
        names: Names,
        *,
        titles_beside: bool,
        dense: bool,
    ) -> None:
        self._view = view
        self._options = options
        self._names = names
        self._titles_beside = titles_beside
        self._dense = dense
        #: Whether the layers were put together one by one, and not by a method.
        self._is_wired = view.graph.model_type in {"Functional", "Sequential"}
        self._endpoints = Endpoints(view.compact)
        # A chain is broken where it is narrow, for which what belongs together stands together.
        graph = in_sequence(view.graph.graph) if view.compact else view.graph.graph
        self._scope = scope = Scope(graph, (graph,))
        for path in self._paths(scope):  # calls before all else: they have their paths as names
            names[path]
        #: The places of parts that are drawn apart, by letters.
        self._parts = parts_of(graph)
        self._part_inputs = names_of_inputs(graph)
        #: Where data enters the model, and where it leaves, by paths.
        self._terminals: set[str] = set()
        #: Of models with several outputs, where each of these is made.
        self._outputs: set[str] = set()
        for whole in (scope, *self._submodels(scope)):
            made_by = {
                path for port in whole.graph.outputs for path in self._endpoints.exits(whole, port)
            }
            self._terminals |= {whole.prefix + name for name in whole.graph.inputs} | made_by
            self._terminals |= {
                whole.path(call)
                for call in whole.graph.calls
                if call.is_group(GroupKind.BESIDE) and call.bodies[0].calls[0].kind in SOURCES
            }
            if len(made_by) > 1 and self._options.show_layer_names:
                self._outputs |= made_by

    @staticmethod
    def _submodels(scope: Scope) -> list[Scope]:
        """The insides of models that stand beside each other."""
        calls = [call for call in scope.graph.calls if call.kind is CallKind.SUBMODEL]
        return [inner for call in calls if (inner := scope.within(call)) is not None]

    def scene(self) -> Scene:
        view, graph = self._view, self._scope.graph
        parts = tuple(map(self._part, self._parts.values()))
        note = None
        if view.notes:
            note = Box(self._names[NOTE], compact.note_label(view.notes))
        return Scene(
            view.graph.name,
            view.compact,
            self._noted(self._items(self._scope)),
            self._wires(self._scope),
            bundled_crossing(graph),
            parts,
            note,
            stages_of(graph) if view.compact else (),
            is_several=graph.calls[0].kind is CallKind.SUBMODEL,
        )

    def _paths(self, scope: Scope) -> Iterator[str]:
        """The path of every call that is drawn, as box or frame."""
        for call in scope.graph.calls:
            yield scope.path(call)
            if (inner := scope.within(call)) is not None:
                yield from self._paths(inner)

    def _noted(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The items; the tooltip of the first tells what the whole model was made without."""
        if not items or not self._view.graph.passed_over:
            return items
        first = items[0]
        words = (first.tooltip, passed_over_text(self._view.graph))
        return replace(first, tooltip="\n".join(filter(None, words))), *items[1:]

    # -- boxes and frames

    def _items(self, scope: Scope) -> tuple[Item, ...]:
        places = scope.graph.places
        items: list[Item] = []
        for at, call in enumerate(scope.graph.calls):
            edges = scope.graph.edges_into.get(call.id, ())
            sources = frozenset(places.get(edge.source.call, -1) for edge in edges)
            inner = scope.within(call)
            if inner is None:
                items.append(self._box(scope, at, sources))
            elif call.group is not None:
                taken = self._outputs_taken(scope, call, inner)
                frame = self._group_frame(inner, scope.alike(at), taken, sources)
                items.append(replace(frame, stands_for=scope.stood_for(at)))
            else:
                frame = self._block_frame(scope.alike(at), inner, sources)
                items.append(replace(frame, stands_for=scope.stood_for(at)))
        return tuple(items)

    def _box(self, scope: Scope, at: int, sources: frozenset[int]) -> Box:
        call = scope.graph.calls[at]
        path = scope.path(call)
        label, tooltip = self._label(scope, at), self._tooltip(scope, at)
        name, stands_for = self._names[path], scope.stood_for(at)
        return Box(name, label, tooltip, shown_path(path), sources, _made(call), stands_for)

    def _label(self, scope: Scope, at: int) -> Label:
        calls = scope.alike(at)
        call, group, options = calls[0], calls[0].group, self._options
        if call.kind is CallKind.STUB:
            return compact.stub_label(call, options)
        if call.kind is CallKind.CONTEXT:
            return compact.context_label(call)
        if group is not None and group.kind is GroupKind.PART:
            everywhere, inputs = self._parts[group.letter], self._part_inputs[group.letter]
            return compact.part_label(calls, options, everywhere, inputs)
        spot = self._spot(scope, call)
        edges = scope.graph.edges_into.get(call.id, ())
        times, leaves = "", calls
        if group is not None and group.kind in {GroupKind.FOLD, GroupKind.BESIDE}:
            leaves = alike_inside(calls, 0)
            times = times_text(calls)
        leaf = leaves[0]
        if self._view.compact and leaf.kind in SOURCES:
            if group is not None and group.kind is GroupKind.BESIDE:
                return compact.inputs_label(leaves, options)
            return compact.source_label(leaves, options, times, terminal=spot.terminal)
        if leaf.group is not None or (self._view.compact and is_row(leaf)):
            return compact.stack_label(calls, options, spot)
        arguments = {edge.target.index: edge.argument for edge in edges if edge.argument}
        if group is not None:
            named = replace(leaf, name=group_names(calls))
            leaves = replace(leaves, calls=(named, *leaves[1:]))
        return call_label(leaves, options, arguments, spot, times)

    def _spot(self, scope: Scope, call: Call) -> Spot:
        path = scope.path(call)
        return Spot(
            joins=len(scope.graph.edges_into.get(call.id, ())) > 1,
            terminal=path in self._terminals,
            is_output=path in self._outputs,
            ends=scope.ends_with(call),
            is_inside=self._view.compact or scope.block is not None or not self._is_wired,
            dense=self._dense,
            is_compact=self._view.compact,
        )

    def _tooltip(self, scope: Scope, at: int) -> str:
        """What the pointer shows over a box: for a stack, a line for each of its parts."""
        call = scope.graph.calls[at]
        group = call.group
        if group is None:
            return _described(scope, call)
        if group.letter:
            return f"{group.letter} again: {group_names([call])}"
        told = [
            plain_text(description(one, scope.prefix + one.id)) for one in group.copies[0].flat()
        ]
        if group.repeats > 1:
            told.insert(0, _group_tooltip(call))
        elif len(told) > 1:
            told = [lines.partition("\n")[0] for lines in told]
        return "\n".join(told)

    def _block_frame(self, calls: Sequence[Call], inner: Scope, sources: frozenset[int]) -> Frame:
        """The frame of an open block, with its class and name.

        Where wires enter from above or below they would cross a title on the frame; there it
        stands as text beside the first box.
        """
        call = calls[0]
        label, beside = frame_label(calls, self._options), None
        if self._titles_beside and inner.within(inner.graph.calls[0]) is None:
            beside = Box(self._names[f"{inner.name}//title"], label)
        return Frame(
            self._names[inner.name],
            inner.name,
            inner.depth - 1,
            plain_text(description(call, inner.name)),
            self._items(inner),
            self._wires(inner),
            title=None if beside else label,
            title_beside=beside,
            sources=sources,
            makes=_made(call),
            marks=frame_marks(call),
        )

    def _part(self, calls: Sequence[Call]) -> Frame:
        """A part that is drawn apart, for all places where it is."""
        inner = Scope.of_part(calls)
        return self._group_frame(inner, calls, range(len(calls[0].outputs)), frozenset())

    def _group_frame(
        self,
        inner: Scope,
        calls: Sequence[Call],
        taken: Sequence[int],
        sources: frozenset[int],
    ) -> Frame:
        """The frame around a group, with texts where data enters and where outputs leave."""
        call = calls[0]
        name = self._names[inner.name]
        inside, blocks = self._without_frame_of_block(inner)
        entries = self._entries(inner, calls, blocks)
        exits = tuple(
            self._exit(inner, calls, index)
            for index in taken
            if self._endpoints.has_end(inner, index)
        )
        return Frame(
            name,
            shown_path(inner.name),
            inner.depth - 1,
            "\n".join([_group_tooltip(call), *(_described(inner, one) for one in blocks[:1])]),
            self._items(inside),
            self._wires(inner) + (self._wires(inside) if blocks else ()),
            entries=entries,
            exits=exits,
            is_headed=not inner.inputs_handed_on,
            sources=sources,
            makes=_made(call),
            marks=frame_marks(call),
        )

    def _without_frame_of_block(self, inner: Scope) -> tuple[Scope, Sequence[Call]]:
        """What is drawn in the frame of a group, and the blocks that have it in common with it."""
        block = inner.within(inner.graph.calls[0])
        if block is None or not self._endpoints.shares_frame(inner):
            return inner, ()
        return replace(block, depth=inner.depth), inner.alike(0)

    def _entries(
        self, inner: Scope, calls: Sequence[Call], blocks: Sequence[Call]
    ) -> tuple[Box, ...]:
        """The texts at which data enters a group; the first has its title.

        ``blocks`` are those that have the frame in common with it.
        """
        group = calls[0].group
        called = self._part_inputs.get(group.letter, ()) if group else ()
        entries = [
            (index, called[index] if called else "") for index in inner.inputs_handed_on or [0]
        ]
        if called:  # the main one first
            entries.sort(key=lambda entry: entry[1] != "")
        if inner.numbered:
            entries = [(index, str(index + 1)) for index, _ in entries]
        return tuple(
            Box(
                self._names[entry_path(inner, index)],
                compact.entry_label(calls, index, self._options, known_as, blocks),
            )
            for index, known_as in entries
        )

    def _exit(self, inner: Scope, calls: Sequence[Call], index: int) -> Exit:
        label = compact.exit_label(calls, index, numbered=inner.numbered)
        made_by = self._endpoints.exits(inner, inner.graph.outputs[index])
        text = Box(self._names[exit_path(inner, index)], label)
        return Exit(text, tuple(self._names[path] for path in made_by), shown_path(inner.name))

    def _outputs_taken(self, scope: Scope, call: Call, inner: Scope) -> list[int]:
        """The outputs of a group's repetitions that have an end: those that something takes."""
        graph, group = scope.graph, call.group
        if group is None:
            return []
        taken = {
            group.output_inside(index)
            for index in range(len(call.outputs))
            if (port := Port(call.id, index)) in graph.edges_from or port in graph.outputs
        }
        if inner.numbered:
            taken |= {index for index in group.carried if index is not None}
        return sorted(taken)

    # -- wires

    def _wires(self, scope: Scope) -> tuple[Wire, ...]:
        return bundled(
            (wire, said_together(scope.graph, edge))
            for edge in scope.graph.edges
            # What comes from outside of a block is drawn as part of what enters the block.
            if edge.source.call != BLOCK or scope.hands_on(edge.source.index)
            for wire in self._wires_of(scope, edge)
        )

    def _wires_of(self, scope: Scope, edge: Edge) -> Iterator[Wire]:
        call = scope.graph[edge.target.call]
        told = tensor_text(call.inputs[edge.target.index], edge.argument)
        if edge.recurrent:
            told = _("{tensor}, to the next step", tensor=told)
        for entry in self._endpoints.entries(scope, edge.target):
            for path in self._endpoints.exits(scope, edge.source):
                yield Wire(
                    self._names[path],
                    self._names[entry.path],
                    edge.source,
                    told,
                    shown_path(scope.path(call)),
                    frame=None if entry.frame is None else self._names[entry.frame],
                    input=entry.part_input,
                    recurrent=edge.recurrent,
                    on_spine=scope.on_spine(edge),
                    marks=edge.marks,
                )


def _described(scope: Scope, call: Call) -> str:
    return plain_text(description(call, scope.path(call)))


def _made(call: Call) -> tuple[int | None, ...]:
    return call.outputs[0].shape if call.outputs else ()


def _group_tooltip(call: Call) -> str:
    group = call.group
    if group is None:
        return ""
    return f"{group.letter or times_text([call])}: {group_names([call])}"
