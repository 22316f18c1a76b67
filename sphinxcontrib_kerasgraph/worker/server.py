"""The process that has imported Keras, and forks a builder for each model that is asked for.

So each model is what it would be alone in the build, whatever the code of others has changed, and
Keras is imported once. It runs no author's code itself, and has no threads: none that is forked
could hang for want of them. See `worker.forked`, its client.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import NoReturn

from sphinxcontrib_kerasgraph.worker import builder
from sphinxcontrib_kerasgraph.worker.descendants import (
    adopt,
    end_all_but,
    end_with_parent,
    killed_for_memory,
)
from sphinxcontrib_kerasgraph.worker.protocol import PRINTED, Begun, Ended, Question, Setup, line_of

#: So often it looks whether its client lives.
_LOOK_SECONDS = 1
_CHUNK = 2**16

#: In bytes.
_LONGEST_OUTPUT = 2**25


@dataclass
class _Builder:
    number: int
    started: float
    until: float
    killed_before: int
    timed_out: bool = False


def main() -> NoReturn:
    """Serve until standard input ends, whose first line is the `Setup`, and others `Question`."""
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    client = os.getppid()
    setup = Setup.from_line(_first_line(questions))
    adopt()
    fault = builder.prepare(setup)
    ready = {
        "fault": None if fault is None else fault.to_dict(),
        "forks": fault is not None or _can_fork(),
    }
    _say(answers, line_of(ready))
    Server(setup, questions, answers, client).serve()
    os._exit(0)


def _first_line(file: int) -> bytes:
    """Read no more than that: others follow."""
    line = b""
    while not line.endswith(b"\n"):
        one = os.read(file, 1)
        if not one:
            os._exit(0)
        line += one
    return line


def _say(file: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(file, rest) :]


def _can_fork() -> bool:
    """Whether this process has one thread; libraries of numbers end theirs when it forks."""
    process = os.fork()
    if not process:
        os._exit(0)
    os.waitpid(process, 0)
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


class Server:
    """Forks builders, and tells how they end."""

    def __init__(self, setup: Setup, questions: int, answers: int, client: int) -> None:
        self._setup = setup
        self._questions = questions
        self._answers = answers
        self._client = client
        self._read = b""
        self._waiting: deque[Question] = deque()
        self._running: dict[int, _Builder] = {}
        # Written to when a child ends.
        self._woken, self._wakes = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wakes, False)

    def serve(self) -> None:
        """Do so until the client has ended, or wants no more."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        try:
            while self._hears():
                self._reap()
                self._cut_output()
                self._kill_slow()
                while self._waiting and len(self._running) < self._setup.most:
                    self._fork(self._waiting.popleft())
        except (BrokenPipeError, SystemExit):  # the client has ended, or says so
            pass
        finally:
            end_all_but(())

    def _hears(self) -> bool:
        """Wait for a question, the end of a builder, or a limit; whether there is a client."""
        ends = [one.until - time.monotonic() for one in self._running.values()]
        pause = max(0.0, min([_LOOK_SECONDS, *ends]))
        ready, _, _ = select.select([self._questions, self._woken], [], [], pause)
        if self._woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._woken, _CHUNK)
        if self._questions in ready:
            read = os.read(self._questions, _CHUNK)
            if not read:
                return False
            *lines, self._read = (self._read + read).split(b"\n")
            for line in lines:
                self._take(Question.from_line(line + b"\n"))
        return os.getppid() == self._client

    def _take(self, question: Question) -> None:
        if question.request is not None:
            self._waiting.append(question)
            return
        self._waiting = deque(one for one in self._waiting if one.number != question.number)
        for one in self._running.values():
            if one.number == question.number:
                one.until = 0

    def _fork(self, question: Question) -> None:
        begun = _Builder(
            question.number,
            time.time(),
            time.monotonic() + self._setup.timeout,
            killed_for_memory(),
        )
        _say(self._answers, Begun(begun.number, begun.started).to_line())
        server = os.getpid()
        process = os.fork()
        if process:
            self._running[process] = begun
            return
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            end_with_parent(server)
            for file in (self._questions, self._answers, self._woken, self._wakes):
                os.close(file)
            assert question.request is not None  # noqa: S101 - it was waiting
            builder.build(question.request, self._setup.place(question.number), self._setup)
        finally:  # it is no server, whatever happens
            os._exit(1)

    def _reap(self) -> None:
        """Tell the ends of builders, with which all that they have started ends."""
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not process:
                return
            one = self._running.pop(process, None)
            if one is None:
                continue
            with contextlib.suppress(OSError):
                os.killpg(process, signal.SIGKILL)
            end_all_but(self._running)
            ended = Ended(
                one.number,
                one.started,
                os.waitstatus_to_exitcode(status),
                one.timed_out,
                killed_for_memory() > one.killed_before,
            )
            _say(self._answers, ended.to_line())

    def _kill_slow(self) -> None:
        for process, one in self._running.items():
            if time.monotonic() >= one.until:
                one.timed_out = True
                one.until = time.monotonic() + self._setup.timeout
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)

    def _cut_output(self) -> None:
        """Forget what builders print without end."""
        for one in self._running.values():
            path = self._setup.place(one.number) + PRINTED
            with contextlib.suppress(OSError):
                if os.stat(path).st_size > _LONGEST_OUTPUT:
                    os.truncate(path, 0)
