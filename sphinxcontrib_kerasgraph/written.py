"""Values as pages write them: literals of Python, and YAML, of which MyST hands on the text.

MyST joins the lines of a value by spaces, so that the indentation of nested blocks is lost. Those
that could mean two things are refused; in brackets they mean one.
"""

from __future__ import annotations

import ast
import re
from typing import Any

#: Quoted texts; marks; the dash of an item; all else, with a colon in it if more follows at once.
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')
      | (?P<mark>[\[\](){},]|:(?=[\s\[({"']|$)|-(?=\s|$))
      | (?P<plain>[^\s\[\](){},:"'](?:[^\s\[\](){},:]|:(?![\s\[({"']|$))*)
    )""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = {"null": None, "~": None, "none": None, "true": True, "false": False}
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_FIRST_ITEM = re.compile(r"-\s")
#: What stands before a text of a list, and the text, quoted or not: items in blocks, and others.
_QUOTED = r"""(?:"[^"]*"|'[^']*')"""
_ITEM = re.compile(rf"-\s+({_QUOTED}(?=\s+-\s|\s*$)|.*?(?=\s+-\s|$))", re.DOTALL)
_PART = re.compile(rf"\s*({_QUOTED}(?=\s*(?:[,\n]|$))|[^,\n]*)\s*(?:[,\n]|$)")


def literal(text: str) -> Any:
    """The value of a literal of Python, or of YAML. Raises `ValueError` or `RecursionError`."""
    text = text.strip()
    if _FIRST_ITEM.match(text):  # for Python ``- 1`` is a number
        return _Reader(text).whole()
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError):
        return _Reader(text).whole()


def texts(text: str) -> list[str]:
    """The texts of a list in YAML, ``[a, b]`` or ``- a - b``; or of one divided by commas.

    A text with commas in it is quoted: ``"params:,", flops``.
    """
    text = text.strip()
    if _FIRST_ITEM.match(text):
        parts = _ITEM.findall(text)
    else:
        parts = _PART.findall(text[1:-1] if _is_bracketed(text) else text)
    return [found for part in parts if (found := _unquoted(part.strip()))]


def _is_bracketed(text: str) -> bool:
    """Whether the first bracket is closed by the last one."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "[") - (sign == "]")
        if not depth:
            return 0 < at == len(text) - 1
    return False


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text


class _Reader:
    """Reads one text of YAML."""

    def __init__(self, text: str) -> None:
        #: Marks as themselves; values as tuples of one.
        self._tokens: list[str | tuple[Any]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise ValueError(f"{text[at:]!r} can't be read")
            at = found.end()
            self._tokens.append(found["mark"] or (_value(found["quoted"], found["plain"]),))
        self._tokens.reverse()

    def whole(self) -> Any:
        value = self._block(mappings=True, items=True)
        if self._tokens:
            raise ValueError("more follows")
        return value

    def _peek(self) -> str | tuple[Any] | None:
        return self._tokens[-1] if self._tokens else None

    def _next(self, expected: str) -> None:
        if self._peek() != expected:
            raise ValueError(f"{expected!r} is missing")
        self._tokens.pop()

    def _block(self, *, mappings: bool, items: bool) -> Any:
        """A value; one of several lines only where no other one could go on in them."""
        if self._peek() == "-":
            if not items:
                raise ValueError("items in items, or in what is in items")
            found = []
            while self._peek() == "-":
                self._tokens.pop()
                found.append(self._block(mappings=mappings, items=False))
            return found
        if not self._is_key():
            return self._flow()
        if not mappings:
            raise ValueError("keys in keys")
        pairs: dict[Any, Any] = {}
        while self._is_key():
            key = self._key(pairs)
            pairs[key] = self._block(mappings=False, items=items)
        return pairs

    def _is_key(self) -> bool:
        return isinstance(self._peek(), tuple) and self._tokens[-2:-1] == [":"]

    def _key(self, pairs: dict[Any, Any]) -> Any:
        key = self._scalar()
        self._next(":")
        if key in pairs:
            raise ValueError(f"{key!r} is there twice")
        return key

    def _flow(self) -> Any:
        opening = self._peek()
        if not isinstance(opening, str):
            return self._scalar()
        closing = _CLOSING.get(opening)
        if closing is None:
            raise ValueError(f"{opening!r} is no value")
        self._tokens.pop()
        pairs: dict[Any, Any] = {}
        values = []
        while self._peek() != closing:
            if opening == "{":
                key = self._key(pairs)
                pairs[key] = None if self._peek() in {",", "}"} else self._flow()
            else:
                values.append(self._flow())
            if self._peek() != closing:
                self._next(",")
        self._tokens.pop()
        return pairs if opening == "{" else tuple(values) if opening == "(" else values

    def _scalar(self) -> Any:
        """A value without parts; several words are one text."""
        words: list[Any] = []
        while isinstance(token := self._peek(), tuple) and not (words and self._is_key()):
            words.append(token[0])
            self._tokens.pop()
        if not words:
            raise ValueError("a value is missing")
        return words[0] if len(words) == 1 else " ".join(map(str, words))


def _value(quoted: str | None, plain: str | None) -> Any:
    if quoted is not None:
        if quoted[0] == "'":
            return quoted[1:-1].replace("''", "'")
        return ast.literal_eval(quoted.replace("\n", " "))
    word = plain or ""
    if word.lower() in _CONSTANTS:
        return _CONSTANTS[word.lower()]
    try:
        value = ast.literal_eval(word)
    except (ValueError, SyntaxError):
        return word
    return value if type(value) in {int, float} else word
