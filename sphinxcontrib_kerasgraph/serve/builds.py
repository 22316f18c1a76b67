"""Builds of one model, again and again, each in a process that has imported nothing but Keras."""

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

    def ask(self, request: ModelRequest, stop: threading.Event) -> Answer | None:
        """Build the model, or have another thread stop it."""

    def close(self) -> None:
        """End it."""


class Building(threading.Thread):
    """One build, in a thread of its own."""

    def __init__(self, worker: Worker, request: ModelRequest) -> None:
        super().__init__(daemon=True)
        self._worker = worker
        self._request = request
        self._begin = time.monotonic()
        self._stop_asking = threading.Event()
        #: When it began, as of `time.time`.
        self.since = time.time()
        #: What the worker says; ``None`` before that.
        self.answer: Answer | None = None
        self.start()

    def run(self) -> None:
        """Do it."""
        self.answer = self._worker.ask(self._request, self._stop_asking)

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
        self._stop_asking.set()
        self.join()


class Builds:
    """They have a worker that stays: the import of Keras takes longer than most builds."""

    def __init__(self, worker: Callable[[], Worker], request: ModelRequest) -> None:
        self._make = worker
        self._request = request
        self._worker: Worker | None = None

    def prepare(self) -> None:
        """Have a worker that has imported Keras, or does so meanwhile."""
        self._worker = self._worker or self._make()
        self._worker.start()

    def begin(self) -> Building:
        """Begin to build."""
        self.prepare()
        assert self._worker is not None  # noqa: S101 - for type checkers
        return Building(self._worker, self._request)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
