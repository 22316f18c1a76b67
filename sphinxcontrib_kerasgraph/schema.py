"""What data that comes from outside has to be: readers, which check JSON and make values of it.

A reader takes what JSON held and returns a value, or raises `Misfit`, which tells where it stands
in the whole. Readers are made of readers: ``each(text)``, ``record(Edge, {"source": port, …})``.
"""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

#: Numbers of things, and sizes, are smaller.
_LARGEST = 2**63
#: Other integers have no more bits: as large as the largest float.
LARGEST_BITS = 1024
#: So deep values lie in each other where any are allowed.
DEEPEST = 64
_SIMPLE = frozenset({str, bool, type(None)})
#: Of a name that isn't known, so much is told.
_TOLD = 40


class Misfit(ValueError):
    """Data that isn't what it has to be."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self._places: list[str | int] = []

    def within(self, place: str | int) -> None:
        """Note what has it at which place: the name of a field, or a number from 0."""
        self._places.append(place)

    def __str__(self) -> str:
        where = ""
        for place in reversed(self._places):
            where += f"[{place}]" if isinstance(place, int) else f".{place}"
        return f"{where.removeprefix('.')}: {self.why}" if where else self.why


def parsed(content: bytes | str) -> Any:
    """What a text of JSON holds, in UTF-8.

    Raises `ValueError` for what is no JSON, has a name twice in an object, or lies deeper in itself
    than Python reads. Numbers may be none, as Python has it.
    """
    try:
        text = content if isinstance(content, str) else content.decode()
        return json.loads(text, object_pairs_hook=_unique)
    except Misfit:
        raise
    except UnicodeDecodeError as error:
        raise ValueError("it is no JSON in UTF-8") from error
    except RecursionError as error:
        raise ValueError("it is no JSON that can be read: too much lies in each other") from error
    except ValueError as error:  # it tells a place in the text
        raise ValueError(f"it is no JSON: {error}") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Misfit(f"{_short(twice)} is there twice")
    return found


# Readers


def text(value: Any) -> str:
    """A text."""
    if type(value) is str:
        return value
    raise _unlike(value, "a text")


def flag(value: Any) -> bool:
    """True or false."""
    if type(value) is bool:
        return value
    raise _unlike(value, "true or false")


def count(value: Any) -> int:
    """A number of things: an integer from 0."""
    if type(value) is int and 0 <= value < _LARGEST:
        return value
    raise _unlike(value, "a number of things")


def amount(value: Any) -> float:
    """A number from 0, of any kind."""
    if type(value) in {int, float} and 0 <= value < _LARGEST:
        return value  # type: ignore[no-any-return]
    raise _unlike(value, "a number from 0")


def number(value: Any) -> float:
    """A finite number of any kind."""
    if type(value) in {int, float} and -_LARGEST < value < _LARGEST:
        return value  # type: ignore[no-any-return]
    raise _unlike(value, "a number")


def anything(value: Any) -> Any:
    """Whatever JSON holds, if its numbers are finite and it isn't too deep."""
    if type(value) not in _SIMPLE:
        _check(value, DEEPEST)
    return value


def _check(value: Any, deeper: int) -> None:
    kind = type(value)
    if kind in _SIMPLE:
        return
    if kind is int:
        if value.bit_length() > LARGEST_BITS:
            raise Misfit("a number that is too large")
    elif kind is float:
        if not math.isfinite(value):
            raise Misfit("a number that isn't finite")
    elif kind is list or kind is dict:
        if not deeper:
            raise Misfit("too much lies in each other")
        for place, one in value.items() if kind is dict else enumerate(value):
            try:
                _check(one, deeper - 1)
            except Misfit as error:
                error.within(_short(place) if isinstance(place, str) else place)
                raise
    else:
        raise _unlike(value, "a value of JSON")


def optional(reader: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """What the reader reads, or nothing."""

    def read(value: Any) -> T | None:
        return None if value is None else reader(value)

    return read


def each(reader: Callable[[Any], T], length: int | None = None) -> Callable[[Any], tuple[T, ...]]:
    """A list of what the reader reads, of that length if one is given."""

    def read(value: Any) -> tuple[T, ...]:
        if type(value) is not list:
            raise _unlike(value, "a list")
        if length is not None and len(value) != length:
            raise Misfit(f"a list of {len(value)} in place of {length}")
        found: list[T] = []
        add = found.append
        try:
            for one in value:
                add(reader(one))
        except Misfit as error:
            error.within(len(found))
            raise
        return tuple(found)

    return read


def mapping(reader: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    """An object, with any names, of what the reader reads."""

    def read(value: Any) -> dict[str, T]:
        if type(value) is not dict:
            raise _unlike(value, "an object")
        found = {}
        for name, one in value.items():
            try:
                found[name] = reader(one)
            except Misfit as error:
                error.within(_short(name))
                raise
        return found

    return read


def record(
    make: type[T], readers: Mapping[str, Callable[[Any], Any]], *, is_whole: bool = False
) -> Callable[[Any], T]:
    """An object with the fields of the dataclass that have readers, and no others.

    Those that have a default needn't be there, if it isn't to be whole.
    """
    needed = {
        one.name
        for one in fields(make)  # type: ignore[arg-type]  # dataclasses have no type of their own
        if one.name in readers and (is_whole or one.default is one.default_factory is MISSING)
    }

    def read(value: Any) -> T:
        if type(value) is not dict:
            raise _unlike(value, "an object")
        found = {}
        for name, one in value.items():
            reader = readers.get(name)
            if reader is None:
                raise Misfit(f"it has a field {_short(name)}, which isn't known")
            try:
                found[name] = reader(one)
            except Misfit as error:
                error.within(name)
                raise
        if not needed <= found.keys():
            raise Misfit(f"it has no {', '.join(sorted(needed - found.keys()))}")
        return make(**found)

    return read


def _unlike(value: Any, wanted: str) -> Misfit:
    return Misfit(f"{_what(value)} in place of {wanted}")


def _what(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() if value.bit_length() > LARGEST_BITS:
            return "a number that is too large"
        case int() | float():
            return repr(value)
        case str():
            return f"the text {_short(value)}"
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
    return type(value).__name__


def _short(name: str) -> str:
    return repr(name if len(name) <= _TOLD else f"{name[:_TOLD]}…")
