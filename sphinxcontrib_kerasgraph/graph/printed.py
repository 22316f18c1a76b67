"""A graph with names that every output can hold, and that say what they seem to."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from sphinxcontrib_kerasgraph.printable import printable

T = TypeVar("T")


def printed(value: T) -> T:
    """What a graph is made of, with each text `printable`; itself where all are.

    Configurations are left: they are what they are, and are made printable where they are told.
    """
    made: Any = value
    match value:
        case str():
            made = printable(value)
        case tuple():
            found = tuple(printed(one) for one in value)
            if any(new is not old for new, old in zip(found, value, strict=True)):
                made = found
        case _ if is_dataclass(value):
            changed = {}
            of: Any = type(made)  # which mypy takes for unhashable
            for name in _names(of):
                old = getattr(made, name)
                new = printed(old)
                if new is not old:
                    changed[name] = new
            made = replace(made, **changed) if changed else made
    return cast("T", made)


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(cls))
