"""Processes end, and what is waited for, does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from running import is_running, until
from sphinxcontrib_kerasgraph.processes import TooMuch, forked, run

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_a_program_writes(within):
    code = "import sys; print(sys.stdin.read()[::-1]); sys.stderr.write('e'); sys.exit(3)"
    done = within(20, run, python(code), b"abc", 10)
    assert (done.returncode, done.out.strip(), done.err) == (3, b"cba", b"e")


def test_much_that_is_written_and_nothing_that_is_read(within):
    code = "import sys; sys.stdout.write('x' * 10**6); sys.stderr.write('y' * 10**6)"
    done = within(20, run, python(code), b"z" * 10**6, 10)
    assert (len(done.out), len(done.err)) == (10**6, 2**16)  # of what is told the end counts


def test_a_program_that_takes_too_long(within):
    begin = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run(python("import time; time.sleep(100)"), b"", 0.5)
    assert time.monotonic() - begin < 5


def test_a_program_that_writes_without_end(within, monkeypatch):
    monkeypatch.setattr("sphinxcontrib_kerasgraph.processes.MOST_WRITTEN", 10**6)
    with pytest.raises(TooMuch):
        run(["yes"], b"", 20)


def test_a_program_that_is_not_there():
    with pytest.raises(OSError, match="no-such"):
        run(["no-such-program"], b"", 5)


#: Starts a process that holds all that is open, and tells its id.
LEAVES = (
    "import subprocess, sys; child = subprocess.Popen(['sleep', '30'], close_fds=False, "
    "start_new_session={}); print(child.pid, flush=True)"
)


@pytest.mark.parametrize("is_stranger", [False, True])
def test_what_is_left_behind_is_not_waited_for_but_ended(within, is_stranger):
    begin = time.monotonic()
    done = within(10, run, python(LEAVES.format(is_stranger)), b"", 20)
    assert time.monotonic() - begin < 8
    assert until(lambda: is_stranger or not is_running(int(done.out)))
    if is_stranger:  # it said that it doesn't belong to it
        os.kill(int(done.out), signal.SIGKILL)


def test_children_are_ended_with_a_program_that_takes_too_long(within, tmp_path):
    code = f"{LEAVES.format(False)}; import time; open({str(tmp_path / 'pid')!r}, 'w').write("
    code += "str(child.pid)); time.sleep(100)"
    with pytest.raises(subprocess.TimeoutExpired):
        run(python(code), b"", 2)
    time.sleep(0.2)
    assert not is_running(int(tmp_path.joinpath("pid").read_text()))


def test_a_program_that_is_interrupted_is_ended(tmp_path, monkeypatch):
    started = []

    def interrupt(process, _seconds, *_stops):
        if not started:
            started.append(process)
            raise KeyboardInterrupt
        return process.wait(5) is not None

    monkeypatch.setattr("sphinxcontrib_kerasgraph.processes.has_ended", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(python("import time; time.sleep(100)"), b"", 50)
    assert started[0].poll() is not None


def test_a_program_that_is_to_stop():
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    begin = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run(python("import time; time.sleep(100)"), b"", 50, stop)
    assert time.monotonic() - begin < 5


# Forks


@needs_fork
def test_forks_give_all_results(within):
    found = within(30, lambda: dict(forked(lambda item: item * 2, range(9), 3, 20)))
    assert found == {item: item * 2 for item in range(9)}


@needs_fork
def test_forks_run_beside_one_another():
    begin = time.monotonic()
    found = dict(forked(lambda item: time.sleep(0.5) or os.getpid(), range(4), 4, 20))
    assert time.monotonic() - begin < 1.7
    assert len({*found.values(), os.getpid()}) == 5


def odd(item):
    match item:
        case "raises":
            raise ValueError("odd")
        case "exits":
            sys.exit(0)
        case "dies":
            os._exit(3)
        case "leaves":
            os._exit(0)
        case "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "is stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "hangs":
            time.sleep(100)
        case "gives what can't be kept":
            return lambda: None
    return f"{item}!"


@needs_fork
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_forks_that_give_nothing_are_not_waited_for(within):
    items = ["raises", "exits", "dies", "leaves", "is killed", "is stopped", "hangs"]
    items += ["gives what can't be kept", "fine"]
    found = within(40, lambda: dict(forked(odd, items, 3, 3)))
    assert found == dict.fromkeys(items) | {"fine": "fine!"}


@needs_fork
def test_forks_are_ended_when_nobody_wants_more(tmp_path):
    # Each tells its own id: this process may have other children, started by other tests.
    def wait(item):
        tmp_path.joinpath(str(item)).write_text(str(os.getpid()))
        while item or len([path for path in tmp_path.iterdir() if path.read_text()]) < 4:
            time.sleep(0.05)

    for _ in forked(wait, range(4), 4, 90):
        break
    pids = [int(path.read_text()) for path in tmp_path.iterdir()]
    assert len({*pids, os.getpid()}) == 5
    assert not [pid for pid in pids if is_running(pid)]


@needs_fork
def test_what_a_fork_has_started_is_ended_with_it(tmp_path):
    pid = tmp_path / "pid"
    code = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(100)"
    assert list(forked(lambda _: run(python(code), b"", 90), [1], 1, 2)) == [(1, None)]
    time.sleep(0.2)
    assert not is_running(int(pid.read_text()))


@needs_fork
def test_no_items_are_no_forks():
    assert list(forked(odd, [], 3, 3)) == []
