"""Which calls a pattern means: by path or class, with the wildcards of shells."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.graph import Call


def matches(call: Call, path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern is that of the call's path or class."""
    names = (path, call.class_name, f"{call.module}.{call.qualname}")
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)
