"""Labels as plain text: tooltips, and what is read aloud."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.shapes import shape_text, shapes_text
from sphinxcontrib_kerasgraph.label.tree import Role, Text, plain
from sphinxcontrib_kerasgraph.wording import N_, _, and_more, ngettext

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph, Tensor
    from sphinxcontrib_kerasgraph.label.tree import Label, Line

#: Characters that XML can't hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: Between what was, and what is.
_BECOMES = " → "
#: So much of what was passed over is told.
_TOLD = 4

#: What became of a call.
CHANGES = {
    Change.ADDED: N_("added"),
    Change.REMOVED: N_("removed"),
    Change.CHANGED: N_("changed"),
}


def line_text(line: Line) -> str:
    """The texts of a line, with the spaces between them."""
    said = line[0].value
    for before, text in pairwise(line):
        arrow = _BECOMES if before.is_struck and not text.is_struck else " " * text.gap
        said += arrow + text.value
    return said


def plain_text(label: Label) -> str:
    """A label without its looks: a line for each row."""
    rows = (
        "  ".join(filter(None, (line_text(line) for cell in row.cells for line in cell.lines)))
        for row in label.rows
    )
    return NOT_XML.sub("\ufffd", "\n".join(rows))


def description(call: Call, path: str) -> Label:
    """The call's path and its facts, a line each: what the pointer shows over a box."""
    lines = [f"{path} ({call.class_name})"]
    fact = key_fact(call)
    if fact:
        lines.append(fact)
    if not call.is_operation:
        lines += [f"{name} = {value}" for name, value in call.constants]
    arrow = f"{shapes_text(call.inputs)} → " if call.inputs else ""
    if call.outputs:
        lines.append(f"{arrow}{shapes_text(call.outputs)}")
    if names := [name for name in call.output_names if name]:
        lines.append(_("output {names}", names=", ".join(names)))
    if call.attribute is not None:
        lines.append(_("attribute {name}", name=call.attribute))
    if call.parameters.total:
        total = call.parameters.total
        lines.append(ngettext("{number} parameter", "{number} parameters", total))
    lines += [_("hands on to {name}", name=name) for name in call.through]
    if call.opaque:
        lines.append(_("not opened: {reason}", reason=call.opaque))
    if call.marks.change is not None:
        lines.append(_(CHANGES[call.marks.change]))
    return plain((Text(line, Role.VALUE),) for line in lines)


def passed_over_text(graph: ModelGraph) -> str:
    """What the model's code asked for and didn't get, since a picture needs none of it."""
    told = ", ".join(graph.passed_over[:_TOLD])
    more = len(graph.passed_over) - _TOLD
    told = and_more(told, more)
    text = _("Made without {names}.", names=told)
    return NOT_XML.sub("\ufffd", text)


def tensor_text(tensor: Tensor, argument: str | None) -> str:
    """What a tensor is to the call that takes it, its shape and dtype."""
    what = f"{shape_text(tensor)} {tensor.dtype}"
    return NOT_XML.sub("\ufffd", f"{argument}: {what}" if argument else what)
