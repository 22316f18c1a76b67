"""Labels as plain text: tooltips, and what is read aloud."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.label.differences import other_values
from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.shapes import shape_text, shapes_text
from sphinxcontrib_kerasgraph.label.tree import Role, Text, plain
from sphinxcontrib_kerasgraph.printable import printable, printable_lines
from sphinxcontrib_kerasgraph.wording import _, and_more, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph, Tensor
    from sphinxcontrib_kerasgraph.label.tree import Label, Line

#: Between what was, and what is.
_BECOMES = " → "
#: So much of what was passed over is told.
_TOLD = 4


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
    return printable_lines("\n".join(rows))


def description(call: Call, path: str) -> Label:
    """The call's path and its facts, a line each: what the pointer shows over a box.

    Of a call that was another in an old model, what was and what is, as in a diff of texts.
    """
    now = dict(_described(call, path))
    was = now if call.before is None else dict(_described(call.before, path))
    lines: list[str] = []
    for key in {**now, **was}:
        old, new = was.get(key, ""), now.get(key, "")
        if old == new:
            lines.append(new)
            continue
        both = (Change.REMOVED, old), (Change.ADDED, new)
        lines += [f"{change.sign} {text}" for change, text in both if text]
    if call.before is not None:
        for name, (old, new) in other_values([call], [call.before]).items():
            lines.append(f"{name}: {old}{_BECOMES if old else ''}{new}")
    if call.marks.told is not None:
        lines.append(call.marks.told.words)
    return plain((Text(line, Role.VALUE),) for line in lines)


def _described(call: Call, path: str) -> Iterator[tuple[str, str]]:
    """Lines, each with what it is about."""
    yield "class", f"{path} ({call.class_name})"
    if fact := key_fact(call):
        yield "fact", fact
    if not call.is_operation:
        yield from ((name, f"{name} = {value}") for name, value in call.constants)
    arrow = f"{shapes_text(call.inputs)} → " if call.inputs else ""
    if call.outputs:
        yield "shapes", f"{arrow}{shapes_text(call.outputs)}"
    if names := [name for name in call.output_names if name]:
        yield "names", _("output {names}", names=", ".join(names))
    if call.attribute is not None:
        yield "attribute", _("attribute {name}", name=call.attribute)
    if call.parameters.total:
        total = call.parameters.total
        yield "parameters", ngettext("{number} parameter", "{number} parameters", total)
    for name in call.through:
        yield f"through {name}", _("hands on to {name}", name=name)
    if call.opaque:
        yield "opaque", _("not opened: {reason}", reason=call.opaque)


def passed_over_text(graph: ModelGraph) -> str:
    """What the model's code asked for and didn't get, since a picture needs none of it."""
    told = ", ".join(graph.passed_over[:_TOLD])
    more = len(graph.passed_over) - _TOLD
    told = and_more(told, more)
    text = _("Made without {names}.", names=told)
    return printable(text)


def tensor_text(tensor: Tensor, argument: str | None) -> str:
    """What a tensor is to the call that takes it, its shape and dtype."""
    what = f"{shape_text(tensor)} {tensor.dtype}"
    return printable(f"{argument}: {what}" if argument else what)
