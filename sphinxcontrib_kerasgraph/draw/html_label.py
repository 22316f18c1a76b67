"""Labels in Graphviz's HTML-like language: how each form looks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.html_text import (
    compact,
    compact_text,
    full_text,
    head_text,
    joined,
    sized,
)
from sphinxcontrib_kerasgraph.draw.theme import COMPACT_FONT_SIZE, DEFAULT, Fill
from sphinxcontrib_kerasgraph.graph import Change, Marks
from sphinxcontrib_kerasgraph.label.size import (
    AIR,
    BELOW_LEGEND,
    BESIDE,
    GUTTER,
    INDENT,
    OUTLINE,
    PADDING,
    SAMPLE,
    STRIPE,
    is_outlined,
    row_height,
)
from sphinxcontrib_kerasgraph.label.tree import Form, Role, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.draw.theme import Theme
    from sphinxcontrib_kerasgraph.graph import Kind
    from sphinxcontrib_kerasgraph.label.tree import Cell, Label, Line, Row

#: What begins a row of a stack, before what is told of it.
_HEADS = {Role.CHANGE, Role.MARK, Role.CLASS, Role.FOLLOWER, Role.NOTE, Role.BESIDE}


def html_label(label: Label, theme: Theme = DEFAULT) -> str:
    """The label, ``<`` and ``>`` included."""
    if label.marks.change is Change.REMOVED:
        label = _crossed_out(label)
    match label.form:
        case Form.TITLE:
            return f"<{joined(label.rows[0].cells[0].lines[0], partial(full_text, theme=theme))}>"
        case Form.FULL:
            return _full(label, theme)
        case Form.STACK:
            return _table(label, theme, theme.paper, _stack(label.rows, theme))
        case Form.SIGN:
            lines = (cell.lines[0] for cell in label.rows[0].cells)
            cells = "".join(_cells(line, theme) for line in lines)
            return _table(label, theme, theme.tint(label.kind), f"<tr>{cells}</tr>")
        case Form.PART:
            return _table(label, theme, theme.paper, _part(label.rows, theme))
    background = "" if label.form is Form.PLAIN else theme.tint(label.kind)
    legend = [row for row in label.rows if row.cells[0].sample is not None]
    told = [row.cells[0].lines[0] for row in label.rows[len(legend) :]]
    if legend:
        return _table(label, theme, background, _legend(legend, told, theme))
    return _table(label, theme, background, "".join(_plain_row(line, theme) for line in told))


#: The corners and lines of boxes that aren't plain rectangles.
_STYLES = {Form.SOURCE: "rounded", Form.SIGN: "rounded", Form.STUB: "rounded,dashed"}
#: How wide, in points, the border of a box is that stands out.
_HIGHLIGHTED = 2


def _table(label: Label, theme: Theme, background: str, rows: str, *, rounded: bool = False) -> str:
    styles = [_STYLES.get(label.form, "rounded" if rounded else "")]
    is_dashed = label.marks.frozen or label.marks.change is Change.REMOVED
    if is_dashed and label.form is not Form.STUB:
        styles.append("dashed")
    style = ",".join(filter(None, styles))
    style = f' style="{style}"' if style else ""
    colors = f' color="{_border(label, theme)}" bgcolor="{background}"' if background else ""
    stands_out = label.marks.highlighted or label.marks.is_alone
    border = _HIGHLIGHTED if stands_out else 1
    table = (
        f'<table border="{border * bool(background)}"{style} cellborder="0" cellspacing="0" '
        f'cellpadding="{PADDING[label.form]}"{colors}>{rows}</table>'
    )
    if is_outlined(label):
        table = (
            f'<table border="{_HIGHLIGHTED}" color="{theme.accent}" cellborder="0" '
            f'cellspacing="0" cellpadding="{OUTLINE - _HIGHLIGHTED}" '
            f'style="rounded"><tr><td>{table}</td></tr></table>'
        )
    return f"<{table}>"


def _border(label: Label, theme: Theme) -> str:
    if color := theme.mark(label.marks):
        return color
    if label.form is Form.PART:
        return theme.accent
    if label.terminal:
        return theme.terminal
    if theme.fill is Fill.GROUND and label.form in {Form.FULL, Form.STACK}:
        return theme.color(next((row.stripe for row in label.rows if row.stripe), label.kind))
    return theme.color(label.kind) if label.form is Form.SIGN else theme.border


def _full(label: Label, theme: Theme) -> str:
    title, *details = label.rows
    background, ground, stripe, light = theme.tint(label.kind), "", "", False
    if title.stripe is not None and theme.fill is not Fill.GROUND:
        background = theme.paper
        light = theme.fill is Fill.HEAD
        head = theme.text(label.kind) if light else theme.tint(label.kind)
        ground = f' bgcolor="{head}"'
    if title.stripe is not None and theme.fill is Fill.STRIPE:
        height = 2 if details else 1
        color = theme.color(label.kind)
        stripe = f'<td rowspan="{height}" width="6" cellpadding="0" bgcolor="{color}"></td>'
    write = partial(full_text, theme=theme, light=light)
    sign, line = _apart(title.cells[0].lines[0])
    if sign is not None:
        filled = title.stripe is not None
        stripe += _gutter(sign, theme, rows=2 if details else 1, is_filled=filled)
    left, right = joined(line, write), joined(title.cells[1].lines[0], write)
    rows = (
        f'<tr>{stripe}<td{ground} align="left">{left}</td>'
        f'<td{ground} align="right">{right}</td></tr>'
    )
    if details:
        rows += (
            '<tr><td colspan="2" align="left" cellpadding="3">'
            '<table border="0" cellborder="0" cellspacing="0" cellpadding="2">'
            f"{''.join(_detail(row, theme) for row in details)}</table></td></tr>"
        )
    return _table(label, theme, background, rows, rounded=title.stripe is None)


def _detail(row: Row, theme: Theme) -> str:
    key, value = row.cells
    write = partial(full_text, theme=theme)
    several = '<br align="left"/>' * (len(value.lines) > 1)
    lines = '<br align="left"/>'.join(joined(line, write) for line in value.lines) + several
    return (
        f'<tr><td align="left" valign="top">{joined(key.lines[0], write)}</td>'
        f'<td align="left" balign="left">{lines}</td></tr>'
    )


def _stack(rows: Sequence[Row], theme: Theme) -> str:
    """Rows, with stripes from border to border, and air above the first and below the last."""
    said = ""
    height = row_height(COMPACT_FONT_SIZE)
    indent = sized(" " * INDENT) if any(row.is_heading for row in rows) else ""
    has_signs = any(_apart(row.cells[0].lines[0])[0] is not None for row in rows)
    for at, row in enumerate(rows):
        is_first, is_last = at == 0, at == len(rows) - 1
        high = height + AIR * (is_first + is_last)
        aligned = "" if is_first == is_last else f' valign="{"bottom" if is_first else "top"}"'
        place = f'align="left" cellpadding="1" height="{high}"{aligned}'
        inside = indent * (not row.is_heading)
        said += f"<tr>{_stack_row(row, theme, inside, place, has_signs=has_signs)}</tr>"
    return said


def _stack_row(row: Row, theme: Theme, indent: str, place: str, *, has_signs: bool) -> str:
    """The cells of a row; ``place`` are the attributes of those that have text.

    If any row has a sign, all have a cell for one, so that their texts begin at one place.
    """
    sign, line = _apart(row.cells[0].lines[0])
    color, ground = theme.paper, ""
    if row.stripe is None:
        color = theme.accent
    elif theme.fill is Fill.STRIPE:
        color = theme.color(row.stripe)
    elif theme.fill is Fill.GROUND:
        color = theme.tint(row.stripe)
        ground = f' bgcolor="{color}"'
    heads = next((at for at, text in enumerate(line) if text.role not in _HEADS), len(line))
    facts = "".join(" " * text.gap + compact_text(text, theme) for text in line[heads:])
    room = f'<td width="{BESIDE}"{ground}></td>'
    before = room
    if has_signs:
        blank = f'<td width="{GUTTER}"{ground}></td>'
        before = (blank if sign is None else _gutter(sign, theme)) + room
    if theme.fill is Fill.HEAD:
        # What it is in a cell of its own, in the colour of the row.
        if row.stripe is None:
            return f'<td {place} colspan="{3 + has_signs}">{compact(line, theme)}</td>{room}'
        head = joined(line[:heads], partial(compact_text, theme=theme, light=True))
        dark = f'bgcolor="{theme.text(row.stripe)}"'
        return f"<td {place} {dark}>{indent} {head} </td>{before}<td {place}>{facts}</td>{room}"
    if row.is_heading:
        told = compact(line, theme)
    else:
        told = indent + sized(joined(line[:heads], partial(head_text, theme=theme))) + facts
    stripe = f'<td width="{STRIPE}" bgcolor="{color}"></td>'
    return f"{stripe}{before}<td {place}{ground}>{told}</td>{room}"


def _plain_row(line: Line, theme: Theme) -> str:
    """A line, and the sign before it if it has one."""
    told = f"<tr>{_cells(line, theme)}</tr>"
    if _apart(line)[0] is None:
        return told
    # In a table of its own, since other rows have one cell.
    return (
        '<tr><td><table border="0" cellborder="0" cellspacing="0" cellpadding="1">'
        f"{told}</table></td></tr>"
    )


def _legend(rows: Sequence[Row], notes: Sequence[Line], theme: Theme) -> str:
    """The entries of a legend, each with its sample, in columns; and what is told below them."""
    said = ""
    for row in rows:
        cells = "".join(
            f"{_sample(cell.sample, theme, is_line=cell.is_line)}"
            f'<td align="left">{compact(cell.lines[0], theme)}</td><td width="{BESIDE}"></td>'
            for cell in row.cells
            if cell.sample is not None
        )
        said += f"<tr>{cells}</tr>"
    table = '<table border="0" cellborder="0" cellspacing="0" cellpadding="1">'
    told = "".join(f'<tr><td align="left">{compact(line, theme)}</td></tr>' for line in notes)
    gap = f'<tr><td height="{BELOW_LEGEND}"></td></tr>' if notes else ""
    return f'<tr><td align="left">{table}{said}</table></td></tr>' + (
        f'{gap}<tr><td align="left">{table}{told}</table></td></tr>' if notes else ""
    )


def _sample(of: Kind | Marks, theme: Theme, *, is_line: bool) -> str:
    """A small box in the colour of a kind, or with the border of a mark; or a short line."""
    color, border, style = theme.border, 1, ""
    if isinstance(of, Marks):
        ground = theme.paper
        color = theme.mark(of) or color
        if is_line:
            return _sample_line(color, is_dashed=of.change is Change.REMOVED)
        border = _HIGHLIGHTED if of.highlighted or of.is_alone else 1
        style = ' style="dashed"' if of.frozen or of.change is Change.REMOVED else ""
    elif theme.fill is Fill.GROUND:
        ground, color = theme.tint(of), theme.color(of)
    else:
        ground = theme.text(of) if theme.fill is Fill.HEAD else theme.color(of)
        border = 0
    return (
        f'<td><table border="{border}" cellborder="0" cellspacing="0" cellpadding="0" '
        f'fixedsize="true" width="{SAMPLE}" height="{SAMPLE}" color="{color}" '
        f'bgcolor="{ground}"{style}><tr><td></td></tr></table></td>'
    )


def _sample_line(color: str, *, is_dashed: bool) -> str:
    """A line of cells, since Graphviz has no dashes within labels that are as those of lines."""
    lengths = (4, -2, 4) if is_dashed else (10,)
    cells = "".join(
        f'<td width="{abs(one)}" height="{_HIGHLIGHTED}" fixedsize="true"'
        + (f' bgcolor="{color}"' if one > 0 else "")
        + "></td>"
        for one in lengths
    )
    return (
        '<td><table border="0" cellborder="0" cellspacing="0" cellpadding="0">'
        f"<tr>{cells}</tr></table></td>"
    )


# Signs of changes


def _apart(line: Line) -> tuple[Text | None, Line]:
    """The sign that a line begins with, if it does, and what it says besides."""
    return (line[0], line[1:]) if line[0].role is Role.CHANGE and line[1:] else (None, line)


def _gutter(sign: Text, theme: Theme, *, rows: int = 1, is_filled: bool = True) -> str:
    """A cell with the sign; its ground is filled, or that of the sign alone where corners are."""
    said = compact_text(replace(sign, change=None), theme, light=True)
    color = theme.changes[sign.change] if sign.change else theme.ink
    if is_filled:
        return (
            f'<td rowspan="{rows}" width="{GUTTER}" cellpadding="0" bgcolor="{color}">{said}</td>'
        )
    return (
        f'<td rowspan="{rows}"><table border="0" cellborder="0" cellspacing="0" cellpadding="0" '
        f'bgcolor="{color}"><tr><td width="{GUTTER}">{said}</td></tr></table></td>'
    )


def _cells(line: Line, theme: Theme) -> str:
    """A cell with the line, and one with its sign before it."""
    if len(line) == 1 and line[0].role is Role.CHANGE:
        return _gutter(line[0], theme, is_filled=False)
    sign, rest = _apart(line)
    room = f'<td width="{BESIDE}" cellpadding="0"></td>'
    before = "" if sign is None else _gutter(sign, theme, is_filled=False) + room
    return f"{before}<td>{compact(rest, theme)}</td>"


def _crossed_out(label: Label) -> Label:
    """The label of what isn't there any more: the names of classes are struck through."""

    def told(line: Line) -> Line:
        return tuple(
            replace(text, is_struck=True) if text.role in {Role.CLASS, Role.FOLLOWER} else text
            for text in line
        )

    rows = (
        replace(
            row, cells=tuple(replace(one, lines=tuple(map(told, one.lines))) for one in row.cells)
        )
        for row in label.rows
    )
    return replace(label, rows=tuple(rows))


def _part(rows: Sequence[Row], theme: Theme) -> str:
    number = max(len(row.cells) for row in rows)
    said = ""
    for row in rows:
        if row.cells[0].input is None:
            cells = f'<td colspan="{number}">{compact(row.cells[0].lines[0], theme)}</td>'
        else:
            cells = "".join(_input(cell, theme) for cell in row.cells)
        said += f"<tr>{cells}</tr>"
    return said


def _input(cell: Cell, theme: Theme) -> str:
    return f'<td port="{port_name(cell.input)}">{compact(cell.lines[0], theme)}</td>'


def tag_label(letter: str, theme: Theme = DEFAULT) -> str:
    """The letter of a tensor that many take, as a small box."""
    said = compact_text(Text(letter, Role.TIMES), theme)
    return (
        f'<<table border="1" style="rounded" cellborder="0" cellspacing="0" cellpadding="1" '
        f'color="{theme.accent}" bgcolor="{theme.paper}"><tr><td width="12">{said}</td></tr>'
        "</table>>"
    )


def port_name(index: int | None) -> str:
    """The name of the port of a label at which an input ends."""
    return f"in{index}"
