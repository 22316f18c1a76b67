"""The server's side of `worker.importer`: what is known of one, and what it is asked."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.worker.importer import IMPORTED

if TYPE_CHECKING:
    from collections import deque

    from sphinxcontrib_kerasgraph.worker.protocol import Question

_CHUNK = 2**16


@dataclass
class Importer:
    """One that runs, for models with the same owner: see `Target.owner`."""

    owner: str
    process: int
    #: Those that it wasn't asked for yet.
    questions: deque[Question]
    to: int
    says: int
    #: Has what the import printed.
    place: str
    killed_before: int
    #: In seconds: for the import, and for a model with its part of that.
    timeout: float
    started: float = field(default_factory=time.time)
    begun: float = field(default_factory=time.monotonic)
    #: How long the import took; ``None`` until it has ended.
    took: float | None = None
    #: Whose builder isn't known yet, and since when.
    asked: Question | None = None
    until: float = 0
    timed_out: bool = False
    #: Whether it was killed since it can't be talked to.
    is_odd: bool = False
    _received: bytes = b""

    def __post_init__(self) -> None:
        """Give the import its time."""
        self.until = self.begun + self.timeout
        os.set_blocking(self.says, False)

    @property
    def is_free(self) -> bool:
        """Whether it may be asked."""
        return self.took is not None and self.asked is None and bool(self.questions)

    @property
    def is_busy(self) -> bool:
        """Whether it imports, or forks."""
        return self.took is None or self.asked is not None

    @property
    def is_done(self) -> bool:
        """Whether nothing is to be asked any more."""
        return not self.questions and self.asked is None

    def ask(self) -> None:
        """Have the next one built."""
        self.asked = self.questions.popleft()
        self.until = time.monotonic() + self.timeout
        with contextlib.suppress(OSError):  # it has ended, as is seen
            os.write(self.to, self.asked.to_line())

    def hear(self) -> list[int]:
        """The process of the one that was asked for, if it says so.

        Raises `ValueError` if it says what it never does.
        """
        try:
            read = os.read(self.says, _CHUNK)
        except BlockingIOError:
            return []
        if not read:
            raise ValueError("nothing more")
        *lines, self._received = (self._received + read).split(b"\n")
        found = []
        for line in lines:
            if self.took is None and line + b"\n" == IMPORTED:
                self.took = time.monotonic() - self.begun
                continue
            number, process = map(int, line.split())
            if self.asked is None or number != self.asked.number:
                raise ValueError("a builder that nobody asked for")
            found.append(process)
        if len(found) > 1 or len(self._received) > _CHUNK:
            raise ValueError("more than it was asked for")
        return found

    def close(self) -> None:
        """Have it end, since nothing more is asked."""
        pipes, self.to, self.says = (self.to, self.says), -1, -1
        for pipe in pipes:
            with contextlib.suppress(OSError):  # closed before: their numbers are others' now
                os.close(pipe)

    def give_up(self) -> None:
        """Kill it, since it can't be talked to."""
        self.is_odd = True
        with contextlib.suppress(OSError):
            os.kill(self.process, signal.SIGKILL)
