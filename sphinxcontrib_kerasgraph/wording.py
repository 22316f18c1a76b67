"""The words of ours, in the language of the documentation; English where nobody set another one.

A text that readers see is made by `_` or `ngettext`, so that gettext's tools find it, or noted by
`N_` where it is declared and translated where it is shown. Warnings and errors stay English.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import NullTranslations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Groups of digits, and a fraction, as Python writes them by ``:,``.
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")

#: What stands for thousands, millions and so on.
UNITS = ("", "k", "M", "G", "T", "P")


@dataclass(frozen=True)
class Wording:
    """The words of a language."""

    translations: NullTranslations
    #: Tells these words from others, for what is kept that is made of them; empty for English.
    key: str = ""
    #: What parts groups of digits, and a whole number from its fraction.
    group: str = ","
    decimal: str = "."


ENGLISH = Wording(NullTranslations())

#: Of the process: forks inherit them. Builds of Sphinx come one after the other.
_current = [ENGLISH]


def use(wording: Wording) -> None:
    """Have all that is made from now on say it so."""
    _current[:] = [wording]


@contextmanager
def in_english() -> Iterator[None]:
    """Have all that is made meanwhile say it in English."""
    before = _current[0]
    use(ENGLISH)
    try:
        yield
    finally:
        use(before)


def key() -> str:
    """Tells the words that are used from others."""
    return _current[0].key


def _(message: str, **values: str) -> str:
    """The message in the language that is used, with the values in it."""
    said = _current[0].translations.gettext(message)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, number: int, **values: str) -> str:
    """The message for so many things, with that ``number`` in it."""
    said = _current[0].translations.ngettext(one, many, number)
    return said.format(number=count(number), **values)


def around(message: str, name: str) -> tuple[str, str]:
    """What the message says before and after the value of that name, where that is no text."""
    before, _, after = message.partition(f"{{{name}}}")
    return before, after


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """The message itself, which is translated where it is shown."""
    return message


def and_more(said: str, number: int) -> str:
    """What is said, and that so many more things could be; nothing of it for none."""
    return (
        ngettext("{said} and {number} more", "{said} and {number} more", number, said=said)
        if number > 0
        else said
    )


def scaled(value: int, step: int = 1000, most: int = len(UNITS) - 1) -> tuple[float, int]:
    """The value in three digits, and how often it is divided by the step for that, at ``most``.

    What is below the first step is as it is; what is rounded to a step is told in the next unit.
    """
    divided, times = float(value), 0
    while _rounded(divided) >= step and times < most:
        divided, times = divided / step, times + 1
    return (_rounded(divided), times) if times else (value, 0)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}") if value < 1000 else round(value)


def count(number: int) -> str:
    """The number with its digits in groups: ``1,234``."""
    return numbers(f"{number:,}")


def numbers(text: str) -> str:
    """The text with the numbers in it, which are as Python writes them, as the language does."""
    wording = _current[0]
    if (wording.group, wording.decimal) == (",", "."):
        return text
    signs = str.maketrans({",": wording.group, ".": wording.decimal})
    return _NUMBER.sub(lambda found: found[0].translate(signs), text)
