"""Which files are the author's own, not Python's or a library's."""

from __future__ import annotations

import os
import site
import sysconfig
from functools import cache
from pathlib import Path

#: What TensorFlow's autograph makes of the author's code, for the time being.
_CONVERTED = "__autograph_generated_file"
_INSTALLED = {"site-packages", "dist-packages"}


def is_own(file: str) -> bool:
    """Whether a source file is the author's own, which is there."""
    return not is_library(file) and not is_converted(file) and os.path.isfile(file)


def is_library(path: str) -> bool:
    """Whether a path is one of a library or of Python, a file or folder, there or not.

    A library is what lies in a ``site-packages`` folder, Python what lies in its own. This
    package counts as a library, also when it is installed editable.
    """
    return path.startswith(_libraries()) or not _INSTALLED.isdisjoint(Path(path).parts)


def library_of(file: str) -> str:
    """The folder or module right in ``site-packages`` that a file is of; empty for others."""
    folders = Path(file).parts
    places = [at for at, folder in enumerate(folders[:-1]) if folder in _INSTALLED]
    return folders[places[-1] + 1] if places else ""


@cache
def is_python(file: str) -> bool:
    """Whether a source file is one of Python itself."""
    return file.startswith(_python()) and _INSTALLED.isdisjoint(Path(file).parts)


def is_converted(file: str) -> bool:
    """Whether TensorFlow's autograph has made the file."""
    return os.path.basename(file).startswith(_CONVERTED)


@cache
def _python() -> tuple[str, ...]:
    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    return tuple(os.path.join(root, "") for root in roots)


@cache
def _libraries() -> tuple[str, ...]:
    roots = {site.getusersitepackages(), str(Path(__file__).parent)}
    return (*_python(), *(os.path.join(root, "") for root in roots))
