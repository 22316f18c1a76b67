"""Which files decide a model, and whether one of them was saved."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.target import Target
    from sphinxcontrib_kerasgraph.worker.protocol import MadeFrom

#: When a file was written, its size and its number; the names in a folder; nothing.
_State: TypeAlias = tuple[int, int, int] | tuple[str, ...] | None


class Watch:
    """Files and folders, there or not, and what they were when they were looked at last."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._seen = {path: _state(path) for path in paths}

    def follow(self, paths: Iterable[str], since: float) -> None:
        """Watch these from now on.

        A path that wasn't watched counts as changed if it was written ``since`` then, in seconds as
        of `time.time`: what was built then may not be of it.
        """
        self._seen = {
            path: self._seen[path] if path in self._seen else _state(path, since)
            for path in dict.fromkeys(paths)
        }

    def has_changed(self) -> bool:
        """Whether one of them is another than when this was asked last."""
        now = {path: _state(path) for path in self._seen}
        changed = now != self._seen
        self._seen = now
        return changed

    @property
    def paths(self) -> tuple[str, ...]:
        """What is watched."""
        return tuple(self._seen)


def paths_of(target: Target, folder: str, made_from: MadeFrom) -> list[str]:
    """All that decides a model that was built, or couldn't be; found from the folder on.

    Also where its modules would be that aren't there yet, or shadow others.
    """
    found = [*made_from.get("files", ())]
    if target.is_file:
        found.append(os.path.join(folder, target.path))
    else:
        names = target.name.split(".")
        found += (one for at in range(len(names)) for one in _module(folder, names[: at + 1]))
    for name in made_from.get("modules", ()):
        found += _module(folder, [name])
    return list(dict.fromkeys(found))


def _module(folder: str, names: Sequence[str]) -> list[str]:
    path = os.path.join(folder, *names)
    return [f"{path}.py", os.path.join(path, "__init__.py")]


def _state(path: str, since: float | None = None) -> _State:
    """What tells a file or folder from what it is later.

    Nothing where it isn't there; and a state like no other if it was written ``since`` then.
    """
    try:
        if os.path.isdir(path):
            names = sorted(os.listdir(path))
            return tuple(one for one in names if one[0] != "." and one != "__pycache__")
        stat = os.stat(path)
    except (OSError, ValueError):
        return None
    if since is not None and since <= stat.st_mtime <= time.time():
        return (-1, -1, -1)
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
