"""What a graph was made from, and what that was then: by it is known whether the graph holds."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The hash of a file that isn't there, and of one that was changed while it was read.
ABSENT = "absent"
_UNSETTLED = ""

#: What a release number tells enough of; their lists of files have thousands of lines.
_BY_RELEASE = frozenset({"jax", "keras", "numpy", "tensorflow", "torch"})


class Contents:
    """What files and installed libraries are now, each looked at once."""

    def __init__(self, folder: str) -> None:
        #: From where files are named.
        self.folder = folder
        self.file = cache(self._file)
        self.package = cache(_package)

    def _file(self, name: str) -> str:
        """The hash of a file named from the folder on."""
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return ABSENT

    def name(self, path: str) -> str:
        """The path from the folder on, the same wherever a project is checked out."""
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix()
        except ValueError:  # on another drive
            return path


@dataclass(frozen=True)
class Fingerprint:
    """Files and libraries, each with what it held."""

    #: Names from a folder on, and SHA-256.
    files: tuple[tuple[str, str], ...] = ()
    #: Distributions, and their version or the SHA-256 of pip's list of their files.
    packages: tuple[tuple[str, str], ...] = ()

    @classmethod
    def taken(
        cls, files: Iterable[str], packages: Iterable[str], contents: Contents, since: float
    ) -> Fingerprint:
        """The fingerprint of what was read ``since`` then, in seconds as of `time.time`.

        A file that was written after may not be what was read: it never counts as unchanged.
        """

        def content(path: str) -> str:
            return _UNSETTLED if _modified(path) >= since else contents.file(contents.name(path))

        return cls(
            tuple((contents.name(path), content(path)) for path in files),
            tuple((name, contents.package(name)) for name in packages),
        )

    def holds(self, contents: Contents) -> bool:
        """Whether all of it is still so."""
        return all(contents.file(name) == hash_ for name, hash_ in self.files) and all(
            contents.package(name) == held for name, held in self.packages
        )

    def with_file(self, path: str, contents: Contents) -> Fingerprint:
        """This, and a file, which may be absent, as it is now."""
        name = contents.name(path)
        if name in dict(self.files):
            return self
        return Fingerprint((*self.files, (name, contents.file(name))), self.packages)

    def to_data(self) -> dict[str, Any]:
        """The fingerprint as JSON holds it."""
        return {"files": dict(self.files), "packages": dict(self.packages)}

    @classmethod
    def from_data(cls, data: Any) -> Fingerprint:
        """What `to_data` gave. Raises `ValueError` for anything else."""
        try:
            found = cls(tuple(data["files"].items()), tuple(data["packages"].items()))
            if all(isinstance(held, str) for _, held in (*found.files, *found.packages)):
                return found
            raise ValueError("not a Fingerprint: what is held is no text")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a Fingerprint: {error!r}") from error


def _modified(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0


def _package(name: str) -> str:
    try:
        distribution = importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return ABSENT
    version = distribution.version or ABSENT
    if name in _BY_RELEASE:
        return version
    try:
        files = distribution.read_text("RECORD")
    except ValueError:  # not in UTF-8
        return version
    return version if files is None else hashlib.sha256(files.encode()).hexdigest()


def release(name: str) -> str:
    """The version of an installed distribution."""
    try:
        return importlib.metadata.version(name) or ABSENT
    except importlib.metadata.PackageNotFoundError:
        return ABSENT


@cache
def code_digest(*parts: str) -> str:
    """What these files and folders of this package hold: what they made is valid as long."""
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for part in parts:
        place = root / part
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()
