"""The command, run in the process of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.settings import BuildSettings
from sphinxcontrib_kerasgraph.worker.client import Worker

TESTS = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def in_the_folder_of_the_code(monkeypatch, tmp_path_factory):
    """With a cache that is that of the tests of this run."""
    monkeypatch.chdir(TESTS)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def running_worker():
    """A worker that has imported Keras, with the settings that the command has by default."""
    worker = Worker({}, BuildSettings().timeout, str(TESTS))
    yield worker
    worker.close()


@pytest.fixture
def keras_is_there(running_worker, monkeypatch):
    """Commands of one test after the other ask the same worker, which none of them ends."""

    class Lent:
        is_ready = True

        def __init__(self, *_, load_weights, memory=None, most=1):
            assert not load_weights
            assert memory is None

        ask, answers = running_worker.ask, running_worker.answers

        def start(self):
            pass

        close = start

    monkeypatch.setattr("sphinxcontrib_kerasgraph.worker.client.Worker", Lent)
