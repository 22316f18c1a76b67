"""What a build leaves behind: processes, temporary files, sockets."""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from running import is_running

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "KERASGRAPH_TEST_MARK"
#: So long processes may take to end that were told to.
_SECONDS = 5


@contextlib.contextmanager
def watched(folder: Path) -> Iterator[dict[str, str]]:
    """An environment for builds; afterwards no process has it, and its temporary folder is empty.

    ``folder`` is where that is made. Sockets that have a name lie in it.
    """
    temporary = folder / "temporary"
    temporary.mkdir()
    mark = uuid.uuid4().hex
    yield {_MARK: mark, "TMPDIR": str(temporary)}
    until = time.monotonic() + _SECONDS
    while processes_with(mark) and time.monotonic() < until:
        time.sleep(0.05)
    left = processes_with(mark)
    assert left == {}, left
    assert sorted(str(path) for path in temporary.rglob("*")) == []


def processes_with(mark: str) -> dict[int, str]:
    """The processes that run with it in their environment, by id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{_MARK}={mark}".encode() in path.joinpath("environ").read_bytes():
                pid = int(path.name)
                if pid != os.getpid() and is_running(pid):
                    found[pid] = path.joinpath("cmdline").read_text().replace("\0", " ")
    return found
