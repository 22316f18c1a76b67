"""What a build leaves behind: processes, temporary files, sockets."""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from running import MARK, has_mark, is_running, until
from sphinxcontrib_kerasgraph.guardian import guardian_name

if TYPE_CHECKING:
    from collections.abc import Iterator

#: So long processes may take to end that were told to.
_SECONDS = 5


@contextlib.contextmanager
def watched(folder: Path) -> Iterator[dict[str, str]]:
    """An environment for builds; afterwards nothing has it, and its temporary folder is empty.

    ``folder`` is where that is made. Sockets that have a name lie in it; those that have none, and
    shared memory, are counted.
    """
    temporary = folder / "temporary"
    temporary.mkdir()
    mark = uuid.uuid4().hex
    yield {MARK: mark, "TMPDIR": str(temporary)}
    until(lambda: not processes_with(mark), _SECONDS)
    left = processes_with(mark)
    assert left == {}, left
    # Sphinx keeps the traceback of a setting that is wrong.
    found = [path for path in temporary.rglob("*") if not path.name.startswith("sphinx-err-")]
    assert sorted(map(str, found)) == [], found
    assert [*Path("/dev/shm").glob("*kerasgraph*")] == []
    sockets = Path("/proc/net/unix")
    assert not sockets.exists() or "kerasgraph" not in sockets.read_text(errors="replace")


@contextlib.contextmanager
def all_watched(folder: Path) -> Iterator[None]:
    """The same for all processes that are started from here."""
    with watched(folder) as environment:
        before = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def processes_with(mark: str) -> dict[int, str]:
    """The processes that run with it in their environment, or as their name, by id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if has_mark(path, mark):
                pid = int(path.name)
                command = path.joinpath("cmdline").read_text().replace("\0", " ")
                if pid != os.getpid() and is_running(pid) and not _is_guardian_of_tests(command):
                    found[pid] = command
    return found


def _is_guardian_of_tests(command: str) -> bool:
    """Whether it waits for the end of this process, or serves all builds: see `fork_hosts`."""
    return guardian_name() in command or "import fork_hosts" in command
