"""The snapshots that a branch has changed, with the models that they were and are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import files, snapshot
from sphinxcontrib_kerasgraph.cli import git
from sphinxcontrib_kerasgraph.diff import ModelDiff

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.cli.git import ChangedFile
    from sphinxcontrib_kerasgraph.graph import ModelGraph

#: How the names of snapshots end.
_OURS = re.compile(r"-[0-9a-f]{8}\.json")


@dataclass(frozen=True)
class Differing:
    """A model that differs, or is new, or gone."""

    #: What is asked for, as on a page: before, and now.
    old_name: str | None
    new_name: str | None
    old: ModelGraph | None
    new: ModelGraph | None

    @cached_property
    def diff(self) -> ModelDiff | None:
        """What differs, where it was there and is."""
        if self.old is None or self.new is None:
            return None
        return ModelDiff.of(self.old, self.new, self.old_name or "", self.new_name or "")


@dataclass(frozen=True)
class Unreadable:
    """A snapshot that isn't one any more: what there is of it can't be compared."""

    name: str
    why: str


@dataclass(frozen=True)
class ChangedSnapshots:
    """What a branch has changed."""

    #: The revision as it is called, and the commit that all is compared with.
    revision: str
    base: str
    differing: tuple[Differing, ...]
    unreadable: tuple[Unreadable, ...]
    #: How many snapshots are other files, of the same models.
    same: int


@dataclass(frozen=True)
class _Side:
    """A snapshot before or after; nothing of a file that isn't there, or is none."""

    name: str | None = None
    graph: ModelGraph | None = None
    why: str | None = None


def changed_snapshots(revision: str, folders: Sequence[str]) -> ChangedSnapshots:
    """Those in the folders that aren't what they were at the revision; see `git.changes`.

    Files of JSON that are something else are passed over. Raises `Fault`.
    """
    changes = git.changes(revision, folders)
    pairs, unreadable = [], []
    for file in changes.files:
        old, new = _old(file, changes.base), _new(file, changes.top)
        for side in (new, old):
            if side.why is not None:
                unreadable.append(Unreadable(file.new or file.old or "", side.why))
                break
        else:
            pairs.append((old, new))
    differing, same = [], 0
    for old, new in _moved(pairs):
        found = Differing(old.name, new.name, old.graph, new.graph)
        if found.diff is not None and found.diff.is_same and old.name == new.name:
            same += 1
        else:
            differing.append(found)
    differing.sort(key=lambda one: one.new_name or one.old_name or "")
    return ChangedSnapshots(revision, changes.base, tuple(differing), tuple(unreadable), same)


def _moved(pairs: Iterable[tuple[_Side, _Side]]) -> list[tuple[_Side, _Side]]:
    """The pairs of which there is something, and one of what is gone and there under its name.

    Git doesn't know of a file that it isn't told of that it was another, or of one that changed
    much.
    """
    found, gone, there = [], [], []
    for old, new in pairs:
        if old.graph is not None and new.graph is not None:
            found.append((old, new))
        elif old.graph is not None:
            gone.append(old)
        elif new.graph is not None:
            there.append(new)
    by_name: dict[str | None, list[_Side]] = {}
    for new in there:
        by_name.setdefault(new.name, []).append(new)
    for old in gone:
        same = by_name.get(old.name)
        found.append((old, same.pop(0) if same else _Side()))
    return found + [(_Side(), new) for left in by_name.values() for new in left]


def _old(file: ChangedFile, base: str) -> _Side:
    if file.old is None or not file.old.endswith(".json"):
        return _Side()
    return _side(git.content(f"{base}:{file.old}"), file.old)


def _new(file: ChangedFile, top: str) -> _Side:
    if file.new is None or not file.new.endswith(".json"):
        return _Side()
    path = Path(top, file.new)
    if not path.is_file():
        return _Side()
    try:
        return _side(files.read(path), file.new)
    except OSError as error:
        return _Side(why=f"it can't be read, {error.strerror}")


def _side(content: bytes, path: str) -> _Side:
    try:
        data = snapshot.loaded(content)
    except ValueError as error:
        return _Side(why=str(error)) if _OURS.search(path) else _Side()
    if not snapshot.is_snapshot(data):
        return _Side()
    try:
        request, graph = snapshot.from_data(data)
    except ValueError as error:
        return _Side(why=str(error))
    others = {name: value for name, value in request.to_data().items() if name != "target"}
    said = "".join(f", {name.replace('_', ' ')} {value}" for name, value in others.items())
    return _Side(f"{request.target}{said}", graph)
