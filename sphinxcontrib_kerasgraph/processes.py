"""Processes that we start: ended with all that they started, and never waited for without an end.

A process may hang, leave children behind that hold its pipes, or not even end when it is killed,
as when its disk is gone. So output goes to files, and what is waited for is the process alone.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from threading import Event

#: So long a process that was killed, or whose end is near, may take to end.
DYING_SECONDS = 5

_LOOK_SECONDS = 0.2

#: `subprocess.Popen.wait` with a limit sleeps up to 50 ms: most runs of ``dot`` are short.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.002

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Finished:
    """A process that has ended, and what it wrote."""

    returncode: int
    out: bytes
    err: bytes


def run(command: Sequence[str], sent: bytes, seconds: float, stop: Event | None = None) -> Finished:
    """Run a program with that standard input.

    Raises `subprocess.TimeoutExpired` if it takes longer, or is to ``stop``, which another thread
    may say, and `OSError` if it can't be run.
    """
    with (
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        stdin.write(sent)
        stdin.seek(0)
        # In a session of its own, so that those that it starts are ended with it.
        process = subprocess.Popen(
            command, stdin=stdin, stdout=out, stderr=err, start_new_session=True
        )
        try:
            if not has_ended(process, seconds, stop):
                raise subprocess.TimeoutExpired(command, seconds)
        finally:
            if process.poll() is None:
                end(process)
        out.seek(0)
        err.seek(0)
        return Finished(process.returncode, out.read(), err.read())


def has_ended(process: subprocess.Popen[bytes], seconds: float, stop: Event | None = None) -> bool:
    """Wait for the process; whether it ended in time, and before the waiting was to ``stop``."""
    until = time.monotonic() + seconds
    pause = _SHORTEST_PAUSE
    while process.poll() is None:
        left = until - time.monotonic()
        if left <= 0 or (stop is not None and stop.is_set()):
            return False
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST_PAUSE)
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process, and wait for its end, but not for ever."""
    kill(process)
    has_ended(process, DYING_SECONDS)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and those that it started, if it was started in a session of its own."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def forked(
    function: Callable[[T], R], items: Iterable[T], jobs: int, seconds: float
) -> Iterator[tuple[T, R | None]]:
    """Each item with what the function returns for it in a fork of this process; as they come.

    ``None`` for one whose fork raised, died, or took longer. At most ``jobs`` run at a time. For
    systems that have ``fork`` only, and for processes without threads.
    """
    from multiprocessing import connection, get_context  # noqa: PLC0415 - few builds fork

    context: Any = get_context("fork")
    waiting = deque(items)
    running: dict[Any, tuple[T, Path, float]] = {}
    started = 0
    # A result is a file, which is there, or not, when the fork has ended.
    with tempfile.TemporaryDirectory(prefix="kerasgraph-") as folder:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    item, path = waiting.popleft(), Path(folder, str(started))
                    started += 1
                    process = context.Process(target=_leave, args=(function, item, path))
                    process.start()
                    running[process] = item, path, time.monotonic() + seconds
                connection.wait([process.sentinel for process in running], _LOOK_SECONDS)
                for process, (item, path, until) in list(running.items()):
                    if not process.is_alive() or time.monotonic() > until:
                        del running[process]
                        _end_fork(process)
                        is_there = process.exitcode == 0 and path.is_file()
                        yield item, _left(path) if is_there else None
        finally:
            for process in running:
                _end_fork(process)


def _leave(function: Callable[[T], R], item: T, path: Path) -> None:
    # So that what it has started is ended with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    path.write_bytes(pickle.dumps(function(item)))


def _left(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301 - a fork of ours wrote it


def _end_fork(process: Any) -> None:
    process.terminate()
    process.join(_LOOK_SECONDS)
    process.kill()
    process.join(DYING_SECONDS)
