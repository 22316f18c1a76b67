"""Which calls a pattern means: by path or class, with the wildcards of shells."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.graph import Call


def matches(call: Call, path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern is that of the call's path or class, or the attribute that holds it.

    Of an attribute the brackets mean themselves: ``blocks[0]``, ``blocks[*]``.
    """
    names = (path, call.class_name, f"{call.module}.{call.qualname}")
    return any(
        any(fnmatchcase(name, pattern) for name in names)
        or (call.attribute is not None and fnmatchcase(call.attribute, pattern.replace("[", "[[]")))
        for pattern in patterns
    )
