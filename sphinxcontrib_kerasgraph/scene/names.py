"""Names of boxes: from the paths of calls, safe in any language, and each there once."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Ends the path of what is drawn and is no call, so that it isn't that of a call: names of layers
#: are printable.
NO_CALL = "\0"
#: The path of the text below a drawing.
NOTE = f"//note{NO_CALL}"

_LONGEST = 200
_UNSAFE = re.compile(r"[^\w/.#~-]")


class Names:
    """Names by what they stand for; a number tells two that would be the same apart."""

    def __init__(self, prefix: str = "", taken: Iterable[str] = ()) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}
        self._taken = set(taken)

    def __getitem__(self, path: str) -> str:
        """The name of what is at that path."""
        if path not in self._names:
            base = name = self._prefix + safe(shown_path(path))
            number = 1
            while name in self._taken:
                number += 1
                name = f"{base}~{number}"
            self._taken.add(name)
            self._names[path] = name
        return self._names[path]


def shown_path(path: str) -> str:
    """The path as it is told, without `NO_CALL`, which ends it or what is before ``//in0``."""
    return path.replace(f"{NO_CALL}//", "//").removesuffix(NO_CALL)


def safe(name: str) -> str:
    """The name without characters that need care in names of nodes; cut, with a hash, if long.

    Graphviz fails on texts of some 16,000 bytes.
    """
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}~{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:8]}"
    return _UNSAFE.sub("_", name)
