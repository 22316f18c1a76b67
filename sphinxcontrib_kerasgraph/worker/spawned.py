"""Builders that are processes of their own from the start, where none can be forked: see `forked`.

Each imports Keras anew.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import weakref
from collections import deque
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.processes import end, has_ended, kill
from sphinxcontrib_kerasgraph.worker.forked import START_SECONDS
from sphinxcontrib_kerasgraph.worker.protocol import READY, Begun, Ended, Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.worker.launch import Launch

_PAUSE = 0.02
#: So long a process has to end what it has started.
_ENDING_SECONDS = 5


class _Builder:
    """A process, which imports Keras and then waits for the question."""

    def __init__(self, launch: Launch) -> None:
        self.process = launch.process("builder", subprocess.DEVNULL)
        self._setup = launch.setup
        self._until = time.monotonic() + START_SECONDS
        self.is_ready = False
        self.started = time.time()
        self.timed_out = False
        self._send(self._setup.to_line())

    def ask(self, question: Question) -> None:
        """Have it build."""
        self.started = time.time()
        self._until = time.monotonic() + (self._setup.timeout if self.is_ready else START_SECONDS)
        self._send(question.to_line())

    def has_ended(self) -> bool:
        """Whether it has; it is ended if it takes too long."""
        ready = self._setup.place(self.process.pid) + READY
        if not self.is_ready and os.path.exists(ready):
            self.is_ready = True
            self._until = time.monotonic() + self._setup.timeout
            os.unlink(ready)
        late = time.monotonic() - self._until
        if not self.timed_out and late > 0:
            self.timed_out = True
            self._terminate()
        elif late > _ENDING_SECONDS:
            kill(self.process)
        return self.process.poll() is not None

    def give_up(self) -> None:
        """Have it end, which `has_ended` tells."""
        self._until = time.monotonic()

    def end(self) -> None:
        """End it, and what it has left."""
        if self.process.poll() is None:
            self._terminate()
            has_ended(self.process, _ENDING_SECONDS)
        end(self.process)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _terminate(self) -> None:
        with contextlib.suppress(OSError):
            self.process.terminate()

    def _send(self, line: bytes) -> None:
        assert self.process.stdin is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(OSError):  # it has ended, as is seen
            self.process.stdin.write(line)


class Spawned:
    """Starts a process for each question, as many at a time as may be, and one ahead."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._waiting: deque[Question] = deque()
        self._running: dict[int, _Builder] = {}
        #: One that waits for its question.
        self._ahead: list[_Builder] = []
        self._said: deque[Begun | Ended] = deque()
        weakref.finalize(self, _end_all, self._running, self._ahead, os.getpid())

    @property
    def is_running(self) -> bool:
        """Whether any runs."""
        return bool(self._running or self._ahead)

    def start(self) -> None:
        """Let one import Keras meanwhile. Raises `OSError` if no process can be started."""
        for one in [one for one in self._ahead if one.has_ended()]:
            one.end()
            self._ahead.remove(one)
        if not self._ahead:
            self._ahead.append(_Builder(self._launch))

    def ask(self, questions: Iterable[Question]) -> None:
        """Have these built, too, or no more. Raises `OSError` if no process can be started."""
        for question in questions:
            if question.request is None:
                self._give_up(question.number)
            else:
                self._waiting.append(question)
        self._look()

    @property
    def has_said(self) -> bool:
        """Whether `hear` needn't wait."""
        self._look()
        return bool(self._said)

    def hear(self, seconds: float) -> Begun | Ended | None:
        """What has happened; ``None`` if nothing has, in so many seconds. Raises `OSError`."""
        until = time.monotonic() + seconds
        self._look()
        while not self._said and time.monotonic() < until:
            time.sleep(_PAUSE)
            self._look()
        return self._said.popleft() if self._said else None

    def close(self) -> None:
        """End all builders."""
        self._waiting.clear()
        self._said.clear()
        _end_all(self._running, self._ahead, os.getpid())

    def _give_up(self, number: int) -> None:
        self._waiting = deque(one for one in self._waiting if one.number != number)
        one = self._running.get(number)
        if one is not None:
            one.give_up()

    def _look(self) -> None:
        for number, one in list(self._running.items()):
            if one.has_ended():
                del self._running[number]
                one.end()
                code = one.process.returncode
                ended = Ended(number, one.started, code, one.timed_out, was_ready=one.is_ready)
                self._said.append(ended)
        while self._waiting and len(self._running) < self._launch.setup.most:
            self.start()
            question, one = self._waiting.popleft(), self._ahead.pop()
            one.ask(question)
            self._running[question.number] = one
            self._said.append(Begun(question.number, one.started))
            if self._waiting:
                self.start()


def _end_all(running: dict[int, _Builder], ahead: list[_Builder], owner: int) -> None:
    if os.getpid() == owner:  # and no fork of Sphinx, whose builders they aren't
        for one in (*running.values(), *ahead):
            one.end()
        running.clear()
        ahead.clear()
