"""Text for readers anywhere: without the folders of the machine that it was made on."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The folders of an absolute path, each with what ends it. What is behind a word or a colon is no
#: beginning: of an address, or of a path of layers.
_FOLDERS = re.compile(
    r"(?<![\w.:/\\~…-])(?:/(?:[^\s/'\"<>|:,;()\[\]{}]+/)+|[A-Za-z]:[\\/]+(?:[^\s\\/'\"<>|:]+[\\/]+)*)"
)
_ELSEWHERE = "…/"


def public(text: str, folders: Iterable[str] = ()) -> str:
    """The text with paths from these folders on, and of all others their last parts alone.

    ``folders`` are those that readers know what is in, as the source folder of a documentation.
    """
    if "/" not in text and "\\" not in text:  # as most is
        return text
    for folder in sorted(filter(_is_told, folders), key=len, reverse=True):
        text = text.replace(f"{folder}{os.sep}", "").replace(folder, ".")
    for folder in filter(_is_told, (sys.prefix, tempfile.gettempdir(), *_own())):
        text = text.replace(f"{folder}{os.sep}", _ELSEWHERE)
    return _FOLDERS.sub(_ELSEWHERE, text)


def _own() -> Iterable[str]:
    """The user's folder, if there is one, and the one where all began, if it is there still."""
    for of in (Path.home, Path.cwd):
        try:
            yield str(of())
        except (OSError, RuntimeError):
            continue


def _is_told(folder: str) -> bool:
    """Whether it is a folder by which paths can be told: neither the root nor nothing."""
    return len(folder.strip(os.sep)) > 1 and os.path.isabs(folder)
