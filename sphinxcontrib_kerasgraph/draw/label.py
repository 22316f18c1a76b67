"""What a box says: an HTML-like label of Graphviz for each call."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.facts import key_fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.graph import Call, Tensor
    from sphinxcontrib_kerasgraph.options import DrawOptions

#: Characters that XML can't hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_NAME = 60


def text(value: str) -> str:
    r"""A text made safe for an HTML-like label, in which Graphviz still replaces ``\N``."""
    return html.escape(_NOT_XML.sub("\ufffd", value)).replace("\\", "\\\\")


def shape_text(tensor: Tensor) -> str:
    """The shape as Keras shows it: ``(None, 784)``."""
    return str(tensor.shape)


def shapes_text(tensors: Iterable[Tensor]) -> str:
    """Shapes in one line."""
    return ", ".join(map(shape_text, tensors))


def call_label(
    call: Call, options: DrawOptions, *, shared: bool = False, terminal: bool = False
) -> str:
    """The label of a call's box, ``<`` and ``>`` included.

    ``shared`` marks a layer that other calls use too; ``terminal`` a call that takes the model's
    input or makes its output.
    """
    details = "".join(_row(key, lines) for key, lines in _details(call, options))
    color = theme.KINDS[call.kind]
    background, title_ground, stripe, style = theme.PAPER, "", "", ""
    if call.kind == "input":
        background, style = theme.tint(color), ' style="rounded"'
    else:
        title_ground = f' bgcolor="{theme.tint(color)}"'
        stripe = (
            f'<td rowspan="{2 if details else 1}" width="6" cellpadding="0" bgcolor="{color}"></td>'
        )
    if details:
        details = (
            '<tr><td colspan="2" align="left" cellpadding="3">'
            f'<table border="0" cellborder="0" cellspacing="0" cellpadding="2">{details}</table>'
            "</td></tr>"
        )
    title = _title(call, options, title_ground, shared=shared)
    border = theme.TERMINAL_BORDER if terminal else theme.BORDER
    return (
        f'<<table border="1" cellborder="0" cellspacing="0" cellpadding="4" color="{border}" '
        f'bgcolor="{background}"{style}><tr>{stripe}{title}</tr>{details}</table>>'
    )


def _title(call: Call, options: DrawOptions, ground: str, *, shared: bool) -> str:
    title = _class_and_name(call, options)
    if shared:
        title += f"  {_soft('shared')}"
    fact = key_fact(call)
    return (
        f'<td{ground} align="left">{title}</td>'
        f'<td{ground} align="right">{_soft(fact) if fact else ""}</td>'
    )


def _details(call: Call, options: DrawOptions) -> list[tuple[str, list[str]]]:
    """The rows below the title: a key and its lines of text."""
    rows: list[tuple[str, list[str]]] = []
    if options.show_layer_activations and call.activation is not None:
        rows.append(("activation", [call.activation]))
    if options.show_shapes:
        if call.kind != "input" and call.inputs:
            rows.append(("input", [shape_text(tensor) for tensor in call.inputs]))
        if call.outputs:
            rows.append(("output", [shape_text(tensor) for tensor in call.outputs]))
    if options.show_dtype and call.outputs:
        dtypes = dict.fromkeys(tensor.dtype for tensor in call.outputs)
        rows.append(("dtype", [", ".join(dtypes)]))
    if options.show_params and call.parameters.total:
        rows.append(("params", [f"{call.parameters.total:,}"]))
    if options.show_trainable and call.trainable is not None:
        rows.append(("trainable", ["yes" if call.trainable else "no"]))
    return rows


def _row(key: str, lines: list[str]) -> str:
    value = '<br align="left"/>'.join(map(text, lines)) + '<br align="left"/>' * (len(lines) > 1)
    return (
        f'<tr><td align="left" valign="top">{_soft(key)}</td>'
        f'<td align="left" balign="left">{value}</td></tr>'
    )


def _soft(value: str) -> str:
    return (
        f'<font point-size="{theme.SMALL_FONT_SIZE}" color="{theme.SOFT_INK}">{text(value)}</font>'
    )


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def frame_label(call: Call, options: DrawOptions) -> str:
    """The title of the frame around an open block."""
    return f"<{_class_and_name(call, options)}>"


def _class_and_name(call: Call, options: DrawOptions) -> str:
    title = f"<b>{text(call.class_name)}</b>"
    return f"{title}  {_soft(_shortened(call.name))}" if options.show_layer_names else title


def tooltip(call: Call, path: str) -> str:
    """What the pointer shows over a box: the call's path and its facts, a line each."""
    lines = [f"{path} ({call.class_name})"]
    fact = key_fact(call)
    if fact:
        lines.append(fact)
    arrow = f"{shapes_text(call.inputs)} → " if call.inputs else ""
    if call.outputs:
        lines.append(f"{arrow}{shapes_text(call.outputs)}")
    if call.parameters.total:
        lines.append(f"{call.parameters.total:,} parameters")
    return _NOT_XML.sub("\ufffd", "\n".join(lines))
