"""Several workers that build one batch of models."""

from __future__ import annotations

import statistics
import threading
import time
import traceback
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.worker.protocol import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.client import Worker

_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 10

#: So long a worker that was stopped may take to say so.
_STOPPING_SECONDS = 20


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
        until = time.monotonic() + _STOPPING_SECONDS
        for thread in self._threads:
            thread.join(max(0, until - time.monotonic()))
        for worker in self._workers:
            worker.close()

    @property
    def is_ready(self) -> bool:
        """Whether the next answer needs no waiting, or none is to come."""
        return not self._expected or not self._answers.empty()

    def ask(self, requests: Iterable[ModelRequest]) -> Iterator[tuple[ModelRequest, Answer, float]]:
        """Each request with its answer, and when its worker was started; as they come.

        Whatever goes wrong with a worker, every request has its answer.
        """
        unanswered = dict.fromkeys(requests)
        self._waiting.extend(unanswered)
        self._begin = time.monotonic()
        started = time.time()
        self._expected = len(unanswered)
        why = "its worker left without an answer"
        if unanswered:
            why = self._add_worker() or why
        while unanswered:
            try:
                # An answer that was put just before the last thread ended is seen, too.
                is_served = any(thread.is_alive() for thread in self._threads)
                answered = self._answers.get(timeout=_LOOK_SECONDS if is_served else 0)
            except Empty:
                if not is_served:
                    break
                self._grow()
                continue
            del unanswered[answered[0]]
            self._expected = len(unanswered)
            yield answered
        self._expected = 0
        for request in unanswered:
            yield request, Answer(_internal(request, why)), started

    def _add_worker(self) -> str:
        """Have one more thread and its worker; why it can't be had, if so."""
        self._last_step = time.monotonic()
        try:
            worker = self._start()
            self._workers.append(worker)
            thread = threading.Thread(target=self._serve, args=(worker,), daemon=True)
            thread.start()
        except Exception as error:
            return f"a worker can't be had: {type(error).__name__}: {error}"
        self._threads.append(thread)
        return ""

    def _serve(self, worker: Worker) -> None:
        while True:
            try:
                request = self._waiting.popleft()
            except IndexError:
                return
            try:
                answer = worker.ask(request)
                self._note(answer.seconds)
            except BaseException as error:
                why = f"its worker raised {type(error).__name__}: {error}"
                answer = Answer(_internal(request, why, traceback.format_exc()))
            self._grow()
            self._answers.put((request, answer, worker.started))

    def _note(self, seconds: float) -> None:
        """Note that a model took so long."""
        self._last_step = time.monotonic()
        self.seconds = self._last_step - self._begin
        self._startup = self._startup or max(self.seconds - seconds, _LOOK_SECONDS)
        self._seconds.append(seconds)

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


def _internal(request: ModelRequest, why: str, details: str = "") -> Fault:
    return Fault(
        "internal",
        f"Building {request.target!r} was given up: {why}.",
        "Please report it, with what {more} shows.",
        details,
    )
