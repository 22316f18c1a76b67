"""The labels of boxes that stand for a call each, with a row for each detail; and of frames."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import SOURCES, CallKind, Change, Marks
from sphinxcontrib_kerasgraph.graph.naming import known_as, own_name
from sphinxcontrib_kerasgraph.graph.public_names import is_keras
from sphinxcontrib_kerasgraph.label.changed_details import (
    activation_texts,
    detail_rows,
    told_beside,
)
from sphinxcontrib_kerasgraph.label.changes import (
    befores,
    fact_texts,
    frame_highlight,
    other_texts,
    output_texts,
    renamed,
)
from sphinxcontrib_kerasgraph.label.details import differing
from sphinxcontrib_kerasgraph.label.differences import other_values
from sphinxcontrib_kerasgraph.label.names import output_names
from sphinxcontrib_kerasgraph.label.spot import ANYWHERE
from sphinxcontrib_kerasgraph.label.tree import (
    Cell,
    Form,
    Label,
    Line,
    Role,
    Row,
    Text,
    cell,
    change_sign,
    shortened,
)
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Kind
    from sphinxcontrib_kerasgraph.label.spot import Spot
    from sphinxcontrib_kerasgraph.options import LabelOptions


def call_label(
    calls: Sequence[Call],
    options: LabelOptions,
    arguments: Mapping[int, str] | None = None,
    spot: Spot = ANYWHERE,
    repeated: str = "",
) -> Label:
    """The label of a call's box.

    ``arguments`` names the inputs; ``repeated`` tells how often it is there. ``calls`` are several
    if the box stands for all of them: of what differs the range is told.
    """
    call = calls[0]
    marks = Marks.of_all(one.marks for one in calls)
    cells = _title(calls, options, spot, repeated)
    told = list(detail_rows(calls, options, arguments or {}))
    if spot.is_compact and not told and (call.inside or call.opaque):
        return _closed_block(call.shown_kind, cells, marks, terminal=spot.terminal)
    title = Row(cells, stripe=None if call.kind in SOURCES else call.shown_kind)
    return Label(Form.FULL, (title, *told), call.shown_kind, spot.terminal, marks)


def _closed_block(kind: Kind, cells: tuple[Cell, Cell], marks: Marks, *, terminal: bool) -> Label:
    """A closed block of an overview: its class and name, and below them what is to be known."""
    [title], [facts] = (one.lines for one in cells)
    names = [text for text in title if text.role is not Role.NOTE]
    notes = [
        replace(text, role=Role.NOTE)
        for text in (*title, *facts)
        if text not in names and text.value
    ]
    rows = [Row((cell(*line),), stripe=kind) for line in (names, notes) if line]
    return Label(Form.STACK, tuple(rows), kind, terminal, marks)


def frame_label(calls: Sequence[Call], options: LabelOptions) -> Label:
    """The title of the frame around an open block, and what differs of those it stands for."""
    call = calls[0]
    said = [*change_sign(call.marks), *frame_highlight(call)]
    said += _class_and_name(call, known_as(call), options)
    said += [*output_texts(calls), *_through(call)]
    said += [Text(one.alone(), Role.FACT) for one in differing(calls, options)]
    return Label(Form.TITLE, (Row((cell(*said),)),), call.shown_kind, marks=call.marks)


def _title(
    calls: Sequence[Call], options: LabelOptions, spot: Spot, repeated: str
) -> tuple[Cell, Cell]:
    call = calls[0]
    name = own_name(call) if spot.is_inside or call.is_operation else known_as(call)
    was = befores(calls)[0]
    old_name = own_name(was) if spot.is_inside or call.is_operation else known_as(was)
    title = [
        *change_sign(Marks.of_all(one.marks for one in calls)),
        *renamed(_class_and_name(was, old_name, options), _class_and_name(call, name, options)),
    ]
    title += _through(call)
    if repeated:
        title.append(Text(repeated, Role.TIMES))
    title += [*output_names(calls), *output_texts(calls)]
    shared = all(one.shared for one in calls)
    for note, holds in ((_("shared"), shared), (_("opaque"), call.opaque)):
        if holds:
            title.append(Text(note, Role.NOTE))
    told = fact_texts(calls)
    # A layer of Keras's is known by the fact; one that derives from it does something of its own.
    if call.inside and not (told and is_keras(call)):
        said = ngettext("{number} call inside", "{number} calls inside", call.inside)
        told.append(Text(said, Role.FACT))
    if changes := _changes_inside(call):
        said = ngettext("{number} change inside", "{number} changes inside", changes)
        told.append(Text(said, Role.FACT, change=Change.CHANGED))
    if not options.show_layer_activations:  # which have a row otherwise
        told += activation_texts(calls, options)
    if not any(text.change for text in (*title[1:], *told)) and not other_values(
        calls, befores(calls), told_beside(options)
    ):
        told += other_texts(calls)
    return cell(*title), cell(*told or [Text("", Role.FACT)])


def _changes_inside(call: Call) -> int:
    """How many of the calls inside of a closed block have changed, at any depth."""
    if call.hidden is None or not call.hidden.differs or call.marks.is_alone:
        return 0
    return sum(one.marks.change is not None for _, one in call.hidden.walk())


def _through(call: Call) -> list[Text]:
    """The networks that a wrapper only hands on to, and that are seen through to."""
    return [Text(f"→ {shortened(name)}", Role.NOTE) for name in call.through]


def _class_and_name(call: Call, name: str, options: LabelOptions) -> Line:
    title = Text(call.class_name, Role.CLASS)
    if call.kind is CallKind.SUBMODEL and call.name != call.class_name:  # known by its name
        return Text(shortened(call.name), Role.CLASS), Text(call.class_name, Role.NAME)
    if not options.show_layer_names or name in {"", call.class_name}:  # a branch, say
        return (title,)
    return title, Text(shortened(name), Role.NAME)
