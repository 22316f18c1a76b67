"""Text that every output can hold, and that shows on one line what it says."""

from __future__ import annotations

import re

#: What makes text be shown in another order than it is written in, so that it says something else;
#: and what ends lines beside the controls that do.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_LINES = "\u2028\u2029"
_SURROGATES = "\ud800-\udfff"
_UNPRINTABLE = re.compile(f"[\x00-\x1f\x7f-\x9f{_LINES}{_TURNING}{_SURROGATES}\ufffe\uffff]")
_ESCAPED = re.compile(f"[\x7f-\x9f{_LINES}{_TURNING}{_SURROGATES}]")
#: What values have often, and says something: as Python writes it.
_WRITTEN = str.maketrans({"\n": "\\n", "\t": "\\t", "\r": "\\r"})
_STAND_IN = "\ufffd"
_LONGEST_WORD = 120
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_LONGEST = 20_000
_LONGEST_IN_CELL = 2_000


def printable(text: str) -> str:
    """The text with what controls terminals and its direction, and lone surrogates, as U+FFFD."""
    return text if text.isprintable() else _UNPRINTABLE.sub(_STAND_IN, text)


def printable_lines(text: str) -> str:
    """The text of one or more lines, each of them `printable`."""
    return "\n".join(map(printable, text.split("\n")))


def printable_value(text: str) -> str:
    """The text of a value on one line, `printable`, with ends of lines and tabs as Python's."""
    return text if text.isprintable() else printable(text.translate(_WRITTEN))


def legible(text: str, longest: int = _LONGEST) -> str:
    """The text on one line, with words cut that writers take minutes to break.

    What is longer than so many characters is cut, too.
    """
    text = printable_value(text)
    if len(text) <= _LONGEST_WORD:
        return text
    text = _LONG_WORD.sub(lambda word: f"{word[0][: _LONGEST_WORD - 1]}…", text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def in_cell(text: str) -> str:
    """The text of a cell of a table, `legible`. TeX fails on a line of far more characters."""
    return legible(text, _LONGEST_IN_CELL)


def encodable(json: str) -> str:
    """The JSON text, which says the same, with lone surrogates escaped: UTF-8 has none.

    So are the signs that aren't printable, but that JSON may hold.
    """
    if json.isascii():  # as most are
        return json
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json)
