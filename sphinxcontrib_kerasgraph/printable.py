"""Text that every output can hold."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with control characters and lone surrogates replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def encodable(json: str) -> str:
    """The JSON text, which says the same, with lone surrogates escaped: UTF-8 has none."""
    if json.isascii():  # as most are
        return json
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", json)
