"""Builds one model again and again, each time in a process that has imported nothing but Keras."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.protocol import Answer


class Worker(Protocol):
    """What is used of `worker.client.Worker`."""

    def start(self) -> None:
        """Import Keras meanwhile."""

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""

    def ask(self, request: ModelRequest) -> Answer:
        """Build the model."""

    def stop(self) -> None:
        """End it, from another thread than the one that asks."""

    def close(self) -> None:
        """End it."""


class Building(threading.Thread):
    """One build, in a thread of its own."""

    def __init__(self, worker: Worker, request: ModelRequest) -> None:
        super().__init__(daemon=True)
        self._worker = worker
        self._request = request
        self._begin = time.monotonic()
        #: When it began, as of `time.time`.
        self.since = time.time()
        #: What the worker says; ``None`` before that.
        self.answer: Answer | None = None
        self.start()

    def run(self) -> None:
        """Do it."""
        try:
            self.answer = self._worker.ask(self._request)
        finally:
            self._worker.close()

    @property
    def seconds(self) -> float:
        """How long it takes so far."""
        return time.monotonic() - self._begin

    def is_running(self, seconds: float) -> bool:
        """Whether it is still under way, after so many seconds at most."""
        self.join(seconds)
        return self.is_alive()

    def stop(self) -> None:
        """End it, whatever the author's code does."""
        self._worker.stop()
        self.join()


class Builder:
    """Has a worker wait for the next build: the import of Keras takes longer than most builds."""

    def __init__(self, worker: Callable[[], Worker], request: ModelRequest) -> None:
        self._make = worker
        self._request = request
        self._waiting: Worker | None = None

    def prepare(self) -> None:
        """Have a worker wait, if none does, or none that lives."""
        if self._waiting is not None and not self._waiting.is_running:
            self.close()  # such as for want of memory
        if self._waiting is None:
            self._waiting = self._make()
            self._waiting.start()

    def begin(self) -> Building:
        """Begin to build."""
        self.prepare()
        worker, self._waiting = self._waiting, None
        assert worker is not None  # noqa: S101 - for type checkers
        return Building(worker, self._request)

    def close(self) -> None:
        """End the worker that waits."""
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None
