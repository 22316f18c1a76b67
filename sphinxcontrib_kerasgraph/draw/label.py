"""What a box says: an HTML-like label of Graphviz for each call."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.facts import key_fact, merged_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Tensor
    from sphinxcontrib_kerasgraph.options import DrawOptions

#: Characters that XML can't hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_NAME = 60
#: Rows below a title: a key and its lines of text.
Details: TypeAlias = "list[tuple[str, list[str]]]"
#: Kinds of calls that take nothing: rounded boxes.
_SOURCES = {"input", "constant"}


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
    calls: Sequence[Call],
    options: DrawOptions,
    arguments: Mapping[int, str] | None = None,
    *,
    terminal: bool = False,
    repeated: str = "",
) -> str:
    """The label of a call's box, ``<`` and ``>`` included.

    ``arguments`` names the inputs; ``terminal`` marks a call that takes the model's input or makes
    its output; ``repeated`` tells how often it is there. ``calls`` are several if the box stands
    for all of them: what differs is told by the first and the last.
    """
    call = calls[0]
    rows = _merged([_details(one, options, arguments or {}) for one in calls])
    details = "".join(_row(key, lines) for key, lines in rows)
    color = theme.KINDS[call.kind]
    background, title_ground, stripe, style = theme.PAPER, "", "", ""
    if call.kind in _SOURCES:
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
    title = _title(calls, options, title_ground, repeated)
    border = theme.TERMINAL_BORDER if terminal else theme.BORDER
    return (
        f'<<table border="1" cellborder="0" cellspacing="0" cellpadding="4" color="{border}" '
        f'bgcolor="{background}"{style}><tr>{stripe}{title}</tr>{details}</table>>'
    )


def _title(calls: Sequence[Call], options: DrawOptions, ground: str, repeated: str) -> str:
    call = calls[0]
    title = _class_and_name(call, options)
    if repeated:
        title += f'  <font color="{theme.ACCENT}"><b>{text(repeated)}</b></font>'
    for mark, holds in (("shared", call.shared), ("opaque", call.opaque)):
        if holds:
            title += f"  {_soft(mark)}"
    fact = merged_facts(calls)
    if not fact and call.inside:
        fact = f"{call.inside:,} call{'s' * (call.inside != 1)} inside"
    return (
        f'<td{ground} align="left">{title}</td>'
        f'<td{ground} align="right">{_soft(fact) if fact else ""}</td>'
    )


def _details(call: Call, options: DrawOptions, arguments: Mapping[int, str]) -> Details:
    """The rows below the title: a key and its lines of text."""
    rows: Details = []
    if options.show_layer_activations and call.activation is not None:
        rows.append(("activation", [call.activation]))
    if options.show_shapes:
        if call.kind not in _SOURCES and call.inputs:
            shapes = [
                f"{arguments[at]} {shape_text(tensor)}" if at in arguments else shape_text(tensor)
                for at, tensor in enumerate(call.inputs)
            ]
            rows.append(("input", shapes))
        if call.outputs:
            rows.append(("output", [shape_text(tensor) for tensor in call.outputs]))
    if options.show_dtype and call.outputs:
        dtypes = dict.fromkeys(tensor.dtype for tensor in call.outputs)
        policy = _policy(call)
        if policy not in {None, *dtypes}:
            dtypes[policy] = None
        rows.append(("dtype", [", ".join(dtypes)]))
    if options.show_params and call.parameters.total:
        rows.append(("params", [f"{call.parameters.total:,}"]))
    if options.show_trainable and call.trainable is not None:
        rows.append(("trainable", ["yes" if call.trainable else "no"]))
    return rows


def _merged(details: Sequence[Details]) -> Details:
    """The rows of several calls in one."""
    first = details[0]
    if any([key for key, _ in one] != [key for key, _ in first] for one in details):
        return first
    rows = []
    for at, (key, lines) in enumerate(first):
        others = [one[at][1] for one in details]
        if any(len(one) != len(lines) for one in others):
            return first
        told = [list(dict.fromkeys(texts)) for texts in zip(*others, strict=True)]
        rows.append((key, [one[0] if len(one) == 1 else f"{one[0]} … {one[-1]}" for one in told]))
    return rows


def _policy(call: Call) -> Any:
    """The name of the layer's dtype policy: ``mixed_float16``, ``int8_from_float32``."""
    match call.config.get("dtype"):
        case {"config": {"name": str() as name}} | str(name):
            return name
        case {"config": {"mode": mode, "source_name": source}}:  # a quantized layer
            return f"{mode}_from_{source}"
    return None


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


def shortened(name: str, longest: int = _LONGEST_NAME) -> str:
    """The name, cut if it is longer than so many characters."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def frame_label(call: Call, options: DrawOptions) -> str:
    """The title of the frame around an open block."""
    return f"<{_class_and_name(call, options)}>"


def _class_and_name(call: Call, options: DrawOptions) -> str:
    title = f"<b>{text(call.class_name)}</b>"
    if not options.show_layer_names or call.name in {"", call.class_name}:  # a branch, say
        return title
    return f"{title}  {_soft(shortened(call.name))}"


def edge_tooltip(tensor: Tensor, argument: str | None) -> str:
    """What the pointer shows over an edge: what the tensor is to the call, its shape and dtype."""
    what = f"{shape_text(tensor)} {tensor.dtype}"
    return _NOT_XML.sub("\ufffd", f"{argument}: {what}" if argument else what)


def tooltip(call: Call, path: str) -> str:
    """What the pointer shows over a box: the call's path and its facts, a line each."""
    lines = [f"{path} ({call.class_name})"]
    fact = key_fact(call)
    if fact:
        lines.append(fact)
    if not call.is_operation:
        lines += [f"{name} = {value}" for name, value in call.constants]
    arrow = f"{shapes_text(call.inputs)} → " if call.inputs else ""
    if call.outputs:
        lines.append(f"{arrow}{shapes_text(call.outputs)}")
    if call.parameters.total:
        lines.append(f"{call.parameters.total:,} parameters")
    if call.opaque:
        lines.append(f"not opened: {call.opaque}")
    return _NOT_XML.sub("\ufffd", "\n".join(lines))
