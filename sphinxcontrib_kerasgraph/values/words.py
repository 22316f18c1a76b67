"""A value in the words of a language: ``25.6 M``, in German ``25,6 M``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import Tensor
from sphinxcontrib_kerasgraph.graph.configuration import value_text
from sphinxcontrib_kerasgraph.graph.memory import Bytes
from sphinxcontrib_kerasgraph.label.shapes import short_shape
from sphinxcontrib_kerasgraph.wording import UNITS, scaled

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.values.question import Question

#: Stands between a number and its unit, where no line is to end.
SPACE = "\N{NO-BREAK SPACE}"
_BYTE_UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB")
#: What is told in three digits.
_SHORTENED = {"params", "trainable_params", "non_trainable_params", "flops"}

#: Smaller and larger numbers are told with an exponent.
_LEAST, _MOST = 1e-4, 1e15
_SHAPES = {"input_shape", "output_shape"}


def in_words(value: Any, question: Question, language: str) -> str:
    """The answer as it stands in a text of that language. Raises `Fault` ``value``.

    Of a format it is what Python makes of it, with the separators of the language.
    """
    locale = _locale(language)
    if question.format is not None:
        return _formatted(value, question.format, locale)
    if isinstance(value, Bytes):
        return _scaled(value, 1024, _BYTE_UNITS, locale)
    if type(value) is int and question.name in _SHORTENED:
        return _scaled(value, 1000, UNITS, locale)
    if question.name in _SHAPES and isinstance(value, tuple | list):
        return _shapes(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, locale)
    return value_text(value)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="_")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _number(value: float, locale: Locale) -> str:
    if value and not _LEAST <= abs(value) < _MOST:
        return _with_separators(f"{value:g}", locale)
    return format_decimal(value, "#,##0.######", locale=locale)


def _scaled(value: int, step: int, units: tuple[str, ...], locale: Locale) -> str:
    """The value in three digits and a unit; one that is below the first step as it is."""
    number, at = scaled(value, step, len(units) - 1)
    text = format_decimal(number, "#,##0.##", locale=locale)
    return f"{text}{SPACE}{units[at]}" if units[at] else text


def _shapes(value: Any) -> str:
    """``224×224×3``; of several tensors each."""
    shapes = [value] if isinstance(value, tuple) else value
    return ", ".join(short_shape(Tensor(tuple(shape), "")) for shape in shapes)


def _formatted(value: Any, spec: str, locale: Locale) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        text = format(value if is_number else value_text(value), spec)
    except (ValueError, OverflowError) as error:
        raise Fault(
            "value",
            f"{spec!r} is no format for {value_text(value)!r}: {error}.",
            "Write a format specification of Python's, such as ',' or '.3e'; or none.",
        ) from error
    return _with_separators(text, locale) if is_number else text


def _with_separators(text: str, locale: Locale) -> str:
    separators = get_group_symbol(locale), get_decimal_symbol(locale)
    return text.translate({ord(","): separators[0], ord("."): separators[1]})
