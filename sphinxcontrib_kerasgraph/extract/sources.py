"""The source files of the author's own that this process has imported."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from functools import cache
from pathlib import Path

_INSTALLED = {"site-packages", "dist-packages"}


def own_sources() -> list[str]:
    """Paths of the imported modules' files, sorted, without those of Python and of libraries."""
    # Not by getattr: a module's `__getattr__` runs code, and may raise.
    files = [getattr(module, "__dict__", {}).get("__file__") for module in [*sys.modules.values()]]
    return sorted(
        {str(Path(file).resolve()) for file in files if isinstance(file, str) and is_own(file)}
    )


def is_own(file: str) -> bool:
    """Whether a source file is the author's own.

    A library is what lies in a ``site-packages`` folder, Python what lies in its own. This
    package counts as a library, also when it is installed editable.
    """
    if file.startswith(_libraries()):
        return False
    path = Path(file)
    return not _INSTALLED.intersection(path.parts) and path.is_file()


@cache
def _libraries() -> tuple[str, ...]:
    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    roots |= {site.getusersitepackages(), str(Path(__file__).parents[1])}
    return tuple(os.path.join(root, "") for root in roots)
