"""Workers that build one batch: as many as pay, and none is left behind."""

from __future__ import annotations

import threading
import time

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.pool import Pool
from sphinxcontrib_kerasgraph.worker.protocol import Answer

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


class Odd(FakeWorker):
    """Does something else than to answer."""

    def __init__(self, raised):
        super().__init__(0.01)
        self.raised = raised

    def ask(self, request):
        if request.target == "m.odd":
            raise self.raised
        return super().ask(request)


@pytest.mark.parametrize("raised", [ValueError("odd"), KeyError("graph"), SystemExit(3)])
@pytest.mark.parametrize("most", [1, 3])
def test_a_worker_that_raises_hangs_nobody(within, raised, most):
    requests = [ModelRequest(name) for name in ("m.a", "m.odd", "m.b", "m.odd()", "m.c")]

    def batch():
        with Pool(lambda: Odd(raised), most) as pool:
            return {request.target: answer.result for request, answer, _ in pool.ask(requests)}

    found = within(20, batch)
    assert list(found) == [request.target for request in requests]
    assert found["m.odd"].subtype == "internal"
    assert f"{type(raised).__name__}: " in found["m.odd"].message
    assert "m.odd" in found["m.odd"].message
    assert found["m.odd"].advice
    assert all(found[name].subtype == "build" for name in ("m.a", "m.b", "m.odd()", "m.c"))


class Forgetful(FakeWorker):
    """Answers something that is none."""

    def ask(self, request):
        return None


def test_an_answer_that_is_none_hangs_nobody(within):
    def batch():
        with Pool(lambda: Forgetful(0), 2) as pool:
            return [answer.result for _, answer, _ in pool.ask([ModelRequest("m.a")] * 2)]

    [fault] = within(20, batch)
    assert fault.subtype == "internal"


def test_no_worker_to_be_had_hangs_nobody(within):
    def start():
        raise RuntimeError("can't start new thread")

    def batch():
        with Pool(start, 2) as pool:
            requests = [ModelRequest("m.a"), ModelRequest("m.b")]
            return [(request.target, answer.result) for request, answer, _ in pool.ask(requests)]

    found = within(20, batch)
    assert [target for target, _ in found] == ["m.a", "m.b"]
    assert all("can't start new thread" in fault.message for _, fault in found)


def test_a_second_worker_that_is_not_to_be_had_harms_nobody(within):
    workers = []

    def start():
        if workers:
            raise RuntimeError("can't start new thread")
        workers.append(FakeWorker(0.1))
        return workers[0]

    def batch():
        with Pool(start, 3) as pool:
            requests = [ModelRequest(f"m.f({at})") for at in range(30)]
            return [answer.result.subtype for _, answer, _ in pool.ask(requests)]

    assert within(30, batch) == ["build"] * 30
