"""What was made is kept on disk: whole or not at all, checked when it is read, and not for ever."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import files
from sphinxcontrib_kerasgraph.guardian import guard_path, release_path

if TYPE_CHECKING:
    from pathlib import Path

_DAY = 24 * 60 * 60
#: What no build has used for so long is removed.
LONGEST_UNUSED = 30 * _DAY
#: If more than so many bytes are kept, those that were used least lately are removed.
LARGEST = 500 * 2**20

#: Keeps the folder out of backups (bford.info/cachedir) and out of git.
_MARKS = {
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n",
    ".gitignore": "*\n",
}
_UNFINISHED = ".unfinished-"

#: All that a store ever removes, in whatever folder it was put.
KINDS = ("graphs", "drawings")
_OURS = re.compile(rf"[0-9a-f]{{64}}|{re.escape(_UNFINISHED)}[0-9a-f]{{16}}")
#: Before 0.1 was released ``dot`` wrote into folders among the images.
_LEFT = re.compile(rf"{re.escape(_UNFINISHED)}[0-9a-f]{{16}}|\.kerasgraph-\w+")


class Store:
    """Bytes by kind and key in a folder, which several builds may share.

    An entry is a file that begins with the hash of its name and the rest. It appears under its name
    when it is whole; one that is damaged, or was another's, counts as missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._grown = False
        #: Why an entry couldn't be kept, the first time.
        self.error: OSError | None = None

    def get(self, kind: str, key: str) -> bytes | None:
        """The entry, or ``None``; never raises."""
        path = self._path(kind, key)
        try:
            head, _, content = files.read(path, LARGEST).partition(b"\n")
            if head != _hash(kind, key, content):
                return None
            if time.time() - path.stat().st_mtime > _DAY:
                os.utime(path)  # so it is known as used
        except OSError:
            return None
        return content

    def put(self, kind: str, key: str, content: bytes) -> None:
        """Keep an entry in place of the one that there may be; if that fails, note the `error`."""
        path = self._path(kind, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _hash(kind, key, content) + b"\n" + content)
            self._grown = True
        except OSError as error:
            self.error = self.error or error

    def prune(self) -> None:
        """Remove what wasn't used for long, if anything was added; never raises."""
        if not self._grown:
            return
        self._grown = False
        with contextlib.suppress(OSError):
            for name, text in _MARKS.items():
                if not self._folder.joinpath(name).exists():
                    self._folder.joinpath(name).write_text(text, encoding="utf-8")
        now = time.time()
        room = LARGEST
        for used, size, path in sorted(self._entries(), reverse=True):
            if path.name.startswith(_UNFINISHED):
                outlived = now - used > _DAY  # who wrote it has died
            else:
                room -= size
                outlived = room < 0 or now - used > LONGEST_UNUSED
            if outlived:
                with contextlib.suppress(OSError):  # another build was faster
                    path.unlink()

    def _entries(self) -> list[tuple[float, int, Path]]:
        """When each file was used last, its size, and its path."""
        found = []
        for path in (path for kind in KINDS for path in self._folder.joinpath(kind).glob("*")):
            with contextlib.suppress(OSError):
                stat = path.stat()
                if _OURS.fullmatch(path.name):
                    found.append((stat.st_mtime, stat.st_size, path))
        return found

    def _path(self, kind: str, key: str) -> Path:
        return self._folder / kind / key


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that others may be reading: they see the old one or the new one, whole."""
    unfinished = path.with_name(f"{_UNFINISHED}{os.urandom(8).hex()}")
    guard_path(unfinished)
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
        release_path(unfinished)
    except BaseException as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        release_path(unfinished)
        if isinstance(error, OSError) and error.errno:  # is told with the name that is known
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed build has left there, of this release or an earlier; never raises.

    No other build may be writing there.
    """
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if not _LEFT.fullmatch(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()


def _hash(kind: str, key: str, content: bytes) -> bytes:
    digest = hashlib.sha256(f"{kind}/{key}\n".encode())
    digest.update(content)
    return digest.hexdigest().encode()


def key_of(*parts: object) -> str:
    """The key of an entry that these values decide, of which `repr` tells all."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()
