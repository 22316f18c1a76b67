"""Several workers that build one batch of models."""

from __future__ import annotations

import statistics
import threading
import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.client import Answer, Worker

_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 10


class Pool:
    """Builds models in one worker, and in up to ``most`` where that is faster.

    A thread for each worker waits for its answers; none is left when the batch is done, since
    Sphinx may fork next.
    """

    def __init__(self, start: Callable[[], Worker], most: int) -> None:
        self._start = start
        self._most = most
        self._waiting: deque[ModelRequest] = deque()
        self._answers: SimpleQueue[tuple[ModelRequest, Answer, float]] = SimpleQueue()
        self._workers: list[Worker] = []
        self._threads: list[threading.Thread] = []
        self._growing = threading.Lock()
        self._last_step = 0.0
        self._expected = 0
        self._begin = 0.0
        self._seconds: list[float] = []
        #: What the first worker took to start and to import Keras.
        self._startup = 0.0
        #: How long it took till the last answer was there.
        self.seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End what is under way, and the workers."""
        self._waiting.clear()
        for worker in self._workers:
            worker.stop()
        for thread in self._threads:
            thread.join()
        for worker in self._workers:
            worker.close()

    @property
    def is_ready(self) -> bool:
        """Whether the next answer needs no waiting, or none is to come."""
        return not self._expected or not self._answers.empty()

    def ask(self, requests: Iterable[ModelRequest]) -> Iterator[tuple[ModelRequest, Answer, float]]:
        """Each request with its answer, and when its worker was started; as they come."""
        self._waiting.extend(requests)
        self._begin = time.monotonic()
        self._expected = len(self._waiting)
        if self._expected:
            self._add_worker()
        while self._expected:
            try:
                answered = self._answers.get(timeout=_LOOK_SECONDS)
            except Empty:
                self._grow()
                continue
            self._expected -= 1
            yield answered

    def _add_worker(self) -> None:
        self._last_step = time.monotonic()
        worker = self._start()
        self._workers.append(worker)
        thread = threading.Thread(target=self._serve, args=(worker,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, worker: Worker) -> None:
        while True:
            try:
                request = self._waiting.popleft()
            except IndexError:
                return
            answer = worker.ask(request)
            self._last_step = time.monotonic()
            self.seconds = self._last_step - self._begin
            self._startup = self._startup or max(self.seconds - answer.seconds, _LOOK_SECONDS)
            self._seconds.append(answer.seconds)
            self._grow()
            self._answers.put((request, answer, worker.started))

    def _grow(self) -> None:
        with self._growing:
            if self._waiting and len(self._workers) < self._most and self._another_pays():
                self._add_worker()

    def _another_pays(self) -> bool:
        """Whether another worker saves half of the time that it takes to start, or more.

        Or the models that are being built take so long that nobody knows.
        """
        if time.monotonic() - self._last_step > _PATIENCE_SECONDS:
            return True
        if not self._seconds:
            return False
        count = len(self._workers)
        ahead = len(self._waiting) * statistics.fmean(self._seconds)
        return ahead / count - (ahead + self._startup) / (count + 1) > self._startup / 2
