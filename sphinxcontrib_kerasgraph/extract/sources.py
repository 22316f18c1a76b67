"""The source files of the author's own that this process has imported."""

from __future__ import annotations

import site
import sys
import sysconfig
from pathlib import Path

_INSTALLED = {"site-packages", "dist-packages"}


def own_sources() -> list[str]:
    """Paths of the imported modules' files, sorted, without those of Python and of libraries.

    A library is what lies in a ``site-packages`` folder, Python what lies in its own. This
    package counts as a library, also when it is installed editable.
    """
    roots = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    roots |= {site.getusersitepackages(), str(Path(__file__).parents[1])}
    libraries = tuple(f"{root}/" for root in roots)
    found = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and not file.startswith(libraries):
            path = Path(file)
            if not _INSTALLED.intersection(path.parts) and path.is_file():
                found.add(str(path.resolve()))
    return sorted(found)
