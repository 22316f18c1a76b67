"""Labels in Graphviz's HTML-like language: how each role and form looks."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.label.size import AIR, BESIDE, INDENT, PADDING, STRIPE, row_height
from sphinxcontrib_kerasgraph.label.text import NOT_XML
from sphinxcontrib_kerasgraph.label.tree import Form, Role, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.label.tree import Cell, Label, Line, Row

_SOFT = {Role.NAME, Role.FACT, Role.NOTE, Role.KEY}
#: What begins a row of a stack, before what is told of it.
_HEADS = {Role.CHANGE, Role.CLASS, Role.FOLLOWER, Role.NOTE, Role.BESIDE}


def escaped(value: str) -> str:
    r"""A text made safe for an HTML-like label, in which Graphviz still replaces ``\N``."""
    return html.escape(NOT_XML.sub("\ufffd", value)).replace("\\", "\\\\")


def html_label(label: Label) -> str:
    """The label, ``<`` and ``>`` included."""
    match label.form:
        case Form.TITLE:
            return f"<{_joined(label.rows[0].cells[0].lines[0], _full_text)}>"
        case Form.FULL:
            return _full(label)
        case Form.STACK:
            return _table(label, theme.PAPER, _stack(label.rows))
        case Form.SIGN:
            cells = "".join(f"<td>{_compact(cell.lines[0])}</td>" for cell in label.rows[0].cells)
            return _table(label, theme.tint(theme.KINDS[label.kind]), f"<tr>{cells}</tr>")
        case Form.PART:
            return _table(label, theme.PAPER, _part(label.rows))
    background = "" if label.form is Form.PLAIN else theme.tint(theme.KINDS[label.kind])
    rows = "".join(f"<tr><td>{_compact(row.cells[0].lines[0])}</td></tr>" for row in label.rows)
    return _table(label, background, rows)


#: The corners and lines of boxes that aren't plain rectangles.
_STYLES = {Form.SOURCE: "rounded", Form.SIGN: "rounded", Form.STUB: "rounded,dashed"}


def _table(label: Label, background: str, rows: str, *, rounded: bool = False) -> str:
    style = f' style="{_STYLES[label.form]}"' if label.form in _STYLES else ""
    colors = f' color="{_border(label)}" bgcolor="{background}"' if background else ""
    corners = ' style="rounded"' if rounded else ""
    return (
        f'<<table border="{int(bool(background))}"{style} cellborder="0" cellspacing="0" '
        f'cellpadding="{PADDING[label.form]}"{colors}{corners}>{rows}</table>>'
    )


def _border(label: Label) -> str:
    if color := theme.mark_color(label.marks):
        return color
    if label.form is Form.PART:
        return theme.ACCENT
    if label.terminal:
        return theme.TERMINAL_BORDER
    return theme.KINDS[label.kind] if label.form is Form.SIGN else theme.BORDER


def _full(label: Label) -> str:
    title, *details = label.rows
    color = theme.KINDS[label.kind]
    background, ground, stripe = theme.tint(color), "", ""
    if title.stripe is not None:
        background, ground = theme.PAPER, f' bgcolor="{theme.tint(color)}"'
        height = 2 if details else 1
        stripe = f'<td rowspan="{height}" width="6" cellpadding="0" bgcolor="{color}"></td>'
    left, right = (_joined(cell.lines[0], _full_text) for cell in title.cells)
    rows = (
        f'<tr>{stripe}<td{ground} align="left">{left}</td>'
        f'<td{ground} align="right">{right}</td></tr>'
    )
    if details:
        rows += (
            '<tr><td colspan="2" align="left" cellpadding="3">'
            '<table border="0" cellborder="0" cellspacing="0" cellpadding="2">'
            f"{''.join(map(_detail, details))}</table></td></tr>"
        )
    return _table(label, background, rows, rounded=title.stripe is None)


def _detail(row: Row) -> str:
    key, value = row.cells
    several = '<br align="left"/>' * (len(value.lines) > 1)
    lines = '<br align="left"/>'.join(_joined(line, _full_text) for line in value.lines) + several
    return (
        f'<tr><td align="left" valign="top">{_joined(key.lines[0], _full_text)}</td>'
        f'<td align="left" balign="left">{lines}</td></tr>'
    )


def _stack(rows: Sequence[Row]) -> str:
    """Rows, with stripes from border to border, and air above the first and below the last."""
    said = ""
    height = row_height(theme.COMPACT_FONT_SIZE)
    indent = _sized(" " * INDENT) if any(row.is_heading for row in rows) else ""
    for at, row in enumerate(rows):
        is_first, is_last = at == 0, at == len(rows) - 1
        high = height + AIR * (is_first + is_last)
        aligned = "" if is_first == is_last else f' valign="{"bottom" if is_first else "top"}"'
        color = theme.ACCENT if row.stripe is None else theme.KINDS[row.stripe]
        stripe = f'<td width="{STRIPE}" bgcolor="{color}"></td>'
        room = f'<td width="{BESIDE}"></td>'
        told = _stack_row(row) if row.is_heading else indent + _stack_row(row)
        text = f'<td align="left" cellpadding="1" height="{high}"{aligned}>{told}</td>'
        said += f"<tr>{stripe}{room}{text}{room}</tr>"
    return said


def _stack_row(row: Row) -> str:
    line = row.cells[0].lines[0]
    if row.is_heading:
        return _compact(line)
    heads = next((at for at, text in enumerate(line) if text.role not in _HEADS), len(line))
    facts = "".join(" " * text.gap + _compact_text(text) for text in line[heads:])
    return _sized(_joined(line[:heads], _head_text)) + facts


def _part(rows: Sequence[Row]) -> str:
    number = max(len(row.cells) for row in rows)
    said = ""
    for row in rows:
        if row.cells[0].input is None:
            cells = f'<td colspan="{number}">{_compact(row.cells[0].lines[0])}</td>'
        else:
            cells = "".join(map(_input, row.cells))
        said += f"<tr>{cells}</tr>"
    return said


def _input(cell: Cell) -> str:
    return f'<td port="{port_name(cell.input)}">{_compact(cell.lines[0])}</td>'


def tag_label(letter: str) -> str:
    """The letter of a tensor that many take, as a small box."""
    said = _compact_text(Text(letter, Role.TIMES))
    return (
        f'<<table border="1" style="rounded" cellborder="0" cellspacing="0" cellpadding="1" '
        f'color="{theme.ACCENT}" bgcolor="{theme.PAPER}"><tr><td width="12">{said}</td></tr>'
        "</table>>"
    )


def port_name(index: int | None) -> str:
    """The name of the port of a label at which an input ends."""
    return f"in{index}"


# Texts


def _joined(line: Line, write: Callable[[Text], str]) -> str:
    return "".join(" " * (text.gap if at else 0) + write(text) for at, text in enumerate(line))


def _compact(line: Line) -> str:
    return _joined(line, _compact_text)


def _full_text(text: Text) -> str:
    value = escaped(text.value)
    if text.change is not None:
        size = theme.FONT_SIZE if text.role in {Role.CLASS, Role.CHANGE} else theme.SMALL_FONT_SIZE
        return _of_change(value, text, size)
    if text.role is Role.TIMES:
        return f'<font color="{theme.ACCENT}"><b>{value}</b></font>'
    if text.role in _SOFT:
        return _soft(value, theme.SMALL_FONT_SIZE)
    if text.kind is not None:
        size, color = theme.SMALL_FONT_SIZE, theme.text(theme.KINDS[text.kind])
        return f'<font point-size="{size}" color="{color}">{value}</font>'
    return _bold(value, text)


def _compact_text(text: Text) -> str:
    value = escaped(text.value)
    if text.change is not None:
        return _of_change(value, text, theme.COMPACT_FONT_SIZE)
    if text.role is Role.TIMES:
        size, color = theme.COMPACT_FONT_SIZE, theme.ACCENT
        return value and f'<font point-size="{size}" color="{color}"><b>{value}</b></font>'
    if text.role in _SOFT:
        return _soft(value, theme.COMPACT_FONT_SIZE)
    if text.kind is not None:
        color = theme.text(theme.KINDS[text.kind])
        return _sized(f'<font color="{color}">{value}</font>')
    return _sized(_bold(value, text))


def _head_text(text: Text) -> str:
    """As in `_compact_text`, in a row whose head has its size already."""
    if text.role in {Role.CLASS, Role.FOLLOWER} and text.change is None:
        return _bold(escaped(text.value), text)
    return _compact_text(text)


def _of_change(value: str, text: Text, size: int) -> str:
    """What was, struck through; what is, and the sign of what became of it, in bold."""
    told = f"<s>{value}</s>" if text.is_struck else f"<b>{value}</b>"
    color = theme.CHANGES[text.change] if text.change else theme.INK
    return value and f'<font point-size="{size}" color="{color}">{told}</font>'


def _bold(value: str, text: Text) -> str:
    return f"<b>{value}</b>" if text.role is Role.CLASS else value


def _sized(inside: str) -> str:
    return f'<font point-size="{theme.COMPACT_FONT_SIZE}">{inside}</font>'


def _soft(value: str, size: int) -> str:
    # Of nothing, dot would say that it is a syntax error.
    return value and f'<font point-size="{size}" color="{theme.SOFT_INK}">{value}</font>'
