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
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TypeVar

from sphinxcontrib_kerasgraph.guardian import (
    guard_group,
    guard_process,
    guarded_environment,
    release_group,
    release_process,
    start_guardian,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from threading import Event

#: So long a process that was killed, or whose end is near, may take to end.
DYING_SECONDS = 5

_LOOK_SECONDS = 0.2
#: So long a fork has to end what it has started.
_ENDING_SECONDS = 1
_ENDING = (signal.SIGINT, signal.SIGTERM)

#: `subprocess.Popen.wait` with a limit sleeps up to 50 ms: most runs of ``dot`` are short.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.002

#: In bytes: the layout of a network of 100,000 boxes is smaller.
MOST_WRITTEN = 2**28
_ERRORS_KEPT = 2**16

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Finished:
    """A process that has ended, and what it wrote."""

    returncode: int
    out: bytes
    #: The end of it, where it is much.
    err: bytes


class TooMuch(Exception):
    """A process was ended that wrote more than is ever wanted."""


def run(command: Sequence[str], sent: bytes, seconds: float, *stops: Event) -> Finished:
    """Run a program with that standard input.

    Raises `subprocess.TimeoutExpired` if it takes longer, or another thread sets one of the
    ``stops``, `TooMuch` if it writes without end, and `OSError` if it can't be run.
    """
    with (
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        stdin.write(sent)
        stdin.seek(0)
        process = None
        try:
            process = start(command, stdin=stdin, stdout=out, stderr=err, env=guarded_environment())
            until = time.monotonic() + seconds
            while not has_ended(process, min(_LOOK_SECONDS, until - time.monotonic()), *stops):
                if max(_size(out), _size(err)) > MOST_WRITTEN:
                    raise TooMuch
                if time.monotonic() >= until or any(stop.is_set() for stop in stops):
                    raise subprocess.TimeoutExpired(command, seconds)
        finally:
            if process is not None:
                end(process)
        out.seek(0)
        err.seek(max(0, _size(err) - _ERRORS_KEPT))
        return Finished(process.returncode, out.read(), err.read())


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def start(command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that those that it starts are ended with it.

    It ends with this process, however that ends; or before, by `end`. Raises what
    `subprocess.Popen` does. If Ctrl-C is pressed meanwhile none is started.
    """
    process = None
    try:
        with _uninterrupted():
            start_guardian()
            process = subprocess.Popen(command, start_new_session=True, **how)
            guard_group(process.pid)
    except BaseException:
        if process is not None:
            end(process)
        raise
    return process


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off what would raise an exception: Ctrl-C, and what a fork is told to end by."""
    is_main = threading.current_thread() is threading.main_thread()  # which is interrupted alone
    heeded = {one: signal.getsignal(one) for one in _ENDING} if is_main else {}
    heeded = {one: how for one, how in heeded.items() if callable(how)}
    came: list[int] = []
    for one in heeded:
        signal.signal(one, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for one, how in heeded.items():
            signal.signal(one, how)
        for number in came[:1]:
            signal.raise_signal(number)


def has_ended(process: subprocess.Popen[bytes], seconds: float, *stops: Event) -> bool:
    """Wait for the process; whether it ended in time, and before one of the ``stops`` was set."""
    until = time.monotonic() + seconds
    pause = _SHORTEST_PAUSE
    while process.poll() is None:
        left = until - time.monotonic()
        if left <= 0 or any(stop.is_set() for stop in stops):
            return False
        time.sleep(min(pause, left))
        pause = min(2 * pause, _LONGEST_PAUSE)
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill what `start` has started, with what that has started; wait for it, but not for ever.

    If it has ended by itself, what it has left is killed.
    """
    kill(process)
    if has_ended(process, DYING_SECONDS):
        release_group(process.pid)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what `start` has started, and what that has started, without waiting."""
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
    running: dict[Any, tuple[T, IO[bytes], float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                item = waiting.popleft()
                # A result is a file without a name, which nobody has to remove.
                left: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - until it has ended
                process = context.Process(target=_leave, args=(function, item, left))
                running[process] = item, left, time.monotonic() + seconds
                with _uninterrupted():
                    process.start()
                    guard_process(process.pid)
            connection.wait([process.sentinel for process in running], _LOOK_SECONDS)
            for process, (item, left, until) in list(running.items()):
                if not process.is_alive() or time.monotonic() > until:
                    del running[process]
                    _end_fork(process)
                    with left:
                        yield item, _left(left) if process.exitcode == 0 else None
    finally:
        for process in running:
            if process.pid is not None:  # it was started
                process.terminate()
        for process, (_, left, _) in running.items():
            _end_fork(process)
            left.close()


def _leave(function: Callable[[T], R], item: T, left: IO[bytes]) -> None:
    # So that what it has started is ended with it. Ctrl-C is for its parent, which then ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    left.write(pickle.dumps(function(item)))
    left.flush()


def _left(file: IO[bytes]) -> Any:
    file.seek(0)
    result = file.read()
    return pickle.loads(result) if result else None  # noqa: S301 - a fork of ours wrote it


def _end_fork(process: Any) -> None:
    if process.pid is None:  # it was not started
        return
    process.terminate()
    process.join(_ENDING_SECONDS)
    process.kill()
    process.join(DYING_SECONDS)
    release_process(process.pid)
