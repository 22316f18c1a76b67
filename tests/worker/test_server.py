"""The server's side of builders and importers, without Keras."""

from __future__ import annotations

import os
import signal
import time

import pytest

from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.launch import FORKS

pytestmark = pytest.mark.skipif(not FORKS, reason="needs fork")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """One whose importers import nothing, and end when nothing more is asked."""
    from sphinxcontrib_kerasgraph.worker import importer
    from sphinxcontrib_kerasgraph.worker.protocol import Setup
    from sphinxcontrib_kerasgraph.worker.server import Server

    def serve(_first, _place, _setup, questions, says):
        os.write(says, importer.IMPORTED)
        while os.read(questions, 1):
            pass

    monkeypatch.setattr(importer, "serve", serve)
    (questions, asks), (hears, answers) = os.pipe(), os.pipe()
    made = Server(Setup([], str(tmp_path), 60, most=2), questions, answers, os.getppid())
    yield made
    for process in made._importers:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    for pipe in (questions, asks, hears, answers, made._woken, made._wakes):
        os.close(pipe)


def start_importer(server, owner):
    from sphinxcontrib_kerasgraph.worker.protocol import Question

    server._start_importer(owner, [Question(1, ModelRequest(f"{owner}.build"))])
    return [*server._importers.values()][-1]


def test_an_importer_that_ends_as_it_should_may_be_had_again(server):
    one = start_importer(server, "first")
    until_ready(server, one)
    one.questions.clear()
    until = time.monotonic() + 10
    while server._importers:
        assert time.monotonic() < until
        server._reap()
    assert server._not_shared == set()


def until_ready(server, one):
    until = time.monotonic() + 10
    while one.took is None:
        assert time.monotonic() < until
        server._hears()
        server._hear_importers()
        server._reap()


def test_what_is_closed_of_one_importer_is_left_to_the_next(server):
    """Which has pipes of the same numbers, while the first hasn't ended yet."""
    first = start_importer(server, "first")
    until_ready(server, first)
    os.kill(first.process, signal.SIGSTOP)
    first.questions.clear()
    server._reap()
    until_ready(server, start_importer(server, "next"))
