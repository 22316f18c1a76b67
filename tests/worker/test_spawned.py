"""Builders that are started for their models: what they do, and leave, is as of those forked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from left_behind import processes_with, watched
from running import is_running
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker

TESTS = str(Path(__file__).parents[1])

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere strays may be left")

#: With what they have started in a session of its own, to hold all that they have open.
STRAYS = """
import os, subprocess, sys, time
from zoo.first import branches

def _stray():
    subprocess.Popen(["sleep", "300"], close_fds=False, start_new_session=True)

def hangs():
    _stray()
    time.sleep(300)

def dies():
    _stray()
    os.kill(os.getpid(), 11)

def exits():
    _stray()
    os._exit(3)

def kills_its_parent():
    os.kill(os.getppid(), 9)
    time.sleep(300)

def is_fine():
    _stray()
    return branches()
"""
ENDS = {
    "hangs": "took longer than 3 seconds",
    "dies": "was ended by SIGSEGV",
    "exits": "ended with exit code 3",
    "kills_its_parent": "was ended by SIGKILL",
}


def test_strays_end_and_ends_are_told(tmp_path, monkeypatch):
    """Some at a time, and with a model that is all right."""
    tmp_path.joinpath("mod_strays.py").write_text(STRAYS)
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.syspath_prepend(tmp_path)
    with watched(tmp_path) as environment:
        worker = Worker(environment, timeout=3, most=2, forks=False)
        names = [*ENDS, "is_fine"]
        requests = [ModelRequest(f"mod_strays.{name}") for name in names]
        found = {one.target: answer.result for one, answer, _ in worker.answers(requests)}
        worker.close()
    assert isinstance(found.pop("mod_strays.is_fine"), ModelGraph)
    for name, says in ENDS.items():
        assert says in found[f"mod_strays.{name}"].message


def test_all_end_when_the_client_is_killed(tmp_path):
    tmp_path.joinpath("mod_strays.py").write_text(STRAYS)
    code = (
        "import sys; from sphinxcontrib_kerasgraph.worker.client import Worker\n"
        "from sphinxcontrib_kerasgraph.target import ModelRequest\n"
        "worker = Worker({}, 600, forks=False)\n"
        "worker.ask(ModelRequest('mod_strays.hangs'))\n"
    )
    with watched(tmp_path) as mark:
        environment = os.environ | mark | {"PYTHONPATH": os.pathsep.join([TESTS, str(tmp_path)])}
        client = subprocess.Popen([sys.executable, "-c", code], env=environment)
        value = next(iter(mark.values()))
        until = time.monotonic() + 60
        while not any("sleep" in said for said in processes_with(value).values()):
            assert time.monotonic() < until
            time.sleep(0.1)
        client.send_signal(signal.SIGKILL)
        client.wait()
    assert not is_running(client.pid)
