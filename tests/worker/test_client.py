"""Whatever the worker says, or doesn't, it is a fault, in time; the next model has a fresh one."""

from __future__ import annotations

import json
import os
import signal
import sys
import textwrap
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from make_graphs import model
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker
from sphinxcontrib_kerasgraph.worker.pool import Pool
from sphinxcontrib_kerasgraph.worker.protocol import Answer

GRAPH = model("x InputLayer\ny Dense <- x\n-> y")
GOOD = Answer(GRAPH, GRAPH.to_json(), {"files": ["/a.py"]}, 0.5, "printed")

#: Stands for the worker: runs a line of Python for each question, the one of its target, if that
#: is known. `say` answers in the words that are given.
STAND_IN = textwrap.dedent(
    """
    import json, os, subprocess, sys, time
    sys.stdin.buffer.raw.readline()
    lines, good = json.loads(sys.argv[1]), json.loads(sys.argv[2])
    asked = 0
    def say(text):
        os.write(1, text if isinstance(text, bytes) else text.encode())
    def answer(**changed):
        say(json.dumps(good | {"number": number} | changed) + "\\n")
    while True:
        question = json.loads(sys.stdin.buffer.raw.readline())
        asked += 1
        number = question["number"]
        exec(lines.get(question["request"]["target"], "answer()"))
    """
)


def stand_in(timeout: float = 20, **lines: str) -> Worker:
    """A worker that does as the lines say for `m.name`."""
    said = {f"m.{name}": line for name, line in lines.items()}
    good = json.loads(GOOD.to_line())
    command = [sys.executable, "-c", STAND_IN, json.dumps(said), json.dumps(good)]
    return Worker({}, timeout, command=command)


def check(worker: Worker, within, seconds: float = 15) -> Fault:
    """The fault of `m.odd`; the model after it is drawn."""
    begin = time.monotonic()
    try:
        fault = within(seconds, worker.ask, ModelRequest("m.odd")).result
        assert isinstance(fault, Fault)
        assert "m.odd" in fault.message
        assert fault.advice
        assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
        assert time.monotonic() - begin < seconds + 5
        return fault
    finally:
        within(15, worker.close)
        assert threading.active_count() == 1


def test_a_good_answer(within):
    worker = stand_in()
    answers = [within(15, worker.ask, ModelRequest("m.fine")) for _ in range(3)]
    worker.close()
    assert worker.starts == 1
    assert [answer.number for answer in answers] == [1, 2, 3]
    assert answers[0] == Answer(GRAPH, GRAPH.to_json(), {"files": ["/a.py"]}, 0.5, "printed", 1)


ODD = {
    "random bytes": "say(os.urandom(999) + b'\\n')",
    "zeros": "say(b'\\0\\n')",
    "an empty line": "say('\\n')",
    "text": "say('hello\\n')",
    "a list": "say('[]\\n')",
    "a number": "say('1\\n')",
    "null": "say('null\\n')",
    "nothing in it": "say('{}\\n')",
    "half of the keys": "say(json.dumps({'number': number, 'graph': good['graph']}) + '\\n')",
    "more keys": "answer(more=1)",
    "another question's": "answer(number=number + 1)",
    "no number": "answer(number=None)",
    "a true number": "answer(number=True)",
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
    "output that is no text": "answer(output=None)",
    "rubbish before the answer": "say('rubbish'); answer()",
    "two answers": "line = json.dumps(good | {'number': number}) + '\\n'; say(line * 2)",
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD)
def test_what_is_no_answer(within, line):
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
def test_any_bytes(within, said):
    worker = stand_in(odd=f"say({said!r}); os._exit(3)")
    fault = check(worker, within)
    whole = b"\n" in said
    assert fault.subtype == ("internal" if whole else "worker")


def test_what_another_model_has_written_does_not_count(within):
    """It is seen when the next one is asked for, which then has a process of its own."""
    worker = stand_in(bad="answer(); time.sleep(0.1); say('rubbish\\n')")
    assert within(15, worker.ask, ModelRequest("m.bad")).result == GRAPH
    time.sleep(0.5)
    assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
    assert worker.starts == 2
    worker.close()


@pytest.mark.parametrize(("code", "seconds"), [(0, 0.5), (3, 0.5), (0, 0)])
def test_an_end_after_an_answer_is_not_the_next_models(within, code, seconds):
    """Whether it is seen before the next one is asked for, or after."""
    worker = stand_in(bad=f"answer(); os._exit({code})")
    assert within(15, worker.ask, ModelRequest("m.bad")).result == GRAPH
    time.sleep(seconds)
    assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
    assert worker.starts == 2
    worker.close()


def test_one_that_ends_itself_is_asked_twice_at_most(within):
    worker = stand_in(odd="os._exit(0)")
    assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
    fault = check(worker, within)
    assert (fault.subtype, "exit code 0" in fault.message) == ("worker", True)
    assert worker.starts == 3


def test_half_a_line_and_silence(within):
    worker = stand_in(2, odd="say('{\"number\": 1,'); time.sleep(100)")
    fault = check(worker, within)
    assert (fault.subtype, "longer than 2 seconds" in fault.message) == ("worker", True)


def test_half_a_line_and_death(within):
    fault = check(stand_in(odd="say('{\"number\": 1,'); os._exit(7)"), within)
    assert (fault.subtype, "exit code 7" in fault.message) == ("worker", True)


@pytest.mark.parametrize("line", ["time.sleep(100)", "sys.stdin.buffer.raw.readline()"])
def test_nothing(within, line):
    fault = check(stand_in(2, odd=line), within)
    assert (fault.subtype, "longer than 2 seconds" in fault.message) == ("worker", True)


def test_nothing_and_death(within):
    fault = check(stand_in(odd="os.write(2, b'last words'); os._exit(9)"), within)
    assert (fault.subtype, "exit code 9" in fault.message) == ("worker", True)
    assert fault.details == "last words"


def test_no_end_of_a_line(within):
    fault = check(stand_in(2, odd="\nwhile True: say('x'); time.sleep(0.01)"), within)
    assert (fault.subtype, "longer than 2 seconds" in fault.message) == ("worker", True)


def test_a_line_that_is_too_long(within, monkeypatch):
    monkeypatch.setattr("sphinxcontrib_kerasgraph.worker.client._LONGEST_LINE", 10**6)
    fault = check(stand_in(odd="\nwhile True: say('x' * 1000)"), within)
    assert (fault.subtype, "wrote without end" in fault.message) == ("internal", True)


def test_a_closed_pipe(within):
    fault = check(stand_in(odd="os.close(1); time.sleep(100)"), within)
    assert (fault.subtype, "closed its pipe" in fault.message) == ("internal", True)


def test_all_files_closed(within):
    fault = check(stand_in(odd="os.closerange(0, 99); os._exit(5)"), within)
    assert (fault.subtype, "exit code 5" in fault.message) == ("worker", True)


#: A process that has left the worker's session, and holds all that the worker has open.
LEFT = "subprocess.Popen(['sleep', '30'], close_fds=False, start_new_session=True)"


@pytest.mark.skipif(not hasattr(os, "setsid"), reason="needs sessions")
@pytest.mark.parametrize(
    ("line", "says"),
    [("os._exit(4)", "exit code 4"), ("time.sleep(100)", "longer than 3 seconds")],
)
def test_a_stranger_that_holds_the_pipes(within, line, says):
    """Nobody can end it: the thread that reads is left behind."""
    left = f"child = {LEFT}; os.write(2, str(child.pid).encode()); {line}"
    worker = stand_in(3, odd=left)
    fault = within(20, worker.ask, ModelRequest("m.odd")).result
    assert says in fault.message
    assert within(15, worker.ask, ModelRequest("m.fine")).result == GRAPH
    within(15, worker.close)
    os.kill(int(fault.details), signal.SIGKILL)
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(10)
    assert threading.active_count() == 1


def test_a_process_that_reads_nothing(within):
    """The question is larger than the pipe."""
    command = [sys.executable, "-c", "import time; time.sleep(100)"]
    worker = Worker({}, 1, command=command)
    fault = within(15, worker.ask, ModelRequest("m.f", "x" * 10**6)).result
    within(15, worker.close)
    assert (fault.subtype, "longer than 1 seconds" in fault.message) == ("worker", True)
    assert threading.active_count() == 1


def test_a_start_that_is_not_read(within, monkeypatch):
    """`sys.path` is larger than the pipe, and it is the main process that starts the worker."""
    monkeypatch.setattr(sys, "path", [*sys.path, *(f"/{'x' * 1000}/{at}" for at in range(2000))])
    worker = Worker({}, 3, command=[sys.executable, "-c", "import time; time.sleep(100)"])
    within(3, worker.start)
    assert "longer than 3 seconds" in within(15, worker.ask, ModelRequest("m.f")).result.message
    within(15, worker.close)
    assert threading.active_count() == 1


@pytest.mark.parametrize("command", [["/no/such/program"], ["a\0b"]])
def test_a_program_that_is_not_there(within, command):
    worker = Worker({}, 3, command=command)
    worker.start()
    fault = within(10, worker.ask, ModelRequest("m.f")).result
    assert (fault.subtype, "can't be started" in fault.message) == ("worker", True)


def test_whatever_python_raises(within, monkeypatch):
    worker = stand_in()
    monkeypatch.setattr(Worker, "_placed", lambda *_: 1 / 0)
    fault = within(10, worker.ask, ModelRequest("m.f")).result
    worker.close()
    assert (fault.subtype, "ZeroDivisionError" in fault.message) == ("internal", True)
    assert "Traceback" in fault.details


def test_stopping_ends_what_is_under_way(within):
    worker = stand_in(60, odd="time.sleep(100)")
    threading.Timer(1, worker.stop).start()
    begin = time.monotonic()
    assert isinstance(within(10, worker.ask, ModelRequest("m.odd")).result, Fault)
    assert time.monotonic() - begin < 6
    worker.close()


def test_a_batch_with_an_odd_one(within):
    requests = [ModelRequest(f"m.{name}") for name in ("a", "odd", "b", "c")]

    def batch():
        with Pool(lambda: stand_in(odd="say('{}\\n')"), 2) as pool:
            return {request: answer.result for request, answer, _ in pool.ask(requests)}

    found = within(30, batch)
    assert [type(found[request]).__name__ for request in requests] == [
        "ModelGraph", "Fault", "ModelGraph", "ModelGraph",
    ]  # fmt: skip
    assert threading.active_count() == 1
