"""Builders that are forks of a process that has imported Keras: see `worker.server`, its other end.

On Linux. Elsewhere a fork isn't safe after libraries of the system were used, or there is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import tempfile
import time
import weakref
from collections import deque
from typing import IO, TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.guardian import release_group
from sphinxcontrib_kerasgraph.processes import end, has_ended
from sphinxcontrib_kerasgraph.worker.endings import how_ended
from sphinxcontrib_kerasgraph.worker.protocol import (
    OUTPUT_KEPT,
    Begun,
    Ended,
    Lost,
    Question,
    event_from_line,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.worker.launch import Launch

#: So long the import of Keras may take, on a machine that has other things to do.
START_SECONDS = 600
#: The server tells of a builder that is over its time; so much later it is held for lost.
_SLACK_SECONDS = 20
#: So long it has to end what it has started.
_ENDING_SECONDS = 5

_CHUNK = 2**16


class CannotFork(Exception):
    """The server has threads."""


class Forked:
    """A server, started by `start` or the first question."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._to_send = b""
        self._received = b""
        self._lines: deque[bytes] = deque()
        #: So long was waited since it has said anything.
        self._waited = 0.0

    @property
    def is_running(self) -> bool:
        """Whether it was started and lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Let the server import Keras meanwhile. Raises `OSError` if it can't be started."""
        if self.is_running:
            return
        self.close()
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        try:
            process = self._launch.process("server", self._printed)
        except BaseException:
            self._printed.close()
            raise
        self._process = process
        # Ends it once, by `close` or when Sphinx exits: later its id may be another process's.
        self._end = weakref.finalize(self, _end, process, self._printed, os.getpid())
        self._is_ready, self._waited = False, 0.0
        self._to_send, self._received = self._launch.setup.to_line(), b""
        self._lines.clear()
        os.set_blocking(_number(process.stdin), False)
        self._pass(0)

    def ask(self, questions: Iterable[Question]) -> None:
        """Have these built, too. Raises `OSError` if there can't be a server."""
        self.start()
        self._waited = 0.0
        self._to_send += b"".join(question.to_line() for question in questions)
        self._pass(0)

    @property
    def has_said(self) -> bool:
        """Whether `hear` needn't wait."""
        self._pass(0)
        return bool(self._lines) or not self.is_running

    def hear(self, seconds: float) -> Begun | Ended | None:
        """What has happened; ``None`` if nothing has, in so many seconds.

        Raises `Lost`, `CannotFork`, and the `Fault` that Keras isn't there.
        """
        begin = time.monotonic()
        if not self._lines:
            has_closed = self._pass(seconds)
            if has_closed and not self._lines:
                raise self._lost()
        if not self._lines:
            self._waited += time.monotonic() - begin
            timeout = self._launch.setup.timeout + _SLACK_SECONDS
            if self._waited > (timeout if self._is_ready else START_SECONDS):
                raise Lost(f"said nothing for {self._waited:.0f} seconds", self._last_words())
            return None
        self._waited = 0.0
        line = self._lines.popleft()
        try:
            if self._is_ready:
                return event_from_line(line)
            greeting = json.loads(line)
        except (ValueError, TypeError) as error:
            raise Lost(f"said what can't be read ({error})", self._last_words()) from error
        self._is_ready = True
        _be_greeted(greeting)
        return None

    def close(self) -> None:
        """End the server, and all builders with it."""
        if self._process is not None:
            self._end()
            self._process = None

    def _pass(self, seconds: float) -> bool:
        """Send and receive what can be, within so many seconds; whether the server has ended."""
        process = self._process
        if process is None:
            return True
        to, from_ = _number(process.stdin), _number(process.stdout)
        readable, writable, _ = select.select(
            [from_], [to] if self._to_send else [], [], 0 if self._lines else seconds
        )
        if writable:
            try:
                self._to_send = self._to_send[os.write(to, self._to_send) :]
            except BlockingIOError:
                pass
            except OSError:  # it has ended, as reading tells
                self._to_send = b""
        if readable:
            read = os.read(from_, _CHUNK)
            *lines, self._received = (self._received + read).split(b"\n")
            self._lines.extend(lines)
            return not read
        return False

    def _lost(self) -> Lost:
        process = self._process
        if process is None or not has_ended(process, 1):
            return Lost("closed its pipe", self._last_words())
        return Lost(how_ended(process.returncode), self._last_words())

    def _last_words(self) -> str:
        size = self._printed.seek(0, os.SEEK_END)
        self._printed.seek(max(0, size - OUTPUT_KEPT))
        return self._printed.read(OUTPUT_KEPT).decode(errors="replace")


def _number(pipe: IO[bytes] | None) -> int:
    assert pipe is not None  # noqa: S101 - it was asked for
    return pipe.fileno()


def _be_greeted(greeting: dict[str, object]) -> None:
    fault = greeting["fault"]
    if isinstance(fault, dict):
        raise Fault.from_dict(fault)
    if not greeting["forks"]:
        raise CannotFork


def _end(process: subprocess.Popen[bytes], printed: IO[bytes], owner: int) -> None:
    if os.getpid() != owner:  # a fork of Sphinx ends; the server isn't its own
        return
    if process.poll() is None:
        with contextlib.suppress(OSError):
            process.terminate()  # upon which it ends what is below it
        has_ended(process, _ENDING_SECONDS)
        end(process)
    else:  # its keeper has left nothing; minutes later its id may be another's
        release_group(process.pid)
    for pipe in (process.stdin, process.stdout, printed):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
