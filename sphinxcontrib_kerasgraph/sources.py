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
    """Whether a source file is the author's own.

    A library is what lies in a ``site-packages`` folder, Python what lies in its own. This
    package counts as a library, also when it is installed editable; so does what TensorFlow writes.
    """
    if file.startswith(_libraries()):
        return False
    path = Path(file)
    return not is_converted(file) and not _INSTALLED.intersection(path.parts) and path.is_file()


def is_converted(file: str) -> bool:
    """Whether TensorFlow's autograph has made the file."""
    return os.path.basename(file).startswith(_CONVERTED)


@cache
def _libraries() -> tuple[str, ...]:
    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    roots |= {site.getusersitepackages(), str(Path(__file__).parent)}
    return tuple(os.path.join(root, "") for root in roots)
