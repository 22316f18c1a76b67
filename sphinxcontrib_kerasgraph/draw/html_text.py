"""Texts in Graphviz's HTML-like language: how each role looks.

Nothing is written for an empty text: dot takes a tag with nothing in it for a syntax error.
"""

from __future__ import annotations

import html
from functools import partial
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.theme import COMPACT_FONT_SIZE, FONT_SIZE, SMALL_FONT_SIZE
from sphinxcontrib_kerasgraph.label.tree import Role
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.draw.theme import Theme
    from sphinxcontrib_kerasgraph.label.tree import Line, Text

#: How often it is there, and what is to be seen at once.
_LOUD = {Role.TIMES, Role.MARK}
_SOFT = {Role.NAME, Role.FACT, Role.NOTE, Role.KEY}


def escaped(value: str) -> str:
    r"""A text made safe for an HTML-like label, in which Graphviz still replaces ``\N``.

    Closing brackets with nothing before them are numbers of their character: Graphviz gives its
    parser a text without what follows, and the parser waits, as it may be the end of CDATA.
    """
    text = html.escape(printable(value)).replace("\\", "\\\\")
    return text if text.strip("]") else text.replace("]", "&#93;")


def joined(line: Line, write: Callable[[Text], str]) -> str:
    """The texts of a line, with the spaces between them."""
    return "".join(" " * (text.gap if at else 0) + write(text) for at, text in enumerate(line))


def compact(line: Line, theme: Theme) -> str:
    """A line of a box that stands close."""
    return joined(line, partial(compact_text, theme=theme))


def full_text(text: Text, theme: Theme, *, light: bool = False) -> str:
    """A text of a box with rows of its own; ``light`` on a dark ground."""
    value = escaped(text.value)
    if light:
        size = FONT_SIZE if text.role is Role.CLASS else SMALL_FONT_SIZE
        return _light(_bold(value, text), size, theme)
    if text.change is not None:
        size = FONT_SIZE if text.role in {Role.CLASS, Role.CHANGE} else SMALL_FONT_SIZE
        return _of_change(value, text, size, theme)
    if text.role in _LOUD:
        return value and f'<font color="{theme.accent}"><b>{value}</b></font>'
    if text.role in _SOFT:
        return _soft(value, SMALL_FONT_SIZE, theme)
    if text.kind is not None:
        size, color = SMALL_FONT_SIZE, theme.text(text.kind)
        return value and f'<font point-size="{size}" color="{color}">{value}</font>'
    return _bold(value, text)


def compact_text(text: Text, theme: Theme, *, light: bool = False) -> str:
    """A text of a box that stands close; ``light`` on a dark ground."""
    value = escaped(text.value)
    if light:
        return _light(_bold(value, text), COMPACT_FONT_SIZE, theme)
    if text.change is not None:
        return _of_change(value, text, COMPACT_FONT_SIZE, theme)
    if text.role in _LOUD:
        size, color = COMPACT_FONT_SIZE, theme.accent
        return value and f'<font point-size="{size}" color="{color}"><b>{value}</b></font>'
    if text.role in _SOFT:
        return _soft(value, COMPACT_FONT_SIZE, theme)
    if text.kind is not None:
        return value and sized(f'<font color="{theme.text(text.kind)}">{value}</font>')
    return sized(_bold(value, text))


def head_text(text: Text, theme: Theme) -> str:
    """As in `compact_text`, in a row whose head has its size already."""
    if text.role in {Role.CLASS, Role.FOLLOWER} and text.change is None:
        return _bold(escaped(text.value), text)
    return compact_text(text, theme)


def _of_change(value: str, text: Text, size: int, theme: Theme) -> str:
    """What was, struck through; or what is, in bold."""
    told = f"<s>{value}</s>" if text.is_struck else f"<b>{value}</b>"
    color = theme.changes[text.change] if text.change else theme.ink
    return value and f'<font point-size="{size}" color="{color}">{told}</font>'


def _bold(value: str, text: Text) -> str:
    value = f"<s>{value}</s>" if text.is_struck and value else value
    return f"<b>{value}</b>" if text.role is Role.CLASS and value else value


def sized(inside: str) -> str:
    """What has no size yet, in that of boxes that stand close."""
    return inside and f'<font point-size="{COMPACT_FONT_SIZE}">{inside}</font>'


def _soft(value: str, size: int, theme: Theme) -> str:
    return value and f'<font point-size="{size}" color="{theme.soft}">{value}</font>'


def _light(value: str, size: int, theme: Theme) -> str:
    """Text on a dark ground."""
    return value and f'<font point-size="{size}" color="{theme.paper}">{value}</font>'
