"""Files that others may have put there are read here: regular ones alone, and up to a size.

To open a pipe would be to wait for who writes into it, and a device may never end.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

#: The largest file that is read: a graph of 200,000 calls takes as much.
LARGEST = 2**28


def opened(path: str | os.PathLike[str], *, follow: bool = True) -> BufferedReader:
    """The file, open to be read. Raises `OSError` if it is no regular one, and no link to one."""
    try:
        number = os.open(path, _FLAGS if follow else _FLAGS | _NO_LINK)
    except ValueError as error:  # that can't be the name of a file
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path)) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "It is no regular file", os.fspath(path))
    return open(number, "rb")


def read(path: str | os.PathLike[str], most: int = LARGEST) -> bytes:
    """What the file holds. Raises `OSError` if it isn't regular, or has more bytes."""
    with opened(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"It is larger than {most // 2**20} MiB", os.fspath(path))
    return content


def read_end(path: str | os.PathLike[str], most: int) -> bytes:
    """So many of the last bytes of the file. Raises `OSError` for a link, too."""
    with opened(path, follow=False) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - most))
        return file.read(most)


def is_within(path: str | os.PathLike[str], folder: str | os.PathLike[str]) -> bool:
    """Whether a file lies in the folder, or deeper, wherever links lead."""
    real, root = os.path.realpath(path), os.path.realpath(folder)
    try:
        return os.path.commonpath([real, root]) == root
    except ValueError:  # on another drive
        return False


def temporary_folder() -> str:
    """Where files are made for a time; also where nothing can be written there, or anywhere."""
    try:
        return tempfile.gettempdir()
    except OSError:  # told by who writes
        return "/tmp"  # noqa: S108 - nothing is trusted there
