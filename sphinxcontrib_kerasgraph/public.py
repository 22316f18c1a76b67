"""Text for readers anywhere: without the folders of the machine that it was made on."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.files import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Where a path may begin. What is behind a word is no beginning: of an address, or of a path of
#: layers; what is behind a colon, or an option of a compiler, may be one.
_BEGIN = r"(?:(?<![\w./\\~…:-])|(?<=:)(?!//)|(?<=\bfile://)|(?<=-[IL])(?<!\w-[IL]))"
_NO_END = r"(?![\w-]|\.\w)"
#: The folders of an absolute path, each with what ends it, but for what is in none of their names.
_FOLDERS = r"(?:/(?:[^/{0}]+/)+|[A-Za-z]:[\\/]+(?:[^\\/{0}]+[\\/]+)*)"
#: In quotes a path goes on to their end.
_WAYS = (
    (r"(?<=')(?=[^'\n]*')", r"'\n"),
    (r'(?<=")(?=[^"\n]*")', r'"\n'),
    (_BEGIN, r"\s'\"<>|:,;()\[\]{}"),
)
_PATH = re.compile("|".join(f"{begin}{_FOLDERS.replace('{0}', no)}" for begin, no in _WAYS))
_ELSEWHERE = "…/"


def public(text: str, folders: Iterable[str] = ()) -> str:
    """The text with paths from these folders on, and of all others their last parts alone.

    ``folders`` are those that readers know what is in, as the source folder of a documentation.
    """
    if "/" not in text and "\\" not in text:  # as most is
        return text
    for folder in sorted(filter(_is_told, folders), key=len, reverse=True):
        if folder in text:
            text = _path_from(folder).sub(lambda found: "" if found[1] else ".", text)
    for folder in filter(_is_told, (sys.prefix, temporary_folder(), *_own())):
        if folder in text:
            text = _path_from(folder).sub(lambda found: _ELSEWHERE if found[1] else found[0], text)
    return _PATH.sub(_ELSEWHERE, text)


@cache
def _path_from(folder: str) -> re.Pattern[str]:
    """Finds the folder where a path begins with it."""
    return re.compile(rf"{_BEGIN}{re.escape(folder)}(?:({re.escape(os.sep)})|{_NO_END})")


def _own() -> Iterable[str]:
    """The user's folder, if there is one, and the folder of now, if it is there still."""
    for of in (Path.home, Path.cwd):
        try:
            yield str(of())
        except (OSError, RuntimeError):
            continue


def _is_told(folder: str) -> bool:
    """Whether it is a folder by which paths can be told: neither the root nor nothing."""
    return len(folder.strip(os.sep)) > 1 and os.path.isabs(folder)
