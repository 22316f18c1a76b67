"""What a process starts ends with it, in whatever session, on Linux.

A process whose parent ends becomes the child of the nearest one above that adopts (``prctl(2)``,
``PR_SET_CHILD_SUBREAPER``): so each builder adopts what its model's code leaves, the server what
builders leave, which it ends, and a keeper what is left of the server. Elsewhere only what is in
the builder's own session is ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_PAUSE = 0.005
_SECONDS = 2


@cache
def _prctl() -> Callable[[int, int], Any] | None:
    try:
        import ctypes

        found: Any = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return None
    return lambda option, value: found(option, value, 0, 0, 0)


def adopt() -> None:
    """Become the parent of what this process's children leave behind."""
    prctl = _prctl()
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent(parent: int) -> None:
    """Have the system end this process with the parent, whose id it is, if that lives."""
    prctl = _prctl()
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def end_all_but(wanted: Collection[int]) -> None:
    """Kill all children of this process but these, and what those have started; for what it takes.

    What they have started becomes this process's children, where it adopts.
    """
    if not hasattr(os, "WNOHANG"):  # Windows, which tells no children either
        return
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        strays = [pid for pid in children() if pid not in wanted]
        if not strays:
            return
        for pid in strays:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(_PAUSE)


def children() -> list[int]:
    """The processes that this one has started, or adopted, and that weren't waited for."""
    # Not every kernel tells children; each process tells its parent.
    with contextlib.suppress(OSError, ValueError):
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
        return [int(pid) for pid in text.split()]
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = path.read_text(encoding="utf-8", errors="replace")
            if int(text.rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(path.parent.name))
    return found


def has_one_thread() -> bool:
    """Whether it is sure that this process has no other thread, which a fork would lack."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False
