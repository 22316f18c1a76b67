"""Whatever a builder or the server says, or doesn't, is a fault in time, and others are drawn.

Stand-ins take the places of both, which import no Keras.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
import textwrap
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from make_graphs import model
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.public import public
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker import forked, launch, spawned
from sphinxcontrib_kerasgraph.worker.client import Worker
from sphinxcontrib_kerasgraph.worker.launch import FORKS
from sphinxcontrib_kerasgraph.worker.protocol import Answer

GRAPH = model("x InputLayer\ny Dense <- x\n-> y")
GOOD = Answer(GRAPH, GRAPH.to_json(), {"files": ["/a.py"]}, 0.5)

#: Stands for a builder: runs a line of Python, the one of its target, if that is known. `answer`
#: leaves the answer, with changes; `say` what it is given.
BUILDER = textwrap.dedent(
    """
    import errno, json, os, signal, subprocess, sys, time
    sys.argv.pop()
    setup = json.loads(sys.stdin.buffer.readline())
    open(os.path.join(setup["folder"], f"{os.getpid()}.ready"), "w").close()
    question = json.loads(sys.stdin.buffer.readline())
    place = os.path.join(setup["folder"], str(question["number"]))
    printed = os.open(place + ".printed", os.O_WRONLY | os.O_CREAT)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    def say(text):
        with open(place + ".answer", "ab") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
    def answer(**changed):
        say(json.dumps(good | changed) + "\\n")
    exec(lines.get(question["request"]["target"], "answer()"))
    os._exit(0)
    """
)

#: Stands for the server, which runs such a line in itself.
SERVER = textwrap.dedent(
    """
    import json, os, signal, sys, time
    sys.argv.pop()
    setup = json.loads(sys.stdin.buffer.readline())
    def say(**data):
        os.write(1, json.dumps(data).encode() + b"\\n")
    def answer():
        with open(os.path.join(setup["folder"], f"{number}.answer"), "w") as file:
            file.write(json.dumps(good) + "\\n")
        say(number=number, started=1.5, code=0)
    exec(lines.get("start", "say(fault=None, forks=True)"))
    while True:
        question = json.loads(sys.stdin.buffer.readline())
        number = question["number"]
        if question["request"] is not None:
            say(number=number, started=1.5)
            exec(lines.get(question["request"]["target"], "answer()"))
    """
)


@pytest.fixture
def stand_in(monkeypatch):
    """A worker whose builders, or server, do as the lines say for `m.name`."""
    made = []

    def make(code=BUILDER, timeout=20, most=1, start=None, **lines):
        said = {f"m.{name}": line for name, line in lines.items()}
        if start is not None:
            said["start"] = start
        good = json.loads(GOOD.to_line())
        text = f"import json; lines = json.loads({json.dumps(said)!r}); "
        text += f"good = json.loads({json.dumps(good)!r})\n{code}"
        monkeypatch.setattr(launch, "code_of", lambda _: text)
        made.append(Worker({}, timeout, most=most, forks=code is SERVER))
        return made[-1]

    yield make
    for worker in made:
        worker.close()
        assert not os.path.exists(worker._files)
    assert threading.active_count() == 1


def check(worker: Worker, within, seconds: float = 15) -> Fault:
    """The fault of `m.odd`; the model after it is drawn."""
    begin = time.monotonic()
    fault = within(seconds, worker.ask, ModelRequest("m.odd")).result
    assert isinstance(fault, Fault)
    assert "m.odd" in fault.message
    assert fault.advice
    assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
    assert time.monotonic() - begin < seconds + 5
    return fault


def test_a_good_answer(within, stand_in):
    worker = stand_in(fine="print('printed', flush=True); answer()")
    answers = [within(15, worker.ask, ModelRequest("m.fine")) for _ in range(3)]
    assert set(map(repr, answers)) == {
        repr(Answer(GRAPH, GRAPH.to_json(), {"files": ["/a.py"]}, 0.5, "printed\n"))
    }


ODD = {
    "random bytes": "say(os.urandom(999) + b'\\n')",
    "zeros": "say(b'\\0\\n')",
    "an empty line": "say('\\n')",
    "text": "say('hello\\n')",
    "a list": "say('[]\\n')",
    "a number": "say('1\\n')",
    "null": "say('null\\n')",
    "nothing in it": "say('{}\\n')",
    "half of the keys": "say(json.dumps({'graph': good['graph']}) + '\\n')",
    "more keys": "answer(more=1)",
    "no graph": "answer(graph=None)",
    "an empty graph": "answer(graph='')",
    "a graph of a wrong shape": "answer(graph='{}')",
    "a graph of format 0": "answer(graph=good['graph'].replace('\"format\":', '\"format\":0'))",
    "a graph that does not hold": "answer(graph=good['graph'].replace('y:0', 'z:0'))",
    "a graph too deep to be read": "answer(graph='[' * 100_000 + ']' * 100_000)",
    "an answer too deep to be read": "say('[' * 100_000 + ']' * 100_000 + '\\n')",
    "a config too deep to be read": "answer(graph=good['graph'].replace('\"id\":\"y\"',"
    " '\"id\":\"y\",\"config\":{\"x\":' + '[' * 1500 + ']' * 1500 + '}'))",
    "a fault of no kind": "answer(graph='', fault={'subtype': 'odd', 'message': '', 'advice': '', "
    "'details': ''})",
    "half a fault": "answer(graph='', fault={'subtype': 'build'})",
    "a fault that is a list": "answer(graph='', fault=[])",
    "a fault of numbers": "answer(graph='', fault=dict.fromkeys(good['made_from'], 1))",
    "a graph and a fault": "answer(fault={'subtype': 'build', 'message': '', 'advice': '', "
    "'details': ''})",
    "made from a list": "answer(made_from=[])",
    "made from numbers": "answer(made_from={'files': [1]})",
    "no seconds": "answer(seconds='1')",
    "seconds before": "answer(seconds=-1)",
    "seconds that are not a number": "answer(seconds=float('nan'))",
    "rubbish before the answer": "say('rubbish'); answer()",
    "half a line": "say('{\"graph\": 1,')",
    "nothing at all": "say('')",
    "two answers": "line = json.dumps(good) + '\\n'; say(line * 2)",
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD)
def test_what_is_no_answer(within, stand_in, line):
    fault = check(stand_in(odd=line), within)
    assert fault.subtype == "internal"
    assert "can't be read" in fault.message


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=st.binary(max_size=300))
def test_any_bytes(within, stand_in, said):
    assert check(stand_in(odd=f"say({said!r})"), within).subtype == "internal"


#: Lines, and what is told of their ends.
ENDS = {
    "silence": ("time.sleep(100)", "longer than 2 seconds"),
    "a question is waited for": ("sys.stdin.buffer.read()", "longer than 2 seconds"),
    "an end": ("os._exit(0)", "exit code 0"),
    "an end with a code": ("os._exit(9)", "exit code 9"),
    "last words": ("os.write(2, b'a\\nlast words\\n'); os._exit(9)", "printed last: last words"),
    "a signal": ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV (a crash in a native library)"),
    "a stop": ("os.kill(os.getpid(), signal.SIGSTOP)", "longer than 2 seconds"),
    "all files closed": ("os.closerange(0, 99); os._exit(5)", "exit code 5"),
    "a folder": ("os.mkdir(place + '.answer')", "exit code 0"),
    "a pipe": ("os.mkfifo(place + '.answer')", "exit code 0"),
    "a link": ("os.symlink('/dev/zero', place + '.answer')", "exit code 0"),
    "an answer that could not be written": (
        "open(place + '.part', 'w').close(); os._exit(errno.ENOSPC)",
        "folder of temporary files: No space left on device",
    ),
    "an answer that was being written": (
        "open(place + '.part', 'w').close(); os.kill(os.getpid(), signal.SIGKILL)",
        "SIGKILL",
    ),
    "files that are gone": ("os.unlink(place + '.printed'); os._exit(6)", "exit code 6"),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX")
@pytest.mark.parametrize(("line", "says"), ENDS.values(), ids=ENDS)
def test_an_end_without_an_answer(within, stand_in, line, says):
    fault = check(stand_in(timeout=2, odd=line), within)
    assert (fault.subtype, says in fault.message) == ("worker", True), fault.message


def test_the_end_of_an_answer_that_is_too_long(within, stand_in, monkeypatch):
    monkeypatch.setattr("sphinxcontrib_kerasgraph.files.LARGEST", 10**4)
    fault = check(stand_in(odd="say('x' * 10**6)"), within)
    assert (fault.subtype, len(fault.details)) == ("internal", 10**4)


def test_much_that_was_printed(within, stand_in):
    fault = check(stand_in(odd="os.write(1, b'x' * 10**6); os._exit(3)"), within)
    assert set(fault.details) == {"x"}
    assert len(fault.details) == 20_000


#: A process that has left the builder's session, and holds all that the builder has open.
LEFT = "subprocess.Popen(['sleep', '30'], close_fds=False, start_new_session=True)"


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="needs sessions")
@pytest.mark.parametrize(
    ("end", "says"), [("os._exit(4)", "exit code 4"), ("time.sleep(100)", "2 ")]
)
def test_a_stranger_that_holds_all_files(within, stand_in, end, says):
    left = f"child = {LEFT}; os.write(2, str(child.pid).encode()); {end}"
    fault = check(stand_in(timeout=2, odd=left), within)
    assert says in fault.message
    os.kill(int(fault.details), 9)


@pytest.mark.parametrize("most", [1, 3])
def test_a_batch_with_odd_ones(within, stand_in, most):
    requests = [ModelRequest(f"m.{name}") for name in ("a", "odd", "b", "slow", "c", "dead")]
    odd = {"odd": "say('{}\\n')", "slow": "time.sleep(100)", "dead": "os._exit(1)"}
    worker = stand_in(timeout=2, most=most, **odd)
    found = within(
        30,
        lambda: {request.target: answer.result for request, answer, _ in worker.answers(requests)},
    )
    assert {name[2:] for name, result in found.items() if isinstance(result, Fault)} == set(odd)


def test_no_requests_start_nothing(stand_in):
    worker = stand_in()
    assert list(worker.answers([])) == []
    assert worker.is_ready
    assert not worker._way.is_running


@pytest.mark.parametrize("code", [BUILDER, SERVER])
def test_stopping_ends_what_is_under_way(within, stand_in, code):
    stop = threading.Event()
    threading.Timer(1, stop.set).start()
    worker = stand_in(code, timeout=60, odd="time.sleep(100)")
    assert within(10, worker.ask, ModelRequest("m.odd"), stop) is None


@pytest.mark.parametrize("code", [BUILDER, SERVER])
@pytest.mark.parametrize("program", ["/no/such/program", "a\0b"])
def test_a_program_that_is_not_there(within, stand_in, monkeypatch, code, program):
    worker = stand_in(code)
    monkeypatch.setattr(sys, "executable", program)
    worker.start()
    fault = within(10, worker.ask, ModelRequest("m.f")).result
    assert (fault.subtype, "can't be started" in fault.message) == ("worker", True)


def test_a_folder_that_is_gone(within, stand_in, tmp_path, monkeypatch):
    """The build began in it."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    worker = stand_in()
    gone.rmdir()
    fault = within(10, worker.ask, ModelRequest("m.f")).result
    assert (fault.subtype, "can't be started" in fault.message) == ("worker", True)


def test_whatever_python_raises(within, stand_in, monkeypatch):
    worker = stand_in()
    monkeypatch.setattr(Worker, "_question", lambda *_: 1 // 0)
    fault = within(10, worker.ask, ModelRequest("m.f")).result
    assert (fault.subtype, "ZeroDivisionError" in fault.message) == ("internal", True)
    assert "Traceback" in fault.details


def test_what_is_given_up_has_time_to_end(stand_in, monkeypatch):
    killed = []
    monkeypatch.setattr(spawned, "kill", killed.append)
    worker = stand_in()
    worker.start()
    one = worker._way._ahead[0]
    one.give_up()
    one.has_ended()
    one.has_ended()
    assert (one.timed_out, killed) == (True, [])


def test_one_ahead_that_has_ended_is_let_go(stand_in):
    worker = stand_in()
    ahead = worker._way._ahead
    worker.start()
    first = ahead[0]
    first.process.kill()
    first.process.wait()
    worker.start()
    assert worker._way._ahead is ahead
    assert len(ahead) == 1
    assert ahead[0] is not first
    assert first.process.stdin.closed


def test_an_import_of_keras_without_an_end(within, stand_in, monkeypatch):
    monkeypatch.setattr(spawned, "START_SECONDS", 0.5)
    worker = stand_in("import time; time.sleep(100)", timeout=20)
    fault = within(10, worker.ask, ModelRequest("m.f")).result
    assert "to import Keras" in fault.message


# The server

needs_fork = pytest.mark.skipif(not FORKS, reason="needs fork")


def no_folder():
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")


@needs_fork
def test_a_machine_without_a_temporary_folder(within, stand_in, monkeypatch):
    """None can be written: the disk is full, say."""
    monkeypatch.setattr(tempfile, "gettempdir", no_folder)
    fault = within(10, stand_in(SERVER).ask, ModelRequest("m.f")).result
    assert (fault.subtype, "can't be started" in fault.message) == ("worker", True)
    assert public(f"in {__file__}") != f"in {__file__}"


@needs_fork
def test_a_server_that_dies_with_a_model(within, stand_in):
    fault = check(stand_in(SERVER, odd="os.kill(os.getpid(), signal.SIGKILL)"), within)
    assert (fault.subtype, "SIGKILL" in fault.message) == ("worker", True), fault.message


@needs_fork
@pytest.mark.parametrize(
    "line", ["os.close(1); time.sleep(100)", "os.kill(os.getpid(), signal.SIGSTOP)"]
)
def test_a_server_that_says_nothing(within, stand_in, monkeypatch, line):
    monkeypatch.setattr(forked, "_SLACK_SECONDS", 1)
    monkeypatch.setattr(forked, "_ENDING_SECONDS", 1)
    fault = check(stand_in(SERVER, timeout=1, odd=line), within)
    assert fault.subtype == "worker"


@needs_fork
@pytest.mark.parametrize("line", ["os.write(1, b'rubbish\\n')", "os.write(1, b'[]\\n{}\\n')"])
def test_a_server_that_says_what_it_never_does(within, stand_in, line):
    assert check(stand_in(SERVER, odd=line), within).subtype in {"worker", "internal"}


@needs_fork
@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("os._exit(3)", "exit code 3"),
        ("print('last words', file=sys.stderr); sys.exit(4)", "printed last: last words"),
        ("time.sleep(100)", "said nothing"),
    ],
)
def test_a_server_that_cannot_start(within, stand_in, monkeypatch, start, says):
    """All models of the batch have the fault, and it isn't tried for each."""
    monkeypatch.setattr(forked, "START_SECONDS", 1)
    worker = stand_in(SERVER, start=start)
    requests = [ModelRequest(f"m.f{number}") for number in range(20)]
    faults = within(10, lambda: [answer.result for _, answer, _ in worker.answers(requests)])
    assert all(says in fault.message for fault in faults), faults[0]
    assert len(faults) == 20


@needs_fork
def test_a_server_that_lost_several_models(within, stand_in):
    """They are built one by one: the one at fault is told, the others are there."""
    worker = stand_in(SERVER, odd="time.sleep(0.3); os._exit(3)")
    requests = [ModelRequest(f"m.{name}") for name in ("a", "odd", "b")]
    found = within(
        20,
        lambda: {request.target: answer.result for request, answer, _ in worker.answers(requests)},
    )
    assert isinstance(found.pop("m.odd"), Fault)
    assert list(found.values()) == [GRAPH, GRAPH]


@needs_fork
def test_a_server_that_reads_nothing(within, stand_in, monkeypatch):
    """What it is sent is larger than the pipe, and it is the main process that starts it."""
    monkeypatch.setattr(sys, "path", [*sys.path, *(f"/{'x' * 90}/{at}" for at in range(1000))])
    monkeypatch.setattr(forked, "START_SECONDS", 2)
    worker = stand_in("import time; time.sleep(100)")
    worker = Worker({}, 3, forks=True)
    within(3, worker.start)
    fault = within(15, worker.ask, ModelRequest("m.f")).result
    assert "said nothing" in fault.message
    within(15, worker.close)


@needs_fork
def test_a_server_that_cannot_fork(within, stand_in, monkeypatch):
    """Then builders are started instead."""
    worker = stand_in(SERVER, start="say(fault=None, forks=False); time.sleep(100)")
    text = launch.code_of("server")
    builder = stand_in(BUILDER) and launch.code_of("builder")
    monkeypatch.setattr(launch, "code_of", {"server": text, "builder": builder}.__getitem__)
    assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
