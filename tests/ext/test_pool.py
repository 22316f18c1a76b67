"""Workers that build one batch: as many as pay, and none is left behind."""

from __future__ import annotations

import threading
import time

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Answer
from sphinxcontrib_kerasgraph.worker.pool import Pool

START = 0.2


class FakeWorker:
    """Takes time to start, and for each model."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.started = 0.0
        self.asked = []
        self.closed = False
        self._stopped = threading.Event()

    def ask(self, request):
        if not self.asked:
            self.started = time.time()
            time.sleep(START)
        self.asked.append(request)
        self._stopped.wait(self.seconds)
        return Answer(Fault("build", request.target), seconds=self.seconds)

    def stop(self):
        self._stopped.set()

    def close(self):
        self.closed = True


def run(count, seconds, most, take=None):
    workers = []

    def start():
        workers.append(FakeWorker(seconds))
        return workers[-1]

    requests = [ModelRequest(f"m.f({at})") for at in range(count)]
    answered = []
    with Pool(start, most) as pool:
        for request, answer, _ in pool.ask(requests):
            assert answer.result.message == request.target
            answered.append(request)
            if len(answered) == take:
                break
    assert all(worker.closed for worker in workers)
    assert threading.active_count() == 1
    return workers, requests, answered


def test_every_request_is_answered_once():
    workers, requests, answered = run(20, 0.02, 3)
    assert sorted(answered, key=repr) == sorted(requests, key=repr)
    assert sum(len(worker.asked) for worker in workers) == 20


def test_one_job_is_one_worker():
    workers, *_ = run(12, 0.1, 1)
    assert len(workers) == 1


def test_few_models_need_no_second_worker():
    workers, *_ = run(3, 0.02, 4)
    assert len(workers) == 1


def test_others_start_where_they_pay():
    workers, *_ = run(30, 0.1, 3)
    assert len(workers) == 3
    assert all(len(worker.asked) > 3 for worker in workers)


def test_no_requests_start_no_worker():
    workers, *_ = run(0, 0.1, 3)
    assert workers == []


def test_leaving_early_ends_all():
    begin = time.monotonic()
    workers, _, answered = run(30, 0.1, 3, take=2)
    assert len(answered) == 2
    assert time.monotonic() - begin < 3
    assert sum(len(worker.asked) for worker in workers) < 30
