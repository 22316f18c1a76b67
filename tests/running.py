"""Whether processes run."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether a process runs; one that is dead but not waited for doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Wait for it; whether it became true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


#: A variable by which processes are known that some test has started.
MARK = "KERASGRAPH_TEST_MARK"


def name_of_mark(mark: str) -> str:
    """What a process is called that is a fork, and so has another environment in ``/proc``."""
    return mark[:15]  # as long as names may be


def be_marked(environment: Mapping[str, str]) -> None:
    """Have this process, and its forks, be known by the mark of the environment."""
    if MARK not in environment:
        return
    with contextlib.suppress(OSError):  # another system
        Path("/proc/self/comm").write_text(name_of_mark(environment[MARK]), encoding="ascii")


def has_mark(process: Path, mark: str) -> bool:
    """Whether the process, a folder of ``/proc``, is marked. Raises `OSError` if it has ended."""
    if process.joinpath("comm").read_text(errors="replace").strip() == name_of_mark(mark):
        return True
    return f"{MARK}={mark}".encode() in process.joinpath("environ").read_bytes()
