"""Which calls a pattern means: by path or class, with the wildcards of shells."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph.public_names import class_of, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.graph import Call


def matches(call: Call, path: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern is that of the call's path or class, or the attribute that holds it.

    The full name of a class is the one that tooltips show, or the one of documentation:
    ``keras.ops.add`` as well as ``keras.src.ops.numpy.Add``.
    Of an attribute the brackets mean themselves: ``blocks[0]``, ``blocks[*]``.
    """
    names = (path, call.class_name, *names_of(class_of(call)))
    return any(
        any(fnmatchcase(name, pattern) for name in names)
        or (call.attribute is not None and fnmatchcase(call.attribute, pattern.replace("[", "[[]")))
        for pattern in patterns
    )
